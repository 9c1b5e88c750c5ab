"""What the handlers share, and how a turn looks to a page."""

import time
from dataclasses import dataclass, field
from typing import Any

from core.easel.faults import Faults, parse_faults
from core.easel.ledger import Entry, Ledger
from core.easel.limits import Limits
from core.easel.options import EaselOptions, check_latency, check_options, parse_limit
from core.easel.pictures import Pictures
from core.easel.push import Hub
from core.easel.reception import Reception
from core.easel.sessions import Sessions
from core.easel.studio import Studio
from core.easel.uploads import Uploads

#: Conversations shown at the side.
RECENT = 20


@dataclass
class Easelworks:
    """The parts of one easel, put together."""

    options: EaselOptions
    ledger: Ledger
    hub: Hub
    sessions: Sessions
    studio: Studio
    reception: Reception
    pictures: Pictures
    uploads: Uploads
    #: A person must click before any page is shown.
    challenged: bool = False
    #: Files whose first fetch has met its fault.
    stumbled: set[str] = field(default_factory=set)

    @classmethod
    def assemble(cls, options: EaselOptions) -> "Easelworks":
        """Check the options and build the parts. EaselError names what is wrong."""
        check_options(options)
        faults, limit = parse_faults(options.faults), parse_limit(options.limit)
        ledger, hub = Ledger(), Hub()
        sessions = Sessions(options.seed, ledger)
        studio = Studio(ledger, lambda entry: works.publish(entry))
        reception = Reception(ledger, studio, Limits(limit), options.seed)
        reception.faults, reception.latency, reception.sigma = faults, options.latency, options.sigma
        works = cls(
            options=options,
            ledger=ledger,
            hub=hub,
            sessions=sessions,
            studio=studio,
            reception=reception,
            pictures=Pictures(ledger, options.seed, options.size),
            uploads=Uploads(options.state / "uploads" if options.state else None),
        )
        return works

    @property
    def faults(self) -> Faults:
        """The faults in force."""
        return self.reception.faults

    def configure(
        self,
        *,
        faults: str | None = None,
        limit: str | None = None,
        latency: float | None = None,
        sigma: float | None = None,
    ) -> None:
        """Change what is given from the next prompt on; a limit of "" is none. All or nothing; EaselError."""
        reception = self.reception
        latency = reception.latency if latency is None else latency
        sigma = reception.sigma if sigma is None else sigma
        check_latency(latency, sigma)
        new_faults = reception.faults if faults is None else parse_faults(faults)
        new_limit = reception.limits.limit if limit is None else parse_limit(limit)
        reception.limits.limit = new_limit
        reception.faults, reception.latency, reception.sigma = new_faults, latency, sigma
        if faults is not None:
            self.hub.tell_all({"type": "habits", "habits": self.habits()})

    def publish(self, entry: Entry) -> None:
        """Tell the pages that show the entry's conversation what has become of it."""
        self.hub.tell_watchers(entry.conversation, {"type": "turn", "turn": self.view(entry)})

    def view(self, entry: Entry) -> dict[str, Any]:
        """A turn as the page gets it. Words are plain text; addresses are signed for now."""
        done = entry.outcome != "generating"
        previewing = self.studio.previewing(entry.turn)
        return {
            "id": entry.turn,
            "conversation": entry.conversation,
            "prompt": entry.prompt,
            "references": [self.address(file) for file in entry.references],
            "done": done,
            "error": entry.outcome in ("error", "chat-full"),
            "text": entry.text if done else "",
            "pictures": [self.address(file) for file in entry.files] if entry.outcome == "ok" else [],
            "preview": self.address(entry.files[0]) + "&preview=1" if previewing else "",
            "chosen": entry.chosen,
            "stacked": 3 if "stacked" in entry.faults else 1,
        }

    def address(self, file: str) -> str:
        """The signed address of a picture or an upload."""
        return self.sessions.address(file, time.time(), self.faults.amounts["signseconds"])

    def conversation(self, conversation: str) -> dict[str, Any]:
        """Everything a page needs to show a conversation and the list at its side."""
        return {
            "type": "conversation",
            "conversation": conversation,
            "turns": [self.view(entry) for entry in self.ledger.conversation(conversation)],
            "recent": self.ledger.recent(RECENT),
            "habits": self.habits(),
            "throttled": self.reception.limits.throttled(time.time()),
        }

    def habits(self) -> dict[str, float]:
        """The standing habits of the page, among the faults' amounts."""
        return {name: self.faults.amounts[name] for name in ("bloat", "newline", "unmount", "redesign")}
