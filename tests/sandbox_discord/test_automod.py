"""Rules of AutoMod: who may make them, how many, how long their parts are, and whom they hold up."""

import pytest

from sandbox.discord import permissions
from sandbox.discord.errors import NobodyThere
from sandbox.discord.values import Json, Kind
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import ANNE, BOT, CHLOE, MACHINES, SQUARE, TOWN, Caller

RULES = f"/guilds/{TOWN}/auto-moderation/rules"
RULE: Json = {
    "name": "Article 1",
    "event_type": 1,
    "trigger_type": 1,
    "trigger_metadata": {"keyword_filter": ["idiot", "promo*"]},
    "actions": [{"type": 1, "metadata": {"custom_message": "Article 1"}}],
    "enabled": True,
}


@pytest.fixture(autouse=True)
def strong(world: World) -> None:
    """The bot manages the guild."""
    world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT | permissions.MANAGE_GUILD)


async def test_a_rule_is_made_read_changed_and_taken_away(world: World, caller: Caller) -> None:
    """With whatever is left out as Discord has it; each deed stands in the audit log."""
    made = await caller.call("POST", RULES, RULE)
    where = f"{RULES}/{made.id}"
    changed = await caller.call("PATCH", where, {"exempt_roles": [str(MACHINES)]})
    read, listed = await caller.call("GET", where), await caller.call("GET", RULES)
    gone = await caller.call("DELETE", where)

    assert (made.body["creator_id"], made.body["exempt_channels"]) == (str(BOT), [])
    assert made.body["trigger_metadata"] == {
        "keyword_filter": ["idiot", "promo*"],
        "regex_patterns": [],
        "allow_list": [],
    }
    assert (changed.body, read.body, listed.body[""]) == (
        made.body | {"exempt_roles": [str(MACHINES)]},
        changed.body,
        [changed.body],
    )
    assert (gone.status, (await caller.call("GET", where)).code) == (204, 10066)
    assert [entry.action for entry in world.audit] == [140, 141, 142]


async def test_nobody_makes_rules_without_the_right(world: World, caller: Caller) -> None:
    """Nor reads them."""
    world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT)

    codes = [(await caller.call(verb, RULES, body)).code for verb, body in (("GET", None), ("POST", RULE))]

    assert codes == [50013, 50013]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x" * 101},
        {"trigger_type": 9},
        {"actions": []},
        {"actions": [{"type": 1, "metadata": {"custom_message": "x" * 151}}]},
        {"trigger_metadata": {"keyword_filter": ["x" * 61]}},
        {"trigger_metadata": {"keyword_filter": ["x"] * 1001}},
        {"exempt_roles": ["1"] * 21},
        {"exempt_channels": ["1"] * 51},
    ],
    ids=["name", "trigger", "no action", "notice", "long word", "many words", "many roles", "many channels"],
)
async def test_what_is_too_long_or_too_many_is_refused(caller: Caller, wrong: Json) -> None:
    """A correct program never sends it."""
    answer = await caller.call("POST", RULES, RULE | wrong)

    assert (answer.status, answer.code) == (400, 50035)


async def test_a_seventh_rule_with_words_is_refused(caller: Caller) -> None:
    """Whoever made the others."""
    statuses = [(await caller.call("POST", RULES, RULE)).status for _ in range(7)]

    assert statuses == [200] * 6 + [400]


async def test_whole_words_are_blocked_and_a_star_stands_for_more(world: World, caller: Caller) -> None:
    """In capitals too, and in threads; its writer is told, and who manages the guild writes what they like."""
    await caller.call("POST", RULES, RULE)
    start = world.write(ANNE, SQUARE, "idiotie, et compromis")
    thread = await caller.call("POST", f"/channels/{SQUARE}/messages/{start}/threads", {"name": "Ici"})

    for text, channel in (("Quel IDIOT", SQUARE), ("promotion", SQUARE), ("idiot", thread.id)):
        with pytest.raises(NobodyThere, match="Article 1"):
            world.write(ANNE, channel, text)
    assert world.write(CHLOE, SQUARE, "idiot")
    assert len(list(world.journal.of("kept_back"))) == 3


@pytest.mark.parametrize("spared", ["role", "channel", "off"])
async def test_some_are_spared(world: World, caller: Caller, spared: str) -> None:
    """A role, a channel with its threads, everybody while the rule is off."""
    world.add_role(TOWN, 860, "Presse", permissions.USUAL)
    world.add_member(world.guilds[TOWN], ANNE, (860,))
    world.add_channel(TOWN, 870, "autre", Kind.TEXT)
    how: dict[str, Json] = {
        "role": {"exempt_roles": ["860"]},
        "channel": {"exempt_channels": [str(SQUARE)]},
        "off": {"enabled": False},
    }
    await caller.call("POST", RULES, RULE | how[spared])

    assert world.write(ANNE, SQUARE, "idiot")
