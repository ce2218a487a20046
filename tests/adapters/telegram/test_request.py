"""The transport, against small servers that answer as they are told."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from telegram.error import BadRequest, InvalidToken, NetworkError
from telegram.request import RequestData

from adapters.telegram.errors import AnswerLost, NothingDone
from adapters.telegram.request import AiohttpRequest
from core.errors import Misconfigured
from tests.adapters.telegram.servers import OK, Answering, always, serving

pytestmark = pytest.mark.usefixtures("socket_enabled")
SHORT = timedelta(milliseconds=200)


@asynccontextmanager
async def asking(url: str, ca_file: Path | None = None) -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(url, ca_file=ca_file, connect=SHORT, answer=SHORT) as request:
        yield request


async def hang_up(request: web.BaseRequest) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def test_a_call_that_succeeds_gives_its_result() -> None:
    """As python-telegram-bot expects."""
    async with serving(always(200)) as url, asking(url) as request:
        result = await request.post(f"{url}/getMe", RequestData([]))

    assert result is True


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (always(502, "<html>"), NothingDone),
        (always(500), NothingDone),
        (always(302, headers={"Location": "https://elsewhere.example"}), NothingDone),
        (always(429, '{"parameters": {"retry_after": 3}}'), NothingDone),
        (always(429, "<html>"), NothingDone),
        (always(504, "<html>"), AnswerLost),
        (always(200, delay=5), AnswerLost),
        (hang_up, AnswerLost),
        (always(400, '{"description": "Bad Request: x"}'), BadRequest),
        (always(401, '{"description": "Unauthorized"}'), InvalidToken),
        (always(404, '{"description": "Not Found"}'), InvalidToken),
        (always(404, "<html>"), NothingDone),
        (always(403, '"no"'), NothingDone),
    ],
    ids=[
        *("502", "500", "302", "429", "429 without delay", "504", "slow", "cut", "400", "401", "404"),
        *("404 of a proxy", "403 of a proxy"),
    ],
)
@pytest.mark.parametrize("path", ["post", "ask"])
async def test_an_answer_that_is_none_says_whether_something_was_done(
    answer: Answering, error: type[NetworkError], path: str
) -> None:
    """Everything that is sent twice or lost hangs on this distinction; both ways to call make it."""
    async with serving(answer) as url, asking(url) as request:
        with pytest.raises(error):
            await (request.post(f"{url}/x", RequestData([])) if path == "post" else request.ask(f"{url}/x", {}))


async def test_nobody_listening_means_that_nothing_was_done() -> None:
    """Port 1 of this machine."""
    async with asking("http://127.0.0.1:1") as request:
        with pytest.raises(NothingDone, match=r"cannot connect to 127\.0\.0\.1:1"):
            await request.ask("http://127.0.0.1:1/bot1:secret-secret/getMe", {})


async def test_an_address_that_is_none_means_that_nothing_was_done() -> None:
    """A mistyped base_url."""
    async with asking("http://") as request:
        with pytest.raises(NothingDone, match="cannot connect"):
            await request.ask("http:///bot1:secret-token/getMe", {})


async def test_nothing_is_asked_through_a_closed_connection() -> None:
    """A stopping service must not wait for a time-out."""
    request = AiohttpRequest("http://127.0.0.1:1")

    with pytest.raises(NothingDone, match="closed"):
        await request.ask("http://127.0.0.1:1/", {})


class Held:
    """A server that answers when told to."""

    def __init__(self) -> None:
        self.asked, self.released = asyncio.Event(), asyncio.Event()

    async def __call__(self, _request: web.BaseRequest) -> web.StreamResponse:
        self.asked.set()
        await self.released.wait()
        return web.Response(text=OK)


async def test_a_long_poll_is_no_pending_call() -> None:
    """Waiting for people to do something is rest."""
    held = Held()
    async with serving(held) as url, asking(url) as request:
        waiting = asyncio.ensure_future(request.wait(f"{url}/getUpdates", {}, longest=timedelta(seconds=5)))
        await held.asked.wait()
        pending = request.pending
        held.released.set()
        body = await waiting

    assert (pending, body) == (0, OK.encode())


async def test_a_long_poll_may_take_longer_than_a_call() -> None:
    """Telegram holds it for as long as nothing happens."""
    async with serving(always(200, delay=0.5)) as url, asking(url) as request:
        assert await request.wait(f"{url}/getUpdates", {}, longest=timedelta(seconds=5)) == OK.encode()


async def test_a_call_under_way_is_pending() -> None:
    """The demonstration's clock must not leap over it."""
    held = Held()
    async with serving(held) as url, asking(url) as request:
        calling = asyncio.ensure_future(request.ask(f"{url}/x", {}))
        await held.asked.wait()
        pending = request.pending
        held.released.set()
        await calling

    assert (pending, request.pending) == (1, 0)


async def test_calls_go_through_the_proxy(environment: dict[str, str]) -> None:
    """A town hall's network often has no other way out; its name and password are those of the address."""
    seen: list[tuple[str, str]] = []

    async def proxy(request: web.BaseRequest) -> web.StreamResponse:
        seen.append((request.host, request.headers.get("Proxy-Authorization", "")))
        return await always(200)(request)

    async with serving(proxy) as url:
        environment["HTTP_PROXY"] = os.environ["HTTP_PROXY"] = url.replace("http://", "http://clerk:secret@")
        async with asking("http://telegram.example") as request:
            await request.ask("http://telegram.example/bot/getMe", {})

    assert seen == [("telegram.example", "Basic Y2xlcms6c2VjcmV0")]


async def test_a_proxy_that_refuses_let_nothing_through(environment: dict[str, str]) -> None:
    """And its refusal, which names the address with the token in it, is not passed on."""
    async with serving(always(403)) as url:
        environment["HTTPS_PROXY"] = os.environ["HTTPS_PROXY"] = url
        async with asking("https://telegram.example") as request:
            with pytest.raises(NothingDone, match="the proxy refused: 403") as refused:
                await request.ask("https://telegram.example/bot1:secret-token/getMe", {})

    assert "secret-token" not in repr(refused.value) + repr(refused.value.__cause__)


async def test_a_private_authority_is_trusted_when_named(authority: tuple[Path, ssl.SSLContext]) -> None:
    """A town hall's network may have its own."""
    ca_file, context = authority
    async with serving(always(200), context) as url, asking(url, ca_file) as request:
        assert await request.ask(f"{url}/x", {}) == OK.encode()


async def test_a_private_authority_is_not_trusted_otherwise(authority: tuple[Path, ssl.SSLContext]) -> None:
    """And nothing was sent to whoever pretends."""
    async with serving(always(200), authority[1]) as url, asking(url) as request:
        with pytest.raises(NothingDone, match=r"(?i)certificate"):
            await request.ask(f"{url}/x", {})


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_that_cannot_be_read_is_named_with_its_cure(tmp_path: Path, content: str | None) -> None:
    """Before anything starts."""
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)

    with pytest.raises(Misconfigured, match="PEM"):
        AiohttpRequest("https://x.example", ca_file=ca_file)
