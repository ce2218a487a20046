"""Files: those that are ready at once, those that take a while, those that never are."""

from datetime import timedelta

import pytest
from aiohttp import FormData

from sandbox.mastodon.world import World
from tests.sandbox.pieces import PIXEL
from tests.sandbox_mastodon.conftest import Answer, Caller, HandClock


async def upload(caller: Caller, kind: str = "image/png", **fields: str) -> Answer:
    """Send a file."""
    form = FormData(fields)
    form.add_field("file", PIXEL, filename="file", content_type=kind)
    return await caller.call("POST", "v2/media", form=form)


async def uploaded(caller: Caller) -> str:
    """Send a picture; its id."""
    return (await upload(caller)).id


async def test_a_film_takes_a_while(caller: Caller, world: World) -> None:
    """202, then 206 as often as the world says, then 200; only then can it be posted."""
    film = await upload(caller, "video/mp4", description="Le pont")
    early = await caller.post("Film", media_ids=[film.id])

    looks = [await caller.call("GET", f"v1/media/{film.id}") for _ in range(3)]
    done = await caller.post("Film", media_ids=[film.id])
    after = await caller.call("GET", f"v1/media/{film.id}")

    assert (film.status, film.body["url"]) == (202, None)
    assert [look.status for look in looks] == [206, 206, 200]
    assert (early.status, done.status, after.status) == (422, 200, 404)
    assert str(looks[-1].body["url"]).startswith(caller.server.url)
    assert [found.method for found in world.violations] == ["POST /api/v1/statuses"]


async def test_a_film_is_ready_after_a_time_too(caller: Caller, clock: HandClock) -> None:
    """Also when nobody asks."""
    film = await upload(caller, "video/mp4")
    clock.forward(timedelta(seconds=30))

    assert (await caller.post("Film", media_ids=[film.id])).status == 200


async def test_a_damaged_film_is_never_ready(caller: Caller, world: World) -> None:
    """422 for who asks, and for who posts."""
    world.damaged = True
    film = await upload(caller, "video/mp4")

    assert (await caller.call("GET", f"v1/media/{film.id}")).status == 422
    assert (await caller.post("Film", media_ids=[film.id])).status == 422


@pytest.mark.parametrize(
    ("kind", "description", "status"),
    [("image/png", "x" * 1500, 200), ("image/png", "x" * 1501, 422), ("text/plain", "x", 422)],
    ids=["1500 letters", "1501 letters", "no picture"],
)
async def test_files_have_limits(caller: Caller, kind: str, description: str, status: int) -> None:
    """Of kind and of description."""
    assert (await upload(caller, kind, description=description)).status == status


async def test_a_description_is_given_later(caller: Caller, world: World) -> None:
    """As long as the file is in no post."""
    media = await uploaded(caller)
    changed = await caller.call("PUT", f"v1/media/{media}", {"description": "Le pont", "focus": "0.1,-2"})
    await caller.post("Voici", media_ids=[media])

    refused = await caller.call("PUT", f"v1/media/{media}", {"description": "Le gué"})

    assert (changed.body["description"], world.media[media].focus) == ("Le pont", (0.1, -1.0))
    assert refused.status == 404


async def test_four_pictures_or_one_film(caller: Caller) -> None:
    """Not five, not both, not one of another post."""
    pictures = [await uploaded(caller) for _ in range(5)]
    film = (await upload(caller, "audio/ogg")).id

    assert (await caller.post("Cinq", media_ids=pictures)).status == 422
    assert (await caller.post("Mêlés", media_ids=[pictures[0], film])).status == 422
    assert (await caller.post("Quatre", media_ids=pictures[:4])).status == 200
    assert (await caller.post("Encore", media_ids=pictures[:1])).status == 422


async def test_the_file_itself_can_be_had(caller: Caller) -> None:
    """Where its address says."""
    media = await upload(caller)

    async with caller.session.get(str(media.body["url"])) as answer:
        assert await answer.read() == PIXEL


async def test_the_older_address_is_remembered_as_a_violation(caller: Caller, world: World) -> None:
    """The library falls back to it when it knows no version."""
    form = FormData()
    form.add_field("file", PIXEL, filename="file", content_type="image/png")

    answer = await caller.call("POST", "v1/media", form=form)

    assert (answer.status, [found.reason for found in world.violations]) == (200, ["deprecated, use /api/v2/media"])
