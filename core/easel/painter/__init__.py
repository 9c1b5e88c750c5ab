"""The easel's hand: a prompt becomes a picture, the same for the same prompt, seed and take."""

from core.easel.painter.paint import paint
from core.easel.painter.png import encode

__all__ = ["encode", "paint"]
