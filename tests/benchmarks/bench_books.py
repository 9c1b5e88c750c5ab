"""How long books take and what memory they need: 300 and 3,000 panels of 1024x1024, as CBZ, PDF and contact sheet.

Each book is made in a process of its own from twenty different pictures of the practice site's painter; the most
memory it had is told by the system. The disk's part is what reading and writing so many bytes takes.
"""

import hashlib
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.books import Book, BookPanel, ExportOptions, export
from core.easel.painter import encode, paint

DISTINCT = 20
SIZE = 1024
SHORT = ("-k", "300 and not 3000")


def pictures(folder: Path) -> list[Path]:
    """As heavy as those of image models: a picture of the painter under grain."""
    from PIL import Image

    found = []
    for number in range(DISTINCT):
        path = folder / f"{number}.png"
        picture = paint(f"Mira at the harbour, lamps, rope, number {number}", number, 0, SIZE)
        grain = Image.frombytes("L", (SIZE, SIZE), random.Random(number).randbytes(SIZE * SIZE))
        grained = Image.blend(picture.convert("RGB"), grain.convert("RGB"), 0.04)
        path.write_bytes(encode(grained))
        found.append(path)
    return found


def book(files: list[Path], panels: int) -> Book:
    made = tuple(
        BookPanel(
            f"ch{n // 60 + 1:02d}-p{n % 60 + 1:03d}", n // 60 + 1, n // 5 + 1, files[n % len(files)], SIZE, SIZE,
            prompt="a prompt " * 20, made={"sha256": hashlib.sha256(b"%d" % n).hexdigest()},
        )
        for n in range(panels)
    )  # fmt: skip
    return Book("Lamps", "en", {n: f"Night {n}" for n in range(1, panels // 60 + 2)}, made)


def make_one(folder: str, format: str, panels: str) -> None:
    """Make one book and say how it went: seconds, processor seconds, bytes, most bytes of memory before and in all."""
    files = sorted(Path(folder).glob("*.png"))
    made = book(files, int(panels))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    out = Path(folder) / f"book.{format}"
    started, cpu = time.perf_counter(), time.process_time()
    size = export(made, out, ExportOptions(format), lambda done, total: None)  # type: ignore[arg-type]
    took, worked = time.perf_counter() - started, time.process_time() - cpu
    out.unlink()
    print(took, worked, size, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


@pytest.mark.benchmark
@pytest.mark.parametrize("panels", [300, 3000])
@pytest.mark.parametrize("format", ["cbz", "pdf", "html"])
def test_making_a_book(panels: int, format: str, tmp_path: Path) -> None:
    files = pictures(tmp_path)
    print(f"\n{panels:,} panels of {sum(p.stat().st_size for p in files) / len(files) / 1e6:.2f} MB as {format}:")
    code = f"from tests.benchmarks.bench_books import make_one; make_one({str(tmp_path)!r}, {format!r}, '{panels}')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    took, worked, size, before, most = map(float, done.stdout.split())
    print(
        f"{took:.1f} s ({worked:.1f} s of processor), {size / 1e9:.2f} GB, "
        f"at most {most / 2**20:.0f} MiB of memory, {(most - before) / 2**20:.0f} of them for the book"
    )
