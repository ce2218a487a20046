"""The phone with Discord: what a citizen sees in the channels and does there, in a browser without script."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import FormData

from sandbox.clock import StageClock
from sandbox.discord.phone import DiscordPhone
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Json
from sandbox.discord.world import World
from sandbox.journal import Journal
from sandbox.pages.routes import Page
from tests.sandbox.guest import Guest
from tests.sandbox.visitor import picture
from tests.sandbox_discord.conftest import ANNE, BILAL, BOT, FORUM, NEWS, NOON, SQUARE, TOWN, Caller, HandClock, furnish

ROW = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Pont", "custom_id": "v:0"}]}
MENU = {"type": 3, "custom_id": "v", "placeholder": "Quartier", "options": [{"label": "Bas", "value": "1"}]}
HOSTILE = "<script>alert(1)</script> **<img src=x>** [x](javascript:alert(2)) \"'></li>"


@pytest.fixture
async def server(world: World) -> AsyncIterator[DiscordServer]:
    """The town's server, with its page."""
    page = Page((DiscordPhone(world),), StageClock(NOON), zone="Europe/Paris")
    await asyncio.to_thread(page.read)
    server = DiscordServer(world, pace=None)
    page.attach(server.application)
    async with server:
        yield server


@pytest.fixture
async def anne(server: DiscordServer, caller: Caller) -> Guest:
    """Anne, who looks at the square."""
    return Guest(caller.session, server.url, ANNE, discord=SQUARE, lang="fr")


async def listed(caller: Caller, *commands: Json) -> None:
    """The bot's menu of commands."""
    answer = await caller.call("PUT", f"/applications/{BOT}/commands", list(commands))
    assert answer.status == 200, answer.body


async def answered(caller: Caller, world: World, kind: int = 4, **content: object) -> None:
    """The bot answers what was done last, for the one who did it alone."""
    done = next(reversed(world.interactions.values()))
    body = {"type": kind, "data": {"flags": 64, **content} if kind == 4 else content}
    answer = await caller.call("POST", f"/interactions/{done.id}/{done.token}/callback", body)
    assert answer.status < 300, answer.body


# ── looking ──


async def test_the_channels_that_somebody_sees_are_listed_and_one_is_open(anne: Guest, caller: Caller) -> None:
    """In a list at the side, threads below theirs."""
    posted = await caller.send("Avis **important**", NEWS)
    await caller.call("POST", f"/channels/{NEWS}/messages/{posted.id}/threads", {"name": "Le débat"})

    page = await anne.looks(discord=NEWS)

    tabs = re.search(r'<nav class="tabs rail".*?</nav>', page, re.DOTALL)
    assert tabs is not None
    assert re.findall(r"<bdi>(.*?)</bdi>", tabs[0]) == ["Ville", "annonces", "Le débat", "place", "idées", "Parvis"]
    assert "Avis <strong>important</strong>" in page
    assert '<span class="app">APP</span>' in page


async def test_the_first_channel_is_open_unless_one_is_named(anne: Guest, caller: Caller) -> None:
    """Also where a place makes no sense."""
    await caller.send("Avis", NEWS)

    assert "Avis" in await anne.looks(discord="nowhere")


async def test_a_forum_lists_its_conversations(anne: Guest, caller: Caller) -> None:
    """Each leads to its messages."""
    await caller.call("POST", f"/channels/{FORUM}/threads", {"name": "Un banc", "message": {"content": "Ici ?"}})

    page = await anne.looks(discord=FORUM)

    assert 'class="topic"' in page
    assert "Vous pouvez lire ici, mais pas écrire." in page


async def test_a_thread_begins_with_the_message_it_was_opened_under(anne: Guest, caller: Caller) -> None:
    """And leads back to its channel."""
    posted = await caller.send("La question", NEWS)
    thread = await caller.call("POST", f"/channels/{NEWS}/messages/{posted.id}/threads", {"name": "Le débat"})

    page = await anne.looks(discord=thread.id)

    assert "La question" in page
    assert "Revenir à annonces" in page


