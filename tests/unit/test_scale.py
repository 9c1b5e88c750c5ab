"""Memory that is weighed again and again: near the kernel's own count, and asked of the kernel only where it moved."""

import os
import subprocess
import sys

import pytest

from core import processes
from core.processes import Scale, families, family, process_bytes

GROWS = """
import sys
kept = []
for line in sys.stdin:
    kept.append(b"x" * (int(line) << 20))
    print(len(kept), flush=True)
"""


def test_a_process_is_counted_again_only_where_it_has_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(processes, "process_bytes", lambda pid: counted.append(pid) or process_bytes(pid))
    command = [sys.executable, "-c", GROWS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None and child.stdout is not None

        def grow(mebibytes: int) -> None:
            child.stdin.write(f"{mebibytes}\n")
            child.stdin.flush()
            child.stdout.readline()

        scale = Scale()
        grow(64)
        scale.weigh([child.pid])
        assert counted == [child.pid]
        grow(2)
        near = scale.weigh([child.pid])[child.pid]
        assert counted == [child.pid], "two of some seventy: reckoned, not counted"
        assert near == pytest.approx(process_bytes(child.pid), rel=0.02)
        grow(64)
        assert scale.weigh([child.pid])[child.pid] == pytest.approx(process_bytes(child.pid), rel=0.02)
        assert counted == [child.pid, child.pid]
        assert child.pid in family(os.getpid()) and families([child.pid]) == {child.pid: [child.pid]}
        child.stdin.close()
    assert scale.weigh([child.pid]) == {child.pid: 0} and family(child.pid) == []
