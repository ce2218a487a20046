"""Profiles, and keeping people near or away."""

import pytest

from sandbox.mastodon.profiles import MASTODON
from sandbox.mastodon.world import World
from tests.sandbox_mastodon.conftest import Caller, person


async def test_the_instance_tells_its_limits(caller: Caller, social: Caller) -> None:
    """All that a program must not know by heart; GoToSocial names no version of the interface."""
    mastodon = (await caller.call("GET", "v2/instance")).body
    gotosocial = (await social.call("GET", "v2/instance/")).body

    assert mastodon["configuration"]["statuses"]["max_characters"] == MASTODON.max_characters
    assert mastodon["configuration"]["media_attachments"]["description_limit"] == 1500
    assert mastodon["api_versions"] == {"mastodon": 11}
    assert gotosocial["configuration"]["statuses"]["characters_reserved_per_url"] == 25
    assert gotosocial["configuration"]["polls"]["max_options"] == 6
    assert "api_versions" not in gotosocial


async def test_a_profile_is_changed_piece_by_piece(world: World, caller: Caller) -> None:
    """What is left out stays; posts take their defaults from it."""
    form = [("bot", "true"), ("fields_attributes[0][name]", "Mairie"), ("fields_attributes[0][value]", "01")]
    await caller.call("PATCH", "v1/accounts/update_credentials", form=form)
    source = {"privacy": "unlisted", "language": "fr", "sensitive": True}
    changed = await caller.call("PATCH", "v1/accounts/update_credentials", {"note": "Ville", "source": source})

    post = await caller.post("Avis")

    assert (changed.body["bot"], changed.body["fields"][0]["value"], changed.body["source"]["note"]) == (
        True,
        "01",
        "Ville",
    )
    assert [post.body[name] for name in ("visibility", "language", "sensitive")] == ["unlisted", "fr", True]
    assert not world.violations


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": "x" * 31},
        {"source": {"privacy": "secret"}},
        {"fields_attributes": [{"name": str(number), "value": ""} for number in range(5)]},
    ],
    ids=["a long name", "an unknown visibility", "five lines"],
)
async def test_a_profile_has_limits(caller: Caller, change: dict[str, object]) -> None:
    """Refused as a whole."""
    assert (await caller.call("PATCH", "v1/accounts/update_credentials", change)).status == 422


async def test_following_is_asked_for_where_it_must_be(world: World, caller: Caller, anne: str) -> None:
    """And taken back."""
    followed = await caller.call("POST", f"v1/accounts/{anne}/follow")
    (known,) = (await caller.call("GET", f"v1/accounts/relationships?id[]={anne}")).rows
    left = await caller.call("POST", f"v1/accounts/{anne}/unfollow")
    own = await caller.call("POST", f"v1/accounts/{world.the_bot().id}/follow")

    assert [answer["following"] for answer in (followed.body, known, left.body)] == [True, True, False]
    assert own.status == 403


@pytest.mark.parametrize(("act", "told"), [("mute", "muting"), ("block", "blocking")])
async def test_people_are_kept_away_and_let_back(caller: Caller, anne: str, act: str, told: str) -> None:
    """Either way."""
    away = await caller.call("POST", f"v1/accounts/{anne}/{act}")
    back = await caller.call("POST", f"v1/accounts/{anne}/un{act}")

    assert (away.body[told], back.body[told]) == (True, False)


async def test_who_blocked_the_bot_is_not_followed(world: World, caller: Caller, anne: str) -> None:
    """Nor are their posts read."""
    said = world.write(anne, "entre nous")
    world.block(anne)

    assert (await caller.call("POST", f"v1/accounts/{anne}/follow")).status == 403
    assert (await caller.call("GET", f"v1/statuses/{said}")).status == 404


async def test_reports_have_a_kind_and_an_end(world: World, caller: Caller, anne: str) -> None:
    """An unknown category or an endless comment is refused."""
    kinds = [{"category": "rude"}, {"comment": "x" * 1001}, {"category": "spam"}]

    answers = [await caller.call("POST", "v1/reports", {"account_id": anne, **kind}) for kind in kinds]

    assert [answer.status for answer in answers] == [422, 422, 200]
    assert [report.category for report in world.reports] == ["spam"]