async def test_pictures_show_with_their_descriptions(anne: Guest, caller: Caller) -> None:
    """Where everybody can read them."""
    form = FormData({"payload_json": '{"attachments": [{"id": 0, "description": "Un pont de bois"}]}'})
    form.add_field("files[0]", picture(), filename="pont.png", content_type="image/png")
    await caller.form(f"/channels/{SQUARE}/messages", form)

    page = await anne.looks()

    found = re.search(r'<img src="(/discord/picture/\d+)" alt="Un pont de bois"', page)
    assert found is not None
    assert "<b>ALT</b> Un pont de bois" in page
    async with caller.session.get(anne.url + found[1]) as given:
        assert (given.status, given.content_type) == (200, "image/png")


async def test_what_was_taken_away_pinned_or_embedded_is_told(anne: Guest, caller: Caller, world: World) -> None:
    """A removed message leaves a line that no telephone shows."""
    rude = world.write(ANNE, SQUARE, "Sapristi !")
    await caller.call("DELETE", f"/channels/{SQUARE}/messages/{rude}")
    kept = await caller.send("À garder", embeds=[{"title": "Fiche", "fields": [{"name": "Prix", "value": "*rien*"}]}])
    await caller.call("PUT", f"/channels/{SQUARE}/messages/pins/{kept.id}")

    page = await anne.looks()

    assert "Sapristi" not in page
    assert "Votre message retiré par le robot" in page
    assert "Message épinglé" in page
    assert "<b><bdi>Prix</bdi></b><br><em>rien</em>" in page


async def test_hostile_words_are_only_characters(anne: Guest, world: World) -> None:
    """In messages, names and channels."""
    world.add_user(666, HOSTILE)
    world.join(666, TOWN)
    world.write(666, SQUARE, HOSTILE)
    world.add_channel(TOWN, 899, HOSTILE)

    page = await anne.looks()

    assert len(re.findall("<script", page)) == 1  # the page's own
    assert "<img" not in page
    assert 'href="javascript' not in page


# ── doing ──


async def test_a_press_is_answered_for_one_person_alone(anne: Guest, caller: Caller, world: World) -> None:
    """Who may close what only they see."""
    posted = await caller.send("Quel passage ?", components=[ROW])
    world.tell(world.the_bot(), "NOTHING", lambda _content: {})
    await anne.does("discord/press", headers={"X-Live": "1"}, message=posted.id, data="v:0")
    await answered(caller, world, content="Votre vote : Pont")

    mine = await anne.looks()
    others = await anne.looks(who=BILAL)
    await anne.does("discord/close", message=max(world.hidden))

    assert "Votre vote : Pont" in mine
    assert "Vous seul·e voyez ce message." in mine
    assert "Votre vote : Pont" not in others
    assert "Votre vote : Pont" not in anne.seen


async def test_a_choice_in_a_list_reaches_the_bot(anne: Guest, caller: Caller, world: World) -> None:
    """By its value."""
    posted = await caller.send("Où ?", components=[{"type": 1, "components": [MENU]}])
    assert '<option value="1">Bas</option>' in await anne.looks()

    await anne.does("discord/choose", headers={"X-Live": "1"}, message=posted.id, data="v", value="1")

    (press,) = world.journal.of("press")
    assert (press["user"], press["values"]) == (ANNE, ["1"])


async def test_a_button_that_is_gone_is_said_to_be_gone(anne: Guest, caller: Caller) -> None:
    """The page may be older than the world."""
    posted = await caller.send("Quel passage ?", components=[ROW])

    await anne.does("discord/press", message=posted.id, data="v:7")

    assert "Ce n’est plus possible" in anne.seen


async def test_commands_are_offered_in_the_citizens_language_with_their_fields(
    anne: Guest, caller: Caller, world: World
) -> None:
    """And given, from the menu or typed."""
    texte = {"type": 3, "name": "text", "name_localizations": {"fr": "texte"}, "description": "what", "required": True}
    await listed(
        caller, {"name": "vote", "name_localizations": {"fr": "voter"}, "description": "x", "options": [texte]}
    )
    page = await anne.looks()

    await anne.does("discord/command", headers={"X-Live": "1"}, name="vote", o__text="halle 2")
    await anne.does("discord/write", headers={"X-Live": "1"}, text="/voter halle 3")

    assert "<b>/voter</b>" in page
    assert 'name="o-text"' in page
    given = [(entry["name"], entry["options"]) for entry in world.journal.of("command")]
    assert given == [("vote", {"text": "halle 2"}), ("vote", {"text": "halle 3"})]


