"""Discord behind a proxy, for many a town hall the only way out, and one that opens all traffic."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.events import ButtonPressed, Incoming, MessagePosted
from tests.adapters.discord.conftest import ANNE, ASKED, SQUARE, Town, hear, publish


@asynccontextmanager
async def proxy(town: Town, asked: list[str], tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Reaches the imitation of Discord alone, and notes what it is asked for."""

    async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while some := await source.read(65536):
            asked.extend(line.split()[1].decode() for line in some.split(b"\r\n") if line.endswith(b"HTTP/1.1"))
            sink.write(some)
        sink.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = town.server.url.removeprefix("http://").partition(":")
        from_town, to_town = await asyncio.open_connection(host, int(port))
        await asyncio.gather(pipe(reader, to_town), pipe(from_town, writer))

    async with await asyncio.start_server(serve, "127.0.0.1", ssl=tls) as server:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_calls_the_line_and_the_answers_go_through_the_proxy(town: Town, environment: dict[str, str]) -> None:
    """Nothing is reached in another way: not the calls, not the line, not whoever presses."""
    asked: list[str] = []

    async with proxy(town, asked) as url:
        environment["HTTP_PROXY"] = os.environ["HTTP_PROXY"] = url
        async with town.connected() as adapter:
            (receipt,) = await publish(adapter, ASKED)
            town.world.press(ANNE, SQUARE, int(receipt.message), "v1:pont:0")
            (pressed,) = await hear(adapter)
            assert isinstance(pressed, ButtonPressed)
            await adapter.toast(pressed.handle, "C'est compté", alert=False)

    kinds = ("/users/@me", f"/channels/{SQUARE}/messages", "/gateway?", "/callback")
    assert [kind for kind in kinds if not any(kind in each for each in asked)] == []


async def test_the_line_trusts_the_towns_own_authority(town: Town, authority: tuple[Path, ssl.SSLContext]) -> None:
    """As the calls do; else the bot would publish and hear nobody."""
    ca_file, tls = authority
    async with proxy(town, [], tls) as url:
        town.world.gateway_url = f"{url.replace('https', 'wss')}/gateway"
        async with town.connected(base_url=f"{url}/api/v10", ca_file=ca_file) as adapter:
            town.world.write(ANNE, SQUARE, "Bonjour")
            heard: list[Incoming] = []
            while not heard:
                heard = await hear(adapter)

    assert [type(each) for each in heard] == [MessagePosted]
