"""What may be published, and what is said of the rest."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.mastodon.world import World
from tests.sandbox_mastodon.conftest import NOON, Caller, HandClock

LONG_LINK = "https://mairie.fr/" + "a" * 300


async def test_forms_and_json_mean_the_same(world: World, caller: Caller) -> None:
    """Rack nests brackets; JSON has objects."""
    form = [("status", "Quel passage ?"), ("poll[options][]", "Pont"), ("poll[options][]", "Gué"),
            ("poll[expires_in]", "3600"), ("poll[multiple]", "true"), ("visibility", "unlisted")]  # fmt: skip
    poll = {"options": ["Pont", "Gué"], "expires_in": 3600, "multiple": True}

    from_form = await caller.call("POST", "v1/statuses", form=form)
    from_json = await caller.post("Quel passage ?", poll=poll, visibility="unlisted")

    assert from_form.body["content"] == from_json.body["content"] == "<p>Quel passage ?</p>"
    assert from_form.body["visibility"] == from_json.body["visibility"] == "unlisted"
    assert [found.options for found in world.polls.values()] == [("Pont", "Gué")] * 2
    assert not world.violations


async def test_a_key_makes_a_repeated_post_the_same_for_an_hour(world: World, caller: Caller, clock: HandClock) -> None:
    """An answer that was lost can be asked for again."""
    first = await caller.post("Avis", key="K")
    again = await caller.post("Avis", key="K")
    clock.forward(timedelta(hours=1))
    later = await caller.post("Avis", key="K")

    assert again.id == first.id != later.id
    assert [entry["outcome"] for entry in world.journal.of("call")] == ["done", "repeated", "done"]


@pytest.mark.parametrize(
    ("text", "more", "accepted"),
    [
        ("é" * 500, {}, True),
        ("é" * 501, {}, False),
        ("👩‍👩‍👧‍👦" * 500, {}, True),
        ("e\u0301" * 500, {}, True),
        (f"{'x' * 476} {LONG_LINK}", {}, True),
        (f"{'x' * 477} {LONG_LINK}", {}, False),
        ("https://mairie.example/" + "a" * 478, {}, False),
        ("x" * 490 + " @a@ailleurs.example.org", {}, True),
        ("x" * 490, {"spoiler_text": "Voirie"}, True),
        ("x" * 490, {"spoiler_text": "Voirie, rue du Pont"}, False),
        (" ", {}, False),
    ],
    ids=["500 letters", "501 letters", "families", "combining accents", "a link counts 23", "and one more letter",
         "a link to nowhere counts in full", "a mention without its server", "a spoiler", "a spoiler counts", "blank"],
)  # fmt: skip
async def test_length_is_counted_as_mastodon_counts(
    world: World,
    caller: Caller,
    text: str,
    more: dict[str, str],
    accepted: bool,  # noqa: FBT001  a case of the table
) -> None:
    """Letters as people see them."""
    answer = await caller.post(text, **more)

    assert answer.status == (200 if accepted else 422)
    assert len(world.violations) == (0 if accepted else 1)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"scheduled": True}, "unknown parameter 'scheduled'"),
        ({"sensitive": "0"}, "sensitive must be a flag"),
        ({"media_ids": "5"}, "media_ids must be a list"),
        ({"in_reply_to_id": 5}, "in_reply_to_id must be a text"),
    ],
)
async def test_what_no_program_should_send_is_remembered(
    world: World, caller: Caller, sent: dict[str, Any], reason: str
) -> None:
    """Mastodon takes it or ignores it; a new program has no business sending it."""
    await caller.post("Avis", **sent)

    assert [violation.reason for violation in world.violations] == [reason]


async def test_an_unknown_address_is_a_violation(world: World, caller: Caller) -> None:
    """Nothing here answers by accident."""
    answer = await caller.call("GET", "v1/timelines/fancy")

    assert (answer.status, len(world.violations)) == (404, 1)


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"visibility": "secret"}, 422), ({"in_reply_to_id": "12"}, 404), ({"media_ids": ["12"]}, 422)],
)
async def test_what_does_not_exist_is_refused(caller: Caller, sent: dict[str, Any], status: int) -> None:
    """Visibilities, posts, files."""
    assert (await caller.post("Avis", **sent)).status == status


async def test_nobody_unexpected_is_mentioned(world: World, caller: Caller, anne: str, bilal: str) -> None:
    """The server refuses for the program that asks for it."""
    refused = await caller.post("@anne @bilal bonjour", allowed_mentions=[anne])
    done = await caller.post("@anne bonjour", allowed_mentions=[anne])

    assert (refused.status, refused.error) == (422, "Post would be sent to unexpected accounts")
    assert [one["id"] for one in refused.body["unexpected_accounts"]] == [bilal]
    assert (done.status, len(world.statuses)) == (200, 1)


async def test_a_limited_account_is_not_listed(world: World, caller: Caller) -> None:
    """What it publishes for everybody is quietly less visible."""
    world.silence(world.the_bot().id)

    answer = await caller.post("Avis", visibility="public")

    assert (answer.status, answer.body["visibility"]) == (200, "unlisted")


async def test_what_is_taken_for_spam_vanishes_with_a_good_answer(world: World, caller: Caller, anne: str) -> None:
    """Reading it again is the only way to know; who follows still receives it."""
    world.banned = "casino"

    lost = await caller.post("@anne casino")
    read = await caller.call("GET", f"v1/statuses/{lost.id}")
    world.follow(anne, world.the_bot().id)
    kept = await caller.post("@anne casino")

    assert (lost.status, read.status) == (200, 404)
    assert list(world.statuses) == [kept.id]
    assert [entry["outcome"] for entry in world.journal.calls("POST /api/v1/statuses")] == ["dropped", "done"]


async def test_a_spoiler_makes_it_sensitive_and_the_language_stays(caller: Caller) -> None:
    """With HTML for what is more than words."""
    answer = await caller.post("Voir https://mairie.fr/a\n\nMerci #Pont", spoiler_text="Voirie", language="fr")

    assert (answer.body["sensitive"], answer.body["spoiler_text"], answer.body["language"]) == (True, "Voirie", "fr")
    assert answer.body["content"] == (
        '<p>Voir <a href="https://mairie.fr/a" target="_blank" rel="nofollow noopener" translate="no">'
        '<span class="invisible">https://</span><span class="">mairie.fr/a</span><span class="invisible"></span></a>'
        '</p><p>Merci <a href="https://mairie.example/tags/pont" class="mention hashtag" rel="tag">'
        "#<span>Pont</span></a></p>"
    )


@pytest.mark.parametrize(
    ("minutes", "status", "published"), [(-1, 200, 1), (5, 422, 0), (6, 200, 0)], ids=["past", "too soon", "later"]
)
async def test_a_date_is_the_servers_business(
    world: World, caller: Caller, minutes: int, status: int, published: int
) -> None:
    """More than five minutes ahead, or at once when it has passed."""
    at = (NOON + timedelta(minutes=minutes)).isoformat()

    answer = await caller.post("Avis", scheduled_at=at)

    assert (answer.status, len(world.statuses)) == (status, published)


async def test_what_waits_is_published_at_its_hour(world: World, caller: Caller, clock: HandClock) -> None:
    """By itself, and again when it was moved; a key does not help."""
    waiting = await caller.post("Avis", scheduled_at=(NOON + timedelta(hours=1)).isoformat(), key="K")
    await caller.post("Avis", scheduled_at=(NOON + timedelta(hours=1)).isoformat(), key="K")
    later = {"scheduled_at": (NOON + timedelta(hours=2)).isoformat()}
    await caller.call("PUT", f"v1/scheduled_statuses/{waiting.id}", later)

    clock.forward(timedelta(hours=1))
    left = await caller.call("GET", "v1/scheduled_statuses")
    clock.forward(timedelta(hours=1))
    none = await caller.call("GET", "v1/scheduled_statuses")

    assert [row["id"] for row in left.rows] == [waiting.id]
    assert (none.rows, len(world.statuses)) == ([], 2)


async def test_the_rest_of_a_thread_is_its_context(world: World, caller: Caller, anne: str) -> None:
    """What a post answers, and what answers it."""
    first = await caller.post("Un")
    second = await caller.post("Deux", in_reply_to_id=first.id, visibility="unlisted")
    answer = world.reply(anne, second.id, "Trois")

    around = await caller.call("GET", f"v1/statuses/{second.id}/context")

    assert [one["id"] for one in around.body["ancestors"]] == [first.id]
    assert [one["id"] for one in around.body["descendants"]] == [answer]


async def test_posts_are_read_together_and_by_their_author(world: World, caller: Caller) -> None:
    """Twenty at most at once, in the order asked for; one's own newest first."""
    posts = [(await caller.post(str(number))).id for number in range(3)]

    several = await caller.call("GET", "v1/statuses?" + "&".join(f"id[]={number}" for number in (*posts, "1")))
    too_many = await caller.call("GET", "v1/statuses?" + "&".join(f"id[]={number}" for number in range(21)))
    own = await caller.call("GET", f"v1/accounts/{world.the_bot().id}/statuses?limit=2")

    assert [row["id"] for row in several.rows] == posts
    assert too_many.status == 422
    assert [row["id"] for row in own.rows] == [posts[2], posts[1]]


