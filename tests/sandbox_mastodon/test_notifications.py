"""What the bot is told, what is kept from it, and in which order it is read."""

from datetime import timedelta

import pytest

from sandbox.mastodon.world import World
from tests.sandbox_mastodon.conftest import Caller, HandClock, person


def ids(world: World) -> list[str]:
    """The bot's notifications, oldest first."""
    return [told.id for told in world.notifications[world.the_bot().id]]


async def test_pages_are_read_from_both_ends(world: World, caller: Caller, anne: str) -> None:
    """``min_id`` gives what comes just after it, ``since_id`` the newest; both newest first."""
    for number in range(5):
        world.mention(anne, str(number))
    told = ids(world)

    after = await caller.call("GET", f"v1/notifications?limit=2&min_id={told[0]}")
    since = await caller.call("GET", f"v1/notifications?limit=2&since_id={told[0]}")
    before = await caller.call("GET", f"v1/notifications?limit=2&max_id={told[4]}")

    assert [row["id"] for row in after.rows] == [told[2], told[1]]
    assert [row["id"] for row in since.rows] == [told[4], told[3]]
    assert [row["id"] for row in before.rows] == [told[3], told[2]]
    assert f'min_id={told[2]}>; rel="prev"' in after.headers["Link"]


async def test_eighty_at_most(world: World, caller: Caller, anne: str) -> None:
    """Forty when nothing is said."""
    for number in range(90):
        world.mention(anne, str(number))

    assert len((await caller.call("GET", "v1/notifications")).rows) == 40
    assert len((await caller.call("GET", "v1/notifications?limit=100")).rows) == 80


async def test_kinds_are_chosen(world: World, caller: Caller, anne: str) -> None:
    """By naming them, or others."""
    post = await caller.post("Avis")
    world.favourite(anne, post.id)
    world.boost(anne, post.id)
    world.follow(anne, world.the_bot().id)
    world.mention(anne, "bonjour")

    everything = await caller.call("GET", "v1/notifications")
    chosen = await caller.call("GET", "v1/notifications?types[]=mention&types[]=follow")
    left = await caller.call("GET", "v1/notifications?exclude_types[]=mention")

    assert [row["type"] for row in everything.rows] == ["mention", "follow", "reblog", "favourite"]
    assert [row["type"] for row in chosen.rows] == ["mention", "follow"]
    assert "mention" not in [row["type"] for row in left.rows]


async def test_private_mentions_are_kept_back_until_the_policy_lets_them_through(
    world: World, caller: Caller, anne: str, bilal: str
) -> None:
    """The default of every account: no notification, only a request."""
    world.message(anne, "1")
    silent = await caller.call("GET", "v1/notifications")
    before = await caller.call("GET", "v2/notifications/policy")
    after = await caller.call("PATCH", "v2/notifications/policy", {"for_private_mentions": "accept"})
    world.message(bilal, "2")
    heard = await caller.call("GET", "v1/notifications")
    (waiting,) = (await caller.call("GET", "v1/notifications/requests")).rows
    await caller.call("POST", f"v1/notifications/requests/{waiting['id']}/accept")
    both = await caller.call("GET", "v1/notifications")

    assert (silent.rows, before.body["for_private_mentions"]) == ([], "filter")
    assert before.body["summary"] == {"pending_requests_count": 1, "pending_notifications_count": 1}
    assert after.body["for_private_mentions"] == "accept"
    assert (len(heard.rows), len(both.rows)) == (1, 2)


@pytest.mark.parametrize("way", ["followed", "asked first"])
async def test_some_private_mentions_come_through(world: World, caller: Caller, anne: str, way: str) -> None:
    """From those the bot follows, and in answer to what it wrote to them in private."""
    answered = None
    if way == "followed":
        await caller.call("POST", f"v1/accounts/{anne}/follow")
    else:
        answered = (await caller.post("@anne que choisissez-vous ?", visibility="direct")).id

    world.message(anne, "1", reply_to=answered)

    assert [row["type"] for row in (await caller.call("GET", "v1/notifications")).rows] == ["mention"]


async def test_a_limited_account_is_kept_back(world: World, caller: Caller, anne: str) -> None:
    """And dropped when the policy says so; a word that is no choice is refused."""
    world.silence(anne)
    world.mention(anne, "a")
    await caller.call("PATCH", "v2/notifications/policy", {"for_limited_accounts": "drop"})
    world.mention(anne, "b")

    refused = await caller.call("PATCH", "v2/notifications/policy", {"for_limited_accounts": "hide"})

    assert (await caller.call("GET", "v1/notifications")).rows == []
    assert len(world.requests(world.the_bot().id)[anne]) == 1
    assert refused.status == 422


async def test_who_is_muted_or_blocked_is_not_heard(
    world: World, caller: Caller, clock: HandClock, anne: str, bilal: str
) -> None:
    """For as long as was said."""
    await caller.call("POST", f"v1/accounts/{anne}/mute", {"duration": 86400})
    await caller.call("POST", f"v1/accounts/{bilal}/block")
    world.mention(anne, "a")
    world.mention(bilal, "b")
    clock.forward(timedelta(days=1))
    world.mention(anne, "c")

    heard = await caller.call("GET", "v1/notifications")

    assert [row["account"]["id"] for row in heard.rows] == [anne]


async def test_what_is_dismissed_is_not_read_again(world: World, caller: Caller, anne: str) -> None:
    """One, or all."""
    for text in "abc":
        world.mention(anne, text)
    await caller.call("POST", f"v1/notifications/{ids(world)[0]}/dismiss")
    one = await caller.call("GET", "v1/notifications")

    await caller.call("POST", "v1/notifications/clear")

    assert (len(one.rows), (await caller.call("GET", "v1/notifications")).rows) == (2, [])


async def test_a_deleted_post_takes_its_notification_along(world: World, caller: Caller, anne: str) -> None:
    """And an edit tells nothing."""
    kept, gone = world.mention(anne, "1"), world.mention(anne, "2")
    world.rewrite(anne, kept, "@parvis 3")
    world.delete(anne, gone)

    (row,) = (await caller.call("GET", "v1/notifications")).rows

    assert row["status"]["content"].endswith("</span> 3</p>")


async def test_whatever_is_injected_is_handed_out(world: World, caller: Caller, anne: str) -> None:
    """Well formed or not, between two good ones."""
    world.mention(anne, "a")
    async with caller.session.post(f"{caller.server.url}/sandbox/updates", json={"type": "mention"}) as answer:
        number = (await answer.json())["update_id"]
    world.mention(anne, "b")

    rows = (await caller.call("GET", "v1/notifications")).rows

    assert (len(rows), rows[1]) == (3, {"id": number, "type": "mention"})


async def test_gotosocial_has_no_policy_and_hides_nothing(social: Caller) -> None:
    """404, and the private mention is there."""
    world = social.server.world
    world.message(person(world, "anne").id, "1")

    policy = await social.call("GET", "v2/notifications/policy")
    requests = await social.call("GET", "v1/notifications/requests")
    heard = await social.call("GET", "v1/notifications")

    assert (policy.status, requests.status, len(heard.rows)) == (404, 404, 1)
    assert not world.violations
