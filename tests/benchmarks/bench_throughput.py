"""How near the tabs come to what the page allows, and what that costs: beside Crawlee and bare Playwright, in one run.

The limit is PROMPTS / TABS x LATENCY seconds. «seconds» is what the page itself saw, from the first prompt to the
last picture; the whole app runs headless, with journal, checkpoints and picture files. Numbers of the environment:
BENCH_PROMPTS (100), BENCH_PEERS (1; 0 measures only ours), BENCH_CRAWLEE (the version to install).
"""

import json
import os
import subprocess
import sys
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.elsewhere import free_port

pytestmark = [pytest.mark.benchmark, pytest.mark.browser]
SHORT = ("BENCH_PROMPTS=20", "BENCH_PEERS=0", "-k", "beside_its_peers")

PEERS = Path(__file__).with_name("peers")
CRAWLEE = os.environ.get("BENCH_CRAWLEE", "crawlee[playwright]==1.11.*")

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
busy = ["#send:disabled"]
"""


@contextmanager
def slow_page(latency: float) -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen([sys.executable, str(PEERS / "slowpage.py"), str(port), str(latency)])
    url = f"http://127.0.0.1:{port}/"
    try:
        while True:
            try:
                stats(url)
                break
            except OSError:
                assert server.poll() is None, "the page did not start"
        yield url
    finally:
        server.kill()
        server.wait()


def stats(url: str) -> dict[str, float]:
    with urllib.request.urlopen(url + "stats", timeout=10) as answer:
        found: dict[str, float] = json.load(answer)
        return found


def project(folder: Path, url: str, prompts: int, tabs: int) -> Path:
    (folder / "sites").mkdir(parents=True)
    (folder / "sites" / "slowpage.toml").write_text(PROFILE)
    (folder / "novel.toml").write_text(
        f'title = "Bench"\nscript = "script.jsonl"\nsite = "slowpage"\nsite_url = "{url}"\n[pool]\ntabs = {tabs}\n'
    )
    rows = (json.dumps({"chapter": 1, "page": 1 + n // 6, "prompt": f"panel {n}"}) for n in range(prompts))
    (folder / "script.jsonl").write_text("\n".join(rows) + "\n")
    return folder


def measured(python: Path, out: Path, url: str, *command: str) -> dict[str, float]:
    """Run it; CPU and wall seconds, and what the page saw."""
    environment = os.environ | {"CRAWLEE_LOG_LEVEL": "ERROR", "CRAWLEE_STORAGE_DIR": str(out.with_suffix(".store"))}
    ran = subprocess.run(
        [str(python), str(PEERS / "metered.py"), str(out), *command],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=900, env=environment,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(out.read_text()) | stats(url)


def with_crawlee(folder: Path) -> Path:
    """A Python with Crawlee, thrown away afterwards: it is a yardstick, not a dependency."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", CRAWLEE], check=True, timeout=600)
    return python


def told(name: str, seen: dict[str, float], limit: float, prompts: int) -> None:
    per_hundred = 100 / prompts
    print(
        f"{name:<18} {seen['seconds']:7.2f} s  {limit / seen['seconds']:5.2f} of the limit   "
        f"own CPU {seen['own'] * per_hundred:6.2f} s   tree {seen['tree'] * per_hundred:6.2f} s per 100   "
        f"{seen['images']:.0f} pictures, {seen['distinct']:.0f} prompts",
        flush=True,
    )


def test_beside_its_peers(tmp_path: Path) -> None:
    prompts, tabs, latency = int(os.environ.get("BENCH_PROMPTS", "100")), 5, 1.0
    limit = prompts / tabs * latency
    print(f"\n{prompts} prompts, {tabs} tabs, {latency} s each: at best {limit:.1f} s", flush=True)
    with slow_page(latency) as url:
        folder = project(tmp_path / "novel", url, prompts, tabs)
        seen = measured(
            Path(sys.executable), tmp_path / "ours.json", url, "novelgen-tui", "run", str(folder), "--headless"
        )
    told("novelgen-tui", seen, limit, prompts)
    assert seen["distinct"] == seen["prompts"] == prompts
    assert len(list((folder / "panels").rglob("*.png"))) == prompts
    if os.environ.get("BENCH_PEERS", "1") == "0":
        return
    for name, python in (
        ("bare Playwright", Path(sys.executable)),
        ("Crawlee", with_crawlee(tmp_path / "crawlee")),
    ):
        script = PEERS / f"{name.split()[0].lower()}_playwright.py"
        with slow_page(latency) as url:
            out = tmp_path / f"{script.stem}.json"
            seen = measured(python, out, url, str(script), url, str(prompts), str(tabs), str(tmp_path / script.stem))
        told(name, seen, limit, prompts)


def test_forty_tabs(tmp_path: Path) -> None:
    tabs, latency, rounds = 40, 5.0, int(os.environ.get("BENCH_ROUNDS", "5"))
    prompts = tabs * rounds
    limit = rounds * latency
    with slow_page(latency) as url:
        folder = project(tmp_path / "novel", url, prompts, tabs)
        seen = measured(
            Path(sys.executable), tmp_path / "ours.json", url, "novelgen-tui", "run", str(folder), "--headless"
        )
    print(f"\n{tabs} tabs, {latency} s each, {prompts} prompts: at best {limit:.0f} s")
    told("novelgen-tui", seen, limit, prompts)
    assert seen["distinct"] == seen["prompts"] == prompts