async def test_what_looks_like_a_command_and_is_none_is_a_message(anne: Guest, world: World) -> None:
    """As in the application."""
    await anne.does("discord/write", text="/tableflip")

    (said,) = world.journal.of("written")
    assert said["text"] == "/tableflip"


async def test_an_unknown_command_is_refused(anne: Guest) -> None:
    """A forged form finds nothing."""
    await anne.does("discord/command", name="nothing")

    assert "Ce n’est plus possible" in anne.seen


async def test_a_citizen_replies_on_the_square(anne: Guest, world: World) -> None:
    """And reads whom she answered."""
    asked = world.write(BILAL, SQUARE, "Qui vient ?")

    await anne.does("discord/write", reply=asked, text="Moi !")

    assert world.channels[SQUARE].messages[max(world.channels[SQUARE].messages)].replies_to == asked
    assert re.search(rf'class="spine" href="#discord-{asked}">.*Bilal', anne.seen)


async def test_a_message_is_reported_from_its_own_menu(anne: Guest, caller: Caller, world: World) -> None:
    """Where the bot offers it."""
    await listed(caller, {"name": "Signaler", "type": 3})
    rude = world.write(BILAL, SQUARE, "Grossier")
    assert '<button name="name" value="Signaler">' in await anne.looks()

    await anne.does("discord/report", headers={"X-Live": "1"}, message=rude, name="Signaler")

    (order,) = world.journal.of("command")
    assert (order["name"], order["target"]) == ("Signaler", rude)


async def test_a_form_opens_is_filled_in_and_sent(anne: Guest, caller: Caller, world: World) -> None:
    """Field by field."""
    await listed(caller, {"name": "plainte", "description": "x"})
    await anne.does("discord/command", headers={"X-Live": "1"}, name="plainte")
    field = {"type": 4, "custom_id": "why", "style": 2, "label": "Pourquoi ?"}
    tick = {"type": 18, "label": "Sûr ?", "component": {"type": 23, "custom_id": "sure"}}
    shown: list[Json] = [{"type": 1, "components": [field]}, tick]
    await answered(caller, world, 9, custom_id="form", title="Votre plainte", components=shown)
    page = await anne.looks()

    await anne.does("discord/submit", headers={"X-Live": "1"}, f__why="Trop de bruit", f__sure="on")

    assert "Votre plainte" in page
    assert 'class="modal"' not in anne.seen
    (sent,) = world.journal.of("submitted")
    assert sent["values"] == {"why": "Trop de bruit", "sure": True}


async def test_a_form_can_be_closed(anne: Guest, caller: Caller, world: World) -> None:
    """Nobody is told; sending it afterwards is not possible."""
    await listed(caller, {"name": "plainte", "description": "x"})
    await anne.does("discord/command", headers={"X-Live": "1"}, name="plainte")
    row: Json = {"type": 1, "components": [{"type": 4, "custom_id": "why", "style": 1, "label": "?"}]}
    await answered(caller, world, 9, custom_id="form", title="Votre plainte", components=[row])

    await anne.does("discord/submit", away="1")
    closed = anne.seen
    await anne.does("discord/submit", f__why="…")

    assert "Votre plainte" not in closed
    assert "Ce n’est plus possible" in anne.seen


async def test_a_citizen_writes_to_the_bot_in_private(anne: Guest, world: World) -> None:
    """After opening the direct messages, unless she accepts none."""
    before = await anne.looks(discord="direct")
    await anne.does("discord/begin")
    anne.places["discord"] = "direct"
    await anne.does("discord/write", text="Bonjour")
    await anne.does("discord/block")
    refused = anne.seen
    await anne.does("discord/begin")

    assert "Ouvrir les messages privés" in before
    assert [said["text"] for said in world.journal.of("written")] == ["Bonjour"]
    assert "Vous n’acceptez pas de messages privés" in refused
    assert 'id="discord-composer"' in anne.seen


