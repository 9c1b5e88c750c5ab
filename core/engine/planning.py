"""From the script as it reads now to the state: at the start of a run, and whenever the script is edited under it."""

from collections.abc import Mapping, Sequence
from functools import partial

import msgspec

from core import events as ev
from core.engine.desk import Desk
from core.project import Difference, Identified, PanelSpec, Project, compare, plans, reworded
from core.project.rewordings import found_again
from core.state import PanelStatus


def preview(desk: Desk, project: Project) -> Difference:
    """What ``plan`` would change. Changes nothing."""
    return compare(_found(desk, project), list(desk.state.panels.values()))


def _found(desk: Desk, project: Project) -> Identified:
    return _settled(desk, found_again(project, desk.state.panels, desk.state.dropped))


def plan(desk: Desk, project: Project) -> None:
    """Journal what is new or changed in the script, and nothing where nothing is.

    Panels keep their ids wherever they stand now. A changed one that has a picture is outdated, never redrawn by
    itself. One that left the script while it is drawn leaves once its picture is there.
    """
    state = desk.state
    planned = list(state.panels.values())
    now = _found(desk, project)
    places = {panel.id: place for place, panel in enumerate(now.panels)}
    desk.rewording = partial(_reworded, project, now.panels, places)
    difference = compare(now, planned)
    panels = {panel.id: panel for panel in now.panels}
    if now.renamed:
        desk.emit(ev.PanelsRenamed(now.renamed))
    book, batches = plans(project, now.panels)
    if (state.title, state.chapters) != (book.title, list(book.chapters)):
        desk.emit(book)
    for batch in batches:
        changed = tuple(plan for plan in batch.panels if _differs(desk, plan))
        if changed:
            desk.emit(ev.PanelsPlanned(changed))
    gone = [id for id in state.panels if id not in panels]
    for id in gone:
        if id in desk.panels:
            panels[id] = desk.panels[id]  # as long as it is drawn
    desk.panels = panels
    desk.drop(gone)
    if planned and difference:
        desk.emit(ev.ScriptCompared(*difference.counts))


def _reworded(
    project: Project, panels: Sequence[PanelSpec], places: Mapping[str, int], id: str, text: str
) -> PanelSpec | None:
    place = places.get(id)
    return None if place is None else reworded(project, place, text, panels[place])


def _settled(desk: Desk, now: Identified) -> Identified:
    """A panel under way keeps the id it is drawn under; it gets the author's the next time the script is read."""
    panels = desk.state.panels
    busy = {after: before for before, after in now.renamed if panels[before].status is PanelStatus.GENERATING}
    if not busy or not desk.in_flight:
        return now
    kept = (msgspec.structs.replace(panel, id=busy[panel.id]) if panel.id in busy else panel for panel in now.panels)
    return Identified(tuple(kept), tuple(names for names in now.renamed if names[1] not in busy))


def _differs(desk: Desk, plan: ev.PanelPlan) -> bool:
    panel = desk.state.panels.get(plan.id)
    if panel is None:
        return True
    known = ev.PanelPlan(
        panel.id,
        panel.chapter,
        panel.page,
        panel.number,
        panel.text,
        panel.prompt_hash,
        panel.folder,
        panel.caption,
        panel.script_text,
    )
    return known != plan
