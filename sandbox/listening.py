"""Where a pretended network is reached on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ssl import SSLContext

from aiohttp import web

TOO_SLOW = 0.1  # seconds that a request may still take when the server stops
_LETS_IN = "_accept_connection2"  # a coroutine of CPython 3.8 to 3.14


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
        # 109564, open on 2026-11-28). So the door is shut first, and who stands in it is let in, or turned away when
        # their certificates do not match: a task of asyncio's own.
        for door in server.sockets:
            loop.remove_reader(door)
        if callers := [task for task in asyncio.all_tasks() if getattr(task.get_coro(), "__name__", "") == _LETS_IN]:
            await asyncio.wait(callers, timeout=TOO_SLOW)
        server.close()
        await runner.cleanup()
