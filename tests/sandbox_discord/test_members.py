"""Members and the guild: who may be silenced, shown out and banned, and what a program may know of them."""

from datetime import timedelta

import pytest

from sandbox.discord import permissions
from sandbox.discord.errors import NobodyThere
from sandbox.discord.values import Intent
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import (
    ANNE,
    BILAL,
    BOT,
    CHLOE,
    MACHINES,
    OFFICERS,
    SQUARE,
    TOKEN,
    TOWN,
    Caller,
    HandClock,
)

MEMBERS = f"/guilds/{TOWN}/members"
BANS = f"/guilds/{TOWN}/bans"


@pytest.fixture
def strong(world: World) -> None:
    """The bot may show people out and ban them."""
    more = permissions.KICK_MEMBERS | permissions.BAN_MEMBERS | permissions.MANAGE_ROLES | permissions.MANAGE_CHANNELS
    world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT | more)


async def silence(caller: Caller, clock: HandClock, user: int, days: int = 1) -> tuple[int, object]:
    """Silence somebody for days; what came of it."""
    until = (clock.now() + timedelta(days=days)).isoformat()
    answer = await caller.call("PATCH", f"{MEMBERS}/{user}", {"communication_disabled_until": until})
    return answer.status, answer.code


async def test_a_silenced_member_can_only_read(world: World, caller: Caller, clock: HandClock) -> None:
    """Until the time is over, or it is lifted."""
    assert await silence(caller, clock, ANNE) == (200, None)

    with pytest.raises(NobodyThere):
        world.write(ANNE, SQUARE, "bonjour")
    clock.forward(timedelta(days=2))
    assert world.write(ANNE, SQUARE, "bonjour")


async def test_some_cannot_be_silenced(world: World, caller: Caller, clock: HandClock) -> None:
    """The owner, administrators, those who stand above; nobody for more than 28 days."""
    world.add_role(TOWN, 840, "Maire", permissions.ADMINISTRATOR)
    world.add_member(world.guilds[TOWN], BILAL, (840,))

    assert await silence(caller, clock, CHLOE) == (403, 50013)
    assert await silence(caller, clock, BILAL) == (403, 50013)
    assert await silence(caller, clock, ANNE, days=29) == (400, 50035)


async def test_silencing_needs_the_permission(world: World, caller: Caller, clock: HandClock) -> None:
    """403 otherwise."""
    world.add_role(TOWN, MACHINES, "Machines", permissions.USUAL)

    assert await silence(caller, clock, ANNE) == (403, 50013)


async def test_people_are_known_by_their_codes(caller: Caller) -> None:
    """Nobody, not here, not this guild."""
    paths = (f"{MEMBERS}/5", f"/guilds/5/members/{ANNE}", f"{MEMBERS}/{BOT}", "/users/5", f"/users/{ANNE}")

    codes = [(await caller.call("GET", path)).code for path in paths]

    assert codes == [10013, 10004, None, 10013, None]


@pytest.mark.usefixtures("strong")
async def test_somebody_is_shown_out(world: World, caller: Caller) -> None:
    """And is not a member any more; nobody above can be."""
    done = await caller.call("DELETE", f"{MEMBERS}/{ANNE}", **{"X-Audit-Log-Reason": "cas 3"})
    again = await caller.call("DELETE", f"{MEMBERS}/{ANNE}")
    owner = await caller.call("DELETE", f"{MEMBERS}/{CHLOE}")

    assert (done.status, again.code, owner.code) == (204, 10007, 50013)
    assert [(entry.action, entry.target, entry.reason) for entry in world.audit] == [(20, ANNE, "cas 3")]


