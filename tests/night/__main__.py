"""A whole night in small: the real program, real Chromium, and everything that can befall them.

    .venv/bin/python -m tests.night                   3,000 panels
    .venv/bin/python -m tests.night --panels 150      a short one, about two minutes

Renderers, browsers and the driver are killed or frozen, the terminal is hung up, the disk runs full, the program is
killed outright and left in order, and the site refuses, limits, breaks off and never answers. At the end the site's
ledger, the disk and the journal are held against each other. The report goes to the screen and, as ``night.txt`` and
``night.json``, into the folder ``--out``; where something does not hold, the journal and any traceback lie beside it.
Exit code 0: everything holds; 1: something does not.
"""

import argparse
import shlex
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests.night.night import Plan, night
from tests.night.report import as_json, as_text
from tests.night.verdict import judge


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.night", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--panels", type=int, default=Plan.panels, help=f"how many ({Plan.panels})")
    parser.add_argument("--tabs", type=int, default=Plan.tabs, help=f"how many ({Plan.tabs})")
    parser.add_argument("--latency", type=float, default=Plan.latency, help="median seconds a picture takes")
    parser.add_argument("--size", type=int, default=Plan.size, help="longer edge of a picture in pixels")
    parser.add_argument("--seed", type=int, default=Plan.seed, help="of what goes wrong at the site")
    parser.add_argument("--out", type=Path, default=Path(".night"), help="folder for the report (.night)")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that everything is tidied up
    plan = Plan(given.panels, given.tabs, given.latency, given.size, given.seed)
    command = shlex.join([".venv/bin/python", "-m", "tests.night", *sys.argv[1:]])
    with tempfile.TemporaryDirectory(prefix="novelgen-night-") as folder, night(plan, Path(folder)) as played:
        verdict = judge(played)
        text, data = as_text(played, verdict, command), as_json(played, verdict, command)
        given.out.mkdir(parents=True, exist_ok=True)
        if not verdict.holds:
            for file in played.kept:
                shutil.copy(file, given.out)
    (given.out / "night.txt").write_text(text, "utf-8")
    (given.out / "night.json").write_text(data, "utf-8")
    print(text)
    return 0 if verdict.holds else 1


if __name__ == "__main__":
    sys.exit(main())
