"""Native polls: what they may be, who may vote, what is shown and when they end."""

from datetime import timedelta

import pytest

from sandbox.mastodon.errors import NobodyThere
from sandbox.mastodon.world import World
from tests.sandbox_mastodon.conftest import Answer, Caller, HandClock, person


async def asked(caller: Caller, **change: object) -> Answer:
    """Ask a question."""
    return await caller.post("Quel passage ?", poll={"options": ["Pont", "Gué"], "expires_in": 3600, **change})


def number(answer: Answer) -> str:
    """The poll of a post."""
    poll = answer.body["poll"]
    assert isinstance(poll, dict)
    return str(poll["id"])


@pytest.mark.parametrize(
    "poll",
    [
        {"options": ["Pont"]},
        {"options": ["Pont", "Pont "]},
        {"options": ["Pont", " "]},
        {"options": ["1", "2", "3", "4", "5"]},
        {"options": ["Pont", "x" * 51]},
        {"expires_in": 299},
        {"expires_in": 2_629_747},
        {"expires_in": None},
    ],
    ids=["one", "the same twice", "blank", "five", "51 letters", "too short", "too long", "endless"],
)
async def test_a_poll_has_limits(world: World, caller: Caller, poll: dict[str, object]) -> None:
    """Those that the instance tells: breaking them is a violation."""
    answer = await asked(caller, **poll)

    assert (answer.status, len(world.violations), len(world.statuses)) == (422, 1, 0)


async def test_everybody_votes_once_and_nobody_in_their_own(
    world: World, caller: Caller, anne: str, bilal: str
) -> None:
    """422 on every server."""
    post = await asked(caller)
    world.vote(anne, post.id, [0])
    foreign = world.write(bilal, "Et là ?", poll=(["a", "b"], timedelta(hours=1)))
    poll = world.statuses[foreign].poll

    own = await caller.call("POST", f"v1/polls/{number(post)}/votes", {"choices": [0]})
    beyond = await caller.call("POST", f"v1/polls/{poll}/votes", {"choices": [7]})
    two = await caller.call("POST", f"v1/polls/{poll}/votes", {"choices": [0, 1]})
    first = await caller.call("POST", f"v1/polls/{poll}/votes", {"choices": [1]})
    second = await caller.call("POST", f"v1/polls/{poll}/votes", {"choices": [0]})

    assert [answer.status for answer in (own, beyond, two, first, second)] == [422, 422, 422, 200, 422]
    assert first.body["own_votes"] == [1]
    with pytest.raises(NobodyThere, match="already voted"):
        world.vote(anne, post.id, [1])


async def test_several_answers_where_they_are_asked_for(world: World, caller: Caller, anne: str) -> None:
    """Voters and votes are counted apart."""
    post = await asked(caller, multiple=True)
    world.vote(anne, post.id, [0, 1])

    poll = await caller.call("GET", f"v1/polls/{number(post)}")

    assert (poll.body["votes_count"], poll.body["voters_count"]) == (2, 1)


async def test_hidden_totals_are_hidden_from_the_author_until_the_end(
    world: World, caller: Caller, clock: HandClock, anne: str
) -> None:
    """Null is not nought."""
    post = await asked(caller, hide_totals=True)
    world.vote(anne, post.id, [0])

    during = await caller.call("GET", f"v1/polls/{number(post)}")
    clock.forward(timedelta(hours=1))
    after = await caller.call("GET", f"v1/polls/{number(post)}")

    assert [option["votes_count"] for option in during.body["options"]] == [None, None]
    assert [option["votes_count"] for option in after.body["options"]] == [1, 0]


async def test_the_end_is_told_once_to_author_and_voters(
    world: World, caller: Caller, clock: HandClock, anne: str, chloe: str
) -> None:
    """At its instant, by the sandbox's clock; those of other servers are told there."""
    post = await asked(caller)
    world.vote(anne, post.id, [0])
    world.vote(chloe, post.id, [1])
    clock.forward(timedelta(minutes=59, seconds=59))
    before = await caller.call("GET", "v1/notifications")

    clock.forward(timedelta(seconds=1))
    after = await caller.call("GET", "v1/notifications")

    assert (before.rows, [row["type"] for row in after.rows]) == ([], ["poll"])
    assert ([told.kind for told in world.notifications[anne]], chloe in world.notifications) == (["poll"], False)
    assert [entry["votes"] for entry in world.journal.of("poll_ended")] == [[1, 1]]
    with pytest.raises(NobodyThere, match="already ended"):
        world.vote(person(world, "bilal").id, post.id, [1])


async def test_gotosocial_shows_hidden_totals_to_the_author(social: Caller) -> None:
    """And to nobody else; voters are not counted where one answer is given."""
    world = social.server.world
    post = await asked(social, hide_totals=True)
    world.vote(person(world, "anne").id, post.id, [0])

    seen = await social.call("GET", f"v1/polls/{number(post)}")
    social.token = ""
    public = await social.call("GET", f"v1/polls/{number(post)}")

    assert [option["votes_count"] for option in seen.body["options"]] == [1, 0]
    assert [option["votes_count"] for option in public.body["options"]] == [None, None]
    assert (seen.body["voters_count"], seen.body["votes_count"]) == (None, 1)
