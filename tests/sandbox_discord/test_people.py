"""What a phone lets people do, beyond the plain cases: menus of commands, whole forms, messages for one person."""

import pytest

from sandbox.discord.errors import NobodyThere
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Json
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import ANNE, BILAL, BOT, CHLOE, FORUM, NEWS, SQUARE, TOWN, Caller
from tests.sandbox_discord.listener import listening
from tests.sandbox_discord.test_interactions import COMMANDS, asks, command

EVERYWHERE = f"/applications/{BOT}/commands"
GROUP = command(
    "sondage",
    options=[
        {"type": 2, "name": "mon", "description": "Les miens", "options": [
            {"type": 1, "name": "vote", "description": "Mon vote", "options": [
                {"type": 3, "name": "lequel", "description": "Lequel", "choices": [
                    {"name": "Le pont", "value": "pont"}]}]}]},
    ],
)  # fmt: skip
WHOLE_FORM: Json = {
    "custom_id": "f",
    "title": "Tout",
    "components": [
        {"type": 10, "content": "Répondez librement."},
        {"type": 18, "label": "Choix", "component": {"type": 3, "custom_id": "menu", "options": [
            {"label": "Un", "value": "1"}, {"label": "Deux", "value": "2"}]}},
        {"type": 18, "label": "Cases", "component": {"type": 22, "custom_id": "cases", "required": False, "options": [
            {"label": "Un", "value": "1"}]}},
        {"type": 18, "label": "D'accord", "component": {"type": 23, "custom_id": "accord"}},
        {"type": 1, "components": [{"type": 4, "custom_id": "texte", "style": 1, "label": "T", "required": False}]},
    ],
}  # fmt: skip


async def test_commands_in_groups_are_given_by_their_whole_name(world: World, caller: Caller) -> None:
    """With choices where there are some."""
    await caller.call("PUT", COMMANDS, [GROUP])
    for name, options in (("sondage ton vote", {}), ("sondage mon vote", {"lequel": "bac"}), ("rien", {})):
        with pytest.raises(NobodyThere):
            world.command(ANNE, SQUARE, name, options)

    world.command(ANNE, SQUARE, "sondage mon vote", {"lequel": "pont"})

    (entry,) = world.journal.of("command")
    assert entry["text"] == "/sondage mon vote pont"


async def test_commands_are_added_listed_and_removed_one_by_one(caller: Caller) -> None:
    """Everywhere or in one guild; the same name replaces."""
    first = await caller.call("POST", EVERYWHERE, command())
    same = await caller.call("POST", EVERYWHERE, command(description="Autrement"))
    listed = [(await caller.call("GET", path)).body[""] for path in (EVERYWHERE, COMMANDS)]
    gone = [(await caller.call("DELETE", f"{EVERYWHERE}/{first.id}")).code for _ in range(2)]
    strange = await caller.call("GET", "/applications/5/commands")

    assert (first.id, [len(one) for one in listed if isinstance(one, list)]) == (same.id, [1, 0])
    assert (gone, strange.code) == ([None, 10063], 50001)


@pytest.mark.parametrize("body", [None, {"name": "x"}, ["x"], "x"])
async def test_commands_must_be_a_list_of_commands(caller: Caller, body: object) -> None:
    """400 for anything else."""
    assert (await caller.call("PUT", COMMANDS, body)).status == 400


async def test_people_are_asked_about_by_their_menu(world: World, server: DiscordServer, caller: Caller) -> None:
    """The program is told who they are and their place in the guild."""
    await caller.call("PUT", COMMANDS, [{"name": "Participation", "type": 2}])
    async with listening(server) as listener:
        await listener.identifies(0)
        world.inspect(ANNE, SQUARE, BILAL, "Participation")
        told = await listener.event("INTERACTION_CREATE")

    data = told["data"]
    assert isinstance(data, dict)
    assert (data["target_id"], list(data["resolved"]["members"])) == (str(BILAL), [str(BILAL)])


async def test_commands_can_be_given_in_private(world: World, server: DiscordServer, caller: Caller) -> None:
    """Those of no guild, where they are meant for that."""
    await caller.call("PUT", EVERYWHERE, [command(), command("place", contexts=[0])])
    room = world.direct(world.the_bot(), ANNE).id
    with pytest.raises(NobodyThere):
        world.command(ANNE, room, "place")
    async with listening(server) as listener:
        await listener.identifies(0)
        world.command(ANNE, room, "vote")
        told = await listener.event("INTERACTION_CREATE")

    assert ("member" in told, told["context"], told["user"]["id"]) == (False, 1, str(ANNE))  # type: ignore[index]  # an object


