"""What ``prompts`` prints: every prompt as it will be sent."""

from pathlib import Path

from core.complaint import Complaint
from core.project import load
from tui.printed import printed


def print_prompts(folder: Path, panel: str | None) -> None:
    """Each panel's id, its prompt and the references that go with it; only ``panel``'s where one is named."""
    project = load(folder)
    wanted = [spec for spec in project.panels if panel is None or spec.id == panel]
    if not wanted and panel is not None:
        last = f"; they run from {project.panels[0].id} to {project.panels[-1].id}" if project.panels else ""
        raise Complaint(f'there is no panel "{panel}" in {folder}{last}')
    for number, spec in enumerate(wanted):
        if number:
            printed()
        printed(f"[{spec.id}]")
        for line in spec.prompt.splitlines():
            printed(line)
        for reference in spec.references:
            printed(f"+ {reference}")
