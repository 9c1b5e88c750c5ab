"""A second process watches and steers a real run: real Chromium, the practice site, the socket in the project."""

import asyncio
import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core.attach import find_run
from core.commands import Pause, RejectPanels, Resume
from core.fold import fold
from core.running import running
from core.state import PanelStatus, RunState
from tests.browser.test_demo import command

pytestmark = pytest.mark.browser


def told(project: Path) -> dict[str, Any]:
    """What ``status --json`` says in a process of its own."""
    done = subprocess.run(command("status", str(project), "--json"), capture_output=True, timeout=60, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def seen(project: Path) -> tuple[RunState, bytes | None]:
    """Attach, pause, look, reject, resume, and follow to the end."""
    run = find_run(project)
    async with run.watch() as watch:
        state, batches = watch.state, watch.batches

        async def read() -> None:
            batch = await anext(batches)
            assert not isinstance(batch, RunState)
            fold(batch, state)

        async def until(holds: object) -> None:
            while not holds(state):  # type: ignore[operator]
                await read()

        await read()  # the link comes about with the first batch that is asked for
        await until(lambda s: s.counts()[PanelStatus.FINISHED] >= 2)
        assert (await run.send(Pause())).ok
        await until(lambda s: s.phase == "paused")
        status = await asyncio.to_thread(told, project)
        counts = {str(kind): count for kind, count in state.counts().items()}
        assert {name: status["panels"][name] for name in counts} == counts and status["state"] == "paused"
        panel = next(p for p in state.panels.values() if p.status is PanelStatus.FINISHED)
        picture = await run.picture(panel.id)
        assert panel.take is not None and picture == (project / panel.take.file).read_bytes()
        assert (await run.send(RejectPanels((panel.id,)))).ok
        assert (await run.send(Resume())).ok
        async for batch in batches:
            assert not isinstance(batch, RunState)
            fold(batch, state)
        assert len(state.panels[panel.id].takes) == 2
    return state, picture


def test_a_second_process_watches_and_steers(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    run = subprocess.Popen(
        command("demo", str(project), "--headless", "--panels", "10", "--tabs", "2"), stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    try:
        for line in run.stdout:
            if "finished in" in line:
                break
        assert running(project) is not None and running(project).pid == run.pid  # type: ignore[union-attr]
        state, _ = asyncio.run(asyncio.wait_for(seen(project), 120))
        assert run.wait(30) == 0
    finally:
        run.send_signal(signal.SIGTERM)
        run.wait(30)
    from core.status import stored_state

    assert state.phase == "ended" and state.counts()[PanelStatus.FINISHED] == 10
    assert stored_state(project).counts() == state.counts()
    assert running(project) is None
