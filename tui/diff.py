"""What an edited script would change, told before it is applied."""

from pathlib import Path

import anyio

from core.attach import NotRunning, find_run
from core.commands import ApplyEdits
from core.complaint import Complaint, command
from core.fold import apply
from core.link.port import RunPort, Watch
from core.project import Difference
from core.state import RunState
from core.status import difference
from tui.printed import printed

MOST = 60
"""Panels named of one kind; the rest is counted."""

PATIENCE = 15.0
"""Seconds in which a run sees an edit that is on disk."""


def print_difference(folder: Path, *, everything: bool = False, agree: bool = False) -> None:
    """Print it, and with ``agree`` let it count in the run that goes on.

    Raises ProjectError and ScriptError; Complaint where the run asks about another edit, or about none.
    """
    found = difference(folder)
    _print(found, everything)
    if agree and found:
        printed(_agreed(folder, found))


def _print(found: Difference, everything: bool) -> None:
    if not found:
        printed("The script says what it said when it was last planned.")
        return
    outdated = set(found.outdated)
    told = list(found.groups())
    for name, lines in told:
        printed(f"{name}: {len(lines)}")
        for line in lines if everything else lines[:MOST]:
            printed(f"  {line}")
        if not everything and len(lines) > MOST:
            printed(f"  … and {len(lines) - MOST} more")
    if outdated:
        printed(f"{len(outdated)} finished pictures no longer fit their prompts: they are marked outdated and kept.")
        printed("Draw them anew with: novelgen-tui run --redraw-outdated")


def _agreed(folder: Path, found: Difference) -> str:
    """Say yes to ``found``, which the reader has just been shown; returns what came of it."""
    try:
        run = find_run(folder)
    except NotRunning:
        return "Nobody runs it, so nothing waits: this counts from the next run on."
    if (said := anyio.run(_ask, run, found)) is not None:
        return said
    if not difference(folder):
        return "The run has taken it up by itself; it counts from now on."
    raise Complaint(f"the run does not ask about this edit; look again with: {command('diff', folder)}")


async def _ask(run: RunPort, found: Difference) -> str | None:
    """None where the run does not ask about ``found`` in time. Raises Complaint where it says no, or ends."""
    shown = anyio.Event()
    reply = None
    with anyio.move_on_after(PATIENCE):
        async with run.watch() as watch, anyio.create_task_group() as group:
            group.start_soon(_follow, watch, found, shown)
            await shown.wait()
            reply = await run.send(ApplyEdits())
            group.cancel_scope.cancel()
    if reply is not None and not reply.ok:
        raise Complaint(reply.sentence)
    return None if reply is None else reply.sentence


async def _follow(watch: Watch, found: Difference, shown: anyio.Event) -> None:
    """Until cancelled; ``shown`` is set once the run asks about ``found``."""
    state = watch.state
    if found.is_asked_by(state.edits):
        shown.set()
    async for batch in watch.batches:
        if isinstance(batch, RunState):
            state = batch
        else:
            for record in batch:
                apply(state, record)
        if found.is_asked_by(state.edits):
            shown.set()
