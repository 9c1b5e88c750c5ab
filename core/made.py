"""What made a picture: told from the state, for the sidecar beside a take and for the copies in books. Pure."""

from datetime import UTC, datetime
from pathlib import PurePosixPath

import msgspec

from core.state import AttemptState, PanelState, RunState, Take

AI_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's digital source type for pictures made by a trained model."""

FOLDER = "made"
"""Beside the pictures of a chapter, so that they stay alone in theirs: ``panels/ch01/made/ch01-p003.png.json``."""


class Made(msgspec.Struct, frozen=True, omit_defaults=True):
    """What made one take. Moments are ISO 8601 in UTC.

    Attributes:
        take: counts from 1.
        told: what the site or the API itself said of it: model, seed, the prompt as it revised it.
        seconds: from the send to the picture in hand.
    """

    panel: str
    take: int
    file: str
    sha256: str
    bytes: int
    width: int
    height: int
    at: str
    attempt: str
    prompt_hash: str
    digital_source_type: str = msgspec.field(name="digitalSourceType")
    site: str = ""
    tab: str = ""
    asked_at: str = ""
    seconds: float = 0.0
    conversation: str = ""
    told: dict[str, str] = {}
    prompt: str = ""


def made(panel: PanelState, take: Take, state: RunState) -> Made:
    """What made ``take``, one of the takes of ``panel``; of an attempt nobody remembers only what the take knows."""
    attempt = state.attempts.get(take.attempt)
    known = attempt or AttemptState(take.attempt, panel.id, "", 0.0, take.prompt_hash)
    return Made(
        panel=panel.id,
        take=panel.takes.index(take) + 1,
        file=take.file,
        sha256=take.sha256,
        bytes=take.bytes,
        width=take.width,
        height=take.height,
        at=_moment(take.at),
        attempt=take.attempt,
        prompt_hash=take.prompt_hash,
        digital_source_type=AI_SOURCE,
        site=known.site or state.site,
        tab=known.tab,
        asked_at=_moment(known.started),
        seconds=round(known.seconds, 3),
        conversation=known.conversation,
        told=known.told,
        prompt=known.prompt,
    )


def sidecar(made: Made) -> bytes:
    """The file's bytes, the same for the same picture."""
    return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"


def sidecar_of(file: str) -> str:
    """Where the sidecar of the take ``file`` is: ``panels/ch01/made/ch01-p003.png.json``."""
    path = PurePosixPath(file)
    return str(path.parent / FOLDER / f"{path.name}.json")


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds") if at else ""
