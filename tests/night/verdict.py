"""What a night came to, and whether it holds: the ledger of the site against the disk against the journal."""

import hashlib
import io
import itertools
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from PIL import Image

from core import events as ev
from core.crash import NAME
from core.easel import Entry
from core.events import Record
from core.fold import fold
from core.made import made, sidecar, sidecar_of
from core.metrics.figures import Figures
from core.outcomes import Outcome
from core.state import PanelStatus, RunState
from core.status import stored_state
from core.store.history import records
from tests.night.lives import left_behind
from tests.night.night import Played
from tui.ending import exit_code

FLAT = 1.10
"""How much more memory the last third of the longest life may take than its first."""

LONG_ENOUGH = 600
"""Panels from which on what memory does says something."""


@dataclass(frozen=True)
class Check:
    """``found`` is what was counted, whether or not it ``holds``."""

    name: str
    holds: bool
    found: str


class Sample(msgspec.Struct, frozen=True):
    """Bytes in use when so many panels were finished."""

    finished: int
    used: int
    browser: int
    own: int


@dataclass
class Verdict:
    """``checks`` decide; the rest is told."""

    checks: list[Check] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    figures: Figures | None = None
    memory: list[Sample] = field(default_factory=list)
    thirds: list[dict[str, float]] = field(default_factory=list)  #: of the longest life: median and peak bytes of each
    site: dict[str, int] = field(default_factory=dict)
    struck_by_site: dict[str, int] = field(default_factory=dict)
    possible_duplicates: int = 0
    drawn_twice: int = 0
    events: int = 0

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)

    def add(self, name: str, wrong: Iterator[str] | list[str], found: str) -> None:
        """A check that holds where nothing is ``wrong``."""
        mistakes = list(wrong)
        if mistakes:
            found += f"; wrong: {len(mistakes)}, such as {'; '.join(mistakes[:3])}"
        self.checks.append(Check(name, not mistakes, found))


def judge(played: Played) -> Verdict:
    """Read everything again from what is there and hold it against each other."""
    project, verdict = played.project, Verdict()
    journal = list(records(project))
    state = stored_state(project)
    entries = played.ledger.entries
    verdict.events = len(journal)
    verdict.counts = {str(status): number for status, number in state.counts().items() if number}
    verdict.figures = state.metrics.figures(state.at)
    _run(verdict, played, state)
    _journal(verdict, journal, state)
    _disk(verdict, project, state)
    _site(verdict, entries, state)
    _memory(verdict, journal, played.plan.panels)
    return verdict


def _run(verdict: Verdict, played: Played, state: RunState) -> None:
    panels, total = state.panels.values(), played.plan.panels
    open_ = [p.id for p in panels if p.status not in (PanelStatus.FINISHED, PanelStatus.REFUSED)]
    missing = [f"{total - len(state.panels)} panels are not there"] if len(state.panels) != total else []
    verdict.add("every panel is finished, or the site refuses it", open_ + missing, f"{verdict.counts}")
    last, due = played.codes[-1], exit_code(state)
    wrong = [] if last == due and state.phase == "ended" else [f"the last run ended with {last}, {state.phase}"]
    verdict.add("the last run ended in order, with the right code", wrong, f"codes {played.codes}, {due} is right")
    mistakes = [_last_words(file) for file in played.kept if file.name == NAME]
    verdict.add("the program met no mistake of its own", mistakes, f"looked for {NAME}")
    verdict.add("no browser was left behind", left_behind(played.project), "looked at every process")
    finished = state.counts()[PanelStatus.FINISHED]
    unseen = [
        f"{blow.kind} after {blow.after}"
        for blow in played.struck
        if blow.seen is None or (blow.again is None and blow.after < finished)
    ]
    verdict.add("every blow was seen and survived", unseen, f"{len(played.struck)} blows")


def _last_words(crash_log: Path) -> str:
    """What the last traceback in it ends with."""
    lines = [line.strip(" |+-") for line in crash_log.read_text("utf-8").splitlines()]
    return next(line for line in reversed(lines) if line)


def _journal(verdict: Verdict, journal: list[Record], state: RunState) -> None:
    gaps = [f"{a.seq} is followed by {b.seq}" for a, b in itertools.pairwise(journal) if b.seq != a.seq + 1]
    folded = fold(journal)
    wrong = gaps + (["checkpoint and journal tell of different states"] if folded != state else [])
    verdict.add(
        "the journal is whole and is the run", wrong, f"{len(journal):,} events, numbers 1 to {journal[-1].seq}"
    )
    finished = Counter(r.event.panel for r in journal if isinstance(r.event, ev.PanelFinished))
    again = [f"{panel} {times} times" for panel, times in finished.items() if times > 1]
    verdict.add("no panel was finished twice", again, f"{len(finished):,} panels")
    done: set[str] = set()
    asked = []
    for record in journal:
        match record.event:
            case ev.PanelFinished(panel=panel):
                done.add(panel)
            case ev.AttemptStarted(panel=panel) if panel in done:
                asked.append(panel)
    verdict.add("no finished panel was asked for again", asked, f"{len(done):,} panels")


