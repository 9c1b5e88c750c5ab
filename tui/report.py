"""``novelgen-tui report``: the production report as text, HTML or JSON."""

import time
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from core.attach import live_state
from core.complaint import Complaint
from core.outcomes import Outcome
from core.project import load
from core.report import Needing, Report, report
from core.status import stored_state
from core.telling import seconds_in_words
from tui.outfile import outfile
from tui.plain import plain
from tui.printed import as_json, printed, printed_lines
from tui.words import number, plural, size

MOST = 20
"""Panels listed in the text; HTML and JSON have them all."""

Section = tuple[str, Sequence[tuple[str, str]]]
"""A heading and its lines: (what, how much)."""


def print_report(folder: Path, *, format: str, out: Path | None) -> None:
    """Print the report of the project in ``folder``, or write it to ``out``."""
    if format not in ("text", "html", "json"):
        raise Complaint(f"--format is text, html or json, not {plain(format)}")
    project = load(folder)
    if out is not None:
        outfile(out, project)
    made = report(live_state(folder) or stored_state(folder), time.time())
    text = as_json(made) if format == "json" else as_html(made) if format == "html" else "\n".join(_lines(made))
    if out is None:
        printed_lines(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Complaint(f"{out}: {error.strerror}; choose another file with --out") from error
    printed(str(out))


def sections(made: Report) -> list[Section]:
    """The report in words."""
    total = sum(made.panels.values())
    figures = made.figures
    first = f"{number(made.first_try)} of {number(made.finished)}" if made.finished else "none finished yet"
    left = ", ".join(f"{number(n)} {state}" for state, n in made.panels.items() if n and state != "finished")
    return [
        (
            "drawn",
            [
                ("today", plural(made.today, "picture")),
                ("in all", f"{number(made.finished)} of {plural(total, 'panel')}, {plural(made.takes, 'take')}"),
                ("left", left or "nothing"),
                ("at the first attempt", first),
                ("on disk", size(made.used)),
            ],
        ),
        (
            "speed",
            [
                ("pictures a minute", _number(figures.images_per_minute)),
                ("a picture takes", _seconds(figures.average_generation_seconds)),
                ("the longest took", _seconds(figures.longest_operation_seconds)),
                ("success rate", _share(figures.success_rate)),
                ("asked for twice, perhaps", str(made.possible_duplicates)),
            ],
        ),
        (
            "time",
            [
                ("at work", seconds_in_words(made.active)),
                ("of it waiting for limits", seconds_in_words(made.waited) if made.waited else "none"),
                ("limits met", ", ".join(f"{n} {what}" for what, n in made.limits.items()) or "none"),
                *(
                    (f"lost: {Outcome(what).words}", seconds_in_words(seconds))
                    for what, seconds in made.lost.items()
                    if seconds
                ),
            ],
        ),
    ]


def _lines(made: Report) -> Iterator[str]:
    yield plain(made.title)
    for title, lines in sections(made):
        yield f"\n{title}"
        for what, much in lines:
            yield f"  {what:26}{plain(much)}"
    for title, panels in needing(made):
        if panels:
            yield f"\n{title} ({len(panels)})"
            for panel in panels[:MOST]:
                yield f"  {plain(panel.panel)}  {plain(panel.why)}"
                yield f"    {plain(panel.prompt)[:160]}"
            if len(panels) > MOST:
                yield f"  and {len(panels) - MOST} more; --format json has them all"


def needing(made: Report) -> list[tuple[str, tuple[Needing, ...]]]:
    """Whom the run needs: a heading, and its panels."""
    return [
        ("refused: the author's turn", made.refused),
        ("failed", made.failed),
        ("doubtful: worth a look", made.doubtful),
    ]


_STYLE = """
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}
h1{font-size:1.3em}h2{font-size:1em;margin:1.5em 0 .3em;border-bottom:1px solid #8884}table{border-collapse:collapse}
td{padding:.1em 1.5em .1em 0;vertical-align:top}td:first-child{color:#888;white-space:nowrap}pre{white-space:pre-wrap;
font-size:.85em;color:#888;margin:0}
"""


def as_html(made: Report) -> str:
    """The report as a page of its own, without scripts or anything from elsewhere."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(made.title)}: report</title><style>{_STYLE}</style></head><body><h1>{escape(made.title)}</h1>"
    ]
    for title, lines in sections(made):
        rows = "".join(f"<tr><td>{escape(what)}</td><td>{escape(much)}</td></tr>" for what, much in lines)
        parts.append(f"<h2>{escape(title)}</h2><table>{rows}</table>")
    for title, panels in needing(made):
        if panels:
            rows = "".join(
                f"<tr><td>{escape(p.panel)}</td><td>{escape(plain(p.why))}<pre>{escape(p.prompt)}</pre></td></tr>"
                for p in panels
            )
            parts.append(f"<h2>{escape(title)} ({len(panels)})</h2><table>{rows}</table>")
    return "\n".join([*parts, "</body></html>"])


def _number(value: float | None) -> str:
    return "not known yet" if value is None else f"{value:.1f}"


def _seconds(value: float | None) -> str:
    return "not known yet" if value is None else seconds_in_words(value)


def _share(value: float | None) -> str:
    return "not known yet" if value is None else f"{100 * value:.0f} %"
