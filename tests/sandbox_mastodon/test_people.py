"""What people do, how it stands in the journal, and what other processes may make them do."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.journal import Journal, read
from sandbox.mastodon.errors import NobodyThere
from sandbox.mastodon.graphemes import clusters
from sandbox.mastodon.world import World
from tests.sandbox_mastodon.conftest import TOKEN, Caller, HandClock


async def people(caller: Caller, act: str, **given: object) -> dict[str, object]:
    """Make somebody do something, from another process."""
    async with caller.session.post(f"{caller.server.url}/sandbox/people/{act}", json=given) as answer:
        body = await answer.json()
        assert isinstance(body, dict)
        return body


async def test_a_poll_is_in_the_journal_from_question_to_result(
    world: World, caller: Caller, anne: str, bilal: str
) -> None:
    """Enough to count again: who voted how, by which way, and what was published where."""
    bot = world.the_bot().id
    post = await caller.post("Quel passage ?", poll={"options": ["Pont", "Gué"], "expires_in": 300})
    world.vote(anne, post.id, [1])
    reply = world.reply(bilal, post.id, "1")
    private = world.message(bilal, "2")

    entries = [entry for entry in world.journal.entries if entry["kind"] != "listening"]

    assert [entry["kind"] for entry in entries] == ["call", "voted", "written", "written"]
    assert {entry["network"] for entry in entries} == {"mastodon"}
    result = entries[0]["result"]
    assert isinstance(result, dict)
    assert (result["chat"], result["message"], result["text"]) == (bot, post.id, "Quel passage ?")
    assert (entries[1]["user"], entries[1]["choices"], entries[1]["labels"]) == (anne, [1], ["Gué"])
    assert [(entry["user"], entry["chat"], entry["message"]) for entry in entries[2:]] == [
        (bilal, bot, reply),
        (bilal, bilal, private),
    ]


async def test_names_are_written_as_the_writers_server_needs_them(world: World, anne: str, chloe: str) -> None:
    """With the domain from elsewhere, without it from here."""
    said, foreign = world.mention(anne, "1"), world.mention(chloe, "2")
    answer = world.reply(anne, foreign, "3")

    assert world.status(said).text == "@parvis 1"
    assert world.status(foreign).text == "@parvis@mairie.example 2"
    assert world.status(answer).text == "@chloe@ailleurs.example @parvis 3"


async def test_people_cannot_do_what_their_application_would_not_let_them(world: World, anne: str, bilal: str) -> None:
    """See, change or share what is not for them."""
    said = world.message(anne, "1")

    for act in (
        lambda: world.favourite(bilal, said),
        lambda: world.boost(world.the_bot().id, said),
        lambda: world.delete(bilal, said),
        lambda: world.vote(anne, said, [0]),
        lambda: world.reply(bilal, "12", "?"),
    ):
        with pytest.raises(NobodyThere):
            act()
    assert len([*world.journal.of("written")]) == 1


async def test_other_processes_move_people(world: World, caller: Caller) -> None:
    """Somebody arrives, asks, is asked, votes, shares, follows."""
    post = await caller.post("Quel passage ?", poll={"options": ["Pont", "Gué"], "expires_in": 300})
    denis = (await people(caller, "arrive", acct="denis@loin.example", name="Denis"))["result"]
    said = (await people(caller, "mention", user=denis, text="bonjour"))["result"]
    await people(caller, "vote", user=denis, message=post.id, choices=[0])
    await people(caller, "boost", user=denis, message=post.id)
    await people(caller, "follow", user=denis, account=world.the_bot().id)
    await people(caller, "edit", user=denis, message=said, text="@parvis bonsoir")
    again = await people(caller, "vote", user=denis, message=post.id, choices=[0])
    unknown = await people(caller, "dance", user=denis)

    assert again == {"ok": False, "error": "NobodyThere: Validation failed: You have already voted on this poll"}
    assert "people can arrive, write" in str(unknown["error"])
    assert [told.kind for told in world.notifications[world.the_bot().id]] == ["mention", "reblog", "follow"]


async def test_the_state_of_things_can_be_asked_for(world: World, caller: Caller, anne: str) -> None:
    """Idle or not, what was broken, what waits."""
    world.message(anne, "1")
    world.mention(anne, "2")
    await caller.post("x", fancy=True)

    async with caller.session.get(f"{caller.server.url}/sandbox/world") as answer:
        state = await answer.json()

    bot = world.the_bot().id
    assert (state["idle"], state["pending"], state["filtered"]) == (True, {bot: 1}, {bot: 1})
    assert [found["reason"] for found in state["violations"]] == ["unknown parameter 'fancy'"]
    assert [message["text"] for message in state["messages"]] == ["@parvis 1", "@parvis 2", "x"]


def test_what_people_do_is_in_the_file_as_soon_as_it_is_done(tmp_path: Path, clock: HandClock) -> None:
    """With its letters, as the other networks' journals are."""
    journal = Journal(clock, tmp_path / "journal.jsonl")
    world = World(clock=clock, journal=journal)
    world.add_bot(TOKEN, username="parvis")
    anne = world.add_user("anne", "Anne")
    world.mention(anne.id, "été")
    journal.close()

    (entry,) = read(tmp_path / "journal.jsonl")

    assert (entry["kind"], entry["text"]) == ("written", "@parvis été")


async def test_who_follows_a_locked_account_waits(social: Caller) -> None:
    """GoToSocial's accounts are locked at first."""
    world = social.server.world
    anne = next(account.id for account in world.accounts.values() if account.username == "anne")

    world.follow(anne, world.the_bot().id)

    assert [row["type"] for row in (await social.call("GET", "v1/notifications")).rows] == ["follow_request"]


async def test_strict_servers_refuse_what_lenient_ones_take(social: Caller) -> None:
    """Wrong JSON, too long, too many options: 400; several posts at once: 405; the same key: two posts."""
    flag = await social.post("x", sensitive="0")
    long = await social.post("x" * 5001)
    wide = await social.post("https://mairie.fr/" + "a" * 300 + " " + "x" * 4974)
    several = await social.call("GET", "v1/statuses?id[]=1")
    same = [(await social.post("x", key="K")).id for _ in range(2)]

    assert [answer.status for answer in (flag, long, wide, several)] == [400, 400, 200, 405]
    assert same[0] != same[1]


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("é", 1), ("e\u0301", 1), ("🇫🇷🇪🇺", 2), ("👍🏽", 1), ("👩‍👩‍👧‍👦", 1), ("한국어", 3),
     ("\u1112\u1161\u11ab", 1), ("a\r\nb", 3), ("❤️", 1)],
)  # fmt: skip
def test_letters_are_counted_as_people_see_them(text: str, count: int) -> None:
    """Flags, skins, families, syllables."""
    assert clusters(text) == count


async def test_what_is_planned_happens_without_a_server_too(world: World, clock: HandClock, anne: str) -> None:
    """When somebody looks next."""
    asked = world.write(anne, "Et là ?", poll=(["a", "b"], timedelta(hours=1)))
    clock.forward(timedelta(hours=1))

    world.catch_up()

    assert world.polls[world.status(asked).poll or ""].ended
