"""What a program costs while it runs: CPU of its own process, of the driver it started, of all; and memory."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.processes import bytes_of, family
from tests.browser.elsewhere import free_port

HERE = Path(__file__).parent

OFTEN, SELDOM, RARELY = 0.1, 0.5, 2.0
"""Seconds between two looks at the program's own CPU, at that of its family, at the memory of all."""


@dataclass
class Cost:
    """What a run cost.

    Attributes:
        seconds: from the first prompt to the last picture, as the page saw it.
        pictures, prompts, distinct: how many the page served and was asked for; different prompts among them.
        start_up: CPU seconds of the program's own process until the first prompt.
        work: and from there to its end.
        driver: CPU seconds of Playwright's driver; tree: of the program and all it started, as far as seen: what a
            browser's pages spend is nobody's once they are killed with it.
        memory: peak of the program and all it started, PSS, bytes.
    """

    seconds: float
    pictures: int
    prompts: int
    distinct: int
    start_up: float
    work: float
    driver: float
    tree: float
    memory: int


class Watch(threading.Thread):
    """Looks at a running program from outside. CPU times have the kernel's grain of 10 ms."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.own: list[tuple[float, float]] = []  # moment (monotonic), CPU seconds
        self.driver: dict[int, float] = {}
        self.tree: dict[int, float] = {}
        self.memory = 0
        self._process, self._over = psutil.Process(pid), threading.Event()
        self._names: dict[int, str] = {}

    def run(self) -> None:
        families = memories = 0.0
        while not self._over.wait(OFTEN):
            now = time.monotonic()
            try:
                spent = self._process.cpu_times()
                self.own.append((now, spent.user + spent.system))
                if now - families >= SELDOM:
                    families = now
                    self._look_at_the_family()
                if now - memories >= RARELY:
                    memories = now
                    self.memory = max(self.memory, sum(bytes_of(family(self._process.pid)).values()))
            except psutil.Error:
                return

    def _look_at_the_family(self) -> None:
        for pid in family(self._process.pid):
            try:
                process = psutil.Process(pid)
                if pid not in self._names:
                    self._names[pid] = process.name()
                spent = process.cpu_times()
            except psutil.Error:
                continue  # it has just ended; what it had spent was seen
            self.tree[pid] = spent.user + spent.system
            if self._names[pid].startswith("node"):
                self.driver[pid] = self.tree[pid]

    def end(self) -> None:
        self._over.set()
        self.join()

    def spent_until(self, moment: float) -> float:
        """CPU seconds of its own that the program had spent by then."""
        return max((cpu for at, cpu in self.own if at <= moment), default=0.0)


@contextmanager
def slow_page(latency: float) -> Iterator[str]:
    """The page, served while the context lasts; yields its address."""
    port = free_port()
    server = subprocess.Popen([sys.executable, str(HERE / "slowpage.py"), str(port), str(latency)])
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
    """What the page counted; see there."""
    with urllib.request.urlopen(url + "stats", timeout=10) as answer:
        found: dict[str, float] = json.load(answer)
        return found


def measured(python: Path, out: Path, url: str, *command: str) -> Cost:
    """Run ``command`` under ``python`` (see ``metered.py``) against the page at ``url``."""
    environment = os.environ | {"CRAWLEE_LOG_LEVEL": "ERROR", "CRAWLEE_STORAGE_DIR": str(out.with_suffix(".store"))}
    program = subprocess.Popen(
        [str(python), str(HERE / "metered.py"), str(out), *command],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    watch = Watch(program.pid)
    watch.start()
    try:
        _, complaints = program.communicate(timeout=1200)
    finally:
        watch.end()
    assert program.returncode == 0, complaints[-2000:]
    spent, seen = json.loads(out.read_text()), stats(url)
    start_up = watch.spent_until(seen["first"])
    tree = max(spent["tree"], spent["own"] + sum(cpu for pid, cpu in watch.tree.items() if pid != program.pid))
    return Cost(
        seen["seconds"], int(seen["images"]), int(seen["prompts"]), int(seen["distinct"]),
        start_up, spent["own"] - start_up, sum(watch.driver.values()), tree, watch.memory,
    )  # fmt: skip
