"""A person's words for panels, while their script is read again: they win over the script's until that changes."""

from collections.abc import Mapping

import msgspec

from core.project import Project, Reword, rewording
from core.project.ids import Identified, identified
from core.state import PanelState


def found_again(project: Project, planned: Mapping[str, PanelState], dropped: Mapping[str, PanelState]) -> Identified:
    """The panels of ``project`` under the ids they had, in the words a person gave them.

    ``planned``: the panels planned before, in book order; ``dropped``: those that left the script. Panels are found
    by the script's own words.
    """
    before = [_as_scripted(panel) for panel in planned.values()]
    now = identified(project.panels, before, [_as_scripted(panel) for panel in dropped.values()])
    names = {after: before for before, after in now.renamed}
    panels = list(now.panels)
    reword: Reword | None = None
    for place, panel in enumerate(panels):
        id = names.get(panel.id, panel.id)
        old = planned.get(id) or dropped.get(id)
        if old is not None and old.script_text and old.script_text == panel.text:
            reword = reword or rewording(project)  # most books have no edits, and need not be read for them
            panels[place] = reword(place, old.text, panel)
    return Identified(tuple(panels), now.renamed)


def _as_scripted(panel: PanelState) -> PanelState:
    return msgspec.structs.replace(panel, text=panel.script_text) if panel.script_text else panel