@pytest.mark.parametrize(
    "values",
    [{"menu": ["3"]}, {}, {"menu": ["1"], "cases": ["2"]}, {"menu": ["1"], "autre": "x"}],
)
async def test_forms_take_what_they_offer(world: World, poll: int, values: dict[str, str | list[str] | bool]) -> None:
    """And stay open when they do not."""
    number = world.press(ANNE, SQUARE, poll, "v:0")
    world.show_form(world.interactions[number], WHOLE_FORM)

    with pytest.raises(NobodyThere):
        world.submit(ANNE, values)
    assert world.submit(ANNE, {"menu": ["1"], "cases": [], "accord": True})
    with pytest.raises(NobodyThere):
        world.submit(ANNE, {"menu": ["1"]})


@pytest.fixture
async def poll(caller: Caller) -> int:
    """A question; its id."""
    return (await caller.send("Un pont ?", components=asks("Oui"))).id


async def test_buttons_of_a_message_for_one_person_are_for_that_person(
    world: World, server: DiscordServer, caller: Caller, poll: int
) -> None:
    """They can be pressed, and the message changed in turn."""
    async with listening(server) as listener:
        await listener.identifies(0)
        world.press(ANNE, SQUARE, poll, "v:0")
        hidden = 0
        for kind, data in ((4, {"content": "Sûr ?", "flags": 64, "components": asks("Oui")}), (7, {"content": "Bien"})):
            told = await listener.event("INTERACTION_CREATE")
            path = f"/interactions/{told['id']}/{told['token']}/callback"
            await caller.call("POST", path, {"type": kind, "data": data})
            if kind == 4:
                (hidden,) = world.hidden
                with pytest.raises(NobodyThere):
                    world.press(BILAL, SQUARE, hidden, "v:0")
                assert [button["custom_id"] for button in world.buttons(SQUARE, hidden)] == ["v:0"]
                world.press(ANNE, SQUARE, hidden, "v:0")

    assert world.hidden[hidden].content == "Bien"


@pytest.mark.parametrize(
    ("user", "channel", "text"),
    [(ANNE, SQUARE, " "), (ANNE, SQUARE, "x" * 2001), (ANNE, FORUM, "x"), (999, SQUARE, "x"), (ANNE, 5, "x")],
    ids=["nothing", "too long", "in a forum", "a stranger", "nowhere"],
)
async def test_words_that_the_application_does_not_send(world: World, user: int, channel: int, text: str) -> None:
    """Nothing happens."""
    with pytest.raises(NobodyThere):
        world.write(user, channel, text)


async def test_only_ones_own_words_can_be_corrected(world: World) -> None:
    """Or taken back."""
    number = world.write(ANNE, SQUARE, "bonjour")

    with pytest.raises(NobodyThere):
        world.edit_message(BILAL, SQUARE, number, "bonsoir")
    with pytest.raises(NobodyThere):
        world.delete_message(BILAL, SQUARE, number)


async def test_members_can_be_asked_for_over_the_gateway(server: DiscordServer) -> None:
    """All of them, or some."""
    async with listening(server) as listener:
        await listener.identifies()
        await listener.says(8, {"guild_id": str(TOWN), "query": "", "limit": 0})
        everybody = await listener.event("GUILD_MEMBERS_CHUNK")
        await listener.says(8, {"guild_id": str(TOWN), "user_ids": [str(ANNE)]})
        one = await listener.event("GUILD_MEMBERS_CHUNK")

    assert [len(chunk["members"]) for chunk in (everybody, one)] == [4, 1]  # type: ignore[arg-type]  # lists


async def test_who_stops_refusing_is_reached_again(world: World, caller: Caller) -> None:
    """The last wish counts."""
    room = (await caller.call("POST", "/users/@me/channels", {"recipient_id": CHLOE})).id
    world.refuse_messages(CHLOE)
    refused = await caller.send(channel=room)
    world.refuse_messages(CHLOE, refused=False)

    assert (refused.code, (await caller.send(channel=room)).status) == (50007, 200)
    assert (await caller.send(channel=NEWS)).status == 200


async def test_listeners_hear_of_changes_until_they_leave(world: World) -> None:
    """The page and the crowd live on it."""
    heard: list[str] = []
    leave = world.subscribe(lambda change: heard.append(change.kind))
    world.write(ANNE, SQUARE, "un")
    leave()
    world.write(ANNE, SQUARE, "deux")

    assert heard == ["message"]
