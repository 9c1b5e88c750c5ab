"""What an event sounds like: one line for the log pane, headless output and the history."""

from collections.abc import Sequence
from typing import Literal

import humanize
import msgspec

from core import events as ev
from core.outcomes import Outcome
from core.state import RunState

Level = Literal["info", "good", "warning", "error"]


class Told(msgspec.Struct, frozen=True):
    """``text`` may hold words of the script or the site: untrusted, to be shown as plain text."""

    level: Level
    text: str
    panel: str = ""
    tab: str = ""


def tell(event: ev.Event, state: RunState) -> Told | None:
    """The line for ``event``, given the state before it; None for events too small to tell."""
    told = event.deliver(_TELLER, state)
    assert told is None or isinstance(told, Told)
    return told


def seconds_in_words(seconds: float) -> str:
    """``4.2 s`` below a minute, ``2 minutes`` and so on above."""
    return f"{seconds:.1f} s" if seconds < 60 else humanize.naturaldelta(seconds)


def _panels(ids: Sequence[str]) -> str:
    return ids[0] if len(ids) == 1 else f"{len(ids)} panels"


def changes(event: ev.ScriptCompared | ev.EditsWaiting) -> str:
    """``2 added, 1 moved``"""
    counts = {name: getattr(event, name) for name in ("added", "reworded", "moved", "removed")}
    counts["changed in what surrounds them"] = event.changed
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "the order of its chapters"


