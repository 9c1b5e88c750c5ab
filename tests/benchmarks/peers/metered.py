"""Runs a program in this very process and writes down what CPU it took. usage: metered.py OUT PROGRAM [ARGUMENTS]

OUT gets {"own": seconds of this process, "tree": the same with all it started and waited for, "wall": seconds}.
PROGRAM is a .py file, or "novelgen-tui".
"""

import json
import resource
import runpy
import sys
import time
from pathlib import Path


def cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    out, program = sys.argv[1], sys.argv[2]
    sys.argv = sys.argv[2:]
    began = time.perf_counter()
    try:
        if program == "novelgen-tui":
            from tui.cli import main as cli

            cli()
        else:
            runpy.run_path(program, run_name="__main__")
    finally:
        own, children = cpu(resource.RUSAGE_SELF), cpu(resource.RUSAGE_CHILDREN)
        spent = {"own": own, "tree": own + children, "wall": time.perf_counter() - began}
        Path(out).write_text(json.dumps(spent))


if __name__ == "__main__":
    main()
