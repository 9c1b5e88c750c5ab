"""The three that are measured beside each other, each brought to the page in its own way."""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.peers.measuring import HERE, Cost, measured, slow_page

OURS, BARE, CRAWLEE = "novelgen-tui", "bare Playwright", "Crawlee"

VERSION = os.environ.get("BENCH_CRAWLEE", "crawlee[playwright]==1.11.*")

PROFILE = """
name = "slowpage"
url = "http://127.0.0.1/"
[prompt]
box = ["#prompt"]
how = "fill"
[send]
button = ["#send"]
[result]
mode = "replaced"
answer = ["article.turn:last-child"]
picture = ["img.result"]
settle = 0                           # the page shows no previews, and the others take what they see first
busy = ["#send:disabled"]
"""


def draw(name: str, folder: Path, prompts: int, tabs: int, latency: float, python: Path | None = None) -> Cost:
    """Have ``name`` draw ``prompts`` pictures with ``tabs`` tabs into ``folder``, and count what came.

    ``python``: the interpreter that has Crawlee.
    """
    folder.mkdir(parents=True)
    with slow_page(latency) as url:
        if name == OURS:
            _project(folder / "novel", url, prompts, tabs)
            command = ["novelgen-tui", "run", str(folder / "novel"), "--headless"]
        else:
            script = HERE / f"{name.split()[0].lower()}_playwright.py"
            command = [str(script), url, str(prompts), str(tabs), str(folder / "pictures")]
        interpreter = python if name == CRAWLEE and python else Path(sys.executable)
        cost = measured(interpreter, folder / "cost.json", url, *command)
    if name == OURS:
        assert cost.distinct == cost.prompts == prompts
        assert len(list((folder / "novel" / "panels").rglob("*.png"))) == prompts
    return cost


def _project(folder: Path, url: str, prompts: int, tabs: int) -> None:
    (folder / "sites").mkdir(parents=True)
    (folder / "sites" / "slowpage.toml").write_text(PROFILE)
    (folder / "novel.toml").write_text(
        f'title = "Bench"\nscript = "script.jsonl"\nsite = "slowpage"\nsite_url = "{url}"\n[pool]\ntabs = {tabs}\n'
    )
    rows = (json.dumps({"chapter": 1, "page": 1 + n // 6, "prompt": f"panel {n}"}) for n in range(prompts))
    (folder / "script.jsonl").write_text("\n".join(rows) + "\n")


@contextmanager
def crawlee() -> Iterator[Path]:
    """A Python with Crawlee, thrown away afterwards: it is a yardstick, not a dependency.

    BENCH_CRAWLEE names its version; BENCH_CRAWLEE_PYTHON an interpreter that has it already.
    """
    if ready := os.environ.get("BENCH_CRAWLEE_PYTHON"):
        yield Path(ready)
        return
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", VERSION], check=True, timeout=600)
        yield python


def line(name: str, cost: Cost, limit: float) -> str:
    """One line of a table: against the limit, and what a hundred pictures cost."""
    hundred = 100 / max(1, cost.prompts)
    return (
        f"{name:<16}{cost.seconds:8.2f} s{limit / cost.seconds:7.2f}   "
        f"{cost.start_up:7.2f} {cost.work * hundred:7.2f} {cost.driver * hundred:8.2f} {cost.tree * hundred:8.2f}   "
        f"{cost.memory / 2**20:8.0f} MiB   {cost.pictures:6d}"
    )


HEAD = (
    f"{'':<16}{'time':>10}{'share':>7}   {'start':>7} {'own':>7} {'driver':>8} {'tree':>8}   {'memory':>12}   loaded\n"
    f"{'':<16}{'':>10}{'':>7}   {'CPU s':>7} {'CPU s a hundred pictures':>25}   {'peak PSS':>12}   pictures"
)
