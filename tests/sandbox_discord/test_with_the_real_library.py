"""The real discord.py against the sandbox: what programs of town halls stand on."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import discord
import pytest
from discord import app_commands

from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Flag
from sandbox.discord.world import World
from sandbox.faults import Fault, Harm
from tests.sandbox_discord import openapi
from tests.sandbox_discord.conftest import ANNE, BILAL, BOT, FORUM, NEWS, SQUARE, TOKEN, TOWN, HandClock

pytestmark = pytest.mark.usefixtures("library")
INTENTS = discord.Intents(
    guilds=True, guild_messages=True, dm_messages=True, message_content=True, polls=True, moderation=True
)


class Machine(discord.Client):
    """A client that notes what it hears."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[object] = asyncio.Queue()
        nobody = discord.AllowedMentions.none()
        super().__init__(intents=INTENTS, guild_ready_timeout=0.02, max_messages=None, allowed_mentions=nobody)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Begin at once: the library would wait five seconds before a second session."""

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote."""
        if message.author.id != BOT:
            await self.heard.put(message)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Somebody pressed, commanded or filled in."""
        await self.heard.put(interaction)

    async def on_raw_poll_vote_add(self, vote: discord.RawPollVoteActionEvent) -> None:
        """Somebody voted."""
        await self.heard.put(vote)

    async def on_resumed(self) -> None:
        """The session goes on."""
        await self.heard.put("resumed")

    async def on_ready(self) -> None:
        """A session has begun."""
        await self.heard.put("ready")

    async def hears(self) -> object:
        """The next thing."""
        async with asyncio.timeout(10):
            return await self.heard.get()


@pytest.fixture(autouse=True)
def judged(world: World) -> Iterator[None]:
    """After each test, what the library sent is compared with Discord's document, where that is at hand."""
    yield
    if openapi.WHERE.exists():
        assert openapi.read().wrong(world.journal.of("call")) == []


@asynccontextmanager
async def running(machine: Machine) -> AsyncIterator[Machine]:
    """The client, from its first readiness to its end."""
    async with machine, asyncio.TaskGroup() as tasks:
        task = tasks.create_task(machine.start(TOKEN))
        assert await machine.hears() == "ready"
        yield machine
        await machine.close()
        await task


@pytest.fixture
async def machine() -> AsyncIterator[Machine]:
    async with running(Machine()) as machine:
        yield machine


def place(client: discord.Client, number: int = SQUARE) -> discord.PartialMessageable:
    """A channel that needs no question first."""
    return client.get_partial_messageable(number, guild_id=TOWN)


async def test_it_hears_what_people_write(world: World, machine: Machine) -> None:
    """With the author's place in the guild and the words."""
    world.write(ANNE, SQUARE, "Bonjour <@900>")

    message = await machine.hears()

    assert isinstance(message, discord.Message)
    assert (message.content, message.author.id, message.guild and message.guild.id) == ("Bonjour <@900>", ANNE, TOWN)
    assert isinstance(message.channel, discord.TextChannel)


async def test_it_sends_with_its_own_nonce(world: World, rest: discord.Client) -> None:
    """Twice the same nonce is one message."""
    first = await place(rest).send("Avis", nonce="avis-1")
    again = await place(rest).send("Avis", nonce="avis-1")

    assert (first.id, first.nonce) == (again.id, "avis-1")
    assert len(world.channel(SQUARE).messages) == 1


