"""What the script as it reads now would change, before it does."""

import anyio.to_thread

from core.complaint import Complaint
from core.project import Difference
from core.status import difference
from tui.action import DIFFERENCE
from tui.line import Line
from tui.screens.reading import ReadingScreen
from tui.view import View
from tui.words import plural

MOST = 500
"""Panels named of one kind; the rest is counted."""

MEANINGS = {"new": "good", "reworded": "wait", "no longer in the script (pictures are kept)": "bad"}


class DifferenceScreen(ReadingScreen):
    """Read once when it opens, in a thread: a script may be long."""

    context = DIFFERENCE

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._found: Difference | None = None
        self._said = "Reading the script …"

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._read(), name="difference", exit_on_error=False)

    async def _read(self) -> None:
        folder = self.view.options.folder
        if folder is None:
            self._said = "The script is on the machine of the run: novelgen-tui diff there says what differs."
        else:
            try:
                self._found = await anyio.to_thread.run_sync(difference, folder)
                self._said = "The script says what it said when it was last planned."
            except (OSError, Complaint) as error:
                self._said = str(error)
        self.paint()

    def heading(self) -> tuple[str, str]:
        count = sum(len(lines) for _, lines in self._found.groups()) if self._found else 0
        return "script and project", f"{plural(count, 'difference')}" if self._found is not None else ""

    def write(self, width: int) -> list[Line]:
        palette = self.view.palette
        if not self._found:
            return [self.line(width), *self.paragraph(width, self._said)]
        lines: list[Line] = []
        for name, panels in self._found.groups():
            lines += self.section(width, f"{name} ({len(panels)})")
            style = palette[MEANINGS.get(name, "text")]
            for panel in panels[:MOST]:
                id, colon, words = panel.partition(": ")
                lines.append(self.line(width).add(f" {id}", style).add(f"  {words}" if colon else "", palette["text"]))
            if len(panels) > MOST:
                lines.append(self.line(width).add(f" and {plural(len(panels) - MOST, 'panel')} more", palette["muted"]))
        if self._found.outdated:
            count = plural(len(self._found.outdated), "finished picture")
            said = f"{count} no longer fit the words: they are kept, marked as outdated; O draws them again."
            lines += [self.line(width), *self.paragraph(width, said)]
        return lines
