"""What is said to a terminal to take it over and to give it back, and nothing of what others say."""

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?1004h"
"""The other screen, no cursor, tell us of focus."""

KEYS = "\x1b[>25u"
"""Kitty's keyboard protocol, where it is known: keys that escape codes cannot tell apart (flags 1, 8, 16)."""

MOUSE = "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"
NO_MOUSE = "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"

AFTER_ENTER = "\x1b[?2048$p\x1b[?2004h\x1b[?7l"
"""Do you tell of your size in-band? Bracket pastes; do not wrap lines."""

SYNC_QUERY = "\x1b[?2026$p"
"""Do you know synchronised output? Apple's terminal prints this instead of ignoring it."""

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"

LEAVE = "\x1b[?2004l\x1b[?7h\x1b[?2048l" + NO_MOUSE + "\x1b[?1016l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
"""Everything above undone."""