async def test_it_sends_pictures_embeds_and_buttons(world: World, rest: discord.Client) -> None:
    """And nothing of it breaks a rule."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Oui", custom_id="v:1"))
    embed = discord.Embed(title="Plan", description="Le pont", timestamp=discord.utils.utcnow()).set_footer(
        text="Ville"
    )
    picture = discord.File(io.BytesIO(b"PNG"), "plan.png", description="Le plan")

    sent = await place(rest).send(embed=embed, file=picture, view=view)
    view.stop()

    assert (sent.attachments[0].description, sent.embeds[0].title) == ("Le plan", "Plan")
    assert world.violations == []


async def test_it_edits_reads_pins_and_removes(world: World, rest: discord.Client) -> None:
    """By the addresses it uses, those of pins of 2025 included."""
    sent = await place(rest).send("Avant")
    await sent.edit(content="Après")
    await sent.pin()

    pins = [message.content async for message in place(rest).pins()]
    history = [message.content async for message in place(rest).history(limit=5)]
    await sent.unpin()
    await sent.delete()

    assert (pins, history) == (["Après"], ["", "Après"])
    assert (sent.id in world.channel(SQUARE).messages, world.violations) == (False, [])


async def test_it_publishes_announcements(world: World, rest: discord.Client) -> None:
    """In the channel of announcements."""
    sent = await place(rest, NEWS).send("Travaux")

    await sent.publish()

    assert world.channel(NEWS).messages[sent.id].flags & Flag.CROSSPOSTED


async def test_it_opens_threads_and_posts(world: World, machine: Machine) -> None:
    """Under a message, and in a forum with tags."""
    square, forum = machine.get_channel(SQUARE), machine.get_channel(FORUM)
    assert isinstance(square, discord.TextChannel)
    assert isinstance(forum, discord.ForumChannel)
    sent = await square.send("Travaux")

    thread = await sent.create_thread(name="Débat", auto_archive_duration=1440)
    post = await forum.create_thread(name="Un banc", content="Au marché", applied_tags=[forum.available_tags[0]])
    await thread.send("Bienvenue")
    world.write(ANNE, thread.id, "Merci")

    heard = await machine.hears()
    assert isinstance(heard, discord.Message)
    assert (heard.channel.id, thread.id, post.message.content) == (thread.id, sent.id, "Au marché")
    assert world.violations == []


async def test_it_writes_in_private_unless_refused(world: World, rest: discord.Client) -> None:
    """Forbidden with 50007."""
    world.refuse_messages(BILAL)
    anne, bilal = await rest.fetch_user(ANNE), await rest.fetch_user(BILAL)

    await anne.send("Bonjour")
    with pytest.raises(discord.Forbidden) as refused:
        await bilal.send("Bonjour")

    assert refused.value.code == 50007


async def test_it_answers_a_press_that_only_one_person_sees(world: World, machine: Machine) -> None:
    """And says a second word later."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Oui", custom_id="v:1"))
    sent = await place(machine).send("Un pont ?", view=view)
    view.stop()

    number = world.press(ANNE, SQUARE, sent.id, "v:1")
    pressed = await machine.hears()
    assert isinstance(pressed, discord.Interaction)
    await pressed.response.send_message("Noté", ephemeral=True)
    await pressed.edit_original_response(content="Noté : oui")
    await pressed.followup.send("Merci", ephemeral=True)

    texts = [entry["text"] for entry in world.journal.of("toast")]
    assert (pressed.id, pressed.user.id, texts) == (number, ANNE, ["Noté", "Noté : oui", "Merci"])
    assert (len(world.channel(SQUARE).messages), world.violations) == (1, [])


