"""The main job, end to end: a script becomes pictures, through a real Chromium on the practice site."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from tests.processes import speaking

pytestmark = pytest.mark.browser


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from tui.cli import main; main()", *arguments]


def asked(project: Path) -> Counter[str]:
    """How often each prompt was accepted, by the practice site's own books."""
    from core.easel import Ledger

    ledger = Ledger()
    ledger.open(project / ".novelgen" / "easel" / "easel.jsonl")
    return Counter(entry.prompt for entry in ledger.accepted)


def test_the_demo_draws_every_panel_once(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    done = subprocess.run(
        command("demo", str(project), "--headless", "--panels", "8", "--tabs", "3"), capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    pictures = sorted((project / "panels").rglob("*.png"))
    assert len(pictures) == 8
    assert len({path.read_bytes() for path in pictures}) == 8
    for path in pictures:
        with Image.open(path) as picture:
            picture.load()
    prompts = asked(project)
    assert len(prompts) == 8 and set(prompts.values()) == {1}
    told = subprocess.run(command("status", str(project), "--json"), capture_output=True, timeout=60, check=True)
    status = json.loads(told.stdout)
    assert status["panels"]["finished"] == 8 and status["state"] == "ended"


def test_killed_in_the_middle_it_goes_on_and_asks_nothing_twice(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    start = command("demo", str(project), "--headless", "--panels", "8", "--tabs", "2")
    finished_before: list[str] = []
    with speaking(start) as (first, said):
        for line in said:
            if "finished in" in line:
                finished_before.append(line.split()[1])
            if len(finished_before) == 3:
                os.killpg(first.pid, signal.SIGKILL)
                break
    second = subprocess.run(start, capture_output=True, text=True, timeout=120)
    assert second.returncode == 0, second.stdout + second.stderr
    assert not any(f"{panel} finished" in second.stdout for panel in finished_before)
    prompts = asked(project)
    assert len(prompts) == 8
    assert sum(prompts.values()) == 8, "an attempt cut off was asked again instead of fetched"
