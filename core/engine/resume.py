"""What happens between recovery and the first panel: the script is compared with what was planned, pictures on
disk are compared with the journal, and attempts cut off by the last end are put in doubt."""

from functools import partial

from core import events as ev
from core.engine.desk import Desk
from core.offload import Offload
from core.project import Project, plans
from core.state import PanelStatus


async def resume(desk: Desk, project: Project, offload: Offload) -> None:
    """Bring the state up to date with script and disk, and rebuild the queue."""
    _plan(desk, project)
    store = desk.recorder.store
    for lost in await offload(partial(store.lost_takes, desk.state)):
        desk.emit(lost)
    for finished in await offload(partial(store.adoptable, desk.state)):
        desk.emit(finished)
    for panel in list(desk.state.panels.values()):
        if panel.status is PanelStatus.GENERATING:
            desk.emit(
                ev.AttemptInDoubt(
                    panel.attempt, panel.id, "cut off by the end of the run before; looking for its picture"
                )
            )
    failed = tuple(p.id for p in desk.state.panels.values() if p.status is PanelStatus.FAILED)
    if desk.settings.retry_failed and failed:
        desk.emit(ev.PanelsQueued(failed, "asked to retry"))
    desk.queue.rebuild()
    await desk.recorder.durable()


def _plan(desk: Desk, project: Project) -> None:
    """Journal what is new or changed in the script, and nothing where nothing is."""
    state = desk.state
    book, planned = plans(project)
    if (state.title, state.chapters) != (book.title, list(book.chapters)):
        desk.emit(book)
    for batch in planned:
        changed = tuple(plan for plan in batch.panels if _differs(desk, plan))
        if changed:
            desk.emit(ev.PanelsPlanned(changed))
    gone = tuple(id for id in state.panels if id not in desk.panels)
    if gone:
        desk.emit(ev.PanelsDropped(gone))


def _differs(desk: Desk, plan: ev.PanelPlan) -> bool:
    panel = desk.state.panels.get(plan.id)
    if panel is None:
        return True
    known = ev.PanelPlan(
        panel.id, panel.chapter, panel.page, panel.number, panel.text, panel.prompt_hash, panel.folder, panel.caption
    )
    return known != plan
