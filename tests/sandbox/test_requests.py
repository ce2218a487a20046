"""What arrives over HTTP, however it is packed."""

import pytest
from aiohttp import ClientSession, MultipartWriter

from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, CHANNEL, TOKEN, Caller


async def test_the_address_may_carry_the_parameters(world: World, caller: Caller) -> None:
    """GET with a query, as people try in a browser."""
    address = f"{caller.server.url}/bot{TOKEN}/sendMessage?chat_id=@ville_demo&text=%C3%A7a%20va"
    async with caller.session.get(address) as answer:
        status = answer.status

    assert status == 200
    assert [message.text for message in world.chat(CHANNEL).messages.values()] == ["ça va"]


async def test_a_body_of_another_kind_is_not_read(caller: Caller) -> None:
    """The address alone counts then."""
    address = f"{caller.server.url}/bot{TOKEN}/getMe"
    async with caller.session.post(address, data=b"x", headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (b"chat_id=1&text=%ff", "application/x-www-form-urlencoded", "strings must be encoded in UTF-8"),
        (b"{", "application/json", "can't parse JSON object"),
        (b"[]", "application/json", "can't parse JSON object"),
    ],
    ids=["no UTF-8", "broken JSON", "no object"],
)
async def test_an_unreadable_body_is_refused(
    world: World, caller: Caller, content: bytes, kind: str, reason: str
) -> None:
    """And counted: no library sends this."""
    address = f"{caller.server.url}/bot{TOKEN}/sendMessage"
    async with caller.session.post(address, data=content, headers={"Content-Type": kind}) as answer:
        body = await answer.json()

    assert (answer.status, body["description"]) == (400, f"Bad Request: {reason}")
    assert len(world.violations) == 1


async def test_a_part_that_is_no_text_is_refused(caller: Caller) -> None:
    """Fields of a multipart body are UTF-8."""
    with MultipartWriter("form-data") as body:
        body.append(b"\xff", {"Content-Disposition": 'form-data; name="text"'})
    async with caller.session.post(f"{caller.server.url}/bot{TOKEN}/sendMessage", data=body) as answer:
        assert (await answer.json())["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_parts_within_parts_are_refused(caller: Caller) -> None:
    """Nobody sends those."""
    boundary, inner = b"outer", b"inner"
    body = b"--%b\r\nContent-Type: multipart/mixed; boundary=%b\r\n\r\n--%b\r\n\r\nx\r\n--%b--\r\n--%b--\r\n" % (
        boundary,
        inner,
        inner,
        inner,
        boundary,
    )
    headers = {"Content-Type": "multipart/form-data; boundary=outer"}
    async with caller.session.post(f"{caller.server.url}/bot{TOKEN}/getMe", data=body, headers=headers) as answer:
        assert (await answer.json())["description"] == "Bad Request: can't parse the multipart body"


async def test_a_server_comes_back_where_it_was(world: World) -> None:
    """On the same port with the same world, as after an outage."""
    async with TelegramServer(world) as first:
        port = int(first.url.rpartition(":")[2])
    world.start(ANNE)

    async with TelegramServer(world, port=port) as second, ClientSession() as session:
        updates = await Caller(session, second).updates(timeout=1)

    assert second.url == first.url
    assert len(updates) == 1
