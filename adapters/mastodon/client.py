"""Mastodon.py, asked for answers as they came: no cast of every field, right types in JSON, one thread for each client.

Its public methods cast each field of each answer (348 ms of held interpreter for a page of 40 notifications), send
booleans as "0" and "1" that GoToSocial refuses, and erase on an edit what they cannot be given. The one request
function below them keeps its session, headers, error classes and rate limits. It is private to the library, so the
version is bounded and ``tests/adapters/mastodon`` plays every call against the sandbox.
"""

import asyncio
import mimetypes
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import mastodon
import requests
from mastodon.errors import MastodonError
from requests.adapters import HTTPAdapter

from adapters.mastodon import limits
from adapters.mastodon.errors import as_ours
from core.errors import Rejected, Unavailable, Uncertain

T = TypeVar("T")
Answer = Any  # JSON: a dict, or a list of them

_NO_CONTENT = (b"", b"{}")
_PROCESSED = 200
_BREATH = 1.0  # seconds between two looks at a picture that is being processed


class _Library(mastodon.Mastodon):
    """The library with a way to its one request function."""

    def asked(self, verb: str, path: str, **more: Any) -> requests.Response:
        """The response to a request. Raises MastodonError."""
        ask = getattr(self, "_Mastodon__api_request")  # noqa: B009  private to the library, see above
        answer: requests.Response = ask(verb, path, return_response_object=True, **more)
        return answer


class _Trusting(HTTPAdapter):
    """Connections that trust what this context does, also through a proxy."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        super().__init__()

    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        super().init_poolmanager(*given, **more, ssl_context=self._tls)

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        return super().proxy_manager_for(proxy, **more, ssl_context=self._tls)


class Client:
    """Calls one server with one token, one call at a time, outside the event loop."""

    def __init__(self, base_url: str, token: str, *, tls: ssl.SSLContext | None) -> None:
        self._base_url = base_url
        self._token = token
        self._tls = tls
        self._under_way = 0
        self._closed = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="parvis-mastodon")

    @cached_property
    def _library(self) -> _Library:
        """Made in the thread: it looks whether the token is the name of a file."""
        session = requests.Session()
        if self._tls is not None:
            session.mount("https://", _Trusting(self._tls))
        return _Library(
            access_token=self._token,
            api_base_url=self._base_url,
            session=session,
            request_timeout=limits.REQUEST.total_seconds(),
            ratelimit_method="throw",
            version_check_mode="created",  # with a version given: no request before each request
            mastodon_version="99.0.0",
            user_agent="Parvis",
        )

    @property
    def busy(self) -> bool:
        """Whether a call is under way."""
        return self._under_way > 0

    @property
    def left(self) -> int:
        """How many calls the last answer said that there are left, of the kind that is nearest to its end."""
        return self._library.ratelimit_remaining if "_library" in self.__dict__ else limits.MOST_POSTS.calls

    def close(self) -> None:
        """Take no further call; one that is under way ends by itself, and the connection with it."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._hang_up)
            self._thread.shutdown(wait=False)

    async def get(self, path: str, **query: Any) -> Answer:
        """Read. Raises PlatformError, but not Uncertain."""
        return await self._certainly(lambda: self._json("GET", path, params=query))

    async def send(self, verb: str, path: str, body: Mapping[str, Any] | None = None, *, key: str = "") -> Answer:
        """Change something, with a JSON body. Raises PlatformError."""
        return await self._away(lambda: self._sent(verb, path, body, key))

    async def again(self, verb: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Change what may be changed so twice: a lost answer means «later». Raises PlatformError, but not Uncertain."""
        return await self._certainly(lambda: self._sent(verb, path, body, ""))

    async def upload(self, picture: Path, description: str, *, largest: int) -> str:
        """The id of a picture, ready to be posted. Raises PlatformError, but not Uncertain: nothing is published."""
        try:
            return await self._certainly(lambda: self._uploaded(picture, description, largest))
        except OSError as error:
            raise Rejected(f"{picture.name}: {error.strerror}") from error

    def _hang_up(self) -> None:
        if "_library" in self.__dict__:
            self._library.session.close()

    def _sent(self, verb: str, path: str, body: Mapping[str, Any] | None, key: str) -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        more: dict[str, Any] = {"params": dict(body), "use_json": True} if body is not None else {}
        return self._json(verb, path, headers=headers, **more)

    def _uploaded(self, picture: Path, description: str, largest: int) -> str:
        if picture.stat().st_size > largest:
            raise Rejected(f"{picture.name} is larger than {largest} bytes, the most that this server takes")
        kind, _ = mimetypes.guess_type(picture.name, strict=False)  # servers take no file without one
        with picture.open("rb") as file:
            files = {"file": (picture.name, file, kind or "application/octet-stream")}
            answer = self._library.asked("POST", "/api/v2/media", params={"description": description}, files=files)
        number = str(answer.json()["id"])
        until = time.monotonic() + limits.PROCESSING.total_seconds()
        while answer.status_code != _PROCESSED:
            if time.monotonic() > until:
                raise Unavailable(f"{picture.name} is still being processed after {limits.PROCESSING.seconds} s")
            time.sleep(_BREATH)
            answer = self._library.asked("GET", f"/api/v1/media/{number}")
        return number

    def _json(self, verb: str, path: str, **more: Any) -> Answer:
        answer = self._library.asked(verb, path, **more)
        return {} if answer.content in _NO_CONTENT else answer.json()

    async def _certainly(self, call: Callable[[], T]) -> T:
        try:
            return await self._away(call)
        except Uncertain as error:
            raise Unavailable(error.detail) from error

    async def _away(self, call: Callable[[], T]) -> T:
        if self._closed:
            raise Unavailable("the connection is closed")
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except MastodonError as error:
            raise as_ours(error, retry_after=self._retry_after()) from None
        except (ValueError, KeyError, TypeError) as error:
            raise Uncertain(f"an answer that nobody can read: {type(error).__name__}") from error
        finally:
            self._under_way -= 1

    def _retry_after(self) -> timedelta | None:
        reset = self._library.ratelimit_reset
        return timedelta(seconds=max(reset - time.time(), 1)) if reset else None
