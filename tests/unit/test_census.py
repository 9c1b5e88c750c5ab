"""Only a browser's own processes are ended for it."""

import subprocess
import sys

from core.processors.browser.census import Census
from core.processors.browser.endpoint import Endpoint


def test_a_process_number_that_is_somebody_elses_by_now_is_not_the_browsers() -> None:
    waits = [sys.executable, "-c", "print(flush=True); input()"]
    with (
        subprocess.Popen(waits, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as browser,
        subprocess.Popen(waits, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as stranger,
    ):
        for process in (browser, stranger):
            assert process.stdout is not None and process.stdout.readline()
        census = Census(Endpoint())
        assert not census.has(browser.pid), "no browser was reached"
        census.root = browser.pid
        assert census.has(browser.pid) and not census.has(stranger.pid) and not census.has(0)
        for process in (browser, stranger):
            process.communicate(b"\n")
    assert not census.has(browser.pid)
