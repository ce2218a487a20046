"""Where a pretended network is reached on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ssl import SSLContext

from aiohttp import web

TOO_SLOW = 0.1  # seconds that a request may still take when the server stops


@asynccontextmanager
async def listening(
    runner: web.BaseRunner, host: str = "127.0.0.1", port: int = 0, tls: SSLContext | None = None
) -> AsyncIterator[int]:
    """Let it be called here until the end; the port, which the machine chooses for 0."""
    loop = asyncio.get_running_loop()
    await runner.setup()
    assert runner.server is not None  # noqa: S101  the type checker does not know that it is there now
    server = await loop.create_server(runner.server, host, port, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        # asyncio forgets, and never hangs up on, a caller who is being let in while a server closes (CPython's issue
        # 109564, open on 2026-11-28). So the door is shut first; who stands in it is let in: a task, then a connection.
        for door in server.sockets:
            loop.remove_reader(door)
        for _ in range(2):
            await asyncio.sleep(0)
        server.close()
        await runner.cleanup()
