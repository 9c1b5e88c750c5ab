"""A test run that is told to end (SIGTERM) ends what its tests have started, as after ctrl+c."""

import signal
from types import FrameType

import pytest


def pytest_configure(config: pytest.Config) -> None:
    signal.signal(signal.SIGTERM, _ended)


def _ended(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
