"""``[processor.options]`` of the images API, and where its key comes from (never from the project)."""

import os
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

from core.complaint import Complaint
from core.project.expected import complaint_about

SERVICE = "novelgen-tui"
"""The keyring's name for us; its user name is the API's host."""

SIZES = ("1024x1024", "1536x1024", "1024x1536")
"""What the image models of today draw; ``sizes`` replaces them for others."""


class ImagesError(Complaint):
    """The options cannot be used, or there is no key."""


class ImagesOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to ask.

    Attributes:
        model: models come and go, so there is no default.
        base_url: of the API, up to and with its version.
        key_env: the environment variable that holds the key; where it is empty the keyring is asked.
        keyless: the server wants no key (one's own, on this machine).
        sizes: ``WIDTHxHEIGHT`` the model draws; the one nearest to a panel's aspect is asked for; none: not said.
        seed: whether the server takes a seed (the official API does not).
        references: whether reference pictures are sent (to ``/images/edits``).
        fields: further fields, sent as they are: ``quality``, ``background``, ``response_format``, …
    """

    model: Annotated[str, msgspec.Meta(min_length=1)]
    base_url: Annotated[str, msgspec.Meta(pattern="^https?://")] = "https://api.openai.com/v1"
    key_env: str = "OPENAI_API_KEY"
    keyless: bool = False
    sizes: tuple[Annotated[str, msgspec.Meta(pattern=r"^\d+x\d+$")], ...] = SIZES
    seed: bool = False
    references: bool = True
    fields: dict[str, str | int | float | bool] = {}

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    def size_for(self, aspect: str) -> str | None:
        """The size whose shape is nearest to ``16:9``; the first one for ""; None where none is said."""
        if not self.sizes or not aspect:
            return self.sizes[0] if self.sizes else None
        width, _, height = aspect.partition(":")
        wanted = float(width) / float(height)
        return min(self.sizes, key=lambda size: abs(_shape(size) / wanted - 1.0))


def _shape(size: str) -> float:
    width, _, height = size.partition("x")
    return int(width) / max(1, int(height))


def parse_options(table: dict[str, Any]) -> ImagesOptions:
    """The options in ``table``. Raises ImagesError naming the key."""
    if secret := next((name for name in table if name in ("key", "api_key", "token")), None):
        raise ImagesError(
            f"{secret}: a key does not belong in a project; "
            "put it into the environment variable OPENAI_API_KEY or the keyring"
        )
    try:
        return msgspec.convert(table, ImagesOptions)
    except msgspec.ValidationError as error:
        key, sentence = complaint_about(error, table, ImagesOptions)
        raise ImagesError(f"{key}: {sentence}; see core/processors/README.md") from error


def find_key(options: ImagesOptions) -> str:
    """The key, from the environment or the keyring. Raises ImagesError where there is none."""
    if options.keyless:
        return "none"
    return os.environ.get(options.key_env, "") or _from_keyring(options.host) or _no_key(options)


def _no_key(options: ImagesOptions) -> str:
    raise ImagesError(
        f"there is no key for {options.host}: set the environment variable {options.key_env}, or store it with: "
        f"keyring set {SERVICE} {options.host}"
    )


def _from_keyring(host: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(SERVICE, host)
    except KeyringError:
        return None  # no keyring on this machine is as good as an empty one
