"""A machine that can lose its power: files whose bytes and names last only once they are synced.

It stands in the place of the operating system's calls (``core.store.calls``), so the store's own code runs
unchanged above it. At every call it can say what disks a crash at this very moment may leave behind:

- after ``kill -9`` everything that was written is there, the last write perhaps in part;
- after a power cut, what was synced is there, and of the rest any beginning: names in the order they were given,
  bytes torn anywhere, or a hole of zeros where bytes were promised but never came.
"""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.store.calls import Calls

Image = dict[Path, bytes]
"""What a disk holds: files by path."""

SOON = 6
"""Changes of names that wait to be synced; earlier ones have reached the disk by themselves."""

NameOp = tuple[str, Path, "Inode | None", Path | None]


@dataclass(eq=False)
class Inode:
    """``data`` is what programs see, ``synced`` what lasts; ``writes`` are the bytes written since, in order."""

    data: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    writes: list[tuple[int, bytes]] = field(default_factory=list)
    cut: int | None = None  #: the length it was last cut to, not synced yet


class Machine(Calls):
    """Starts from an image. ``watch`` is called with the name of the call after every change, and before writes."""

    def __init__(self, image: Image | None = None) -> None:
        self.names: dict[Path, Inode] = {p: Inode(bytearray(d), d) for p, d in (image or {}).items()}
        self.lasting: dict[Path, Inode] = dict(self.names)
        self.pending: list[NameOp] = []  # changes of names that are not synced yet
        self.folders: set[Path] = {parent for path in self.names for parent in path.parents}
        self.handles: dict[int, Inode] = {}
        self.calls = 0
        self.watch: Callable[[str], None] = lambda call: None
        self.torn: Callable[[Inode, int, bytes], None] = lambda inode, at, data: None
        self.fails: Callable[[str, int], int] = lambda call, number: 0  # an errno, or 0

    def _did(self, call: str) -> None:
        while len(self.pending) > SOON:
            op = self.pending.pop(0)
            _apply(self.lasting, op)
            if op[2] is not None:
                op[2].synced, op[2].writes, op[2].cut = bytes(op[2].data), [], None
        self.watch(call)

    def _may(self, call: str) -> None:
        """Count a call; the plan may let it fail."""
        self.calls += 1
        if code := self.fails(call, self.calls):
            raise OSError(code, os.strerror(code))

    # --- the calls ---

    def is_folder(self, path: Path) -> bool:
        return path in self.folders or path == Path("/")

    def make_folder(self, path: Path) -> None:
        self._may("mkdir")
        self.folders.add(path)
        self._did("mkdir")

    def open(self, path: Path) -> int:
        inode = self.names.get(path)
        if inode is None:
            self._may("create")
            inode = self.names[path] = Inode()
            self.pending.append(("link", path, inode, None))
            self._did("create")
        handle = max(self.handles, default=2) + 1
        self.handles[handle] = inode
        return handle

    def length(self, handle: int) -> int:
        return len(self.handles[handle].data)

    def truncate(self, handle: int, length: int) -> None:
        inode = self.handles[handle]
        if len(inode.data) == length:
            return
        self._may("truncate")
        inode.data = bytearray(inode.data[:length].ljust(length, b"\0"))
        inode.cut = length
        self._did("truncate")

    def write(self, handle: int, data: memoryview, at: int) -> int:
        inode = self.handles[handle]
        self.torn(inode, at, bytes(data))
        try:
            self._may("write")
        except OSError as error:
            if error.errno == errno.ENOSPC:  # half of it still fitted
                self._put(inode, bytes(data[: len(data) // 2]), at)
            raise
        self._put(inode, bytes(data), at)
        self._did("write")
        return len(data)

    def _put(self, inode: Inode, data: bytes, at: int) -> None:
        inode.data[at : at + len(data)] = data
        inode.writes.append((at, data))

    def allocate(self, handle: int, size: int) -> None:
        self._may("allocate")

    def sync_data(self, handle: int) -> None:
        self._may("sync")
        inode = self.handles[handle]
        inode.synced, inode.writes, inode.cut = bytes(inode.data), [], None
        self._did("sync")

    sync = sync_data

    def close(self, handle: int) -> None:
        del self.handles[handle]

    def sync_folder(self, folder: Path) -> None:
        self._may("sync folder")
        kept: list[NameOp] = []
        for op in self.pending:
            if op[1].parent == folder:
                _apply(self.lasting, op)
            else:
                kept.append(op)
        self.pending = kept
        self._did("sync folder")

    def rename(self, path: Path, to: Path) -> None:
        self._may("rename")
        if path not in self.names:
            raise FileNotFoundError(errno.ENOENT, "no such file", str(path))
        self.names[to] = self.names.pop(path)
        self.pending.append(("rename", path, self.names[to], to))
        self._did("rename")

    def remove(self, path: Path) -> None:
        self._may("remove")
        if self.names.pop(path, None) is not None:
            self.pending.append(("unlink", path, None, None))
            self._did("remove")

    def touch(self, path: Path) -> None:
        pass

    def read(self, path: Path) -> bytes | None:
        inode = self.names.get(path)
        return None if inode is None else bytes(inode.data)

    def lines(self, path: Path) -> Iterator[bytes] | None:
        data = self.read(path)
        return None if data is None else iter(data.splitlines(keepends=True))

    def size(self, path: Path) -> int | None:
        inode = self.names.get(path)
        return None if inode is None else len(inode.data)

    def sizes(self, folder: Path) -> dict[str, int]:
        return {path.name: len(inode.data) for path, inode in self.names.items() if path.parent == folder}

    # --- what a crash leaves ---

    def image(self) -> Image:
        """What the next process finds after this one was killed."""
        return {path: bytes(inode.data) for path, inode in self.names.items()}

    def after_power_cut(self, cuts: Callable[[int], Iterator[int]]) -> Iterator[Image]:
        """Every disk a power cut may leave; ``cuts(n)`` chooses how many of the last ``n`` unsynced bytes came."""
        for done in range(len(self.pending) + 1):
            names = dict(self.lasting)
            for op in self.pending[:done]:
                _apply(names, op)
            yield {path: inode.synced for path, inode in names.items()}
            yield {path: bytes(inode.data) for path, inode in names.items()}
            unsynced = {inode for inode in names.values() if inode.writes}
            for inode in unsynced:
                at, data = inode.writes[-1]
                whole = bytes(inode.data)
                for came in cuts(len(data)):
                    for torn in (whole[: at + came], whole[: at + came] + b"\0" * (len(data) - came)):
                        yield {path: torn if node is inode else node.synced for path, node in names.items()}


def _apply(names: dict[Path, Inode], op: NameOp) -> None:
    kind, path, inode, to = op
    if kind == "link" and inode is not None:
        names[path] = inode
    elif kind == "unlink":
        names.pop(path, None)
    elif to is not None and inode is not None:
        names.pop(path, None)
        names[to] = inode