async def test_it_defers_and_changes_the_message(world: World, machine: Machine) -> None:
    """The two ways of answering a component without words."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Oui", custom_id="v:1"))
    sent = await place(machine).send("Un pont ?", view=view)
    view.stop()
    world.press(ANNE, SQUARE, sent.id, "v:1")
    world.press(BILAL, SQUARE, sent.id, "v:1")

    first, second = await machine.hears(), await machine.hears()
    assert isinstance(first, discord.Interaction)
    assert isinstance(second, discord.Interaction)
    await first.response.defer(thinking=True, ephemeral=True)
    await first.edit_original_response(content="Noté")
    await second.response.edit_message(content="Fermé", view=None)

    assert world.channel(SQUARE).messages[sent.id].content == "Fermé"
    assert [toast.text for toast in world.toasts.values()] == ["Noté", ""]


class Opinion(discord.ui.Modal, title="Votre avis"):
    """A form as the library builds it."""

    words: discord.ui.TextInput["Opinion"] = discord.ui.TextInput(label="Avis", custom_id="words", max_length=400)


async def test_it_syncs_commands_and_shows_a_form(world: World, machine: Machine) -> None:
    """A tree of commands, given, answered with a form, which comes back."""
    tree = app_commands.CommandTree(machine)
    guild = discord.Object(TOWN)

    @tree.command(name="avis", description="Donner un avis", guild=guild)
    async def give(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Opinion(custom_id="opinion:1", timeout=60))

    synced = await tree.sync(guild=guild)
    opened = asyncio.Event()
    world.subscribe(lambda change: opened.set() if change.kind == "modal" else None)
    world.command(ANNE, SQUARE, "avis")
    await machine.hears()
    await opened.wait()
    world.submit(ANNE, {"words": "Un banc"})

    told = await machine.hears()
    assert isinstance(told, discord.Interaction)
    assert ([command.name for command in synced], told.type) == (["avis"], discord.InteractionType.modal_submit)
    assert world.violations == []


async def test_it_runs_a_native_poll(world: World, machine: Machine, clock: HandClock) -> None:
    """Votes are heard, voters listed, the end is final a little later."""
    poll = discord.Poll(question="Un pont ?", duration=timedelta(hours=48))
    poll.add_answer(text="Oui").add_answer(text="Non")
    sent = await place(machine).send(poll=poll)
    world.vote(ANNE, SQUARE, sent.id, {2})

    vote = await machine.hears()
    assert sent.poll is not None
    answer = sent.poll.answers[1]
    voters = [user.id async for user in answer.voters()]
    ended = await sent.end_poll()
    clock.forward(timedelta(seconds=11))
    counted = await place(machine).fetch_message(sent.id)

    assert isinstance(vote, discord.RawPollVoteActionEvent)
    assert (vote.user_id, vote.answer_id, voters) == (ANNE, 2, [ANNE])
    assert (ended.poll and ended.poll.is_finalised(), counted.poll and counted.poll.is_finalised()) == (False, True)
    assert (counted.poll and counted.poll.total_votes, world.violations) == (1, [])


async def test_it_silences_with_a_reason(world: World, machine: Machine) -> None:
    """Members that stand below it, for 28 days at most."""
    guild = machine.get_guild(TOWN)
    assert guild is not None
    member = await guild.fetch_member(ANNE)

    await member.timeout(timedelta(minutes=10), reason="règle 4, cas 12")

    assert world.guilds[TOWN].members[ANNE].silent_until is not None
    assert [(entry.action, entry.reason) for entry in world.audit] == [(24, "règle 4, cas 12")]


@pytest.mark.parametrize("trouble", ["reconnect", "4000", "4009"])
async def test_it_resumes_and_hears_what_it_missed(
    world: World, server: DiscordServer, machine: Machine, trouble: str
) -> None:
    """Op 7 and closed connections cost nothing."""
    if trouble == "reconnect":
        await server.gateway.reconnect()
    else:
        await server.gateway.close(int(trouble))
    world.write(ANNE, SQUARE, "pendant l'absence")

    heard = [await machine.hears(), await machine.hears()]

    assert [getattr(one, "content", one) for one in heard] == ["pendant l'absence", "resumed"]
    assert sum(1 for _ in world.journal.of("identified")) == 1


async def test_it_begins_anew_when_its_session_is_invalid(
    world: World, server: DiscordServer, machine: Machine
) -> None:
    """What happens in between is lost."""
    await server.gateway.invalidate(resumable=False)
    world.write(ANNE, SQUARE, "personne n'entend")

    assert await machine.hears() == "ready"
    assert sum(1 for _ in world.journal.of("identified")) == 2
    assert machine.heard.empty()


async def test_it_is_told_which_intents_are_missing(world: World) -> None:
    """And that a token is wrong before that."""
    world.bots[TOKEN].granted = 0

    async with Machine() as machine:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await machine.start(TOKEN)
    async with Machine() as stranger:
        with pytest.raises(discord.LoginFailure):
            await stranger.start("nobody")


async def test_it_waits_out_a_short_flood(world: World, server: DiscordServer, rest: discord.Client) -> None:
    """429 with Via, then success; 503 is given back at once."""
    server.faults.add(Fault(harm=Harm.FLOOD, method="create_message", retry_after=0))
    server.faults.add(Fault(harm=Harm.STATUS, method="create_message", status=503, nth=3))

    sent = await place(rest).send("Avis")
    with pytest.raises(discord.DiscordServerError):
        await place(rest).send("Autre")

    assert list(world.channel(SQUARE).messages) == [sent.id]


async def test_it_says_when_publishing_would_take_an_hour(world: World) -> None:
    """With ``max_ratelimit_timeout``; without, it would sleep."""
    async with discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30) as client:
        await client.login(TOKEN)
        world.budgets.most["publish"] = 1
        sent = [await place(client, NEWS).send(str(n)) for n in range(2)]
        await sent[0].publish()

        with pytest.raises(discord.RateLimited) as limited:
            await sent[1].publish()

    assert limited.value.retry_after == 3600
