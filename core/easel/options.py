"""What an easel is told when it is set up, and how a bad telling is answered."""

import math
import re
from dataclasses import dataclass
from pathlib import Path


class EaselError(Exception):
    """The easel cannot do what it was told. The message is one sentence: what, where, what to do."""


@dataclass(frozen=True)
class Limit:
    """A quota in a sliding window: at most ``pictures`` accepted in any ``seconds``."""

    pictures: int
    seconds: float


@dataclass(frozen=True)
class EaselOptions:
    """How the practice site behaves.

    Attributes:
        host: loopback address to serve on.
        port: TCP port, 0 for any free one.
        latency: median seconds a picture takes.
        sigma: spread of the lognormal latency; 0 makes every picture take exactly ``latency``.
        limit: ``"N/SECONDS"``, N pictures in any window of that many seconds; None for no limit.
        faults: what goes wrong and how often (see :func:`core.easel.faults.parse_faults`).
        seed: chooses the pictures, the latencies and which prompts meet a fault.
        size: longer edge of a picture in pixels.
        state: folder in which conversations and ledger outlive the process; None keeps them in memory.
    """

    host: str = "127.0.0.1"
    port: int = 0
    latency: float = 2.0
    sigma: float = 0.35
    limit: str | None = None
    faults: str = ""
    seed: int = 0
    size: int = 1024
    state: Path | None = None


def check_options(options: EaselOptions) -> None:
    """Raise EaselError for numbers no page could work with. Limit and faults are checked by their parsers."""
    if not 0 <= options.port <= 65535:
        raise EaselError(f"The easel's port {options.port} does not exist: choose 1 to 65535, or 0 for any.")
    check_latency(options.latency, options.sigma)
    if not 64 <= options.size <= 4096:
        raise EaselError(f"The easel's picture size {options.size} is out of range: choose 64 to 4096 pixels.")


def check_latency(latency: float, sigma: float) -> None:
    """Raise EaselError unless both are finite and not negative."""
    if not (math.isfinite(latency) and latency >= 0):
        raise EaselError(f"The easel's latency {latency} is not a time: give seconds, such as 2 or 0.5.")
    if not 0 <= sigma <= 3:
        raise EaselError(f"The easel's sigma {sigma} is out of range: choose 0 (exact) to 3 (wild).")


def parse_limit(text: str | None) -> Limit | None:
    """Read ``"50/10800"``, 50 pictures in any 3 hours; None or blank is no limit. EaselError if not."""
    if text is None or not text.strip():
        return None
    found = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+(?:\.\d+)?)\s*s?\s*", text)
    if not found:
        raise EaselError(f"The limit {text!r} cannot be read: write N/SECONDS, such as 50/10800.")
    limit = Limit(int(found[1]), float(found[2]))
    if limit.pictures < 1 or limit.seconds <= 0:
        raise EaselError(f"The limit {text!r} lets nothing through: N and SECONDS must both be above 0.")
    return limit
