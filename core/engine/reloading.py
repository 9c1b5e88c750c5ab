"""Live reload: a script edited while the run goes on is planned anew, if it reads well."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from core import events as ev
from core.complaint import Complaint
from core.engine.desk import Desk
from core.engine.planning import plan, preview
from core.project import Difference, Project


class Edits(Protocol):
    """Where edits come from."""

    async def follow(self, changed: Callable[[], Awaitable[None]]) -> None:
        """Call ``changed`` whenever the files of the project were edited. Raises OSError where nobody can tell."""
        ...

    def read(self) -> Project:
        """The project as it reads now. Raises Complaint."""
        ...


class Reloader:
    """Follows edits until cancelled; what does not read well is told, and the run goes on with what it has."""

    def __init__(self, desk: Desk, edits: Edits) -> None:
        self._desk, self._edits = desk, edits
        self._told = ""
        self._waiting: Project | None = None  #: read, shown, and not agreed to yet
        desk.apply_edits = self._agreed

    async def run(self) -> None:
        try:
            await self._edits.follow(self._changed)
        except OSError as error:
            why = f"edits of the script cannot be seen here ({error.strerror or error})"
            self._desk.emit(ev.Noticed("warning", f"{why}; they count from the next run"))

    async def _changed(self) -> None:
        desk = self._desk
        try:
            project = await desk.offload(self._edits.read)
        except Complaint as complaint:
            self._tell(str(complaint))
            return
        if self._told:
            desk.emit(ev.Noticed("info", "the script reads well again"))
            self._told = ""
        if desk.settings.ask_about_edits and (difference := preview(desk, project)):
            self._ask(project, difference)
            return
        if desk.state.edits is not None:
            desk.emit(ev.EditsWaiting())
        self._apply(project)
        await desk.recorder.durable()

    def _ask(self, project: Project, difference: Difference) -> None:
        """Show what would change; the run goes on with what it has."""
        self._waiting = project
        asked = difference.asked()
        if asked != self._desk.state.edits:
            self._desk.emit(asked)

    def _agreed(self) -> bool:
        """A person has seen what would change. False where nothing waits."""
        if self._waiting is None:
            return False
        self._apply(self._waiting)
        return True

    def _apply(self, project: Project) -> None:
        desk, self._waiting = self._desk, None
        before = desk.state.seq
        plan(desk, project)
        if desk.state.seq == before:
            return
        desk.queue.rebuild()
        if desk.state.phase == "done" and not desk.queue.is_empty():
            desk.resume()
        desk.poke()

    def _tell(self, complaint: str) -> None:
        if complaint != self._told:
            self._told = complaint
            self._desk.emit(ev.Noticed("warning", f"the edited script is not used: {complaint}"))