@pytest.mark.usefixtures("strong")
@pytest.mark.parametrize(("seconds", "left"), [(0, 2), (3600, 1), (604_800, 0)])
async def test_a_ban_deletes_as_much_as_it_is_told(
    world: World, caller: Caller, clock: HandClock, seconds: int, left: int
) -> None:
    """Nothing, with 0; and the banned cannot come back until it is lifted."""
    world.write(ANNE, SQUARE, "hier")
    clock.forward(timedelta(hours=20))
    world.write(ANNE, SQUARE, "maintenant")
    clock.forward(timedelta(minutes=1))

    banned = await caller.call("PUT", f"{BANS}/{ANNE}", {"delete_message_seconds": seconds})
    with pytest.raises(NobodyThere):
        world.join(ANNE, TOWN)
    lifted = [(await caller.call("DELETE", f"{BANS}/{ANNE}")).code for _ in range(2)]
    world.join(ANNE, TOWN)

    assert (banned.status, lifted, len(world.channel(SQUARE).messages)) == (204, [None, 10026], left)


async def test_banning_needs_the_permission_and_limits_its_zeal(world: World, caller: Caller) -> None:
    """No more than a week of messages; nobody unknown."""
    weak = await caller.call("PUT", f"{BANS}/{ANNE}", {})
    world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT | permissions.BAN_MEMBERS)
    answers = [
        await caller.call("PUT", f"{BANS}/{ANNE}", {"delete_message_seconds": 604_801}),
        await caller.call("PUT", f"{BANS}/5", {}),
        await caller.call("PUT", f"{BANS}/{CHLOE}", {}),
    ]

    assert [weak.code, *(answer.code for answer in answers)] == [50013, 50035, 10013, 50013]


@pytest.mark.usefixtures("strong")
async def test_roles_and_names_are_given(world: World, caller: Caller) -> None:
    """By those who may manage roles."""
    body = {"roles": [str(OFFICERS)], "nick": "Anne de la voirie"}

    answer = await caller.call("PATCH", f"{MEMBERS}/{ANNE}", body)

    assert (answer.body["roles"], answer.body["nick"]) == ([str(OFFICERS)], "Anne de la voirie")
    assert world.guilds[TOWN].members[ANNE].roles == (OFFICERS,)


async def test_all_members_are_for_those_with_the_intent(world: World, caller: Caller) -> None:
    """In pages, by their ids."""
    page = await caller.call("GET", f"{MEMBERS}?limit=2&after={ANNE}")
    world.bots[TOKEN].granted = Intent.MESSAGE_CONTENT
    refused = await caller.call("GET", f"{MEMBERS}?limit=2")

    members = page.body[""]
    assert isinstance(members, list)
    assert ([member["user"]["id"] for member in members], refused.code) == ([str(BILAL), str(CHLOE)], 50013)


async def test_what_a_bot_can_ask_about_its_town(world: World, caller: Caller) -> None:
    """The guild, its roles and channels, its own application and what it was granted."""
    guild = await caller.call("GET", f"/guilds/{TOWN}?with_counts=true")
    mine = await caller.call("GET", "/users/@me/guilds")
    channels = await caller.call("GET", f"/guilds/{TOWN}/channels")
    roles = await caller.call("GET", f"/guilds/{TOWN}/roles")
    application = await caller.call("GET", "/applications/@me")
    gateway = await caller.call("GET", "/gateway/bot")

    listed = [answer.body[""] for answer in (mine, channels, roles)]
    assert [len(one) for one in listed if isinstance(one, list)] == [1, 3, 3]
    assert (guild.body["approximate_member_count"], application.body["flags"]) == (4, 1 << 13 | 1 << 15 | 1 << 19)
    assert gateway.body["url"] == world.gateway_url


async def test_a_bot_that_was_shown_out_sees_nothing(world: World, caller: Caller) -> None:
    """50001 everywhere in the guild."""
    world.leave(BOT, TOWN)

    codes = [(await caller.call("GET", path)).code for path in (f"/guilds/{TOWN}", f"/channels/{SQUARE}")]

    assert codes == [50001, 50001]


@pytest.mark.usefixtures("strong")
async def test_a_channel_gets_another_name(world: World, caller: Caller) -> None:
    """With the permission to manage channels."""
    answer = await caller.call(
        "PATCH", f"/channels/{SQUARE}", {"name": "marché", "topic": "t", "rate_limit_per_user": 5}
    )

    assert (answer.body["name"], answer.body["rate_limit_per_user"]) == ("marché", 5)
    assert world.channel(SQUARE).topic == "t"
