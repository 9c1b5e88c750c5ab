"""Where the page may be served: on this machine, and nowhere else."""

from core.complaint import Complaint
from core.link.endpoint import is_loopback

HERE = "127.0.0.1"


def web_at(words: str) -> tuple[str, int]:
    """``PORT`` or ``HOST:PORT`` as host and port; port 0 takes a free one.

    Raises Complaint for what is no port, and for a host that other machines can reach: the page has no encryption
    of its own, and whoever sees it steers the run.
    """
    host, _, port = words.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or HERE
    if not port.isdecimal() or not port.isascii() or int(port) > 65535:
        raise Complaint(f'--web "{words}" is no port; write --web 8791, or --web 0 for any free one')
    if not is_loopback(host):
        raise Complaint(
            f"--web {words}: the page is for this machine alone, and {host} can be reached from others; leave the host "
            f"out, and from elsewhere bring the port over SSH: ssh -L {port}:{HERE}:{port} BOX"
        )
    return HERE if host == "localhost" else host, int(port)
