"""Browsers that are not ours: a Playwright server, and a person's own Chrome with its DevTools open."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

from core.processors.browser.find import find_browser
from tests.processes import end_all, family

ROOT = ["--no-sandbox"] if os.geteuid() == 0 else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Elsewhere:
    """A process with a browser; ``url`` reaches it."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.url = process, url

    def kill(self) -> None:
        """As a power cut on that machine."""
        end_all(family(self.process.pid))
        self.process.wait(timeout=10)


@contextmanager
def playwright_server(folder: Path, port: int = 0) -> Iterator[Elsewhere]:
    """``playwright launch-server`` on loopback."""
    port = port or free_port()
    config = folder / f"server-{port}.json"
    settings = {"executablePath": str(find_browser()), "args": ROOT, "port": port, "wsPath": "/tabs", "headless": True}
    config.write_text(json.dumps(settings))
    command = [*compute_driver_executable(), "launch-server", "--browser", "chromium", "--config", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    server = Elsewhere(process, url)
    try:
        yield server
    finally:
        if process.poll() is None:
            server.kill()
        process.stdout.close()


@contextmanager
def own_chrome(folder: Path, *arguments: str) -> Iterator[Elsewhere]:
    """A Chrome as a person starts it for us: a profile of its own, and ``--remote-debugging-port``."""
    port = free_port()
    command = [
        str(find_browser()), "--headless=new", *ROOT, f"--remote-debugging-port={port}", "--no-first-run",
        f"--user-data-dir={folder / 'chrome'}", *arguments, "about:blank",
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "DevTools listening on" in line:
            break
    chrome = Elsewhere(process, f"http://127.0.0.1:{port}")
    try:
        yield chrome
    finally:
        if process.poll() is None:
            chrome.kill()
        process.stderr.close()
