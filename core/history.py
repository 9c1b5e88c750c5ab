"""The past of a project, read from its disk by anybody, whether or not it is being run."""

from core.store.history import records, state_at

__all__ = ["records", "state_at"]