def _disk(verdict: Verdict, project: Path, state: RunState) -> None:
    wrong, known, sums = [], set(), Counter[str]()
    for panel in state.panels.values():
        for take in panel.takes:
            path = project / take.file
            known.add(path)
            data = path.read_bytes() if path.exists() else b""
            if hashlib.sha256(data).hexdigest() != take.sha256:
                wrong.append(f"{take.file} is not what was journaled")
                continue
            with Image.open(io.BytesIO(data)) as picture:
                picture.load()
            sums[take.sha256] += 1
        if panel.status is PanelStatus.FINISHED and panel.take is None:
            wrong.append(f"{panel.id} is finished and has no picture")
    found = {path for path in (project / "panels").rglob("*") if path.is_file()}
    verdict.add(
        "every finished panel's picture is on disk, whole", wrong, f"{len(known):,} pictures, sha256 and decoded"
    )
    beside = {
        project / sidecar_of(take.file): sidecar(made(panel, take, state))
        for panel in state.panels.values()
        for take in panel.takes
    }
    unlike = [str(path) for path, told in beside.items() if path not in found or path.read_bytes() != told]
    verdict.add("beside each picture stands what made it", unlike, f"{len(beside):,} sidecars, byte for byte")
    strays = sorted(str(path) for path in found - known - beside.keys())
    verdict.add("nothing else lies among them", strays, f"{len(found):,} files")
    same = [f"{times} are {sha[:12]}" for sha, times in sums.items() if times > 1]
    verdict.add("all pictures are different", same, f"{len(sums):,} sums")


def _site(verdict: Verdict, entries: tuple[Entry, ...], state: RunState) -> None:
    """The site's own ledger: what was asked for, drawn (paid for) and fetched, by prompt."""
    verdict.site = dict(Counter(entry.outcome for entry in entries).most_common())
    verdict.struck_by_site = dict(Counter(fault for entry in entries for fault in entry.faults).most_common())
    drawn = Counter(entry.prompt for entry in entries if entry.outcome == "ok")
    by_prompt: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_prompt[entry.prompt].append(entry)
    prompts = {attempt.prompt: attempt.panel for attempt in state.attempts.values() if attempt.prompt}
    strange = [f"{entry.prompt[:60]!r}" for entry in entries if entry.prompt not in prompts]
    verdict.add(
        "the site was asked for nothing that is not in the journal", strange, f"{len(entries):,} prompts arrived"
    )
    unpaid, unfetched, unrefused = [], [], []
    words: dict[str, set[str]] = defaultdict(set)
    for attempt in state.attempts.values():
        words[attempt.panel].add(attempt.prompt)
    for panel in state.panels.values():
        mine = [entry for prompt in words[panel.id] for entry in by_prompt[prompt]]
        if panel.status is PanelStatus.FINISHED:
            if not any(entry.outcome == "ok" for entry in mine):
                unpaid.append(panel.id)
            elif not any(entry.delivered is not None for entry in mine):
                unfetched.append(panel.id)
        elif not any(entry.outcome in ("refused", "soft-refused") for entry in mine):
            unrefused.append(panel.id)
    verdict.add(
        "the site drew and delivered every finished panel", unpaid + unfetched, f"{sum(drawn.values()):,} drawn"
    )
    verdict.add("the site refused every refused panel", unrefused, f"{verdict.counts.get('refused', 0)} refused")
    twice = {prompt: times - 1 for prompt, times in drawn.items() if times > 1}
    verdict.drawn_twice = sum(twice.values())
    verdict.possible_duplicates = state.metrics.possible_duplicates
    lost = {a.panel for a in state.attempts.values() if a.outcome is Outcome.LOST}
    silent = [
        f"{prompts[prompt]} drawn {times + 1} times" for prompt, times in twice.items() if prompts[prompt] not in lost
    ]
    if verdict.drawn_twice > verdict.possible_duplicates:
        silent.append(f"{verdict.drawn_twice} drawn twice, {verdict.possible_duplicates} counted")
    verdict.add(
        "each prompt was drawn once, but for counted possible duplicates",
        silent,
        f"{len(drawn):,} prompts drawn, {verdict.drawn_twice} of them again, "
        f"{verdict.possible_duplicates} counted as possible duplicates",
    )


def _memory(verdict: Verdict, journal: list[Record], panels: int) -> None:
    """In the longest life: each start is small again, and says nothing of what a long run gathers."""
    finished = 0
    lives: list[list[int]] = [[]]  # what was in use, as last measured, when each panel was finished
    for record in journal:
        match record.event:
            case ev.RunStarted():
                lives.append([])
            case ev.PanelFinished():
                finished += 1
                if verdict.memory:
                    lives[-1].append(verdict.memory[-1].used)
            case ev.MemoryMeasured(used=used, browser=browser, own=own) if finished:
                verdict.memory.append(Sample(finished, used, browser, own))
    longest = max(lives, key=len)
    for third in range(3):
        held = longest[third * len(longest) // 3 : (third + 1) * len(longest) // 3]
        if held:
            verdict.thirds.append({"median": statistics.median(held), "peak": max(held)})
    if len(verdict.thirds) < 3:
        verdict.add("memory was measured throughout", ["too few measurements"], f"{len(verdict.memory)} measurements")
        return
    median = verdict.thirds[2]["median"] / verdict.thirds[0]["median"]
    peak = verdict.thirds[2]["peak"] / verdict.thirds[0]["peak"]
    told = f"longest life, last third by the first: median {median:.2f}, peak {peak:.2f}; {FLAT:.2f} is allowed"
    if panels < LONG_ENOUGH:
        verdict.add("memory was measured throughout", [], f"{told}, but {panels} panels are too few to say")
    else:
        verdict.add("memory is flat", [told] if max(median, peak) > FLAT else [], told)
