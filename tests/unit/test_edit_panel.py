"""A person's words for a panel: they reach the prompt, survive a restart, and give way to a script that changed."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from core.commands import EditPanel, RejectPanels
from core.engine.bus import Mailbox
from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.pool.measure import Surroundings
from core.pool.memory import MemoryJudge
from core.pool.pool import PoolSettings
from core.project import load
from core.state import PanelStatus
from core.status import difference, open_book
from core.store.store import Store
from tests.simulation.site import SimulatedProcessor, SimulatedSite

pytestmark = pytest.mark.anyio

SCRIPT = "# Chapter 1: Fog\n\n### Panel 1\nA street in fog.\n\n### Panel 2\n{second}\n"
TOML = 'title = "Fog"\nscript = "script.md"\nsite = "easel"\n[style]\npreamble = "Ink wash."\n'


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "novel.toml").write_text(TOML)
    (tmp_path / "script.md").write_text(SCRIPT.format(second="A cab with its lamps lit."))
    return tmp_path


@asynccontextmanager
async def running(folder: Path, *, paused: bool = True) -> AsyncIterator[Engine]:
    async def measure() -> Surroundings:
        return Surroundings(own=1, available=2**33)

    engine = Engine(
        load(folder),
        Store.open(folder),
        SimulatedProcessor(SimulatedSite(random.Random(1), 0.01)),
        EngineSettings("easel", "easel", PoolSettings(tabs=1), start_paused=paused, linger=True),
        judge=MemoryJudge(2**34),
        measure=measure,
    )
    async with anyio.create_task_group() as group:
        await group.start(engine.run)
        yield engine
        group.cancel_scope.cancel()


async def until(engine: Engine, holds: Callable[[], bool]) -> None:
    """Until the run's records have made ``holds`` true."""
    news = anyio.Event()
    mailbox = Mailbox(lambda: news.set())
    engine.subscribe(mailbox)
    with anyio.fail_after(10):
        while not holds():
            await news.wait()
            news = anyio.Event()
            mailbox.drain()
    engine.unsubscribe(mailbox)


async def test_an_edit_reaches_the_prompt_and_survives_a_restart(folder: Path) -> None:
    async with running(folder) as engine:
        reply = await engine.send(EditPanel("ch01-p002", "A black cab, seen from above."))
        assert reply.ok
    async with running(folder, paused=False) as engine:
        panel = engine.state.panels["ch01-p002"]
        assert (panel.text, panel.script_text) == ("A black cab, seen from above.", "A cab with its lamps lit.")
        await until(engine, lambda: panel.status is PanelStatus.FINISHED)
        sent = [a.prompt for a in engine.state.attempts.values() if a.panel == "ch01-p002"]
        assert len(sent) == 1 and "A black cab, seen from above." in sent[0] and "Ink wash." in sent[0]
        assert not panel.outdated


async def test_an_edited_finished_panel_is_outdated_and_not_drawn_again(folder: Path) -> None:
    async with running(folder, paused=False) as engine:
        panel = engine.state.panels["ch01-p001"]
        await until(engine, lambda: engine.state.phase == "done")
        assert (await engine.send(EditPanel("ch01-p001", "A street at noon."))).ok
        assert panel.outdated and panel.status is PanelStatus.FINISHED and engine.state.phase == "done"
        assert (await engine.send(EditPanel("ch01-p001", "A street in fog."))).ok  # the script's own words again
        assert not panel.outdated and not panel.script_text
        assert (await engine.send(RejectPanels(("ch01-p001",), note="Fewer people."))).ok
        assert panel.text.endswith("\nFewer people.") and panel.redraw


async def test_a_script_that_changes_wins_over_an_edit(folder: Path) -> None:
    async with running(folder) as engine:
        await engine.send(EditPanel("ch01-p002", "A black cab."))
    (folder / "script.md").write_text(SCRIPT.format(second="A cab with its lamps out."))
    async with running(folder) as engine:
        panel = engine.state.panels["ch01-p002"]
        assert (panel.text, panel.script_text) == ("A cab with its lamps out.", "")


async def test_whoever_only_reads_knows_the_edit_too(folder: Path) -> None:
    async with running(folder) as engine:
        await engine.send(EditPanel("ch01-p002", "A black cab."))
    assert not difference(folder), "the script was not touched"
    assert [panel.text for panel in open_book(folder)[0].panels] == ["A street in fog.", "A black cab."]
    (folder / "script.md").write_text(SCRIPT.format(second="A cab with its lamps out."))
    (found,) = difference(folder).reworded
    assert (found[0].text, found[1].text) == ("A cab with its lamps out.", "A black cab.")


async def test_an_edited_panel_that_leaves_the_script_and_returns_has_its_edit(folder: Path) -> None:
    whole = (folder / "script.md").read_text()
    async with running(folder, paused=False) as engine:
        await until(engine, lambda: engine.state.phase == "done")
        await engine.send(EditPanel("ch01-p002", "A black cab."))
    (folder / "script.md").write_text(whole.partition("### Panel 2")[0])
    async with running(folder) as engine:
        assert list(engine.state.panels) == ["ch01-p001"]
    (folder / "script.md").write_text(whole)
    async with running(folder) as engine:
        panel = engine.state.panels["ch01-p002"]
        assert (panel.text, panel.script_text, len(panel.takes)) == ("A black cab.", "A cab with its lamps lit.", 1)


@pytest.mark.parametrize(
    "command", [EditPanel("nobody", "x"), EditPanel("ch01-p001", " "), EditPanel("ch01-p001", "x" * 20_001)]
)
async def test_impossible_edits_are_answered(folder: Path, command: EditPanel) -> None:
    async with running(folder) as engine:
        before = engine.state.panels["ch01-p001"].text
        reply = await engine.send(command)
        assert not reply.ok and reply.sentence
        assert engine.state.panels["ch01-p001"].text == before