async def test_people_and_posts_are_found(world: World, caller: Caller, chloe: str) -> None:
    """By a part of the name, by the whole one, by address."""
    said = world.mention(chloe, "bonjour")
    address = (await caller.call("GET", f"v1/statuses/{said}")).body["url"]

    by_part = await caller.call("GET", "v1/accounts/search?q=ailleurs")
    by_name = await caller.call("GET", "v1/accounts/lookup?acct=chloe@ailleurs.example")
    by_address = await caller.call("GET", f"v2/search?q={address}&type=statuses")
    nobody = await caller.call("GET", "v1/accounts/lookup?acct=chloe")

    assert address == f"https://ailleurs.example/@chloe/{said}"
    assert (by_part.rows[0]["id"], by_name.id, by_address.body["statuses"][0]["id"]) == (chloe, chloe, said)
    assert nobody.status == 404


async def test_a_narrow_token_sees_a_narrow_profile(world: World, caller: Caller) -> None:
    """``profile`` is enough to know who one is; the rest is refused as a violation."""
    world.add_token("narrow", world.the_bot().id, ("profile",))
    caller.token = "narrow"

    me = await caller.call("GET", "v1/accounts/verify_credentials")
    refused = await caller.call("GET", "v1/notifications")

    assert (me.status, "source" in me.body, refused.status) == (200, False, 403)
    assert [found.method for found in world.violations] == ["GET /api/v1/notifications"]


async def test_public_things_need_no_token(world: World, caller: Caller, anne: str) -> None:
    """Private ones are not there, and one's own are nobody's."""
    public, private = world.write(anne, "tous"), world.message(anne, "vous")
    caller.token = ""

    statuses = [(await caller.call("GET", f"v1/statuses/{number}")).status for number in (public, private)]

    assert statuses == [200, 404]
    assert (await caller.call("GET", "v1/notifications")).status == 401


async def test_requests_are_read_and_dismissed(world: World, caller: Caller, anne: str, bilal: str) -> None:
    """One, or several."""
    world.message(anne, "1")
    world.message(bilal, "2")
    numbers = [row["id"] for row in (await caller.call("GET", "v1/notifications/requests")).rows]
    one = await caller.call("GET", f"v1/notifications/requests/{numbers[0]}")
    await caller.call("POST", f"v1/notifications/requests/{numbers[0]}/dismiss")
    await caller.call("POST", "v1/notifications/requests/accept", {"id": numbers[1:]})

    left = await caller.call("GET", "v1/notifications/requests")

    assert (one.body["account"]["id"], left.rows) == (bilal, [])
    assert [told.kind for told in world.notifications[world.the_bot().id]] == ["mention"]
    assert (await caller.call("GET", f"v1/notifications/requests/{numbers[0]}")).status == 404


async def test_a_boost_is_taken_back(world: World, caller: Caller, anne: str) -> None:
    """And is nobody's to share when it is private."""
    said, private = world.write(anne, "tous"), world.message(anne, "vous")
    shared = await caller.call("POST", f"v1/statuses/{said}/reblog")
    again = await caller.call("POST", f"v1/statuses/{said}/reblog")
    back = await caller.call("POST", f"v1/statuses/{said}/unreblog")
    refused = await caller.call("POST", f"v1/statuses/{private}/reblog")

    assert (shared.body["reblog"]["id"], again.id, back.body["reblogs_count"], refused.status) == (
        said,
        shared.id,
        0,
        403,
    )


async def test_the_words_of_a_post_can_be_read_again(caller: Caller, anne: str, world: World) -> None:
    """One's own only."""
    post = await caller.post("Un <b>banc</b>", spoiler_text="Voirie")
    said = world.write(anne, "tous")

    source = await caller.call("GET", f"v1/statuses/{post.id}/source")

    assert (source.body["text"], source.body["spoiler_text"]) == ("Un <b>banc</b>", "Voirie")
    assert (await caller.call("GET", f"v1/statuses/{said}/source")).status == 404


async def test_gotosocials_accounts_are_locked(social: Caller) -> None:
    """At first; the owner opens them."""
    before = await social.call("GET", "v1/accounts/verify_credentials")
    await social.call("PATCH", "v1/accounts/update_credentials", {"locked": False})
    world = social.server.world
    world.follow(person(world, "anne").id, world.the_bot().id)

    assert before.body["locked"] is True
    assert [told.kind for told in world.notifications[world.the_bot().id]] == ["follow"]
