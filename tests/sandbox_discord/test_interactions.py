"""Presses, choices, forms and commands: what a program is told, how it answers, and what people see of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from sandbox.discord import permissions
from sandbox.discord.errors import NobodyThere
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Json
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import ANNE, BILAL, BOT, SQUARE, TOWN, Answer, Caller, HandClock
from tests.sandbox_discord.listener import Listener, listening

COMMANDS = f"/applications/{BOT}/guilds/{TOWN}/commands"


def asks(*labels: str) -> list[Json]:
    """A row of buttons."""
    return [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": f"v:{n}", "label": label}
                                       for n, label in enumerate(labels)]}]  # fmt: skip


@pytest.fixture
async def listener(server: DiscordServer) -> AsyncIterator[Listener]:
    """A program that hears interactions and nothing else."""
    async with listening(server) as listener:
        await listener.identifies(0)
        yield listener


@pytest.fixture
async def poll(caller: Caller) -> int:
    """A question with two buttons; its id."""
    return (await caller.send("Un pont ?", components=asks("Oui", "Non"))).id


async def answered(caller: Caller, interaction: Json, kind: int, data: object = None, query: str = "") -> Answer:
    """Answer an interaction."""
    path = f"/interactions/{interaction['id']}/{interaction['token']}/callback{query}"
    return await caller.call("POST", path, {"type": kind, "data": data})


async def later(caller: Caller, interaction: Json, verb: str, path: str, body: object = None) -> Answer:
    """Use the token of an interaction."""
    return await caller.call(verb, f"/webhooks/{BOT}/{interaction['token']}{path}", body)


async def test_a_press_reaches_the_program_with_who_pressed(world: World, listener: Listener, poll: int) -> None:
    """And stands in the journal with the words on the button."""
    number = world.press(ANNE, SQUARE, poll, "v:1")

    told = await listener.event("INTERACTION_CREATE")
    assert (told["id"], told["type"], told["member"]["user"]["id"]) == (str(number), 3, str(ANNE))  # type: ignore[index]  # an object
    assert (told["data"]["custom_id"], told["message"]["id"]) == ("v:1", str(poll))  # type: ignore[index]
    (press,) = world.journal.of("press")
    assert (press["user"], press["chat"], press["message"], press["data"], press["label"]) == (
        ANNE, SQUARE, poll, "v:1", "Non",
    )  # fmt: skip
    assert (press["callback"], press["heard"], press["network"]) == (number, True, "discord")


async def test_a_press_that_no_program_can_hear_says_so(world: World, poll: int) -> None:
    """The person reads that the interaction failed."""
    world.press(ANNE, SQUARE, poll, "v:1")

    (press,) = world.journal.of("press")
    assert press["heard"] is False


@pytest.mark.parametrize("custom_id", ["v:9", ""])
async def test_a_button_that_is_not_there_cannot_be_pressed(world: World, poll: int, custom_id: str) -> None:
    """Nor one under a message of elsewhere."""
    with pytest.raises(NobodyThere):
        world.press(ANNE, SQUARE, poll, custom_id)


async def test_an_ephemeral_answer_is_seen_by_one_person(
    world: World, caller: Caller, listener: Listener, poll: int
) -> None:
    """It is no message of the channel."""
    world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")

    answer = await answered(caller, told, 4, {"content": "Noté", "flags": 64})

    toast = world.toasts[int(str(told["id"]))]
    assert (answer.status, toast.user, toast.text, toast.alert) == (204, ANNE, "Noté", True)
    assert list(world.channel(SQUARE).messages) == [poll]
    assert (await caller.call("GET", f"/channels/{SQUARE}/messages/{toast.message}")).code == 10008


async def test_an_answer_tells_what_came_of_it_when_asked(
    world: World, caller: Caller, listener: Listener, poll: int
) -> None:
    """With ``with_response``, as discord.py asks."""
    world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")

    answer = await answered(caller, told, 4, {"content": "Noté"}, "?with_response=1")

    resource = answer.body["resource"]
    assert isinstance(resource, dict)
    assert (answer.status, resource["type"], resource["message"]["content"]) == (200, 4, "Noté")
    assert int(resource["message"]["id"]) in world.channel(SQUARE).messages


async def test_nobody_is_answered_twice(world: World, caller: Caller, listener: Listener, poll: int) -> None:
    """40060; and an interaction that does not exist is 10062."""
    world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")
    await answered(caller, told, 6)

    again = await answered(caller, told, 6)
    unknown = await answered(caller, told | {"id": "5"}, 6)

    assert [(answer.status, answer.code) for answer in (again, unknown)] == [(400, 40060), (404, 10062)]


async def test_an_answer_may_be_too_late(world: World, caller: Caller, listener: Listener, poll: int) -> None:
    """By the clock of the person who looks at a phone."""
    world.deadline = 0.01
    number = world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")
    await asyncio.sleep(0.02)

    answer = await answered(caller, told, 6)

    assert (answer.code, world.failed) == (10062, [number])


async def test_the_server_is_not_idle_while_somebody_waits(
    world: World, server: DiscordServer, caller: Caller, listener: Listener, poll: int
) -> None:
    """Time must not leap over it."""
    world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")
    before = server.idle

    await answered(caller, told, 6)

    assert (before, server.idle) == (False, True)


async def test_a_deferred_answer_is_given_later(world: World, caller: Caller, listener: Listener, poll: int) -> None:
    """Whether it is ephemeral was settled when it was deferred; for 15 minutes."""
    world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")
    await answered(caller, told, 5, {"flags": 64})
    before = dict(world.toasts)

    edited = await later(caller, told, "PATCH", "/messages/@original", {"content": "Noté"})

    assert before == {}
    assert (edited.status, edited.body["flags"]) == (200, 64)
    assert world.toasts[int(str(told["id"]))].text == "Noté"


async def test_the_first_follow_up_fills_a_deferred_answer(
    world: World, caller: Caller, listener: Listener, poll: int
) -> None:
    """Others are messages of their own, and can be changed and taken back by their ids."""
    world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")
    await answered(caller, told, 5)

    first = await later(caller, told, "POST", "?wait=true", {"content": "Un"})
    second = await later(caller, told, "POST", "?wait=true", {"content": "Deux"})
    changed = await later(caller, told, "PATCH", f"/messages/{second.id}", {"content": "Trois"})
    gone = await later(caller, told, "DELETE", f"/messages/{second.id}")

    assert [message.content for message in world.channel(SQUARE).messages.values()] == ["Un pont ?", "Un"]
    assert (changed.body["content"], gone.status) == ("Trois", 204)
    assert (await later(caller, told, "GET", "/messages/@original")).id == first.id


async def test_a_token_lives_for_a_quarter_of_an_hour(
    world: World, caller: Caller, listener: Listener, poll: int, clock: HandClock
) -> None:
    """And not before the first answer."""
    world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")
    early = await later(caller, told, "POST", "", {"content": "x"})
    await answered(caller, told, 6)
    clock.forward(timedelta(minutes=16))

    late = await later(caller, told, "POST", "", {"content": "x"})

    assert [(answer.status, answer.code) for answer in (early, late)] == [(404, 10015), (401, 50027)]


async def test_a_press_can_change_its_message(world: World, caller: Caller, listener: Listener, poll: int) -> None:
    """Type 7: the buttons go, for instance."""
    world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")

    await answered(caller, told, 7, {"content": "Fermé", "components": []})

    message = world.channel(SQUARE).messages[poll]
    assert (message.content, message.components) == ("Fermé", ())
    assert world.toasts[int(str(told["id"]))].text == ""


async def test_a_menu_offers_so_many_choices(world: World, caller: Caller, listener: Listener) -> None:
    """And nothing else can be chosen."""
    menu: Json = {"type": 3, "custom_id": "m", "max_values": 2, "options": [
        {"label": name.title(), "value": name} for name in ("pont", "bac", "gué")]}  # fmt: skip
    number = (await caller.send(components=[{"type": 1, "components": [menu]}])).id
    for values in (["pont", "bac", "gué"], ["tunnel"], [], ["bac", "bac"]):
        with pytest.raises(NobodyThere):
            world.choose(ANNE, SQUARE, number, "m", values)

    world.choose(ANNE, SQUARE, number, "m", ["gué", "pont"])

    told = await listener.event("INTERACTION_CREATE")
    assert told["data"]["values"] == ["gué", "pont"]  # type: ignore[index]
    (press,) = world.journal.of("press")
    assert (press["values"], press["labels"]) == (["gué", "pont"], ["Gué", "Pont"])


FORM: Json = {
    "custom_id": "avis:1",
    "title": "Votre avis",
    "components": [
        {"type": 1, "components": [{"type": 4, "custom_id": "texte", "style": 2, "label": "Avis", "max_length": 20}]},
        {"type": 18, "label": "Ton", "component": {"type": 21, "custom_id": "ton", "required": False, "options": [
            {"label": "Pour", "value": "+"}, {"label": "Contre", "value": "-"}]}},
    ],
}  # fmt: skip


async def test_a_form_opens_and_comes_back(world: World, caller: Caller, listener: Listener, poll: int) -> None:
    """The interaction of a form knows the message it came from; no form answers a form."""
    world.press(ANNE, SQUARE, poll, "v:0")
    await answered(caller, await listener.event("INTERACTION_CREATE"), 9, FORM)
    with pytest.raises(NobodyThere):
        world.submit(ANNE, {"texte": "x" * 21})

    world.submit(ANNE, {"texte": "Un banc", "ton": "+"})

    told = await listener.event("INTERACTION_CREATE")
    (entry,) = world.journal.of("submitted")
    assert (told["type"], told["data"]["custom_id"], told["message"]["id"]) == (5, "avis:1", str(poll))  # type: ignore[index]
    assert entry["values"] == {"texte": "Un banc", "ton": "+"}
    assert (await answered(caller, told, 9, FORM)).code == 50035


@pytest.mark.parametrize(
    "given",
    [
        (4, None),
        (4, {}),
        (4, {"content": "x" * 2001}),
        (8, {"choices": []}),
        (9, FORM | {"title": "x" * 46}),
        (99, {}),
    ],
)
async def test_answers_that_make_no_sense_are_refused(
    world: World, caller: Caller, listener: Listener, poll: int, given: tuple[int, object]
) -> None:
    """And the person goes on waiting."""
    world.press(ANNE, SQUARE, poll, "v:0")
    told = await listener.event("INTERACTION_CREATE")

    answer = await answered(caller, told, *given)

    assert answer.status == 400
    assert len(world.waiting) == 1


def command(name: str = "vote", **more: object) -> Json:
    """A command in words."""
    return {"name": name, "description": "Voter", "type": 1} | more


OPTIONS = [
    {"type": 3, "name": "sondage", "description": "Lequel", "required": True},
    {"type": 4, "name": "choix", "description": "Votre choix", "min_value": 1, "max_value": 5},
]


async def test_a_command_is_given_with_its_options(world: World, caller: Caller, listener: Listener) -> None:
    """As the menu offers them; it stands in the journal as one would type it."""
    await caller.call("PUT", COMMANDS, [command(options=OPTIONS, name_localizations={"fr": "voter"})])
    for options in ({}, {"sondage": "pont", "choix": 6}, {"sondage": "pont", "autre": 1}):
        with pytest.raises(NobodyThere):
            world.command(ANNE, SQUARE, "vote", options)

    world.command(ANNE, SQUARE, "vote", {"sondage": "pont", "choix": 2})

    told = await listener.event("INTERACTION_CREATE")
    assert (told["type"], told["locale"], told["guild_locale"]) == (2, "fr", "fr")
    assert told["data"]["options"][1] == {"name": "choix", "type": 4, "value": 2}  # type: ignore[index]
    (entry,) = world.journal.of("command")
    assert (entry["text"], entry["options"]) == ("/vote pont 2", {"sondage": "pont", "choix": 2})


async def test_hidden_commands_are_given_only_by_override(world: World, caller: Caller) -> None:
    """``default_member_permissions`` hides; administrators of the guild may think otherwise."""
    hidden = command(default_member_permissions=permissions.MANAGE_GUILD)
    await caller.call("PUT", COMMANDS, [hidden])

    with pytest.raises(NobodyThere):
        world.command(ANNE, SQUARE, "vote")
    assert world.command(ANNE, SQUARE, "vote", override=True)


async def test_a_message_is_reported_by_its_menu(world: World, caller: Caller, listener: Listener) -> None:
    """The program is given the message, whatever it may read otherwise."""
    world.bots["discord-sandbox-token"].granted = 0
    await caller.call("PUT", COMMANDS, [{"name": "Signaler", "type": 3}])
    number = world.write(BILAL, SQUARE, "Publicité")

    world.report(ANNE, SQUARE, number, "Signaler")

    told = await listener.event("INTERACTION_CREATE")
    assert told["data"]["target_id"] == str(number)  # type: ignore[index]
    assert told["data"]["resolved"]["messages"][str(number)]["content"] == "Publicité"  # type: ignore[index]


@pytest.mark.parametrize(
    "commands",
    [
        [command("Vote")],
        [command("deux mots")],
        [command("x" * 33)],
        [command(description="x" * 101)],
        [command(description="")],
        [command(), command()],
        [command(options=[{**OPTIONS[1]}, {**OPTIONS[0]}])],
        [command(name_localizations={"fr": "Majuscule"})],
        [{"name": "Signaler", "type": 3, "description": "non"}],
        [command(f"c{n}") for n in range(101)],
    ],
)
async def test_commands_that_discord_would_not_take(world: World, caller: Caller, commands: list[Json]) -> None:
    """Names, descriptions, order of options, numbers."""
    answer = await caller.call("PUT", COMMANDS, commands)

    assert answer.status == 400
    assert world.bots["discord-sandbox-token"].commands.get(TOWN, {}) == {}


async def test_creating_commands_counts_for_a_day(world: World, caller: Caller, clock: HandClock) -> None:
    """Two hundred; changing those that exist is free."""
    world.bots["discord-sandbox-token"].created = [clock.now()] * 199
    first = await caller.call("PUT", COMMANDS, [command()])
    again = await caller.call("PUT", COMMANDS, [command(description="Autrement")])
    many = await caller.call("PUT", COMMANDS, [command("autre")])
    clock.forward(timedelta(days=1, seconds=1))
    tomorrow = await caller.call("PUT", COMMANDS, [command("autre")])

    assert (first.status, again.status, many.code, tomorrow.status) == (200, 200, 30034, 200)
