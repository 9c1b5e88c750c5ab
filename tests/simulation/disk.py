"""A disk in memory, for simulated nights: same promises as the real one, no seconds lost."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from core.store.disk import Disk


class MemoryDisk(Disk):
    """Files by absolute path. After ``freeze``, the moment of a crash, whatever is written never was."""

    def __init__(self, files: dict[Path, bytes] | None = None) -> None:
        super().__init__()
        self.files: dict[Path, bytes | bytearray | list[bytes]] = dict(files or {})
        self.frozen = False
        self._torn = 0.0

    def freeze(self, *, torn: float = 0.0) -> None:
        """The process dies. ``torn``: this share of the next append still reaches the disk."""
        self.frozen, self._torn = True, torn

    def survivors(self) -> "MemoryDisk":
        """What the next process finds."""
        return MemoryDisk({path: _whole(data) for path, data in self.files.items()})

    def _put(self, path: Path, data: bytes | bytearray | list[bytes]) -> None:
        if not self.frozen:
            self.files[path] = data

    def make_folder(self, path: Path) -> None:
        pass

    def append(self, path: Path, data: bytes, at: int) -> None:
        if self.frozen:
            data, self._torn = data[: int(self._torn * len(data))], 0.0
            if not data:
                return
        file = self.files.get(path)
        if not isinstance(file, bytearray):
            file = self.files[path] = bytearray(_whole(file or b""))
        del file[at:]
        file += data

    def replace(self, path: Path, data: bytes | Iterable[bytes], *, keep_as: Path | None = None) -> int:
        whole = data if isinstance(data, bytes) else list(data)  # put together only if it is read again
        if keep_as is not None and path in self.files:
            self._put(keep_as, self.files[path])
        self._put(path, whole)
        return _length(whole)

    def put(self, path: Path, data: bytes) -> None:
        self._put(path, data)

    def rename(self, path: Path, to: Path) -> None:
        if not self.frozen:
            self.files[to] = self.files.pop(path)

    def read(self, path: Path) -> bytes | None:
        data = self.files.get(path)
        return None if data is None else _whole(data)

    def lines(self, path: Path) -> Iterator[bytes] | None:
        data = self.read(path)
        return None if data is None else iter(data.splitlines(keepends=True))

    def size(self, path: Path) -> int | None:
        data = self.files.get(path)
        return None if data is None else _length(data)

    def sizes(self, folder: Path) -> dict[str, int]:
        return {path.name: _length(data) for path, data in self.files.items() if path.parent == folder}

    def reserve(self, path: Path, size: int) -> None:
        pass

    def probe(self, folder: Path, room: int) -> None:
        pass

    def touch(self, path: Path) -> None:
        pass

    def remove(self, path: Path) -> None:
        if not self.frozen:
            self.files.pop(path, None)


def _whole(data: bytes | bytearray | list[bytes]) -> bytes:
    return b"".join(data) if isinstance(data, list) else bytes(data)


def _length(data: bytes | bytearray | list[bytes]) -> int:
    return sum(map(len, data)) if isinstance(data, list) else len(data)
