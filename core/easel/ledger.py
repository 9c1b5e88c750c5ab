"""The easel's own book: every prompt that reached the site, what became of it, and when its picture left.

Tests hold it against what the app believes, and a restart folds it back into conversations.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from core.easel.options import EaselError


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One prompt that reached the site, turned away or not. Times are wall-clock seconds.

    Attributes:
        number: 1 for the first prompt ever; ``@N`` and ``%N`` of a fault spec count these.
        turn: id of the assistant's turn.
        conversation: its uuid; "" where no turn was committed.
        session: which sign-in asked.
        take: how often the same words had been drawn before: 0, 1, 2 …
        due: when the turn will be ready; None where nothing is awaited (or, with a hang, never).
        committed: a turn stands in the conversation.
        accepted: the site took the prompt to draw it. Only these are «paid for».
        outcome: generating, ok, refused, soft-refused, error, quota, rate, throttle, chat-full, login, human,
            http, dropped, uncommitted, busy, stopped.
        verdict: the outcome it will have when it is due; "" where there is nothing to wait for.
        text: the assistant's words (from ``ready`` on), "" for a picture.
        files: ids of its pictures (two for a choice), fetched as ``/content?id=…``.
        same_as: file whose bytes were sent instead (the fault ``previous``), else "".
        references: ids of the uploads sent with it.
        faults: what befell it.
        ready: when the picture (or the words) stood in the conversation.
        delivered: when its picture was first fetched whole; None until then.
        deliveries: how often.
        chosen: 0 or 1 after a choice, else None.
    """

    number: int
    turn: str
    conversation: str
    session: str
    prompt: str
    asked: float
    outcome: str
    take: int = 0
    due: float | None = None
    committed: bool = False
    accepted: bool = False
    verdict: str = ""
    text: str = ""
    files: tuple[str, ...] = ()
    same_as: str = ""
    references: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    ready: float | None = None
    delivered: float | None = None
    deliveries: int = 0
    chosen: int | None = None


class _Line(msgspec.Struct, omit_defaults=True):
    """One line of the file: a new entry, a change of one, or a count of sign-outs."""

    entry: Entry | None = None
    change: dict[str, Any] | None = None
    epoch: int | None = None


class Ledger:
    """Entries in the order of arrival. Read it from any thread; only the easel's own loop writes it."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.epoch = 0
        self._entries: list[Entry] = []
        self._by_turn: dict[str, int] = {}
        self._by_file: dict[str, int] = {}
        self._by_conversation: dict[str, list[int]] = {}
        self._takes: dict[str, int] = {}
        self._times: dict[str, int] = {}
        self._file: io.BufferedWriter | None = None
        for entry in entries:
            self._keep(entry)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every prompt that reached the site."""
        return tuple(self._entries)

    @property
    def accepted(self) -> tuple[Entry, ...]:
        """The prompts the site took to draw."""
        return tuple(e for e in self.entries if e.accepted)

    @property
    def drawn(self) -> tuple[Entry, ...]:
        """The prompts whose picture is there, fetched or not."""
        return tuple(e for e in self.entries if e.outcome == "ok")

    def snapshot(self) -> "Ledger":
        """A copy that no longer changes, without the file."""
        copy = Ledger(self.entries)
        copy.epoch = self.epoch
        return copy

    def takes(self, prompt: str) -> int:
        """How often these exact words have been taken to be drawn."""
        return self._takes.get(prompt, 0)

    def times(self, prompt: str) -> int:
        """How often these exact words have arrived, taken or turned away."""
        return self._times.get(prompt, 0)

    def by_turn(self, turn: str) -> Entry | None:
        """The entry with this turn id."""
        index = self._by_turn.get(turn)
        return None if index is None else self._entries[index]

    def by_file(self, file: str) -> Entry | None:
        """The entry with this picture."""
        index = self._by_file.get(file)
        return None if index is None else self._entries[index]

    def conversation(self, conversation: str) -> tuple[Entry, ...]:
        """The committed turns of a conversation, oldest first; empty where it does not exist."""
        return tuple(self._entries[i] for i in self._by_conversation.get(conversation, ()))

    def recent(self, count: int) -> list[tuple[str, str]]:
        """(id, first words) of the newest conversations, newest first."""
        newest = list(self._by_conversation)[: -count - 1 : -1]
        return [(c, " ".join(self._entries[self._by_conversation[c][0]].prompt.split())[:60]) for c in newest]

    def add(self, entry: Entry) -> Entry:
        """Append one entry."""
        self._keep(entry)
        self._write(_Line(entry=entry))
        return entry

    def change(self, number: int, **changes: object) -> Entry:
        """Replace fields of entry ``number`` and return it as it is now."""
        entry = self._change(number, changes)
        self._write(_Line(change={"number": number, **changes}))
        return entry

    def end_sessions(self) -> None:
        """Count one sign-out of everybody."""
        self.epoch += 1
        self._write(_Line(epoch=self.epoch))

    def as_json(self) -> bytes:
        """``{"entries": [...]}``."""
        return msgspec.json.encode({"entries": self.entries})

    def open(self, path: Path) -> None:
        """Read ``path`` back and append to it from now on. A torn last line (power cut) is dropped.

        EaselError where the file is damaged before its end or cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            held = path.read_bytes() if path.exists() else b""
            whole = held[: held.rfind(b"\n") + 1]
            self._read(path, whole)
            self._file = path.open("ab")
            if len(whole) < len(held):
                self._file.truncate(len(whole))
        except OSError as e:
            reason = e.strerror or e
            raise EaselError(
                f"The easel cannot keep its state in {path.parent}: {reason}; choose another folder."
            ) from e

    def close(self) -> None:
        """Let go of the file. Later entries stay in memory."""
        if self._file:
            self._file.close()
            self._file = None

    def _read(self, path: Path, held: bytes) -> None:
        decoder = msgspec.json.Decoder(_Line)
        for number, raw in enumerate(held.splitlines(), 1):
            try:
                line = decoder.decode(raw)
                if line.entry:
                    self._keep(line.entry)
                if line.change:
                    self._change(int(line.change.pop("number")), line.change)
                if line.epoch is not None:
                    self.epoch = line.epoch
            except (msgspec.MsgspecError, ValueError, KeyError, IndexError, TypeError) as e:
                raise EaselError(
                    f"The easel's ledger {path}, line {number}, cannot be read: move the file away."
                ) from e

    def _write(self, line: _Line) -> None:
        if self._file:
            self._file.write(msgspec.json.encode(line) + b"\n")
            self._file.flush()

    def _keep(self, entry: Entry) -> None:
        index = len(self._entries)
        self._entries.append(entry)
        self._by_turn[entry.turn] = index
        for file in entry.files:
            self._by_file[file] = index
        if entry.committed:
            self._by_conversation.setdefault(entry.conversation, []).append(index)
        self._times[entry.prompt] = self._times.get(entry.prompt, 0) + 1
        if entry.accepted:
            self._takes[entry.prompt] = entry.take + 1

    def _change(self, number: int, changes: dict[str, Any]) -> Entry:
        # Through convert, so that what a file says is held to the types as an entry is.
        old = msgspec.structs.asdict(self._entries[number - 1])
        entry = msgspec.convert({**old, **changes}, Entry)
        self._entries[number - 1] = entry
        return entry
