"""Files a project names: inside its folder, and there."""

from pathlib import Path


class Misplaced(Exception):
    """``str()`` says what is wrong with a file's name and what to do."""


class Inside:
    """Finds the files of one folder; each name is looked up on disk once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = folder.resolve()
        self._found: dict[str, Path | Misplaced] = {}

    def file(self, name: str) -> Path:
        """The file ``name``, as a path below the folder as it was given. Raises Misplaced."""
        found = self._found.get(name)
        if found is None:
            try:
                found = self._look(name)
            except Misplaced as error:
                found = error
            self._found[name] = found
        if isinstance(found, Misplaced):
            raise found
        return found

    def _look(self, name: str) -> Path:
        try:
            path = (self._root / name).resolve()  # follows links: one that leads out is no better than ".."
            is_file = path.is_file()
        except (OSError, RuntimeError, ValueError) as error:
            raise Misplaced(f'"{name}" is no name of a file; check it') from error
        if not path.is_relative_to(self._root):
            raise Misplaced(f'"{name}" leads out of the project; keep its files inside')
        if not is_file:
            what = "is a folder" if path.is_dir() else "is not there"
            raise Misplaced(f'the file "{name}" {what}; check the name')
        return self.folder / path.relative_to(self._root)
