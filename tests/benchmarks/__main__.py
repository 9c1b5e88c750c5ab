"""Every benchmark, one after the other: each table under machine, date, method and the command for it alone.

    .venv/bin/python -m tests.benchmarks                  short: to see that it works, and roughly how it stands
    .venv/bin/python -m tests.benchmarks --full           the figures of record
    .venv/bin/python -m tests.benchmarks --only store     one of them; again for more
    .venv/bin/python -m tests.benchmarks --list           what there is

A benchmark is a file ``bench_….py``: tests with the marker ``benchmark`` that print, or a module that can be run. Its
docstring's first paragraph is the method. ``SHORT`` in it, if there, are the arguments of its short version, those for
the environment (``NAME=value``) first.
"""

import argparse
import ast
import os
import platform
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import humanize
import psutil

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Benchmark:
    """``short``: arguments and environment of the short version."""

    name: str
    path: Path
    method: str
    short: tuple[str, ...]
    is_module: bool

    def command(self, full: bool) -> tuple[list[str], dict[str, str]]:
        """What to run after the interpreter, and what to add to the environment."""
        given = () if full else self.short
        extra = dict(word.split("=", 1) for word in given if word.partition("=")[0].isupper())
        arguments = [word for word in given if not word.partition("=")[0].isupper()]
        if self.is_module:
            return ["-m", f"tests.benchmarks.{self.path.stem}", *arguments], extra
        file = self.path.relative_to(ROOT).as_posix()
        return ["-m", "pytest", file, "-m", "benchmark", "-s", "-p", "no:cacheprovider", *arguments], extra


def benchmarks() -> Iterator[Benchmark]:
    """All there are, by name; none is imported."""
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        method = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
        named = {
            node.targets[0].id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        short = tuple(ast.literal_eval(named["SHORT"])) if "SHORT" in named else ()
        is_module = any(isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) for node in tree.body)
        yield Benchmark(path.stem.removeprefix("bench_"), path, method, short, is_module)


def machine() -> str:
    """Processor, memory, system and interpreter, and how busy the machine is with other work."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text("utf-8", "replace").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    memory = humanize.naturalsize(psutil.virtual_memory().total, binary=True)
    load = psutil.getloadavg()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load {load:.1f} at the start"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="one of them; again for more")
    parser.add_argument("--full", action="store_true", help="at full length: the figures of record")
    parser.add_argument("--list", action="store_true", help="name them and what they measure")
    given = parser.parse_args()
    known = {one.name: one for one in benchmarks()}
    if unknown := [name for name in given.only if name not in known]:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(known)}")
    chosen = [known[name] for name in given.only] or list(known.values())
    failed = []
    for one in chosen:
        if given.list:
            print(f"{one.name:12} {one.method}")
        elif not _run(one, given.full):
            failed.append(one.name)
    if failed:
        print(f"\nended with a mistake: {', '.join(failed)}")
    return 1 if failed else 0


def _run(one: Benchmark, full: bool) -> bool:
    command, extra = one.command(full)
    shown = [*(f"{name}={value}" for name, value in extra.items()), ".venv/bin/python", *command]
    print(f"\n=== {one.name} {'(full)' if full or not one.short else '(short)'}")
    print(f"machine: {machine()}\ndate:    {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\nmethod:  {one.method}")
    print(f"command: {shlex.join(shown)}\n", flush=True)
    began = time.monotonic()
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env={**os.environ, **extra}, check=False)
    print(f"\n({time.monotonic() - began:.0f} s)", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
