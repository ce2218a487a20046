"""Posts that are corrected, pinned and taken back."""

from datetime import timedelta

import pytest

from sandbox.mastodon.world import World
from tests.sandbox_mastodon.conftest import Caller, HandClock, person
from tests.sandbox_mastodon.test_media import uploaded

POLL = {"options": ["Pont", "Gué"], "expires_in": 3600}


async def test_what_an_edit_leaves_out_is_gone(world: World, caller: Caller) -> None:
    """Media, warning and poll; the language stays."""
    media = await uploaded(caller)
    post = await caller.post("Avant", media_ids=[media], spoiler_text="Voirie", poll=POLL, language="fr")

    edited = await caller.call("PUT", f"v1/statuses/{post.id}", {"status": "Après"})

    body = edited.body
    assert (body["media_attachments"], body["poll"], body["spoiler_text"], body["language"]) == ([], None, "", "fr")
    assert body["edited_at"] is not None
    assert not world.polls


async def test_an_edit_keeps_what_it_says_again(world: World, caller: Caller, anne: str) -> None:
    """The same options keep their votes and their poll."""
    media = await uploaded(caller)
    post = await caller.post("Avant", media_ids=[media], poll=POLL)
    world.vote(anne, post.id, [1])
    attributes = [{"id": media, "description": "Le pont"}]

    edited = await caller.call(
        "PUT",
        f"v1/statuses/{post.id}",
        {"status": "Après", "media_ids": [media], "media_attributes": attributes, "poll": POLL},
    )

    (kept,) = world.polls.values()
    assert (kept.votes, world.media[media].description) == ({anne: (1,)}, "Le pont")
    assert edited.body["poll"]["id"] == post.body["poll"]["id"]
    assert not world.violations


@pytest.mark.parametrize("change", [{"options": ["Pont", "Bac"]}, {"multiple": True}], ids=["options", "multiple"])
async def test_another_poll_loses_its_votes(world: World, caller: Caller, anne: str, change: dict[str, object]) -> None:
    """Whoever changes the question asks anew."""
    post = await caller.post("Quel passage ?", poll=POLL)
    world.vote(anne, post.id, [1])

    await caller.call("PUT", f"v1/statuses/{post.id}", {"status": "Quel passage ?", "poll": {**POLL, **change}})

    (poll,) = world.polls.values()
    assert poll.votes == {}


async def test_the_end_of_an_edited_poll_is_told_five_minutes_later(caller: Caller, clock: HandClock) -> None:
    """It is over at its instant all the same."""
    post = await caller.post("Quel passage ?", poll=POLL)
    clock.forward(timedelta(minutes=30))
    edited = await caller.call("PUT", f"v1/statuses/{post.id}", {"status": "Lequel ?", "poll": POLL})
    clock.forward(timedelta(hours=1))
    poll = await caller.call("GET", f"v1/polls/{post.body['poll']['id']}")
    early = await caller.call("GET", "v1/notifications")

    clock.forward(timedelta(minutes=5))
    late = await caller.call("GET", "v1/notifications")

    assert edited.body["poll"]["id"] == post.body["poll"]["id"]
    assert (poll.body["expired"], early.rows, [row["type"] for row in late.rows]) == (True, [], ["poll"])


async def test_an_edit_that_changes_nothing_is_none(caller: Caller) -> None:
    """Nothing is marked as edited, nobody hears of it."""
    post = await caller.post("Avis", spoiler_text="Voirie")

    edited = await caller.call("PUT", f"v1/statuses/{post.id}", {"status": "Avis", "spoiler_text": "Voirie"})

    assert (edited.status, edited.body["edited_at"]) == (200, None)


async def test_who_shared_a_post_hears_that_it_changed(world: World, caller: Caller, anne: str) -> None:
    """Others do not."""
    post = await caller.post("Avant")
    world.boost(anne, post.id)

    await caller.call("PUT", f"v1/statuses/{post.id}", {"status": "Après"})

    assert [told.kind for told in world.notifications[anne]] == ["update"]


async def test_a_post_is_taken_back_once(world: World, caller: Caller) -> None:
    """With the words as they were typed; then it is not there."""
    post = await caller.post("Un <b>banc</b>")

    gone = await caller.call("DELETE", f"v1/statuses/{post.id}")
    again = await caller.call("DELETE", f"v1/statuses/{post.id}")

    assert (gone.status, gone.body["text"], again.status) == (200, "Un <b>banc</b>", 404)
    assert not world.violations


async def test_only_ones_own_posts_are_corrected(world: World, caller: Caller, anne: str) -> None:
    """Others' are not there."""
    said = world.mention(anne, "bonjour")

    assert (await caller.call("PUT", f"v1/statuses/{said}", {"status": "x"})).status == 404
    assert (await caller.call("DELETE", f"v1/statuses/{said}")).status == 404
    assert (await caller.call("POST", f"v1/statuses/{said}/pin")).status == 422


async def test_five_posts_are_pinned(caller: Caller, world: World) -> None:
    """A sixth is refused until one is taken down."""
    posts = [(await caller.post(str(number))).id for number in range(6)]
    answers = [await caller.call("POST", f"v1/statuses/{number}/pin") for number in posts]
    await caller.call("POST", f"v1/statuses/{posts[0]}/unpin")

    pinned = await caller.call("GET", f"v1/accounts/{world.the_bot().id}/statuses?pinned=true")

    assert [answer.status for answer in answers] == [200] * 5 + [422]
    assert len(pinned.rows) == 4


async def test_a_star_is_given_once(world: World, caller: Caller, anne: str) -> None:
    """And its receiver is told once."""
    said = world.mention(anne, "2")

    await caller.call("POST", f"v1/statuses/{said}/favourite")
    answer = await caller.call("POST", f"v1/statuses/{said}/favourite")

    assert (answer.body["favourited"], answer.body["favourites_count"]) == (True, 1)
    assert [told.kind for told in world.notifications[anne]] == ["favourite"]


async def test_gotosocial_forgets_the_language_too(social: Caller, clock: HandClock) -> None:
    """Nothing that is not said again stays."""
    world = social.server.world
    post = await social.post("Avant", language="fr", poll=POLL)
    world.vote(person(world, "anne").id, post.id, [0])
    clock.forward(timedelta(minutes=1))

    edited = await social.call("PUT", f"v1/statuses/{post.id}", {"status": "Après"})

    assert (edited.body["language"], edited.body["poll"]) == ("en", None)