class _Teller:
    """One method an event worth a line: (event, state before it)."""

    def on_run_started(self, event: ev.RunStarted, s: RunState) -> Told:
        return Told("info", f"run {event.run} started on {event.site} with {event.tabs} tabs")

    def on_recovery_reported(self, event: ev.RecoveryReported, s: RunState) -> Told | None:
        if event.source == "fresh":
            return None
        doubt = f", {event.in_doubt} attempts in doubt" if event.in_doubt else ""
        mended = f"; {'; '.join(event.repairs)}" if event.repairs else ""
        level: Level = "warning" if event.repairs else "info"
        return Told(level, f"picked up from {event.source} and {event.records} records{doubt}{mended}")

    def on_panels_dropped(self, event: ev.PanelsDropped, s: RunState) -> Told:
        return Told("warning", f"{_panels(event.panels)} no longer in the script")

    def on_script_compared(self, event: ev.ScriptCompared, s: RunState) -> Told:
        outdated = f"; {event.outdated} finished ones are outdated now" if event.outdated else ""
        return Told("info", f"the script has changed: {changes(event)}{outdated}")

    def on_edits_waiting(self, event: ev.EditsWaiting, s: RunState) -> Told:
        if not event.lines:
            return Told("info", "the script says again what was planned")
        outdated = f"; {event.outdated} finished ones would be outdated" if event.outdated else ""
        return Told(
            "warning",
            f"the script was edited: {changes(event)}{outdated}; it waits for your word "
            "(D shows it, A lets it count; elsewhere: novelgen-tui diff --agree)",
        )

    def on_run_pausing(self, event: ev.RunPausing, s: RunState) -> Told:
        return Told("info", f"pausing: {event.sentence}")

    def on_run_paused(self, event: ev.RunPaused, s: RunState) -> Told:
        return Told("info" if event.cause == "person" else "warning", f"paused: {event.sentence}")

    def on_run_resumed(self, event: ev.RunResumed, s: RunState) -> Told:
        return Told("info", "going on")

    def on_run_done(self, event: ev.RunDone, s: RunState) -> Told:
        if event.result == "finished":
            return Told("good", "every panel is finished")
        return Told("warning", "done; some panels need you")

    def on_run_ended(self, event: ev.RunEnded, s: RunState) -> Told:
        return Told("info", f"run {s.run} ended")

    def on_terminal_lost(self, event: ev.TerminalLost, s: RunState) -> Told:
        how = "the terminal hung up" if event.how == "hung up" else "detached from the terminal"
        return Told("info", f"{how}; " + ("the run stops" if event.stops else "the run goes on without a screen"))

    def on_noticed(self, event: ev.Noticed, s: RunState) -> Told:
        return Told(event.level, event.text)

    def on_command_received(self, event: ev.CommandReceived, s: RunState) -> Told:
        words = type(event.command).handler_name.removeprefix("on_").replace("_", " ")
        return Told("info", f"asked to {words}" + (f" ({event.by})" if event.by != "screen" else ""))

    def on_panel_finished(self, event: ev.PanelFinished, s: RunState) -> Told:
        how = "fetched from its conversation" if event.harvested else f"finished in {seconds_in_words(event.seconds)}"
        return Told("good", f"{event.panel} {how}", event.panel, s.panels[event.panel].tab)

    def on_attempt_failed(self, event: ev.AttemptFailed, s: RunState) -> Told:
        level: Level = "error" if event.then == "failed" else "warning"
        if event.outcome is Outcome.REFUSED or event.then == "refused":
            text = f"{event.panel} refused: {event.said or event.sentence}"
        else:
            text = f"{event.panel} {event.outcome.words}: {event.sentence}"
        return Told(level, text, event.panel, s.panels[event.panel].tab)

    def on_attempt_in_doubt(self, event: ev.AttemptInDoubt, s: RunState) -> Told:
        return Told("warning", f"{event.panel} in doubt: {event.sentence}", event.panel, s.panels[event.panel].tab)

    def on_panels_queued(self, event: ev.PanelsQueued, s: RunState) -> Told:
        return Told("info", f"{_panels(event.panels)} queued again" + (f": {event.sentence}" if event.sentence else ""))

    def on_panels_skipped(self, event: ev.PanelsSkipped, s: RunState) -> Told:
        return Told("info", f"{_panels(event.panels)} skipped")

    def on_panels_held(self, event: ev.PanelsHeld, s: RunState) -> Told:
        return Told("info", f"{_panels(event.panels)} {'held' if event.held else 'released'}")

    def on_panel_edited(self, event: ev.PanelEdited, s: RunState) -> Told:
        return Told("info", f"{event.panel} has other words now", event.panel)

    def on_panel_doubted(self, event: ev.PanelDoubted, s: RunState) -> Told | None:
        if not event.doubts:
            return None
        return Told("warning", f"{event.panel} is doubtful: {'; '.join(event.doubts)}", event.panel)

    def on_panels_kept(self, event: ev.PanelsKept, s: RunState) -> Told:
        return Told("info", f"{_panels(event.panels)} kept")

    def on_take_lost(self, event: ev.TakeLost, s: RunState) -> Told:
        return Told("warning", f"{event.panel}: {event.sentence}", event.panel)

    def on_tab_opened(self, event: ev.TabOpened, s: RunState) -> Told | None:
        return Told("info", f"{event.tab} open", tab=event.tab) if event.generation == 1 else None

    def on_tab_changed(self, event: ev.TabChanged, s: RunState) -> Told | None:
        return Told("info", f"{event.tab} {event.phase}: {event.why}", tab=event.tab) if event.why else None

    def on_tab_faulted(self, event: ev.TabFaulted, s: RunState) -> Told:
        return Told("warning", f"{event.tab} {event.fault}: {event.sentence}", tab=event.tab)

    def on_tab_repaired(self, event: ev.TabRepaired, s: RunState) -> Told:
        return Told("good", f"{event.tab} works again after {seconds_in_words(event.seconds)}", tab=event.tab)

    def on_tab_closed(self, event: ev.TabClosed, s: RunState) -> Told | None:
        if event.why:
            return Told("info", f"{event.tab} closed: {event.why}", tab=event.tab)
        return Told("info", "all tabs are closed") if set(s.tabs) == {event.tab} else None

    def on_pool_resized(self, event: ev.PoolResized, s: RunState) -> Told:
        limited = event.limit is not None and event.limit < event.tabs
        return Told("info", f"{f'{event.limit} of ' if limited else ''}{event.tabs} tabs wanted: {event.why}")

    def on_pacing_waiting(self, event: ev.PacingWaiting, s: RunState) -> Told:
        return Told("warning", f"waiting ({event.source}): {event.sentence}")

    def on_pacing_opened(self, event: ev.PacingOpened, s: RunState) -> Told:
        return Told("info", f"{event.account}: the wait is over")


_TELLER = _Teller()
