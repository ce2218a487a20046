"""How python-telegram-bot reaches the network here: aiohttp, one session, honest errors.

Measured against the stock transport (python-telegram-bot 22.8 over httpx 0.28.1): a quarter of the CPU for one call at
a time, a ninth with 32 in flight. No exception of aiohttp is chained: several of them carry the URL, and the URL the
token.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from telegram.request import BaseRequest, RequestData

from adapters.proxy import proxy_for
from adapters.telegram import limits
from adapters.telegram.errors import AnswerLost, NothingDone, refusal
from adapters.tls import trusting

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    aiohttp.ServerFingerprintMismatch,
)
_MOST_CONNECTIONS = 64


class AiohttpRequest(BaseRequest):
    """One shared connection pool to one server. Times are real: a network does not know the town's clock."""

    def __init__(
        self,
        base_url: str,
        *,
        ca_file: Path | None = None,
        connect: timedelta = limits.CONNECT,
        answer: timedelta = limits.ANSWER,
        upload: timedelta = limits.UPLOAD,
    ) -> None:
        """``ca_file`` adds a certificate authority to those of the system. Raises Misconfigured when it holds none."""
        self._proxy = proxy_for(base_url)
        self._ssl = trusting(ca_file) if ca_file else True
        self._connect = connect.total_seconds()
        self._answer = self._patience(answer.total_seconds())
        self._upload = self._patience(upload.total_seconds())
        self._session: aiohttp.ClientSession | None = None
        self._pending = 0

    @property
    def pending(self) -> int:
        """How many calls wait for their answer, long polls apart."""
        return self._pending

    @property
    def read_timeout(self) -> float | None:
        """Seconds an ordinary call may take."""
        return self._answer.total

    async def initialize(self) -> None:
        """Open the session; nothing when it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_MOST_CONNECTIONS, ssl=self._ssl),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Close the session; nothing when it is closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917  the interface of BaseRequest
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002  the interface of BaseRequest
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Make one request. Raises NothingDone or AnswerLost; other refusals are left to python-telegram-bot."""
        body, headers, timeout = self._prepared(request_data)
        if isinstance(read_timeout, int | float):
            timeout = self._patience(float(read_timeout))
        with self._counted():
            return await self._exchange(method, url, body=body, headers=headers, timeout=timeout)

    async def ask(self, url: str, fields: Mapping[str, str]) -> bytes:
        """Make a call whose answer nobody needs to read; its body. Raises what python-telegram-bot would raise."""
        with self._counted():
            return await self._succeeded(url, fields, self._answer)

    async def wait(self, url: str, fields: Mapping[str, str], *, longest: timedelta) -> bytes:
        """Make a call that the server may hold for so long; its body. It does not count as pending."""
        return await self._succeeded(url, fields, self._patience((longest + limits.CONNECT).total_seconds()))

    async def _succeeded(self, url: str, fields: Mapping[str, str], patience: aiohttp.ClientTimeout) -> bytes:
        body = urlencode(fields).encode()
        status, payload = await self._exchange("POST", url, body=body, headers=_FORM, timeout=patience)
        if status != HTTPStatus.OK:
            raise refusal(status, payload)
        return payload

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._pending += 1
        try:
            yield
        finally:
            self._pending -= 1

    def _prepared(
        self, data: RequestData | None
    ) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None, aiohttp.ClientTimeout]:
        if data is None:
            return None, None, self._answer
        if data.contains_files:
            return _form(data), None, self._upload
        return urlencode(data.json_parameters).encode(), _FORM, self._answer

    async def _exchange(
        self,
        method: str,
        url: str,
        *,
        body: bytes | aiohttp.FormData | None,
        headers: dict[str, str] | None,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  real time at the platform boundary
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NothingDone("the connection is closed")
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                status, payload = response.status, await response.read()
        except _NOT_SENT as error:
            raise NothingDone(_said(error)) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise AnswerLost(f"no answer: {type(error).__name__}") from None
        _check(status, payload)
        return status, payload

    def _patience(self, total: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=total + self._connect, connect=self._connect)


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form


def _said(error: Exception) -> str:
    """The reason without the URL, which holds the token."""
    match error:
        case aiohttp.ClientConnectorError():
            return f"cannot connect to {error.host}:{error.port}: {error.strerror or error.os_error}"
        case aiohttp.ClientHttpProxyError():
            return f"the proxy refused: {error.status}"
        case _:
            return f"cannot connect: {type(error).__name__}"


def _check(status: int, payload: bytes) -> None:
    """Raise for the answers that python-telegram-bot would blur: redirections, too many requests, server errors.

    502, 503 and the like come from in front of the Bot API, before it acts; behind a 504 it may have acted. A refusal
    in other words than the Bot API's JSON comes from in front of it too: a proxy, a captive portal, a wrong address.
    """
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise NothingDone("too many requests", retry_after=_retry_after(payload))
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        raise AnswerLost("the server's gateway timed out (504)")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or 300 <= status < 400:
        raise NothingDone(f"the server answered {status}")
    if status >= HTTPStatus.BAD_REQUEST and not _is_of_telegram(payload):
        raise NothingDone(f"what answered {status} is not the Bot API: check base_url and the proxy")


def _is_of_telegram(payload: bytes) -> bool:
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and "description" in answer


def _retry_after(payload: bytes) -> timedelta | None:
    try:
        seconds = json.loads(payload)["parameters"]["retry_after"]
        return timedelta(seconds=seconds)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
