"""What happens to a prompt when it arrives: faults, limits, refusals, or it is taken to be drawn."""

import re
import time
import uuid
from dataclasses import dataclass

from msgspec.structs import replace

from core.easel.faults import FORBIDDEN_WORD, Faults, dice
from core.easel.ledger import Entry, Ledger
from core.easel.limits import Limits, Told
from core.easel.studio import Studio, file_id, seconds_to_draw

REFUSED = "I can't create that image: the request may violate our content policy. Change the description and try again."
SOFT = (
    "I'd be glad to help with this panel! I could describe the scene in words, or we could think about its "
    "composition together. Which would you like?"
)
FULL = "You've reached the maximum length for this conversation, but you can keep talking by starting a new chat."
ERRORS = (
    "I experienced an error when generating the image. Please try again.",
    "Something went wrong while generating the response.",
)

#: Refusals and errors come sooner than pictures: this part of the picture's time.
WORDS_SOONER = 0.3
#: How much longer the fault ``late`` makes a picture take.
LATE = 10
#: Faults that answer the send itself: (fault, outcome in the ledger).
TURNED_AWAY = (
    ("signout", "login"),
    ("challenge", "human"),
    ("http500", "http"),
    ("http503", "http"),
    ("drop", "dropped"),
    ("uncommitted", "uncommitted"),
)


@dataclass(frozen=True)
class Asking:
    """A prompt as it arrives: ``conversation`` is "" for a new one."""

    prompt: str
    conversation: str
    session: str
    references: tuple[str, ...] = ()


class Reception:
    """Takes prompts in. Its settings may be changed while it works."""

    def __init__(self, ledger: Ledger, studio: Studio, limits: Limits, seed: int) -> None:
        self._ledger, self._studio, self.limits, self._seed = ledger, studio, limits, seed
        self.faults = Faults()
        self.latency = 2.0
        self.sigma = 0.0

    def ask(self, asking: Asking) -> tuple[Entry, Told | None]:
        """Enter the prompt into the ledger, and what a limit says about it, if one does.

        The entry's ``outcome`` and ``committed`` say what the page must be answered. A turn under way is
        waited for by the studio.
        """
        now = time.time()
        take = self._ledger.takes(asking.prompt)
        number = len(self._ledger.entries) + 1
        faults = self.faults.strike(number, asking.prompt, self._ledger.times(asking.prompt), self._seed)
        draft = Entry(
            number=number,
            turn=str(uuid.uuid4()),
            conversation=asking.conversation,
            session=asking.session,
            prompt=asking.prompt,
            asked=now,
            outcome="",
            take=take,
            references=asking.references,
            faults=tuple(sorted(faults)),
        )
        if self._studio.generating(asking.conversation):
            return self._turned_away(replace(draft, faults=()), "busy"), None
        for fault, outcome in TURNED_AWAY:
            if fault in faults:
                return self._turned_away(draft, outcome), None
        told = self._limited(faults, now)
        if told and (told.kind == "throttle" or "toast" in faults):
            return self._turned_away(draft, told.kind), told
        committed = replace(draft, committed=True, conversation=asking.conversation or str(uuid.uuid4()))
        if told:
            return self._words(committed, told.kind, told.text), told
        return self._taken(committed, faults, now), None

    def _limited(self, faults: frozenset[str], now: float) -> Told | None:
        amounts = self.faults.amounts
        if "quota" in faults:
            self.limits.start_quota(now, amounts["quotaseconds"])
        if "burst" in faults:
            self.limits.start_burst(now, amounts["burstseconds"])
        if "throttle" in faults:
            self.limits.start_throttle(now, amounts["throttleseconds"])
        return self.limits.check(now)

    def _taken(self, draft: Entry, faults: frozenset[str], now: float) -> Entry:
        if "full" in faults or self._is_full(draft.conversation):
            return self._words(draft, "chat-full", FULL)
        wait = seconds_to_draw(self.latency, self.sigma, self._seed, draft.prompt, draft.take)
        soon = now + wait * WORDS_SOONER
        if "refuse" in faults or re.search(rf"\b{FORBIDDEN_WORD}\b", draft.prompt, re.IGNORECASE):
            return self._awaited(draft, verdict="refused", text=REFUSED, due=soon)
        if "soft" in faults:
            return self._awaited(draft, verdict="soft-refused", text=SOFT, due=soon)
        self.limits.accepted(now)
        if "error" in faults:
            words = ERRORS[dice(self._seed, "words", draft.prompt, draft.take) < 0.5]
            return self._awaited(draft, accepted=True, verdict="error", text=words, due=soon)
        pictures = 2 if "choice" in faults else 1
        return self._awaited(
            draft,
            accepted=True,
            verdict="ok",
            files=tuple(file_id(draft.turn, i) for i in range(pictures)),
            due=None if "hang" in faults else now + wait * (LATE if "late" in faults else 1),
        )

    def _is_full(self, conversation: str) -> bool:
        turns = self._ledger.conversation(conversation)
        if any(t.outcome == "chat-full" for t in turns):
            return True
        most = self.faults.amounts["fullafter"]
        return bool(most) and sum(t.outcome == "ok" for t in turns) >= most

    def _turned_away(self, draft: Entry, outcome: str) -> Entry:
        return self._ledger.add(replace(draft, outcome=outcome))

    def _words(self, draft: Entry, outcome: str, text: str) -> Entry:
        return self._ledger.add(replace(draft, outcome=outcome, text=text, ready=draft.asked))

    def _awaited(self, draft: Entry, **what: object) -> Entry:
        entry = self._ledger.add(replace(draft, outcome="generating", **what))
        self._studio.begin(entry)
        return entry
