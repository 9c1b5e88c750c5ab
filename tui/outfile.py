"""Where a book or a report may be written: never over what the author wrote, and never over the pictures."""

from pathlib import Path

from core.complaint import Complaint
from core.project import Project
from core.scripts.beside import translations

THE_PROGRAMS = (".novelgen", "panels", "processed", "refs", "sites")
"""Folders of a project in which nobody looks for a book."""


def outfile(out: Path, project: Project, endings: tuple[str, ...] = ()) -> Path:
    """``out``, if ``--out`` may name it: a file that is new, or one that the same command wrote before.

    ``endings``: those it may have, in small letters; any where there are none. Raises Complaint.
    """
    if out.is_dir():
        raise Complaint(f"--out {out} is a folder; name the file in it, such as {out / 'book'}{(*endings, '.txt')[0]}")
    if not out.parent.is_dir():
        raise Complaint(f"--out {out}: there is no folder {out.parent}; make it first, or choose another")
    if endings and out.suffix.lower() not in endings:
        raise Complaint(f"--out {out} has to end in {' or '.join(endings)} as this kind of book does")
    folder, target = project.folder.resolve(), out.resolve()
    script = project.folder / project.config.script
    written = [project.folder / "novel.toml", script, *translations(script).values()]
    if target in {path.resolve() for path in written}:
        raise Complaint(f"--out {out} is what the project is made of and would be written over; choose another file")
    if any(target.is_relative_to(folder / name) for name in THE_PROGRAMS):
        raise Complaint(f"--out {out} is in a folder that belongs to the project's pictures; choose another")
    return out
