"""How near the tabs come to what the page allows, and what that costs: beside Crawlee and bare Playwright, in one run.

«share» is PROMPTS / TABS x LATENCY over «time», which is what the page itself saw, from the first prompt to the last
picture; the whole app runs headless, with journal, checkpoints and picture files, durable at every step. «start» is
the CPU of the program's own process until the first prompt, «own» that from there on, «driver» that of Playwright's
process, «tree» that of the program and all it started, browser included. Numbers of the environment: BENCH_PROMPTS
(100), BENCH_PEERS (1; 0 measures only ours), BENCH_ROUNDS (4: panels a tab, where there are 40 tabs).
"""

import os
from pathlib import Path

import pytest

from tests.benchmarks.peers.contenders import BARE, CRAWLEE, HEAD, OURS, crawlee, draw, line

pytestmark = [pytest.mark.benchmark, pytest.mark.browser]
SHORT = ("BENCH_PROMPTS=20", "BENCH_PEERS=0", "-k", "beside_its_peers")


def test_beside_its_peers(tmp_path: Path) -> None:
    prompts, tabs, latency = int(os.environ.get("BENCH_PROMPTS", "100")), 5, 1.0
    limit = prompts / tabs * latency
    print(f"\n{prompts} prompts, {tabs} tabs, {latency} s each: at best {limit:.1f} s\n{HEAD}", flush=True)
    print(line(OURS, draw(OURS, tmp_path / "ours", prompts, tabs, latency), limit), flush=True)
    if os.environ.get("BENCH_PEERS", "1") == "0":
        return
    print(line(BARE, draw(BARE, tmp_path / "bare", prompts, tabs, latency), limit), flush=True)
    with crawlee() as python:
        print(line(CRAWLEE, draw(CRAWLEE, tmp_path / "crawlee", prompts, tabs, latency, python), limit), flush=True)


def test_forty_tabs(tmp_path: Path) -> None:
    tabs, latency, rounds = 40, 5.0, int(os.environ.get("BENCH_ROUNDS", "4"))
    print(f"\n{tabs * rounds} prompts, {tabs} tabs, {latency} s each: at best {rounds * latency:.0f} s\n{HEAD}")
    print(line(OURS, draw(OURS, tmp_path / "ours", tabs * rounds, tabs, latency), rounds * latency), flush=True)
