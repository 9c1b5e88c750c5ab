"""``novelgen-tui easel``: the practice site by itself, until a signal ends it."""

import signal

import anyio

from core.complaint import Complaint
from core.easel import Easel, EaselError, EaselOptions, faults_help
from tui.printed import printed, printed_lines


def serve_easel(*, port: int, latency: float, limit: str | None, faults: str, seed: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    if faults == "help":
        printed_lines(faults_help())
        return
    try:
        anyio.run(_serve, EaselOptions(port=port, latency=latency, limit=limit, faults=faults, seed=seed))
    except EaselError as error:
        raise Complaint(str(error)) from error


async def _serve(options: EaselOptions) -> None:
    async with Easel(options) as easel:
        printed(f"The easel is at {easel.url} (end it with Ctrl+C)")
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _ in signals:
                return
