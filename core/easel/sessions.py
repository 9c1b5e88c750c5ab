"""Signing in and signing addresses: play security, so that pages expire as real ones do."""

import hashlib
import hmac
import secrets

from core.easel.ledger import Ledger


class Sessions:
    """The one account's sign-ins. A cookie is ``epoch.id.mac``; ending all sessions starts a new epoch."""

    def __init__(self, seed: int, ledger: Ledger) -> None:
        # From the seed: a page signed in before a restart of the same easel stays signed in.
        self._key = hashlib.sha256(f"easel {seed}".encode()).digest()
        self._ledger = ledger

    def new_cookie(self) -> str:
        """A cookie for a fresh sign-in."""
        return self._sealed(f"{self._ledger.epoch}.{secrets.token_hex(4)}")

    def session(self, cookie: str) -> str | None:
        """The session's id, or None for a cookie that is forged or from an ended epoch."""
        words, _, _ = cookie.rpartition(".")
        epoch, _, session = words.partition(".")
        good = hmac.compare_digest(self._sealed(words).encode(), cookie.encode())
        return session if good and epoch == str(self._ledger.epoch) else None

    def address(self, file: str, now: float, lasts: float) -> str:
        """The signed, short-lived address of a picture: ``/content?id=file_…&sig=…``.

        The expiry is rounded, so that asking again within the half of its life gives the same address and the
        browser's cache answers.
        """
        step = max(lasts / 2, 1)
        expiry = int((now // step + 1) * step + step)
        return f"/content?id={file}&sig={self._sealed(f'{file}.{expiry:x}').removeprefix(file + '.')}"

    def address_holds(self, file: str, signature: str, now: float) -> bool:
        """Whether ``signature`` is ours for ``file`` and has not expired."""
        expiry, _, _ = signature.partition(".")
        sealed = self._sealed(f"{file}.{expiry}").encode()
        return hmac.compare_digest(sealed, f"{file}.{signature}".encode()) and now < int(expiry, 16)

    def _sealed(self, words: str) -> str:
        mac = hmac.new(self._key, words.encode(), "sha256").hexdigest()[:20]
        return f"{words}.{mac}"
