"""``novelgen-tui login``: what a person reads and presses while they sign in."""

import sys
from pathlib import Path

import anyio
import anyio.to_thread

from core.login import log_in
from tui.printed import printed


def sign_in_by_hand(folder: Path, state: Path | None) -> None:
    """Sign in to the project's site. Raises Complaint."""
    printed(anyio.run(log_in, folder, state, _asked))


async def _asked() -> None:
    """Enter on the terminal; without one, only closing the browser ends it."""
    printed("Sign in in the browser that opens now; then press Enter here, or close it.")
    if not sys.stdin.isatty():
        await anyio.sleep_forever()
    await anyio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True)
