"""Room kept free for the last words: on a full disk it is given up, so that the run's state can still be written."""

from pathlib import Path

from core.store.disk import Disk

NAME = "reserve"
SMALLEST = 2**20


class Reserve:
    """A file in ``folder`` that holds room and nothing else. Sizes in bytes."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self._disk, self._path = disk, folder / NAME
        self._held = 0

    def hold(self, checkpoint: int) -> None:
        """Keep room for one more checkpoint of that size and the journal's next lines. Raises DiskError."""
        wanted = SMALLEST + checkpoint + checkpoint // 4
        if self._held < wanted:
            if (self._disk.size(self._path) or 0) < wanted:
                self._disk.reserve(self._path, wanted)
            self._held = wanted

    def spend(self) -> None:
        """Give the room up. Raises DiskError."""
        self._held = 0
        self._disk.remove(self._path)
