"""The fold taken back: what a stretch of records changed is kept as it was before, and can be put back.

Which events change what is the fold's business: the tables of the state notice by themselves which rows somebody
takes into his hands, and keep a copy first. A stretch so costs what happened in it, not what the book holds.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from core.state import AttemptState, PanelState, RunState

Row = TypeVar("Row", bound=msgspec.Struct)

TABLES = ("panels", "attempts")
"""What of a state grows with the book and the night. The rest is small, and kept whole."""


class Before(Generic[Row]):
    """A table as it was. ``rows``: those that may have changed since, None where there was none; ``order``: all keys
    in order, None where that is as it was but for what came behind."""

    def __init__(self) -> None:
        self.rows: dict[str, Row | None] = {}
        self.order: tuple[str, ...] | None = None


class Stretch(NamedTuple):
    """What makes the state at its beginning out of any state in it; filled while the stretch is folded."""

    rest: bytes
    panels: Before[PanelState]
    attempts: Before[AttemptState]


class Table(dict[str, Row]):
    """Keeps a copy of a row before anybody can change it. Keys leave no trace, values do."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Before[Row] = Before()

    def _keep(self, key: str) -> None:
        if key not in self.before.rows:
            row = super().get(key)
            self.before.rows[key] = None if row is None else copied(row)

    def _keep_order(self) -> None:
        before = self.before
        if before.order is None:  # what came since is behind, and was not there
            before.order = tuple(key for key in self if key not in before.rows or before.rows[key] is not None)

    def _keep_all(self) -> None:
        self._keep_order()
        for key in self:
            self._keep(key)

    def __getitem__(self, key: str) -> Row:
        self._keep(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._keep(key)
        return super().get(key, default)

    def setdefault(self, key: str, default: Any = None) -> Any:
        self._keep(key)
        return super().setdefault(key, default)

    def values(self) -> Any:
        self._keep_all()
        return super().values()

    def items(self) -> Any:
        self._keep_all()
        return super().items()

    def __setitem__(self, key: str, row: Row) -> None:
        self._keep(key)
        super().__setitem__(key, row)

    def update(self, rows: Iterable[tuple[str, Row]]) -> None:  # type: ignore[override]  # the fold needs no other
        for key, row in rows:
            self[key] = row

    def __delitem__(self, key: str) -> None:
        self.pop(key)

    def pop(self, key: str, *default: Any) -> Any:
        self._keep_order()
        self._keep(key)
        return super().pop(key, *default)

    def popitem(self) -> tuple[str, Row]:
        self._keep_all()
        return super().popitem()

    def clear(self) -> None:
        self._keep_all()
        super().clear()


class Unfolder:
    """Fold into ``state`` from the first record on, and say when a stretch ``begins``; ``done`` gives a plain state."""

    def __init__(self) -> None:
        self._panels, self._attempts = Table[PanelState](), Table[AttemptState]()
        self.state = RunState(panels=self._panels, attempts=self._attempts)

    def begins(self) -> Stretch:
        """The stretch that begins here."""
        self._panels.before, self._attempts.before = Before(), Before()
        rest = msgspec.msgpack.encode(msgspec.structs.replace(self.state, panels={}, attempts={}))
        return Stretch(rest, self._panels.before, self._attempts.before)

    def done(self) -> RunState:
        """The state as it is, watched no longer."""
        panels, attempts = dict(dict.items(self._panels)), dict(dict.items(self._attempts))
        return msgspec.structs.replace(self.state, panels=panels, attempts=attempts)


def put_back(state: RunState, stretches: Sequence[Stretch]) -> set[str] | None:
    """Take back ``stretches``, in order, of which ``state`` is in the last: it is where the first one begins then.

    Returns the panels that may be different; None where the book had others, or another order.
    """
    rest = msgspec.msgpack.decode(stretches[0].rest, type=RunState)
    other = rest.chapters != state.chapters
    for name in RunState.__struct_fields__:
        if name not in TABLES:
            setattr(state, name, getattr(rest, name))
    _put_rows(state.attempts, [stretch.attempts for stretch in stretches])
    panels = [stretch.panels for stretch in stretches]
    changed = _put_rows(state.panels, panels)
    other = other or any(before.order is not None or None in before.rows.values() for before in panels)
    return None if other else changed


def _put_rows(table: dict[str, Row], befores: Sequence[Before[Row]]) -> set[str]:
    rows: dict[str, Row | None] = {}
    for before in befores:
        for key, row in before.rows.items():
            rows.setdefault(key, row)
    for key, row in rows.items():
        if row is None:
            table.pop(key, None)
        else:
            table[key] = copied(row)
    order = next((before.order for before in befores if before.order is not None), None)
    if order is not None:  # what is not in it came later, and is gone; what is not there was not there yet
        ordered = [(key, table[key]) for key in order if key in table]
        table.clear()
        table.update(ordered)
    return set(rows)


def copied(row: Row) -> Row:
    """``row`` with lists and tables of its own; what is in them never changes."""
    new = copy(row)
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if type(value) in (list, dict):
            setattr(new, name, value.copy())
    return new
