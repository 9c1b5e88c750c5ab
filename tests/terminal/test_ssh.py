"""Over a real SSH: a server of our own on loopback, with keys made for the test."""

import getpass
import os
import shlex
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.terminal.terminals import (
    ROOT,
    ended,
    environment,
    events,
    finished,
    in_tmux,
    nothing_left,
    on_pty,
    owner,
    program,
    until,
)
from tests.terminal.test_screen import line

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(
        SSHD is None or shutil.which("ssh") is None, reason="needs an SSH server: apt-get install openssh-server"
    ),
]


@dataclass(frozen=True)
class Ssh:
    """How to reach a server. ``forwarding``: a client that forwards and runs nothing."""

    port: int
    key: Path

    def client(self, *options: str) -> list[str]:
        said = ("BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
        known = [word for option in said for word in ("-o", option)]
        where = ["-p", str(self.port), f"{getpass.getuser()}@127.0.0.1"]
        return ["ssh", "-F", "/dev/null", "-i", str(self.key), *known, *options, *where]

    def shown(self, command: list[str], env: dict[str, str]) -> list[str]:
        """``ssh -t box COMMAND``"""
        variables = [f"{name}={value}" for name, value in env.items() if name != "TERM"]
        there = f"cd {shlex.quote(str(ROOT))} && exec env {shlex.join([*variables, *command])}"
        return [*self.client("-tt"), there]

    def forwarding(self, here: Path, there: Path) -> list[str]:
        return self.client("-N", "-o", "ExitOnForwardFailure=yes", "-L", f"{here}:{there}")


@contextmanager
def ssh_server() -> Iterator[Ssh]:
    """A server for this user alone, on a free port of loopback; its folder's path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="ssh-") as scratch, socket.socket() as free:
        home = Path(scratch)
        for name in ("host", "key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / name)], check=True)
        shutil.copy(home / "key.pub", home / "authorized")
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        (home / "config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {home}/host\nAuthorizedKeysFile {home}/authorized\n"
            "PidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n"
            "KbdInteractiveAuthentication no\nPrintMotd no\nPrintLastLog no\n"
        )
        if os.getuid() == 0:  # where it puts itself aside before anybody has signed in
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        with (home / "log").open("wb") as log:
            server = subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(home / "config")], stderr=log)
        try:
            until(lambda: b"Server listening" in (home / "log").read_bytes(), "the SSH server listens")
            yield Ssh(port, home / "key")
        finally:
            server.terminate()
            server.wait(30)


def test_a_run_over_ssh_outlives_every_connection_and_is_attached_to_over_another(tmp_path: Path) -> None:
    project, env = tmp_path / "novel", environment(tmp_path)
    with ssh_server() as ssh, nothing_left(project):
        started = ssh.shown(program("demo", project, "--panels", "40", "--tabs", "2"), env)
        with on_pty(started, env) as terminal:
            until(lambda: finished(project) >= 2, "panels are drawn")
            run = owner(project)
            terminal.process.kill()  # the connection breaks: nobody says goodbye
        until(lambda: events(project, "terminal-lost"), "the run is told")
        with in_tmux(tmp_path) as tmux:
            tmux.type(line(ssh.shown(program("attach", project), env)))
            tmux.until("attached")
            tmux.press("Space")
            tmux.until("paused: you pressed pause")
            drawn = finished(project)
            assert 2 <= drawn < 40
            tmux.press("Space")
            until(lambda: finished(project) > drawn, "another key resumes it")
            tmux.kill_session()
        drawn = finished(project)
        brought = ssh.key.parent / "novel.sock"
        with subprocess.Popen(ssh.forwarding(brought, project / ".novelgen" / "link.sock")) as tunnel:
            try:
                until(brought.is_socket, "the socket is forwarded")
                with on_pty(program("attach", brought), env) as terminal:
                    terminal.until("attached")
                    terminal.press("q")
                    terminal.until("the run goes on")
                    assert terminal.wait() == 0
            finally:
                tunnel.terminate()
        until(lambda: ended(project), "the run ends by itself", 180.0)
        assert ended(project) == "finished" and finished(project) == 40 > drawn
    assert {record["event"]["pid"] for record in events(project, "run-started")} == {run}
    assert [record["event"]["how"] for record in events(project, "terminal-lost")] == ["hung up"]
    assert not events(project, "tab-faulted"), "a hang-up reached the browser"
