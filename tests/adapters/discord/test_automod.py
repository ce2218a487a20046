"""Rules of AutoMod: made, put right, taken away; only ours, and only where the charter holds."""

import re
from collections.abc import AsyncIterator

import pytest

from core.errors import Rejected
from core.identifiers import Address
from core.ports.moderator import Filter
from sandbox.discord import permissions
from sandbox.discord.errors import NobodyThere
from sandbox.discord.values import Json
from tests.contracts.stages import DiscordStage
from tests.sandbox_discord import openapi

INSULTS = Filter(name="Parvis : article 1", words=("crétin", "x" * 61), notice="Article 1 : " + "respect " * 30)
ADVERTS = Filter(name="Parvis : article 2", words=("code promo",), notice="Article 2")
LIBRARY = 812


@pytest.fixture
async def stage(socket_enabled: None) -> AsyncIterator[DiscordStage]:  # noqa: ARG001  loopback
    async with DiscordStage.built() as built:
        built.world.add_channel(built.guild, LIBRARY, "biblio")
        yield built
        if openapi.WHERE.exists():
            assert openapi.read().wrong(built.world.journal.entries) == []


def rules(stage: DiscordStage) -> dict[str, Json]:
    """Those of the server, by their names."""
    return {str(rule["name"]): rule for rule in stage.world.guilds[stage.guild].rules.values()}


def by_hand(stage: DiscordStage, name: str) -> None:
    """An officer makes a rule."""
    number = stage.world.ids.next()
    stage.world.guilds[stage.guild].rules[number] = {
        "id": str(number),
        "creator_id": "103",
        "name": name,
        "trigger_type": 1,
        "enabled": True,
        "trigger_metadata": {"keyword_filter": ["spam"]},
        "actions": [{"type": 1, "metadata": {}}],
    }


def deeds(stage: DiscordStage) -> list[str]:
    """The calls that changed a rule."""
    names = (str(call["method"]) for call in stage.world.journal.of("call"))
    return [name.partition("_")[0] for name in names if re.search("(create|update|delete)_auto_moderation", name)]


async def test_a_word_is_blocked_in_the_debates_alone(stage: DiscordStage) -> None:
    """Nobody sees it, its writer is told the article; other channels are none of the charter's business."""
    kept = await stage.moderator.filter([stage.place], [INSULTS, ADVERTS])

    with pytest.raises(NobodyThere, match=r"Article 1 : respect .*…"):
        stage.write("Quel CRÉTIN !")
    stage.write("Quelle crétinerie !")
    stage.world.write(stage.citizen, LIBRARY, "« Le crétin des Alpes »")
    assert (kept, stage.words(), stage.world.violations) == (2, ["Quelle crétinerie !"], [])


async def test_who_watches_over_messages_is_spared(stage: DiscordStage) -> None:
    """As the charter spares them."""
    guild = stage.world.guilds[stage.guild]
    stage.world.add_role(stage.guild, 822, "Modération", permissions.USUAL | permissions.MANAGE_MESSAGES)
    stage.world.add_user(104, "Denis")
    stage.world.add_member(guild, 104, (822,))
    await stage.moderator.filter([stage.place], [INSULTS])

    for officer in (103, 104):
        stage.world.write(officer, stage.square, "« crétin » est retiré")

    assert len(stage.words()) == 2


async def test_what_is_so_already_is_left_alone(stage: DiscordStage) -> None:
    """Each look asks, and tells nothing."""
    for _ in range(3):
        await stage.moderator.filter([stage.place], [INSULTS, ADVERTS])

    assert deeds(stage) == ["create", "create"]


@pytest.mark.parametrize(
    "changed",
    [
        {"enabled": False},
        {"actions": [{"type": 1, "metadata": {"custom_message": "Non"}}]},
        {"trigger_metadata": {"keyword_filter": [], "regex_patterns": [], "allow_list": []}},
        {"trigger_metadata": {"keyword_filter": ["crétin"], "regex_patterns": [], "allow_list": ["crétin"]}},
        {"exempt_channels": []},
        {"exempt_roles": ["1"]},
    ],
    ids=["off", "notice", "words", "exceptions", "channels", "roles"],
)
async def test_what_a_hand_changed_is_put_back(stage: DiscordStage, changed: Json) -> None:
    """Moderators change the charter, not its image."""
    await stage.moderator.filter([stage.place], [INSULTS])
    (before,) = rules(stage).values()
    stage.world.guilds[stage.guild].rules[int(str(before["id"]))] = before | changed

    await stage.moderator.filter([stage.place], [INSULTS])

    assert list(rules(stage).values()) == [before]


async def test_what_a_hand_deleted_or_named_otherwise_comes_again(stage: DiscordStage) -> None:
    """Once; and what the charter names no more goes."""
    await stage.moderator.filter([stage.place], [INSULTS, ADVERTS])
    there = stage.world.guilds[stage.guild].rules
    first, second = there
    del there[first]
    there[second] = there[second] | {"name": "Pub"}

    await stage.moderator.filter([stage.place], [INSULTS, ADVERTS])
    again = sorted(rules(stage))
    await stage.moderator.filter([stage.place], [ADVERTS])

    assert (again, list(rules(stage))) == ([INSULTS.name, ADVERTS.name], [ADVERTS.name])


async def test_rules_of_others_stay_and_take_their_room(stage: DiscordStage) -> None:
    """Discord holds six with words; the first articles find a place."""
    for rank in range(5):
        by_hand(stage, f"Parvis : article {rank + 1}")

    kept = await stage.moderator.filter([stage.place], [INSULTS, ADVERTS])
    during = len(rules(stage)), len(stage.world.guilds[stage.guild].rules)
    none = await stage.moderator.filter([stage.place], [])

    assert (kept, none, during, len(rules(stage))) == (1, 0, (5, 6), 5)


async def test_without_the_right_nothing_is_made_and_that_is_said(stage: DiscordStage) -> None:
    """MANAGE_GUILD, which a town gives for this alone."""
    stage.disarm()

    with pytest.raises(Rejected):
        await stage.moderator.filter([stage.place], [INSULTS])


async def test_a_server_with_too_much_to_spare_is_refused(stage: DiscordStage) -> None:
    """Rather than to block where the charter does not hold, or whom it does not bind."""
    refused = []
    for rank in range(21):
        stage.world.add_role(stage.guild, 900 + rank, "Modération", permissions.MANAGE_MESSAGES)
    with pytest.raises(Rejected) as roles:
        await stage.moderator.filter([stage.place], [INSULTS])
    for rank in range(21):
        del stage.world.guilds[stage.guild].roles[900 + rank]
    for rank in range(50):
        stage.world.add_channel(stage.guild, 2000 + rank, "ailleurs")
    with pytest.raises(Rejected) as channels:
        await stage.moderator.filter([stage.place], [INSULTS])
    refused += [roles.value.detail, channels.value.detail]

    assert ["20 roles" in refused[0], "50 channels" in refused[1], rules(stage)] == [True, True, {}]


async def test_an_account_without_debates_keeps_nothing_back(stage: DiscordStage) -> None:
    """There is no server to ask."""
    nowhere: list[Address] = []

    assert await stage.moderator.filter(nowhere, [INSULTS]) == 0
