"""The real program in a real Chromium on the practice site, killed at random instants; the site lives on.

The site's own ledger, the pictures on disk and the journal must agree. Three kills here; thirty and more with
``pytest -m long tests/crash/test_kill_dash_nine.py -s`` (``NOVELGEN_KILLS=N`` for another number).
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from core import events as ev
from core.outcomes import Outcome
from core.sample import create_sample
from core.state import PanelStatus, RunState
from core.store.history import records
from core.store.store import read
from tests.processes import end_all, family

pytestmark = pytest.mark.browser


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from tui.cli import main; main()", *arguments]


@contextmanager
def easel(latency: float) -> Iterator[str]:
    """The practice site in a process of its own; yields its address."""
    arguments = command("easel", "--port", "0", "--latency", str(latency))
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as site:
        try:
            assert site.stdout is not None
            yield site.stdout.readline().split("easel is at ")[1].split()[0]
        finally:
            site.terminate()


def new_project(folder: Path, panels: int, url: str) -> None:
    create_sample(folder, panels)
    config = folder / "novel.toml"
    words = config.read_text(encoding="utf-8")
    config.write_text(words.replace('site = "easel"', f'site = "easel"\nsite_url = "{url}"', 1), encoding="utf-8")


@dataclass
class Books:
    """What three witnesses say: the site's ledger, the disk, the journal."""

    project: Path
    url: str
    finished: dict[str, str] = field(default_factory=dict)  #: panel and checksum of its picture, at the last kill
    asked: Counter[str] = field(default_factory=Counter)  #: accepted prompts of finished panels, at the last kill
    doubtful: dict[str, bool] = field(default_factory=dict)  #: attempts cut off, and whether their place was known
    unheard: Counter[str] = field(
        default_factory=Counter
    )  #: prompts the site had taken, and we were dead before it said

    def ledger(self) -> Counter[str]:
        """How often the site has accepted each prompt."""
        with urllib.request.urlopen(f"{self.url.rstrip('/')}/ledger.json", timeout=30) as answer:
            entries = json.load(answer)["entries"]
        return Counter(entry["prompt"] for entry in entries if entry["accepted"])

    def prompts(self, state: RunState) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for attempt in state.attempts.values():
            found.setdefault(attempt.panel, set()).add(attempt.prompt)
        return found

    def audit(self) -> RunState:
        """Hold them against each other after a kill."""
        state = read(self.project)
        ledger, prompts = self.ledger(), self.prompts(state)
        for panel, sha in self.finished.items():
            take = state.panels[panel].take
            assert state.panels[panel].status is PanelStatus.FINISHED, f"{panel} was finished and is no more"
            assert take is not None and take.sha256 == sha, f"{panel} has another picture"
        for panel, times in self.asked.items():
            assert sum(ledger[p] for p in prompts[panel]) == times, f"{panel} was finished and was asked for again"
        for panel in state.panels.values():
            if panel.status is PanelStatus.FINISHED:
                assert panel.take is not None
                data = (self.project / panel.take.file).read_bytes()
                assert hashlib.sha256(data).hexdigest() == panel.take.sha256, f"{panel.id} is damaged on disk"
                self.finished[panel.id] = panel.take.sha256
                self.asked[panel.id] = sum(ledger[p] for p in prompts[panel.id])
            elif panel.attempt:
                attempt = state.attempts[panel.attempt]
                known = self.doubtful[attempt.id] = attempt.sent and bool(attempt.conversation)
                sent = sum(a.sent for a in state.attempts.values() if a.prompt == attempt.prompt)
                if not known and ledger[attempt.prompt] > sent + self.unheard[attempt.prompt]:
                    self.unheard[attempt.prompt] += 1
        return state


def killed(project: Path, after: float, started: set[psutil.Process], *, everybody: bool) -> bool:
    """Run for so many seconds after the first panel was given to a tab; False where it ended by itself before.

    ``started`` gains the processes of the run: its browser is left to look after itself, as it would be.
    """
    run = subprocess.Popen(
        command("run", str(project), "--headless"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert run.stdout is not None
        said = []
        for line in run.stdout:
            said.append(line)
            if "t1 open" in line:
                break
        else:
            raise AssertionError("".join(said))
        try:
            run.wait(after)
        except subprocess.TimeoutExpired:
            started |= family(run.pid)
            os.kill(run.pid, signal.SIGKILL)
            if everybody:
                os.killpg(run.pid, signal.SIGKILL)
            run.wait(30)
            return True
        return False
    finally:
        if run.poll() is None:
            end_all(family(run.pid))
            run.wait(30)
        if run.stdout is not None:
            run.stdout.close()


@contextmanager
def nobody_left() -> Iterator[set[psutil.Process]]:
    """Whoever is in the set at the end is ended."""
    started: set[psutil.Process] = set()
    try:
        yield started
    finally:
        end_all(started)


def killed_again_and_again(folder: Path, kills: int, panels: int, seed: int) -> None:
    rng = random.Random(seed)
    started = time.monotonic()
    with easel(latency=1.5) as url, nobody_left() as theirs:
        project = folder / "novel"
        new_project(project, panels, url)
        books = Books(project, url)
        done = 0
        while done < kills and killed(project, rng.uniform(0.2, 5.0), theirs, everybody=done % 2 == 1):
            done += 1
            state = books.audit()
        last = subprocess.run(
            command("run", str(project), "--headless"), capture_output=True, text=True, timeout=60 + 10 * panels
        )
        assert last.returncode == 0, last.stdout[-3000:] + last.stderr[-3000:]
        state = books.audit()
        assert state.counts()[PanelStatus.FINISHED] == panels
        ledger, prompts = books.ledger(), books.prompts(state)
    known = [id for id, where in books.doubtful.items() if where]
    fetched = [id for id in known if state.attempts[id].outcome is Outcome.OK]
    again = sum(sum(ledger[p] for p in prompts[panel]) - 1 for panel in state.panels)
    lost = [r.event for r in records(project) if isinstance(r.event, ev.AttemptFailed) and r.event.outcome == "lost"]
    unheard, cut_off = books.unheard.total(), len(books.doubtful)
    print(
        f"\n{done} kills in {time.monotonic() - started:.0f} s, {panels} panels: 0 finished lost, 0 asked for again. "
        f"{cut_off} attempts were cut off: {cut_off - len(known) - unheard} before the site had the prompt; of the "
        f"{len(known) + unheard} pictures it was drawing {len(fetched)} were fetched: of {len(known)} it was known "
        f"where they are, of {unheard} it was not. {again} prompts were accepted twice in all"
    )
    assert done == kills, "the run ended before it could be killed so often"
    assert len(fetched) >= 0.95 * len(known)
    assert again <= len(lost), "a prompt was sent twice without its attempt having been given up as lost"


def test_three_kills(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path, 3, 30, seed=1)


@pytest.mark.long
def test_thirty_kills(tmp_path: Path) -> None:
    kills = int(os.environ.get("NOVELGEN_KILLS", "32"))
    killed_again_and_again(tmp_path, kills, 6 * kills, seed=int(os.environ.get("NOVELGEN_SEED", "2")))
