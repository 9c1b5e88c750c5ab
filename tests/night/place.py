"""Where a night's project lies: on a file system of its own that can be made full, where one may be mounted."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOM = 8 * 2**30
"""Bytes the file system may hold; it takes no more memory than is written."""


class Place:
    """``folder`` is for the project. ``can_fill``: whether the disk under it can be made full."""

    def __init__(self, folder: Path, can_fill: bool) -> None:
        self.folder, self.can_fill = folder, can_fill

    def fill(self) -> None:
        """From now on nothing of any size can be written. What is there already stays."""
        for _ in range(20):
            held = os.statvfs(self.folder)
            used = (held.f_blocks - held.f_bfree) * held.f_frsize
            if _remount(self.folder, used):
                return
        raise AssertionError("the disk grew faster than it could be made full")

    def free(self) -> None:
        """There is room again."""
        assert _remount(self.folder, ROOM), "the disk could not be made larger again"


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    """A place in ``folder`` (made). Without the right to mount it is a plain folder that cannot be made full."""
    folder.mkdir(parents=True)
    mount = shutil.which("mount")
    mounted = bool(mount) and _quietly("mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder))
    try:
        yield Place(folder, mounted)
    finally:
        if mounted:
            _quietly("umount", "-l", str(folder))


def _remount(folder: Path, size: int) -> bool:
    return _quietly("mount", "-o", f"remount,size={size}", str(folder))


def _quietly(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
