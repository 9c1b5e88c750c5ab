"""Workers over an images API: one request a panel, through the official client library."""

import base64
import binascii
import contextlib
import hashlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin

import aiohttp
import msgspec

from core.complaint import Complaint
from core.offload import in_thread
from core.outcomes import AttemptError, Budget, Cause, Outcome, RunBlocked
from core.processors.base import Drawing, Job, Progress, Pulse, Usage, Worker
from core.processors.images.answers import answer_of, meaning
from core.processors.images.options import ImagesOptions, find_key, parse_options
from core.processors.registry import Context
from core.sites.budgets import budgets_told
from core.sites.headers import seconds_told

if TYPE_CHECKING:
    import openai

MOST_BYTES = 64 * 2**20
"""A larger file is no picture of a panel."""

NOT_SENT = ("ConnectError", "ConnectTimeout", "PoolTimeout")
"""Failures of the connection before anything could have been asked for."""

ASKINGS = 2
"""A request whose answer broke off is asked once more with the same idempotency key, which a server that knows such
keys answers with the same picture."""


def make(context: Context) -> "ImagesProcessor":
    """The processor ``images-api``. Raises ImagesError, and Complaint where the client library is missing."""
    options = parse_options(context.options)
    try:
        import openai  # noqa: F401
    except ImportError as error:
        raise Complaint(
            "the images API needs its client library; install it with: pip install openai keyring"
        ) from error
    return ImagesProcessor(options, find_key(options), context.folder)


