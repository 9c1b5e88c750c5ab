"""The table of everything a key can do."""

from tui.action import Action
from tui.actions.look import LOOK
from tui.actions.panels import PANEL_ACTIONS
from tui.actions.review import REVIEW
from tui.actions.run import RUN
from tui.actions.time import TRAVEL

ACTIONS: tuple[Action, ...] = (*RUN, *PANEL_ACTIONS, *REVIEW, *TRAVEL, *LOOK)

BY_ID = {action.id: action for action in ACTIONS}
