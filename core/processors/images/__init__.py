"""The processor that draws through an images API: OpenAI's own, or any server that speaks it."""

from core.processors.images.processor import make

__all__ = ["make"]
