"""Where a run can be reached: a Unix socket whose file's mode is the login, or a port and a token.

What a run leaves in the project's ``.novelgen`` (0700): ``link.sock``, or ``link.json`` with the path of a socket
elsewhere where the project's own path is too long for one; ``link.token`` for a port. All 0600, gone with the run.
"""

import os
import socket
import stat
import tempfile
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from core.complaint import Complaint
from core.store.folder import FOLDER

SOCKET, POINTER, TOKEN = "link.sock", "link.json", "link.token"

LONGEST = 100
"""Bytes in the path of a Unix socket: the kernel takes 107 on Linux, 103 on macOS."""


class LinkError(Complaint):
    """A run cannot be reached, or does not want to be."""


class Endpoint(msgspec.Struct, frozen=True):
    """Where to knock. ``socket``: path of a Unix socket; else ``url`` (http or https) with its ``token``.

    ``ca``: a file with the certificate to trust, for https with a certificate of one's own.
    """

    socket: str = ""
    url: str = ""
    token: str = ""
    ca: str = ""

    @property
    def base(self) -> str:
        """What request paths are appended to."""
        return self.url or "http://run"

    def __str__(self) -> str:
        return self.url or self.socket


class _Pointer(msgspec.Struct, frozen=True):
    socket: str


# --- for who looks for a run ---------------------------------------------------------------------------


def of_folder(folder: Path) -> Endpoint | None:
    """Where the run of the project in ``folder`` listens; None where none has left a trace.

    A trace may be stale: the run was killed.
    """
    home = folder.resolve() / FOLDER
    direct = home / SOCKET
    if len(os.fsencode(direct)) <= LONGEST and _is_socket(direct):
        return Endpoint(socket=str(direct))
    try:
        pointer = msgspec.json.decode((home / POINTER).read_bytes(), type=_Pointer)
    except (OSError, msgspec.MsgspecError):
        return None
    return Endpoint(socket=pointer.socket) if _ours(Path(pointer.socket)) else None


def of_url(url: str, token_file: Path | None, ca: Path | None = None) -> Endpoint:
    """A run behind a port, its token read from a file or from ``NOVELGEN_LINK_TOKEN``. Raises LinkError."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or parts.path.strip("/") or parts.query or parts.username:
        raise LinkError(f"{url} is no address of a run; write it as http://HOST:PORT")
    if token_file is None:
        token = os.environ.get("NOVELGEN_LINK_TOKEN", "")
        if not token:
            raise LinkError("a run behind a port wants its token: name its file with --token-file "
                            f"(the run keeps it in {FOLDER}/{TOKEN})")  # fmt: skip
    else:
        try:
            token = token_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise LinkError(f"the token cannot be read from {token_file}: {error}") from error
    return Endpoint(url=f"{parts.scheme}://{parts.netloc}", token=token, ca="" if ca is None else str(ca))


def _ours(path: Path) -> bool:
    """Whether a socket outside of the project is one only we could have made."""
    try:
        found = path.parent.lstat()
    except OSError:
        return False
    private = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return private and _is_socket(path)


def _is_socket(path: Path) -> bool:
    """Whether a socket itself is there, not a link to one elsewhere."""
    try:
        return stat.S_ISSOCK(path.lstat().st_mode)
    except OSError:
        return False


# --- for the run ---------------------------------------------------------------------------------------


class Door:
    """The Unix socket of a run: bound, 0600 and not yet listening; ``close`` leaves nothing behind."""

    def __init__(self, folder: Path) -> None:
        self._home = folder.resolve() / FOLDER
        self._elsewhere: Path | None = None
        self.close()  # what a killed run left; whoever holds the project's lock may
        self.socket = self._in_the_project() or self._in_a_short_place()

    @property
    def path(self) -> Path:
        return self._home / SOCKET if self._elsewhere is None else self._elsewhere / SOCKET

    def close(self) -> None:
        for name in (SOCKET, POINTER):
            (self._home / name).unlink(missing_ok=True)
        if self._elsewhere is not None:
            with suppress(OSError):  # swept away by somebody who tidies temporary folders
                (self._elsewhere / SOCKET).unlink(missing_ok=True)
                self._elsewhere.rmdir()

    def _in_the_project(self) -> socket.socket | None:
        path = self._home / SOCKET
        if len(os.fsencode(path)) > LONGEST:
            return None
        try:
            return _bound(path)
        except OSError:  # a file system without sockets
            return None

    def _in_a_short_place(self) -> socket.socket:
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        where = runtime if runtime and len(os.fsencode(runtime)) < LONGEST - 40 and Path(runtime).is_dir() else "/tmp"
        try:
            self._elsewhere = Path(tempfile.mkdtemp(prefix="novelgen-", dir=where))  # 0700
            bound = _bound(self._elsewhere / SOCKET)
            private_file(self._home / POINTER, msgspec.json.encode(_Pointer(str(self._elsewhere / SOCKET))))
        except OSError as error:
            raise LinkError(f"no socket for the link can be made in {where}: {error.strerror or error}") from error
        return bound


def _bound(path: Path) -> socket.socket:
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        found.bind(str(path))
        path.chmod(0o600)  # before it listens: nobody can have connected
    except OSError:
        found.close()
        raise
    return found


def private_file(path: Path, data: bytes) -> None:
    """Write a file that never was readable by others."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


class Listen(msgspec.Struct, frozen=True):
    """A port to listen on besides the socket. ``cert`` and ``key`` are files for TLS; ``unencrypted``: said plainly
    that everything, the token included, may go over a network as it is."""

    host: str
    port: int
    cert: Path | None = None
    key: Path | None = None
    unencrypted: bool = False


def listen_at(words: str, cert: Path | None = None, key: Path | None = None, unencrypted: bool = False) -> Listen:
    """``HOST:PORT``, checked. Raises LinkError for what is open to a network without anybody having said so."""
    host, colon, port = words.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise LinkError(f'"{words}" is no place to listen; write HOST:PORT, for example 127.0.0.1:8790')
    if (cert is None) != (key is None):
        raise LinkError("a certificate and its key go together: give both --listen-cert and --listen-key")
    if not is_loopback(host) and cert is None and not unencrypted:
        raise LinkError(
            f"{host} can be reached from other machines, and without TLS everybody on the way could read the token and "
            "steer the run; listen on 127.0.0.1 and forward the port over SSH, or give --listen-cert and --listen-key, "
            "or say --listen-unencrypted if you mean it"
        )
    return Listen(host, int(port), cert, key, unencrypted)


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address) can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def new_token() -> str:
    """256 random bits."""
    import secrets  # brings OpenSSL along, and this module is read before the first frame

    return secrets.token_urlsafe(32)
