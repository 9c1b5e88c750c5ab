"""Times and sizes in few letters."""

from datetime import datetime


def ago(seconds: float) -> str:
    """``now``, ``15 s``, ``4 min``, ``3 h``: coarse on purpose, so that it seldom changes."""
    if seconds < 5:
        return "now"
    if seconds < 60:
        return f"{int(seconds // 5) * 5} s"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    return f"{int(seconds // 3600)} h" if seconds < 48 * 3600 else f"{int(seconds // 86400)} d"


def moment(at: float, *, seconds: bool = False) -> str:
    """The wall clock at ``at``: ``16:48``."""
    return datetime.fromtimestamp(at).strftime("%H:%M:%S" if seconds else "%H:%M")


def size(count: float) -> str:
    """Bytes as people say them: ``812 MB``, ``3.1 GB``."""
    for unit in ("B", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def number(count: int) -> str:
    """``1,204``."""
    return f"{count:,}"


def plural(count: int, thing: str) -> str:
    """``1 panel``, ``3 panels``."""
    return f"{number(count)} {thing}" if count == 1 else f"{number(count)} {thing}s"
