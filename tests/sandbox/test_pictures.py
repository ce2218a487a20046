"""Pictures and albums: uploaded, sent again, fetched, refused."""

import json

import pytest
from aiohttp import FormData

from sandbox.telegram.world import World
from tests.sandbox.conftest import CHANNEL, GROUP, Caller
from tests.sandbox.pieces import PIXEL


async def test_a_picture_is_uploaded_once_and_sent_again(world: World, caller: Caller) -> None:
    """The same picture goes to several chats by its file_id."""
    form = FormData({"chat_id": str(CHANNEL), "caption": "Le pont"})
    form.add_field("photo", PIXEL, filename="pont.png", content_type="image/png")
    first = await caller.form("sendPhoto", form)
    assert isinstance(first.result, dict)
    file_id = first.result["photo"][-1]["file_id"]

    again = await caller.call("sendPhoto", chat_id=GROUP, photo=file_id)

    assert again.status == 200
    assert (len(world.photos), first.result["caption"]) == (1, "Le pont")


async def test_a_picture_can_be_fetched(caller: Caller) -> None:
    """GetFile and the address below /file."""
    form = FormData({"chat_id": str(CHANNEL)})
    form.add_field("photo", PIXEL, filename="pont.png")
    sent = await caller.form("sendPhoto", form)
    assert isinstance(sent.result, dict)
    found = await caller.call("getFile", file_id=sent.result["photo"][0]["file_id"])
    assert isinstance(found.result, dict)

    address = f"{caller.server.url}/file/bot1000001:sandbox-token/{found.result['file_path']}"
    async with caller.session.get(address) as answer:
        content = await answer.read()

    assert content == PIXEL


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        ("AgACunknown", "wrong file identifier/HTTP URL specified"),
        ("https://ville.example/pont.png", "failed to get HTTP URL content"),
        ("attach://pont", "there is no photo in the request"),
        ("", "there is no photo in the request"),
    ],
)
async def test_a_picture_must_be_there(caller: Caller, photo: str, reason: str) -> None:
    """The sandbox fetches nothing from anywhere."""
    answer = await caller.call("sendPhoto", chat_id=CHANNEL, photo=photo)

    assert answer.reason == f"Bad Request: {reason}"


async def test_a_caption_has_at_most_1024_code_points(caller: Caller) -> None:
    """Td MessageContent.cpp message_caption_length_max."""
    form = FormData({"chat_id": str(CHANNEL), "caption": "a" * 1025})
    form.add_field("photo", PIXEL, filename="pont.png")

    answer = await caller.form("sendPhoto", form)

    assert answer.reason == "Bad Request: message caption is too long"


def album(count: int, **first: object) -> FormData:
    """An album of so many copies of a pixel."""
    media = [{"type": "photo", "media": f"attach://p{n}", **(first if n == 0 else {})} for n in range(count)]
    form = FormData({"chat_id": str(CHANNEL), "media": json.dumps(media)})
    for n in range(count):
        form.add_field(f"p{n}", PIXEL, filename=f"{n}.png")
    return form


async def test_an_album_is_several_messages_of_one_group(world: World, caller: Caller) -> None:
    """Each item has its own number; the caption stands under the first."""
    answer = await caller.form("sendMediaGroup", album(3, caption="<b>Trois</b> vues", parse_mode="HTML"))

    messages = list(world.chat(CHANNEL).messages.values())
    assert answer.status == 200
    assert [message.text for message in messages] == ["Trois vues", "", ""]
    assert len({message.album for message in messages}) == 1


@pytest.mark.parametrize("count", [1, 11])
async def test_an_album_has_two_to_ten_items(world: World, caller: Caller, count: int) -> None:
    """Nothing of a refused album is sent."""
    answer = await caller.form("sendMediaGroup", album(count))

    assert answer.reason == "Bad Request: an album has 2 to 10 items"
    assert not world.chat(CHANNEL).messages


async def test_an_album_here_is_of_photos(caller: Caller) -> None:
    """Other kinds are not imitated."""
    answer = await caller.form("sendMediaGroup", album(2, type="video"))

    assert answer.reason == "Bad Request: the sandbox's albums are of photos"
