"""A mistake of ours on the screen is told and kept; the screen stays, and so does the run."""

from pathlib import Path

import pytest

from core.commands import AnyCommand, Reply
from core.crash import NAME
from tests.unit.test_tui_keys import cockpit

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_command_that_fails_by_a_mistake_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".novelgen").mkdir()
    async with cockpit(folder=tmp_path, size=(120, 24)) as one:

        async def mistaken(command: AnyCommand) -> Reply:
            raise KeyError("p-1")

        with monkeypatch.context() as patched:
            patched.setattr(one.port, "send", mistaken)
            await one.press("space")
            await one.until(lambda: "a mistake of ours (KeyError)" in one.screen())
        assert "KeyError: 'p-1'" in (tmp_path / ".novelgen" / NAME).read_text("utf-8")
        await one.press("space")
        await one.until(lambda: one.port.commands)
