"""How long a wait or a window is, in words."""


def span(seconds: float) -> str:
    """``a moment`` below a second, then ``12 seconds``, ``25 minutes``, ``1.5 hours``."""
    if seconds < 1.0:
        return "a moment"
    if seconds < 90:
        return "1 second" if round(seconds) == 1 else f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.3g} hours"
