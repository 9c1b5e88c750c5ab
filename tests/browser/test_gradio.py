"""The shipped ``gradio`` profile against a real Gradio app in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.projects import pictures, project, run

pytestmark = pytest.mark.browser

PANELS, TABS, EVERY, WAIT = 20, 3, 7, 4.0
UNDER_WAY = 1.5
"""Seconds after a limit was told in which what was on its way already may still arrive."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The app's url and its books."""
    books = tmp_path / "books.jsonl"
    settings = {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_TEMP_DIR": str(tmp_path / "gradio")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.pages.gradio_app", str(books), str(EVERY), str(WAIT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **settings},
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), url
        yield url, books
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()


def test_twenty_panels_over_three_tabs_all_finish_and_every_limit_is_obeyed(
    app: tuple[str, Path], tmp_path: Path
) -> None:
    url, books = app
    novel = project(tmp_path / "novel", PANELS, f'site = "gradio"\nsite_url = "{url}"\n[pool]\ntabs = {TABS}\n')
    done = run(novel)
    assert done.returncode == 0, done.stdout + done.stderr
    drawn = pictures(novel)
    assert len(drawn) == PANELS
    assert len({path.read_bytes() for path in drawn}) == PANELS, "every panel has its own picture"
    asked = [json.loads(line) for line in books.read_text(encoding="utf-8").splitlines()]
    assert sum(entry["outcome"] == "ok" for entry in asked) == PANELS, "none was asked for twice"
    limits = [entry["at"] for entry in asked if entry["outcome"] == "limit"]
    assert limits, "the limit was met"
    for told in limits:
        early = [e for e in asked if told + UNDER_WAY < e["at"] < told + WAIT - 0.2]
        assert not early, f"asked again {early[0]['at'] - told:.1f} s after being told to wait {WAIT:.0f} s"
