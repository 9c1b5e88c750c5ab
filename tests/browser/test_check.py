"""``check`` against live pages, and what a run does when a page changes under it."""

import json
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.check import Finding, check
from core.easel import EaselOptions, EaselThread
from tests.browser.pages.odd import Odd
from tests.browser.pages.painter import Painter
from tests.browser.pages.serving import serving
from tests.browser.projects import command, pictures, project, run
from tests.processes import speaking

pytestmark = pytest.mark.browser

PROFILE = """
name = "painter"
url = "{url}"
[prompt]
box = ["label=Your idea"]
how = "fill"
[send]
button = ['role=button[name="Paint it"]']
[result]
mode = "replaced"
picture = [".easel img"]
busy = ["#state button"]
[signed_out]
url = "sign-in"
"""


@pytest.fixture
def painter() -> Painter:
    return Painter()


@pytest.fixture
def address(painter: Painter) -> Iterator[str]:
    with serving(painter.application()) as address:
        yield address


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, pages are given less time to show their box."""
    monkeypatch.setattr("core.processors.browser.conversations.ARRIVING", 3.0)
    monkeypatch.setattr("core.processors.browser.inspection.ARRIVING", 3.0)


def with_profile(folder: Path, address: str, panels: int, profile: str = PROFILE) -> Path:
    novel = project(folder, panels, 'site = "painter"\n[pool]\ntabs = 2\n')
    (novel / "sites").mkdir()
    (novel / "sites" / "painter.toml").write_text(profile.format(url=address), encoding="utf-8")
    return novel


def findings(folder: Path, *, draw_one: bool = False) -> tuple[bool, dict[str, Finding]]:
    told: list[Finding] = []
    ready = check(folder, told.append, draw_one=draw_one)
    return ready, {finding.part: finding for finding in told}


def test_a_project_on_the_easel_is_ready_and_nothing_was_drawn(tmp_path: Path) -> None:
    novel = project(tmp_path / "novel", 3, 'site = "easel"\n')
    done = subprocess.run(command("check", str(novel)), capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "#prompt-textarea" in done.stdout and "--draw-one" in done.stdout
    books = novel / ".novelgen" / "easel" / "easel.jsonl"
    assert not books.exists() or not books.read_text()
    assert not (novel / "panels").exists()


def test_after_a_run_an_old_conversation_shows_the_parts_of_a_result_for_nothing(tmp_path: Path) -> None:
    novel = project(tmp_path / "novel", 2, 'site = "easel"\n')
    assert run(novel).returncode == 0
    ready, found = findings(novel)
    assert ready, found
    assert found["result.picture"].verdict == found["result.done"].verdict == "good"


def test_one_picture_on_request_shows_everything(tmp_path: Path, address: str, painter: Painter) -> None:
    novel = with_profile(tmp_path / "novel", address, 2)
    ready, found = findings(novel, draw_one=True)
    assert ready, found
    assert "256x256" in found["a picture"].what
    assert found["result.busy"].verdict == found["result.picture"].verdict == "good"
    assert len(painter.asked) == 1


def test_a_redesigned_page_is_told_part_by_part_with_what_would_fit(tmp_path: Path, soon: None) -> None:
    with EaselThread(EaselOptions(faults="redesign=1")) as easel:
        novel = project(tmp_path / "novel", 3, f'site = "easel"\nsite_url = "{easel.url}/"\n')
        ready, found = findings(novel)
    assert not ready
    box = found["prompt.box"]
    assert (box.verdict, box.suggestion) == ("bad", "#composer-input")
    assert box.screenshot is not None and box.screenshot.read_bytes().startswith(b"\x89PNG")


def test_a_page_in_another_language_and_the_way_back_by_the_suggestions(
    tmp_path: Path, address: str, painter: Painter, soon: None
) -> None:
    painter.language = "de"
    novel = with_profile(tmp_path / "novel", address, 2)
    ready, found = findings(novel)
    assert not ready
    box = found["prompt.box"].suggestion
    assert box == 'textarea[name="einfall"]'
    profile = novel / "sites" / "painter.toml"
    profile.write_text(profile.read_text().replace('"label=Your idea"', f"'{box}'"), encoding="utf-8")
    ready, found = findings(novel)
    send = found["send.button"]
    assert (send.verdict, send.suggestion) == ("bad", 'role=button[name="Bild erzeugen"]')
    profile.write_text(profile.read_text().replace('role=button[name="Paint it"]', send.suggestion), encoding="utf-8")
    ready, found = findings(novel, draw_one=True)
    assert ready, found


def test_a_cookie_wall_names_the_button_and_a_sign_in_is_for_a_person(
    tmp_path: Path, address: str, painter: Painter, soon: None
) -> None:
    novel = with_profile(tmp_path / "novel", address, 2)
    painter.wall = True
    ready, found = findings(novel)
    assert not ready
    assert "We value your privacy" in found["ready to write"].what
    assert 'role=button[name="Accept all"]' in found["ready to write"].what
    painter.signed_in = False
    ready, found = findings(novel)
    assert not ready
    assert "novelgen-tui login" in found["sign-in"].what


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "language",
            re.compile(r'"prompt\.box" of the site profile "painter".*einfall.*would fit.*novelgen-tui check'),
        ),
        ("wall", re.compile(r'We value your privacy.*role=button\[name="Accept all"\]')),
        ("sign-in", re.compile(r"painter is signed out; sign in with: novelgen-tui login")),
    ],
)
def test_a_page_that_changes_in_mid_run_pauses_it_with_the_report_and_every_panel_is_kept(
    tmp_path: Path, address: str, painter: Painter, change: str, told: re.Pattern[str]
) -> None:
    novel = with_profile(tmp_path / "novel", address, 9)
    lines: list[str] = []
    finished = 0
    with speaking(command("run", str(novel), "--headless")) as (first, said):
        for line in said:
            lines.append(line)
            finished += "finished in" in line
            if finished == 2 and "finished in" in line:
                painter.change(change)
            if told.search(line):
                break
        assert first.poll() is None, "".join(lines)
        status = subprocess.run(command("status", str(novel), "--json"), capture_output=True, text=True, timeout=60)
        counts = json.loads(status.stdout)["panels"]
        assert counts["failed"] == counts["refused"] == counts["skipped"] == 0
        os.killpg(first.pid, signal.SIGINT)
        rest = said.read()
        assert first.wait(timeout=60) == 4, rest
    painter.change("nothing")
    done = run(novel)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(pictures(novel)) == 9
    twice = sum(Counter(painter.asked).values()) - 9
    assert twice <= 2, "only what was under way when the page went away may have been asked again"


CHAT = """
name = "painter"
url = "{url}"
[prompt]
box = ["textarea"]
how = "fill"
[send]
button = ['role=button[name="Go"]']
[result]
picture = ["img"]
"""


def test_one_picture_tells_what_a_first_profile_of_a_chat_page_lacks(tmp_path: Path) -> None:
    with serving(Odd().application()) as address:
        novel = with_profile(tmp_path / "novel", address + "plain", 1, CHAT)
        ready, found = findings(novel)
        assert not ready and "--draw-one" in found["result.answer"].what
        ready, found = findings(novel, draw_one=True)
    assert not ready
    fits = {key: found[f"result.{key}"].suggestion for key in ("own", "answer", "picture")}
    assert fits == {"own": "section.mine", "answer": "section.theirs", "picture": "img.made"}


def test_a_preview_that_was_taken_for_the_picture_is_told(tmp_path: Path) -> None:
    more = 'own = [".mine"]\nanswer = [".theirs"]\nbusy = ["#busy"]\nsettle = 0.1\n'
    with serving(Odd().application()) as address:
        novel = with_profile(tmp_path / "novel", address + "preview", 1, CHAT + more)
        ready, found = findings(novel, draw_one=True)
    assert not ready
    assert found["a picture"].screenshot is not None and found["a picture"].screenshot.is_file()
    assert "preview" in found["result.settle"].what
