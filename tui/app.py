"""The cockpit with its keys: a table of contents. ``tui.cockpit`` is the screen, ``tui.actions`` what a key does."""

from collections.abc import Callable
from typing import ClassVar

from textual.command import Provider

from tui.action import bindings
from tui.actions import ACTIONS, BY_ID
from tui.actions.palette import ActionProvider
from tui.cockpit import Cockpit
from tui.follow import PortSource
from tui.options import ScreenOptions


class CockpitApp(Cockpit):
    """Takes what ``Cockpit`` takes; the keys are the person's own where the options say so."""

    BINDINGS = bindings(ACTIONS)
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionProvider}
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, source: PortSource, *, title: str = "", options: ScreenOptions | None = None) -> None:
        super().__init__(source, title=title, options=options)
        self.view.actions = ACTIONS
        self.set_keymap(self.view.options.keymap)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "do":
            return self.context in BY_ID[str(parameters[0])].contexts
        return super().check_action(action, parameters)

    async def action_do(self, id: str) -> None:
        done = BY_ID[id].run(self)
        if done is not None:
            await done
