"""``login``: what it says without a display, and a sign-in that is carried from one machine to another."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.easel import EaselOptions, EaselThread
from tests.browser.drill import make_project

pytestmark = pytest.mark.browser


def login(project: Path, *more: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-c", "from tui.cli import main; main()", "login", str(project), *more],
        capture_output=True, text=True, timeout=90, env=bare,
    )  # fmt: skip


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_it_says_what_to_do(tmp_path: Path) -> None:
    done = login(make_project(tmp_path / "novel", 1))
    assert done.returncode == 2
    assert "ssh -X" in done.stderr and "--state" in done.stderr and "cdp" in done.stderr


def test_a_sign_in_brought_from_elsewhere_is_used_by_the_tabs(tmp_path: Path) -> None:
    """Session cookies too, which a browser forgets at its end. Every picture is drawn under the carried session."""
    with EaselThread(EaselOptions(latency=0.1, size=64, state=tmp_path / "easel")) as easel:
        project = make_project(tmp_path / "novel", 2, easel.url + "/")
        cookie = {"name": "carried", "value": "from-the-laptop", "domain": "127.0.0.1", "path": "/", "expires": -1,
                  "httpOnly": True, "secure": False, "sameSite": "Lax"}  # fmt: skip
        kept = [{"origin": easel.url, "localStorage": [{"name": "mark", "value": "42"}]}]
        file = tmp_path / "session.json"
        file.write_text(json.dumps({"cookies": [cookie], "origins": kept}))
        done = login(project, "--state", str(file))
        assert done.returncode == 0, done.stderr
        profile = project / ".novelgen" / "browser"
        assert stat.S_IMODE(profile.stat().st_mode) == 0o700
        assert stat.S_IMODE((profile / "storage-state.json").stat().st_mode) == 0o600
        assert cookies_and_mark(profile, easel.url) == ("from-the-laptop", "42")


def test_a_file_that_is_no_session_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    file.write_text("[]")
    done = login(make_project(tmp_path / "novel", 1), "--state", str(file))
    assert done.returncode == 2 and "is no session" in done.stderr


def cookies_and_mark(profile: Path, url: str) -> tuple[str, str]:
    """What a tab of a later run has."""
    import anyio
    from playwright.async_api import async_playwright

    from core.processors.browser.endpoint import BrowserOptions, Endpoint, reach
    from core.processors.browser.find import find_browser

    async def look() -> tuple[str, str]:
        async with async_playwright() as playwright:
            opened = await reach(Endpoint(), BrowserOptions(find_browser(), profile), playwright)
            page = await opened.context.new_page()
            await page.goto(url)
            mark = await page.evaluate("localStorage.getItem('mark')")
            found = {cookie["name"]: cookie["value"] for cookie in await opened.context.cookies()}
            await opened.context.close()
            return found.get("carried", ""), str(mark)

    return anyio.run(look)
