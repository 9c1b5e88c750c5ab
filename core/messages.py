"""Typed messages and their double dispatch.

Every command and every event is a small frozen struct. A handler is any object with methods named after
the messages it cares for: ``PanelFinished`` goes to ``on_panel_finished``. The message knows its method's
name, the handler knows what to do: neither needs a chain of ``if isinstance``.
"""

import re
from typing import Any, ClassVar

import msgspec


def _words(class_name: str) -> list[str]:
    return re.findall(r"[A-Z][a-z0-9]*", class_name)


def message_type(class_name: str) -> str:
    """The name of a message on disk and on the wire: ``PanelFinished`` -> ``panel-finished``."""
    return "-".join(_words(class_name)).lower()


class Message(msgspec.Struct, frozen=True, tag_field="type", tag=message_type):
    """Base of all events and commands."""

    handler_name: ClassVar[str] = "on_message"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.handler_name = "on_" + "_".join(_words(cls.__name__)).lower()

    def deliver(self, handler: object, *context: object) -> Any:
        """Call the handler's method for this message with (message, *context); None if it has none."""
        method = getattr(handler, self.handler_name, None)
        return None if method is None else method(self, *context)
