"""``tabs = "auto"`` in a real browser: the pool grows while more tabs draw faster, and every panel ends."""

from pathlib import Path

import pytest

from core import events as ev
from tests.browser.drill import drill

pytestmark = [pytest.mark.browser, pytest.mark.anyio]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_auto_in_the_settings_grows_the_pool_and_draws_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same judge, in a hurry: a night is an hour of such judgements, a test has seconds."""
    monkeypatch.setattr("core.pool.sizer.INTERVAL", 0.5)
    monkeypatch.setattr("core.pool.autosize.WINDOW", 2.0)
    async with drill(tmp_path, panels=60, tabs=None, latency=1.0, settings='[pool]\ntabs = "auto"\n') as run:
        await run.ends()
    run.check_whole()
    sizes = [event.tabs for event in run.of(ev.PoolResized) if event.limit is None]
    opened = {event.tab for event in run.of(ev.TabOpened)}
    print(f"\nsizes {sizes}, {len(opened)} tabs opened, {len(run.easel.ledger.accepted)} prompts accepted")
    assert sizes[:1] == [3], "it begins with two and tries one more"
    assert opened >= {"t1", "t2", "t3"}
