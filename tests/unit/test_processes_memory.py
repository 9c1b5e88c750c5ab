"""Threads that decode pictures share two arenas of memory instead of keeping one each."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

DECODE = """
import ctypes, sys, threading
from core.easel.painter import encode, paint
from core.pictures import inspect
from core.processes import share_arenas

if sys.argv[1] == "shared":
    share_arenas()
picture = encode(paint("a lamp", 1, 0, 512))
at_once = threading.Barrier(8)

def work():
    at_once.wait()
    for _ in range(4):
        inspect(picture)

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, out)
libc.fclose(out)
"""


def arenas(how: str, folder: Path) -> int:
    """How many there are once eight threads have decoded pictures, by glibc's own account."""
    told = folder / f"{how}.xml"
    subprocess.run([sys.executable, "-c", DECODE, how, str(told)], check=True)
    return told.read_text().count("<heap ")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="another C library")
def test_threads_share_two_arenas(tmp_path: Path) -> None:
    assert arenas("shared", tmp_path) <= 2 < arenas("own", tmp_path)