async def test_somebody_outside_is_offered_to_come_in(anne: Guest, world: World) -> None:
    """Then the channels show."""
    world.add_user(150, "Denise")
    anne.who = 150
    before = await anne.looks()

    await anne.does("discord/join")

    assert "Rejoindre le serveur" in before
    assert 150 in world.guilds[TOWN].members


async def test_a_press_without_script_shows_the_page_once_it_was_answered(
    anne: Guest, caller: Caller, world: World
) -> None:
    """As soon as the bot spoke, whatever it said."""
    posted = await caller.send("Quel passage ?", components=[ROW])
    pressed = asyncio.Event()
    leave = world.subscribe(lambda change: pressed.set() if change.kind == "press" else None)

    async with asyncio.TaskGroup() as both:
        both.create_task(anne.does("discord/press", message=posted.id, data="v:0"))
        await pressed.wait()
        await answered(caller, world, content="Compté")
    leave()

    assert "Compté" in anne.seen


async def test_who_was_not_answered_in_time_reads_it(clock: HandClock, caller: Caller) -> None:
    """And nobody else does."""
    world = furnish(World(clock=clock, journal=Journal(clock), deadline=timedelta()))
    page = Page((DiscordPhone(world),), StageClock(NOON), zone="Europe/Paris")
    await asyncio.to_thread(page.read)
    server = DiscordServer(world, pace=None)
    page.attach(server.application)
    world.begin(world.the_bot(), ANNE, world.channel(SQUARE), kind=2)
    async with server:
        mine = await Guest(caller.session, server.url, ANNE, discord=SQUARE).looks()
        others = await Guest(caller.session, server.url, BILAL, discord=SQUARE).looks()

    assert "n’a pas répondu à temps" in mine
    assert "n’a pas répondu à temps" not in others


async def test_commands_with_parts_choices_and_numbers_are_offered(anne: Guest, caller: Caller, world: World) -> None:
    """Each part is a command of its own; what is not for everybody is not shown."""
    choices = [{"name": "Pont", "value": "p"}]
    order: Json = {"type": 1, "name": "ordre", "description": "x", "options": [
        {"type": 3, "name": "lequel", "description": "x", "choices": choices},
        {"type": 4, "name": "combien", "description": "x"},
        {"type": 5, "name": "vite", "description": "x"},
    ]}  # fmt: skip
    hidden: Json = {"name": "secret", "description": "x", "default_member_permissions": "8"}
    await listed(caller, {"name": "groupe", "description": "x", "options": [order]}, hidden)

    await anne.does("discord/command", headers={"X-Live": "1"}, name="groupe ordre", o__lequel="p", o__combien=3,
                    o__vite="on")  # fmt: skip

    assert "/secret" not in anne.seen
    (given,) = world.journal.of("command")
    assert given["options"] == {"lequel": "p", "combien": 3, "vite": True}


# ── polls ──


async def test_a_poll_is_voted_in_changed_and_counted(
    anne: Guest, caller: Caller, world: World, clock: HandClock
) -> None:
    """Shares show once somebody has voted; the vote can be taken back while it is open."""
    answers = [{"poll_media": {"text": text}} for text in ("Pont", "Gué")]
    sent = await caller.send("", poll={"question": {"text": "Passage ?"}, "answers": answers, "duration": 1})
    world.vote(BILAL, SQUARE, sent.id, {1})
    before = await anne.looks()

    await anne.does("discord/vote", message=sent.id, answer=2)
    voted = anne.seen
    await anne.does("discord/vote", message=sent.id)
    back = anne.seen
    clock.forward(timedelta(hours=2))
    over = await anne.looks()

    assert ("50 %" in before, "50 %" in voted, "50 %" in back) == (False, True, False)
    assert "Retirer mon vote" in voted
    assert "Ce sondage est terminé" in over


async def test_a_mention_shows_the_name(anne: Guest, world: World) -> None:
    """Of people, channels and roles; of what is not there, the number."""
    world.write(BILAL, SQUARE, f"<@{ANNE}> <#{NEWS}> <@&820> <@5> <#6> <@&7>")

    page = await anne.looks()

    assert re.findall(r'<span class="tag">(.*?)</span>', page) == ["@Anne", "#annonces", "@Agents", "@5", "#6", "@7"]
