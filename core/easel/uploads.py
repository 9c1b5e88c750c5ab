"""Reference pictures sent along with prompts: only small copies are kept."""

import secrets
from collections import OrderedDict
from pathlib import Path

#: Copies held in memory where there is no state folder; older ones are forgotten.
MOST_IN_MEMORY = 512


class Uploads:
    """Small JPEG copies by file id, in a folder or in memory."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: OrderedDict[str, bytes] = OrderedDict()
        #: How many files have been sent up, for faults that count them.
        self.count = 0

    def keep(self, copy: bytes) -> str:
        """Keep a copy and return its new file id. OSError where the folder cannot be written."""
        file = "file_" + secrets.token_hex(12)
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{file}.jpg").write_bytes(copy)
        else:
            self._held[file] = copy
            if len(self._held) > MOST_IN_MEMORY:
                self._held.popitem(last=False)
        return file

    def copy(self, file: str) -> bytes | None:
        """The copy, or None where there is none. ``file`` may come from a stranger: it never names a path."""
        if not file.removeprefix("file_").isalnum():
            return None
        if self._folder:
            path = self._folder / f"{file}.jpg"
            return path.read_bytes() if path.is_file() else None
        return self._held.get(file)
