"""Which finished pictures deserve a second look, and why. Measures only: nothing here decides anything."""

from core.doubts.judge import Judge
from core.doubts.look import look_at, look_of

__all__ = ["Judge", "look_at", "look_of"]