class ImagesProcessor:
    """``processors.base.Processor`` over one API; asyncio only, as its HTTP library is."""

    def __init__(self, options: ImagesOptions, key: str, folder: Path) -> None:
        self._options, self._key, self._folder = options, key, folder
        self._client: openai.AsyncOpenAI | None = None
        self._session: aiohttp.ClientSession | None = None
        self._unheard: dict[str, str] = {}
        self._owed: dict[str, Owed] = {}

    async def __aenter__(self) -> Self:
        import openai

        self._client = openai.AsyncOpenAI(
            api_key=self._key, base_url=self._options.base_url, max_retries=0, timeout=None, organization=None
        )
        # Pictures take the client library's way out: by the environment's proxy, where there is one.
        self._session = aiohttp.ClientSession(auto_decompress=True, trust_env=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.close()
        if self._session is not None:
            await self._session.close()

    async def open_worker(self) -> Worker:
        assert self._client is not None and self._session is not None
        shared = self._unheard, self._owed
        return ImagesWorker(self._client, self._session, self._options, self._folder, *shared)

    async def usage(self, workers: Sequence[Worker]) -> Usage:
        return Usage(0)


class Owed(msgspec.Struct, frozen=True):
    """A picture that was made for ``prompt`` and could not be fetched: the API's ``item`` tells where it is."""

    prompt: str
    item: Mapping[str, Any]


class ImagesWorker:
    """``processors.base.Worker``: a place in the queue of an API. It has no page, so its pulse always beats.

    ``unheard``, shared by all workers: the idempotency keys of panels whose answer broke off. Their picture may be
    made (and paid for), so the panel is asked for again under the same key, by whichever attempt comes next.
    ``owed``, shared too: pictures that are made and not yet fetched, by panel; they are fetched before others are made.
    """

    def __init__(
        self,
        client: "openai.AsyncOpenAI",
        session: aiohttp.ClientSession,
        options: ImagesOptions,
        folder: Path,
        unheard: dict[str, str],
        owed: dict[str, Owed],
    ) -> None:
        self.endpoint = options.host
        self._client, self._session, self._options, self._folder = client, session, options, folder
        self._unheard, self._owed = unheard, owed

    async def draw(self, job: Job, progress: Progress) -> Drawing:
        started = time.monotonic()
        owed = self._owed.pop(job.panel, None)
        if owed is not None and owed.prompt == job.prompt:
            with contextlib.suppress(AttemptError):  # its address is no longer good
                return Drawing((await self._picture(owed.item),), "", 0.0, (), self._told(job, owed.item))
        item, budgets = await self._asked(job)
        await progress.sent("")
        try:
            picture = await self._picture(item)
        except AttemptError:
            if item.get("url"):
                self._owed[job.panel] = Owed(job.prompt, item)
            raise
        return Drawing((picture,), "", time.monotonic() - started, budgets, self._told(job, item))

    def _told(self, job: Job, item: Mapping[str, Any]) -> dict[str, str]:
        """What is known of how the picture was made."""
        told = {"model": self._options.model}
        if self._options.seed and job.seed is not None:
            told["seed"] = str(job.seed)
        if revised := item.get("revised_prompt"):
            told["revised_prompt"] = str(revised)
        return told

    async def harvest(self, job: Job) -> Drawing:
        raise AttemptError(Outcome.LOST, "an images API keeps no conversation to fetch the picture from")

    async def pulse(self) -> Pulse:
        return Pulse(0.0)

    async def close(self) -> None:
        """Nothing is open between two requests."""

    # --- asking ---

    async def _asked(self, job: Job) -> tuple[Mapping[str, Any], tuple[Budget, ...]]:
        """The answer's picture, ``{"b64_json": …}`` or ``{"url": …}``, and what its headers say is left."""
        import openai

        key = self._unheard.get(job.panel) or self._idempotency_key(job)
        broken = ""
        for _ in range(ASKINGS):
            try:
                content, headers = await self._request(job, key)
            except openai.APIStatusError as error:
                if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    self._unheard[job.panel] = key
                raise self._meaning(error) from error
            except openai.APIConnectionError as error:
                cause = type(error.__cause__).__name__
                if cause in NOT_SENT:
                    raise _unreachable(self._options.host, error.__cause__ or error) from error
                self._unheard[job.panel] = key
                broken = f"the connection to {self._options.host} broke off ({cause or type(error).__name__})"
                continue
            try:
                answer = json.loads(content)
            except ValueError as error:
                self._unheard[job.panel] = key
                broken = f"{self._options.host} answered with what is no picture: {error}"
                continue
            self._unheard.pop(job.panel, None)
            now = datetime.now(UTC)
            if (item := _first(answer)) is None:
                # A whole answer, and none that asking once more would mend.
                told = answer_of(HTTPStatus.OK, answer, seconds_told(headers, now), budgets_told(headers, now))
                raise meaning(told, self._options.host, self._options.key_env)
            return item, budgets_told(headers, now)
        raise AttemptError(Outcome.RETRYABLE, broken)

    async def _request(self, job: Job, key: str) -> tuple[bytes, Mapping[str, str]]:
        """The answer's body and its headers."""
        options = self._options
        fields: dict[str, Any] = dict(options.fields)
        if size := options.size_for(job.aspect):
            fields.setdefault("size", size)
        if options.seed and job.seed is not None:
            fields["seed"] = job.seed
        headers = {"Idempotency-Key": key}
        images = self._client.images.with_raw_response
        if job.references and options.references:
            files = [(path.name, await in_thread(path.read_bytes)) for path in job.references]
            answer = await images.edit(
                image=files, model=options.model, prompt=job.prompt, n=1, extra_headers=headers, extra_body=fields
            )
        else:
            answer = await images.generate(
                model=options.model, prompt=job.prompt, n=1, extra_headers=headers, extra_body=fields
            )
        return answer.content, answer.headers

    def _idempotency_key(self, job: Job) -> str:
        """Another one for every attempt of every project."""
        source = "\0".join((str(self._folder.resolve()), job.panel, job.attempt, job.prompt))
        return hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()[:32]

    def _meaning(self, error: "openai.APIStatusError") -> AttemptError | RunBlocked:
        headers, now = error.response.headers, datetime.now(UTC)
        answer = answer_of(error.status_code, error.body, seconds_told(headers, now), budgets_told(headers, now))
        return meaning(answer, self._options.host, self._options.key_env)

    # --- the picture ---

    async def _picture(self, item: Mapping[str, Any]) -> bytes:
        data = str(item.get("b64_json") or item.get("url"))
        if item.get("b64_json") or data.startswith("data:"):
            try:
                return await in_thread(partial(_decoded, data))
            except binascii.Error as error:
                raise AttemptError(Outcome.RETRYABLE, f"{self._options.host} sent a broken picture: {error}") from error
        return await self._fetched(urljoin(f"{self._options.base_url.rstrip('/')}/", data))

    async def _fetched(self, address: str) -> bytes:
        """A picture that is told by its address; a second try, for it is paid for already."""
        if not address.startswith(("https://", "http://")):
            raise AttemptError(Outcome.RETRYABLE, f"{self._options.host} told an address that is none: {address[:100]}")
        problem = ""
        for _ in range(ASKINGS):
            try:
                async with self._session.get(address, raise_for_status=True) as response:
                    return await _at_most(response)
            except (aiohttp.ClientError, OSError) as error:
                problem = f"{type(error).__name__}: {error}"
        raise AttemptError(Outcome.RETRYABLE, f"the picture at {self._options.host} could not be fetched ({problem})")


def _unreachable(host: str, cause: BaseException) -> RunBlocked:
    if "certificate" in str(cause).lower():
        sentence = (
            f"{host} shows a certificate this machine does not trust ({cause}); see to the machine's certificates"
        )
        return RunBlocked(Cause.NETWORK, sentence, retry_after=60.0)
    return RunBlocked(
        Cause.NETWORK, f"{host} cannot be reached ({type(cause).__name__}); is it running?", retry_after=15.0
    )


def _first(answer: Any) -> Mapping[str, Any] | None:
    """The first picture of an answer; None where there is none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    for item in data if isinstance(data, list) else ():
        if isinstance(item, dict) and (item.get("b64_json") or item.get("url")):
            return item
    return None


def _decoded(text: str) -> bytes:
    """Base64 as servers write it: in lines, in the letters of addresses, as a ``data:`` address, without its end."""
    letters = re.sub(r"\s+", "", text.partition(",")[2] if text.startswith("data:") else text)
    letters = letters.translate(str.maketrans("-_", "+/")).rstrip("=")
    return base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)


async def _at_most(response: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for part in response.content.iter_chunked(2**16):
        data += part
        if len(data) > MOST_BYTES:
            raise aiohttp.ClientPayloadError(f"it is larger than {MOST_BYTES >> 20} MiB")
    return bytes(data)
