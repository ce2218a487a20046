"""The door of a pretended network: whoever came through it is hung up on at the end."""

import asyncio
import gc
import socket

import pytest
from aiohttp import web

from sandbox.listening import listening


async def greeted(_request: web.BaseRequest) -> web.Response:
    """What everybody is told."""
    return web.Response(text="Bonjour")


@pytest.mark.parametrize("instants", range(6))
async def test_a_caller_of_the_last_instant_is_hung_up_on(socket_enabled: None, instants: int) -> None:  # noqa: ARG001  loopback
    """However far the server has come with letting them in; one that is forgotten is a warning in some later test."""
    runner = web.ServerRunner(web.Server(greeted), shutdown_timeout=0.1)
    async with listening(runner) as port:
        caller = socket.create_connection(("127.0.0.1", port), timeout=5)
        for _ in range(instants):
            await asyncio.sleep(0)

    await asyncio.sleep(0)
    gc.collect()

    with caller:
        assert heard(caller) == b""


def heard(caller: socket.socket) -> bytes:
    """What the other end said before it hung up."""
    try:
        return caller.recv(100)
    except ConnectionResetError:
        return b""