async def test_what_waits_has_limits_and_can_be_taken_back(world: World, caller: Caller) -> None:
    """25 for one day."""
    at = (NOON + timedelta(days=2)).isoformat()
    answers = [await caller.post(str(number), scheduled_at=at) for number in range(26)]

    gone = await caller.call("DELETE", f"v1/scheduled_statuses/{answers[0].id}")
    one = await caller.call("GET", f"v1/scheduled_statuses/{answers[1].id}")

    assert [answer.status for answer in answers] == [200] * 25 + [422]
    assert (gone.status, one.body["params"]["text"], len(world.scheduled)) == (200, "1", 24)


@pytest.mark.parametrize("at", ["tomorrow", "2026-11-21T12:00:00"], ids=["no date", "no zone"])
async def test_a_date_says_when_exactly(caller: Caller, at: str) -> None:
    """Whatever the zone of the process that asks."""
    assert (await caller.post("Avis", scheduled_at=at)).status == 422


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{", "application/json"), (b"[]", "application/json"), (b"a=1&a[b]=2", "application/x-www-form-urlencoded")],
    ids=["half", "a list", "a name used twice"],
)
async def test_a_body_that_makes_no_sense_is_refused(caller: Caller, body: bytes, kind: str) -> None:
    """400, and remembered."""
    headers = {"Authorization": f"Bearer {caller.token}", "Content-Type": kind}

    address = f"{caller.server.url}/api/v1/statuses"
    async with caller.session.post(address, data=body, headers=headers) as answer:
        assert answer.status == 400
    assert len(caller.server.world.violations) == 1
