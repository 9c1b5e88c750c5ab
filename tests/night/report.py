"""A night's report: for people as text, for programs as JSON."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import msgspec

from tests.benchmarks.__main__ import machine
from tests.night.night import Played
from tests.night.verdict import Sample, Verdict

MIB = 2**20
ROWS = 24
"""Lines of the memory curve."""


def as_json(played: Played, verdict: Verdict, command: str) -> str:
    """Seconds and bytes throughout; moments by the wall clock."""
    plan = played.plan
    told: dict[str, Any] = {
        "command": command,
        "machine": machine(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "plan": asdict(plan),
        "seconds": round(played.seconds, 1),
        "holds": verdict.holds,
        "checks": [asdict(check) for check in verdict.checks],
        "lives": len(played.codes),
        "exit_codes": played.codes,
        "counts": verdict.counts,
        "events": verdict.events,
        "metrics": msgspec.to_builtins(verdict.figures),
        "blows": [
            {"kind": b.kind, "after": b.after, "moment": b.moment, "seen": b.seen, "again": b.again}
            for b in played.struck
        ],
        "left_out": played.left_out,
        "resumed_by_a_person": played.resumed,
        "site": {"outcomes": verdict.site, "faults": verdict.struck_by_site},
        "drawn_twice": verdict.drawn_twice,
        "possible_duplicates": verdict.possible_duplicates,
        "memory": {"thirds": verdict.thirds, "samples": msgspec.to_builtins(verdict.memory)},
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def as_text(played: Played, verdict: Verdict, command: str) -> str:
    """What somebody reads in the morning."""
    plan = played.plan
    parts = [
        f"A night of {plan.panels:,} panels: {'everything holds' if verdict.holds else 'SOMETHING DOES NOT HOLD'}",
        f"command: {command}\nmachine: {machine()}\ndate:    {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n"
        f"plan:    {plan.tabs} tabs, {plan.latency:g} s a picture (median), {plan.size} pixels, seed {plan.seed}\n"
        f"took:    {played.seconds / 60:.1f} min, {len(played.codes)} lives of the program, {verdict.events:,} events",
        "Checks\n" + "\n".join(f"  {'holds' if c.holds else 'BROKEN':6} {c.name}: {c.found}" for c in verdict.checks),
        "The nine figures\n"
        + "\n".join(f"  {name.replace('_', ' '):28} {_number(value)}" for name, value in _figures(verdict)),
        "What befell the program (seconds from the blow)\n"
        + f"  {'':22} {'after':>6} {'seen':>7} {'drawing again':>14}\n"
        + "\n".join(f"  {b.kind:22} {b.after:6} {_seconds(b.seen):>7} {_seconds(b.again):>14}" for b in played.struck)
        + "".join(f"\n  {kind}: left out, no file system may be mounted here" for kind in played.left_out)
        + "".join(f"\n  a person pressed space: {sentence}" for sentence in played.resumed),
        "What the site says of its own\n"
        + f"  prompts by what became of them: {_counts(verdict.site)}\n"
        + f"  what went wrong there: {_counts(verdict.struck_by_site)}\n"
        + f"  drawn again: {verdict.drawn_twice}; counted as possible duplicates: {verdict.possible_duplicates}",
        "Memory in use (browser + own, MiB)\n"
        + _curve(verdict.memory)
        + "".join(
            f"\n  {name} third: median {third['median'] / MIB:.0f}, peak {third['peak'] / MIB:.0f}"
            for name, third in zip(("the longest life, first", "second", "last"), verdict.thirds, strict=False)
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _figures(verdict: Verdict) -> list[tuple[str, Any]]:
    found: dict[str, Any] = msgspec.to_builtins(verdict.figures) or {}
    return list(found.items())


def _curve(samples: list[Sample]) -> str:
    """The most of each stretch."""
    if not samples:
        return "  not measured"
    top, lines = max(sample.used for sample in samples), []
    step = max(1, -(-len(samples) // ROWS))
    for start in range(0, len(samples), step):
        most = max(samples[start : start + step], key=lambda sample: sample.used)
        bar = "#" * round(40 * most.used / top)
        lines.append(f"  {most.finished:6} {most.browser / MIB:6.0f} + {most.own / MIB:4.0f}  {bar}")
    return "\n".join(lines)


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in found.items()) or "nothing"


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f}"


def _number(value: Any) -> str:
    if value is None:
        return "not measured"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"
