"""The shipped ``chatgpt`` profile against a copy of the page's structure: what it meets there, and a full run."""

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PIL import Image

from core.outcomes import AttemptError, Cause, Outcome, RunBlocked
from core.processors.browser.tab import BrowserTab
from tests.browser.pages.chat import Chat
from tests.browser.pages.serving import serving
from tests.browser.projects import command, pictures, project, run
from tests.browser.tabs import Told, at, job, size_of, tabs
from tests.processes import speaking

pytestmark = pytest.mark.browser


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def address(chat: Chat) -> Iterator[str]:
    with serving(chat.application()) as address:
        yield address


@pytest.fixture
async def tab(address: str, tmp_path: Path) -> AsyncIterator[BrowserTab]:
    async with tabs(at(address, "chatgpt"), tmp_path) as [tab]:
        yield tab


@pytest.mark.anyio
async def test_a_picture_comes_whole_from_a_conversation_whose_address_comes_late(chat: Chat, tab: BrowserTab) -> None:
    told = Told()
    drawing = await tab.draw(job("A lamp.\nOn a table."), told)
    assert chat.asked == ["A lamp. On a table."], "a newline would have submitted half of it"
    assert told.conversations == [f"/c/{next(iter(chat.conversations))}"], "never the transient address"
    assert [size_of(picture) for picture in drawing.pictures] == [(512, 512)], "no preview, and one of the three layers"


@pytest.mark.anyio
async def test_a_conversation_goes_on_and_each_answer_is_its_own(chat: Chat, tab: BrowserTab, tmp_path: Path) -> None:
    reference = tmp_path / "mina.png"
    Image.new("RGB", (300, 300), "red").save(reference)
    told = Told()
    first = await tab.draw(job("the same style. one", references=(reference,)), told)
    second = await tab.draw(job("the same style. two", first.conversation, (reference,)), told)
    assert first.pictures != second.pictures
    [turns] = chat.conversations.values()
    assert [len(turn.references) for turn in turns] == [1, 0], "once in a conversation"
    fetched = await tab.harvest(job("the same style. one", first.conversation))
    assert fetched.pictures == first.pictures


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("word", "outcome", "wait"),
    [
        ("REFUSE", Outcome.REFUSED, None),
        ("WORDS", Outcome.SOFT_REFUSED, None),
        ("ERROR", Outcome.RETRYABLE, None),
        ("LIMIT", Outcome.QUOTA, 60),
        ("TOAST", Outcome.RATE, 120),
    ],
)
async def test_every_answer_without_a_picture_is_understood(
    chat: Chat, tab: BrowserTab, word: str, outcome: Outcome, wait: float | None
) -> None:
    with pytest.raises(AttemptError) as met:
        await tab.draw(job(f"A lamp, {word}"), Told())
    assert met.value.outcome is outcome, met.value.sentence
    assert met.value.retry_after == wait
    drawing = await tab.draw(job("Another lamp"), Told())
    assert size_of(drawing.pictures[0]) == (512, 512), "a banner that is still there is old news"


@pytest.mark.anyio
async def test_of_a_choice_both_are_kept(tab: BrowserTab) -> None:
    drawing = await tab.draw(job("A lamp, CHOICE"), Told())
    assert len(set(drawing.pictures)) == 2
    assert len((await tab.draw(job("Another lamp"), Told())).pictures) == 1


@pytest.mark.anyio
async def test_signed_out_is_for_a_person(chat: Chat, tab: BrowserTab) -> None:
    await tab.draw(job("A lamp"), Told())
    chat.signed_in = False
    with pytest.raises(RunBlocked) as met:
        await tab.draw(job("Another lamp"), Told())
    assert met.value.cause is Cause.LOGIN


SETTINGS = 'site = "chatgpt"\nsite_url = "{address}"\n[pool]\ntabs = 2\n'
ACCEPTED = "accept_site_terms = true\n" + SETTINGS


def test_without_the_line_that_takes_the_decision_nothing_runs(address: str, tmp_path: Path, chat: Chat) -> None:
    novel = project(tmp_path / "novel", 2, SETTINGS.format(address=address))
    done = run(novel)
    assert done.returncode == 2
    assert "accept_site_terms = true" in done.stderr
    assert not chat.asked
    assert not (novel / ".novelgen").exists()


def test_a_full_run(address: str, tmp_path: Path, chat: Chat) -> None:
    novel = project(tmp_path / "novel", 9, ACCEPTED.format(address=address))
    script = novel / "script.md"
    script.write_text(script.read_text().replace("Lamp number 5", "Lamp REFUSE number 5"), encoding="utf-8")
    done = run(novel)
    assert done.returncode == 3, done.stdout + done.stderr
    assert len({path.read_bytes() for path in pictures(novel)}) == 8
    assert len(chat.asked) == 9 and set(Counter(chat.asked).values()) == {1}
    sizes = sorted(len(turns) for turns in chat.conversations.values())
    assert len(sizes) < 9, "panels of a chapter share conversations"
    assert max(sizes) <= 8


def test_killed_under_two_pictures_the_next_run_fetches_them(address: str, tmp_path: Path, chat: Chat) -> None:
    chat.latency = 4.0
    novel = project(tmp_path / "novel", 4, ACCEPTED.format(address=address))
    start = command("run", str(novel), "--headless")
    journal = novel / ".novelgen" / "journal.jsonl"
    seen: list[str] = []
    with speaking(start) as (first, said):
        for line in said:
            seen.append(line)
            if "finished in" in line:
                break
        while journal.read_text(encoding="utf-8").count('"attempt-sent"') < 3:
            assert first.poll() is None, seen
        os.killpg(first.pid, signal.SIGKILL)
    chat.latency = 0.5
    done = run(novel)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len({path.read_bytes() for path in pictures(novel)}) == 4
    assert set(Counter(chat.asked).values()) == {1}, "an attempt cut off was asked again instead of fetched"


@pytest.mark.anyio
async def test_a_picture_that_does_not_load_is_fetched_from_its_conversation_and_not_made_again(
    chat: Chat, tab: BrowserTab
) -> None:
    chat.spoiling = "missing"
    drawing = await tab.draw(job("A lamp."), Told())
    assert [size_of(picture) for picture in drawing.pictures] == [(512, 512)]
    assert chat.asked == ["A lamp."]


def test_half_a_picture_is_fetched_again_whole_and_not_made_again(address: str, tmp_path: Path, chat: Chat) -> None:
    chat.spoiling = "half"
    novel = project(tmp_path / "novel", 2, ACCEPTED.format(address=address))
    done = run(novel)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [size_of(path.read_bytes()) for path in pictures(novel)] == [(512, 512)] * 2
    assert len(chat.asked) == 2
