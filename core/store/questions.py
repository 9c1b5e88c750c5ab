"""Questions to the store: the checkpoint's tables with the journal's rest folded in, as a TinyDB.

Takes no lock and writes nothing, so it works while another process runs the project.
"""

from collections.abc import Collection
from pathlib import Path

import msgspec
from tinydb import Query, TinyDB, where
from tinydb.queries import QueryInstance
from tinydb.storages import Storage

from core.state import RunState
from core.store.checkpoint import TableKeeper, Tables, text
from core.store.store import read


class Snapshot(Storage):
    """A state as TinyDB's tables. It can be asked, not written."""

    def __init__(self, state: RunState) -> None:
        self._state = state

    def read(self) -> Tables:
        tables = msgspec.json.decode(text(TableKeeper().tables(self._state)), type=Tables)
        del tables["check"]
        return tables

    def write(self, data: Tables) -> None:
        raise TypeError("a snapshot is only for questions; what happens to a run is told by events")


class FoundPanel(msgspec.Struct, frozen=True):
    """A panel that answers a question. ``sentence``: how it came to stand where it does (untrusted text)."""

    panel: str
    status: str
    chapter: int
    page: int
    text: str
    sentence: str
    attempts: int
    file: str  #: of the chosen take, relative to the project; "" where there is none


def database(project: Path) -> TinyDB:
    """The project as it stands, to put any question to: ``panels``, ``tabs``, ``attempts``, ``metrics``, ``meta``."""
    return TinyDB(read(project), storage=Snapshot)


def find_panels(project: Path, statuses: Collection[str] = (), words: str = "") -> list[FoundPanel]:
    """Panels in book order that have one of ``statuses`` (all, if none is named) and every one of ``words``.

    Words are looked for in the panel's id, its text, its caption and what is said of it, whatever their case.
    """
    conditions = [_says(word) for word in words.split()]
    if statuses:
        conditions.append(where("status").one_of(list(statuses)))
    question: QueryInstance = Query().noop()
    for condition in conditions:
        question &= condition
    with database(project) as tables:
        rows = tables.table("panels").search(question)
    found = []
    for row in rows:
        takes, chosen = row["takes"], row["chosen"]
        file = "" if chosen is None else takes[chosen]["file"]
        found.append(
            FoundPanel(
                row["id"],
                row["status"],
                row["chapter"],
                row["page"],
                row["text"],
                row["message"],
                row["attempts"],
                file,
            )
        )
    return found


def _says(word: str) -> QueryInstance:
    wanted = word.casefold()

    def says(value: object) -> bool:
        return isinstance(value, str) and wanted in value.casefold()

    fields = [where(field).test(says) for field in ("id", "text", "caption", "message")]
    return fields[0] | fields[1] | fields[2] | fields[3]
