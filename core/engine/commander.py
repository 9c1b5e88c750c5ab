"""What each command does: one method a command, answered with a sentence."""

from collections.abc import Callable, Iterable

import anyio.abc

from core import commands as cmd
from core import events as ev
from core.complaint import Complaint
from core.engine.desk import Desk
from core.engine.takes import TakeKeeper
from core.outcomes import Cause
from core.pool.pool import Pool
from core.state import PanelState, PanelStatus

MOST_TABS = 200
LONGEST_TEXT = 20_000


class Commander:
    """Commands in, events out. Unknown panels and impossible wishes are answered, not raised."""

    def __init__(self, desk: Desk, pool: Pool, takes: TakeKeeper, group: anyio.abc.TaskGroup) -> None:
        self._desk, self._pool, self._takes, self._group = desk, pool, takes, group

    def obey(self, command: cmd.AnyCommand, by: str = "screen") -> cmd.Reply:
        """Journal the command, then do it."""
        self._desk.emit(ev.CommandReceived(command, by))
        reply = command.deliver(self)
        assert isinstance(reply, cmd.Reply)
        self._desk.poke()
        return reply

    # --- the run ---

    def on_pause(self, command: cmd.Pause) -> cmd.Reply:
        desk = self._desk
        if desk.state.phase == "pausing" and desk.state.cause is Cause.PERSON:
            count = desk.in_flight
            for tab in self._pool.tabs.values():
                tab.interrupt()
            return cmd.Reply(True, f"Stopped {count} pictures under way; they are fetched when the run goes on.")
        if desk.state.phase not in ("running", "pausing"):
            return cmd.Reply(False, f"The run is {desk.state.phase}.")
        desk.pause(Cause.PERSON, "you pressed pause")
        if desk.in_flight:
            return cmd.Reply(True, f"Pausing: {desk.in_flight} pictures under way are finished first.")
        return cmd.Reply(True, "Paused.")

    def on_resume(self, command: cmd.Resume) -> cmd.Reply:
        if self._desk.state.phase == "running":
            return cmd.Reply(False, "The run is going on already.")
        if not self._desk.recorder.disk_works:
            return cmd.Reply(False, "The disk still cannot be written; the run goes on as soon as it can.")
        self._desk.resume()
        return cmd.Reply(True, "Going on.")

    def on_stop(self, command: cmd.Stop) -> cmd.Reply:
        if command.wait and self._desk.in_flight:
            self._desk.stop_when_idle()
            return cmd.Reply(True, f"Leaving after {self._desk.in_flight} pictures under way.")
        self._desk.stop()
        return cmd.Reply(True, "Leaving.")

    def on_report_terminal(self, command: cmd.ReportTerminal) -> cmd.Reply:
        desk = self._desk
        stops = command.how == "hung up" and desk.settings.stop_on_hangup
        desk.emit(ev.TerminalLost(command.how, stops))
        desk.lingers = False  # nobody is left to ask for more
        if stops or desk.state.phase == "done":
            desk.stop()
        return cmd.Reply(True, "Going on without a screen.")

    def on_apply_edits(self, command: cmd.ApplyEdits) -> cmd.Reply:
        if not self._desk.apply_edits():
            return cmd.Reply(False, 'No edited script waits; with on_edit = "ask" under [run], edits are shown first.')
        return cmd.Reply(True, "The edited script counts from now on.")

    def on_set_tabs(self, command: cmd.SetTabs) -> cmd.Reply:
        if not 1 <= command.tabs <= MOST_TABS:
            return cmd.Reply(False, f"A pool has 1 to {MOST_TABS} tabs, not {command.tabs}.")
        self._pool.chosen = True
        self._pool.resize(command.tabs, "you asked for it")
        return cmd.Reply(True, f"{command.tabs} tabs from now on.")

    # --- panels ---

    def on_retry_panels(self, command: cmd.RetryPanels) -> cmd.Reply:
        wanted = command.panels or tuple(p.id for p in self._every(PanelStatus.FAILED))
        return self._queue(
            self._named(wanted, lambda p: p.status in (PanelStatus.FAILED, PanelStatus.REFUSED, PanelStatus.SKIPPED)),
            "asked to retry",
            redraw=False,
            none="No panel there has failed, was refused or skipped.",
        )

    def on_reject_panels(self, command: cmd.RejectPanels) -> cmd.Reply:
        panels = self._named(command.panels, lambda p: p.status is PanelStatus.FINISHED)
        note = " ".join(command.note.split())
        for panel in panels if note else ():
            if said := self._edit(panel, f"{panel.text}\n{note}"):
                return cmd.Reply(False, said)
        return self._queue(
            panels,
            f"rejected: {note}" if note else "rejected: a new take is wanted",
            redraw=True,
            none="No panel there has a picture to reject.",
        )

    def on_redraw_outdated(self, command: cmd.RedrawOutdated) -> cmd.Reply:
        wanted = command.panels or tuple(self._desk.state.panels)
        return self._queue(
            self._named(wanted, lambda p: p.status is PanelStatus.FINISHED and p.outdated),
            "outdated: drawn anew",
            redraw=True,
            none="No panel there is outdated.",
        )

    def on_edit_panel(self, command: cmd.EditPanel) -> cmd.Reply:
        panel, text = self._desk.state.panels.get(command.panel), command.text.strip()
        if panel is None:
            return cmd.Reply(False, "There is no such panel.")
        if text == panel.text:
            return cmd.Reply(False, "These are its words already.")
        if said := self._edit(panel, text):
            return cmd.Reply(False, said)
        return cmd.Reply(True, f"{panel.id} has other words now." + (" x draws it again." if panel.outdated else ""))

    def _edit(self, panel: PanelState, text: str) -> str:
        """Give a panel other words; returns why it cannot be, or ""."""
        if not text or len(text) > LONGEST_TEXT:
            return f"A panel's words have 1 to {LONGEST_TEXT} letters, not {len(text)}."
        try:
            spec = self._desk.rewording(panel.id, text)
        except Complaint as complaint:
            return str(complaint)
        if spec is None:
            return f"{panel.id} is no longer in the script."
        self._desk.panels = {**self._desk.panels, panel.id: spec}
        self._desk.emit(ev.PanelEdited(panel.id, text, spec.prompt_hash))
        return ""

    def on_skip_panels(self, command: cmd.SkipPanels) -> cmd.Reply:
        panels = self._named(command.panels, lambda p: p.status not in (PanelStatus.GENERATING, PanelStatus.FINISHED))
        if not panels:
            return cmd.Reply(False, "Only a panel that waits, has failed or was refused can be skipped.")
        self._desk.emit(ev.PanelsSkipped(tuple(p.id for p in panels)))
        return cmd.Reply(True, f"{len(panels)} skipped.")

    def on_hold_panels(self, command: cmd.HoldPanels) -> cmd.Reply:
        panels = self._named(command.panels, lambda p: p.held != command.held)
        if not panels:
            return cmd.Reply(False, "Nothing to change there.")
        self._desk.emit(ev.PanelsHeld(tuple(p.id for p in panels), command.held))
        self._desk.resume_if_done()
        return cmd.Reply(True, f"{len(panels)} {'held' if command.held else 'released'}.")

    def on_move_first(self, command: cmd.MoveFirst) -> cmd.Reply:
        panels = self._named(command.panels, lambda p: p.status is PanelStatus.QUEUED)
        if not panels:
            return cmd.Reply(False, "Only panels that wait can be moved first.")
        self._desk.emit(ev.PanelsMovedFirst(tuple(p.id for p in panels)))
        self._desk.queue.rebuild()
        return cmd.Reply(True, f"{len(panels)} first.")

    def on_keep_panels(self, command: cmd.KeepPanels) -> cmd.Reply:
        panels = self._named(command.panels, lambda p: p.take is not None and not p.kept)
        if not panels:
            return cmd.Reply(False, "No picture there that waits to be kept.")
        self._desk.emit(ev.PanelsKept(tuple(p.id for p in panels)))
        return cmd.Reply(True, f"{panels[0].id if len(panels) == 1 else f'{len(panels)} panels'} kept.")

    def on_choose_take(self, command: cmd.ChooseTake) -> cmd.Reply:
        panel = self._desk.state.panels.get(command.panel)
        if panel is None or not 0 <= command.take < len(panel.takes):
            return cmd.Reply(False, "There is no such take.")
        self._group.start_soon(self._takes.choose, panel, command.take)
        return cmd.Reply(True, f"Take {command.take + 1} of {panel.id} is chosen.")

    # --- helpers ---

    def _every(self, status: PanelStatus) -> list[PanelState]:
        return [panel for panel in self._desk.state.panels.values() if panel.status is status]

    def _named(self, ids: Iterable[str], fits: Callable[[PanelState], bool]) -> list[PanelState]:
        known = (self._desk.state.panels.get(id) for id in ids)
        return [panel for panel in known if panel is not None and fits(panel)]

    def _queue(self, panels: list[PanelState], sentence: str, *, redraw: bool, none: str) -> cmd.Reply:
        if not panels:
            return cmd.Reply(False, none)
        self._desk.emit(ev.PanelsQueued(tuple(p.id for p in panels), sentence, redraw))
        for panel in panels:
            self._desk.queue.put(panel.id)
        self._desk.resume_if_done()
        which = panels[0].id if len(panels) == 1 else f"{len(panels)} panels"
        return cmd.Reply(True, f"{which} queued.")
