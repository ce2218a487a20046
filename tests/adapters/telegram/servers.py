"""Small servers that answer as they are told, for what the imitation of Telegram is too well-behaved to say."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from sandbox.listening import listening

OK = '{"ok": true, "result": true}'
ME = {"id": 1, "is_bot": True, "first_name": "Ville", "username": "ville_bot"}
Answering = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(answer: Answering, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Answer so, at the address given."""
    runner = web.ServerRunner(web.Server(answer, access_log=None), shutdown_timeout=0.1)
    async with listening(runner, tls=context) as port:
        yield f"{'https' if context else 'http'}://127.0.0.1:{port}"


def always(status: int, text: str = OK, delay: float = 0, headers: dict[str, str] | None = None) -> Answering:
    """The same answer to everything."""

    async def answer(_request: web.BaseRequest) -> web.Response:
        await asyncio.sleep(delay)
        return web.Response(status=status, text=text, content_type="application/json", headers=headers)

    return answer


@asynccontextmanager
async def scripted(said: Mapping[str, tuple[int, object]]) -> AsyncIterator[tuple[str, list[str]]]:
    """Answer each method with a status and a result, or a sentence when it is refused; and what was asked."""
    asked: list[str] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        method = request.path.rpartition("/")[2]
        asked.append(method)
        status, content = said[method]
        body = {"ok": True, "result": content} if status == 200 else {"ok": False, "description": content}
        return web.Response(status=status, text=json.dumps(body), content_type="application/json")

    async with serving(answer) as url:
        yield url, asked
