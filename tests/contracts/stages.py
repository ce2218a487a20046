"""Networks on which the contract of ``core.ports.platform`` is played, each with a way to look at what people see."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from adapters.discord.adapter import DiscordAdapter
from adapters.mastodon.adapter import MastodonAdapter
from adapters.mastodon.text import plain, without_mentions
from adapters.telegram.adapter import TelegramAdapter
from core.events import Choice
from core.identifiers import Address, MessageId
from core.ports.moderator import Moderator
from core.ports.platform import Introduction, Platform
from sandbox.discord import permissions
from sandbox.discord import world as guilds
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Overwrite
from sandbox.faults import Fault, Harm
from sandbox.journal import Journal
from sandbox.mastodon import places
from sandbox.mastodon import world as fediverse
from sandbox.mastodon.profiles import Profile
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.values import Status
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World
from tests.contracts.staging import ACCOUNT, NOON, LeapingClock, Stage, there

__all__ = ["ACCOUNT", "NOON", "LeapingClock", "Stage", "there"]


ALL_RIGHTS = permissions.FOR_BOT | permissions.TO_MODERATE | permissions.MANAGE_GUILD


class TelegramStage:
    """The imitation of Telegram."""

    token = "1000001:AAH-a_sandbox_token_of_the_usual_length"
    citizen, group, bot, officer = 101, -1001000000002, 1000001, 103
    ours, hears = True, True

    def __init__(self, clock: LeapingClock) -> None:
        self.world = World(clock=clock, journal=Journal(clock))
        self.world.add_user(self.citizen, "Anne", language_code="fr")
        self.world.add_bot(self.token, username="ville_bot")
        self.world.add_chat(Chat(id=self.group, kind="supergroup", title="La place"))
        self.world.chat(self.group).members[self.citizen] = Member(user=self.citizen)
        self.world.add_user(self.officer, "Chloé")
        self.world.promote(self.group, self.bot)
        self.world.promote(self.group, self.officer)
        self.world.bots[self.token].queue.clear()
        self.server = TelegramServer(self.world)
        self.place = Address(str(self.group))
        self.citizen_there, self.officer_there = there("telegram", self.citizen), there("telegram", self.officer)
        self.clock = clock
        self.platform: Platform
        self.moderator: Moderator

    @classmethod
    @asynccontextmanager
    async def built(cls) -> AsyncIterator["TelegramStage"]:
        """The stage with its adapter connected."""
        clock = LeapingClock()
        stage = cls(clock)
        async with stage.server as server:
            adapter = TelegramAdapter(account=ACCOUNT, token=cls.token, base_url=server.url, clock=clock)
            stage.platform, stage.moderator = adapter, adapter.moderator
            await stage.platform.open(Introduction(), known=None)
            try:
                yield stage
            finally:
                await stage.platform.close()

    def words(self) -> list[str]:
        """The texts and captions of the group."""
        return [message.text for message in self.world.chat(self.group).messages.values() if message.service is None]

    def answered(self) -> list[MessageId]:
        """The replies of the group."""
        messages = self.world.chat(self.group).messages.values()
        return [MessageId(str(message.reply_to)) for message in messages if message.reply_to is not None]

    def pinned(self) -> list[MessageId]:
        """The pinned messages of the group."""
        return [MessageId(str(number)) for number in self.world.chat(self.group).pinned]

    def bubbles(self) -> list[str]:
        """The answers to presses."""
        return [toast.text for toast in self.world.toasts.values()]

    def refuse_for_now(self) -> None:
        """A gateway's page."""
        self.server.faults.add(Fault(harm=Harm.STATUS, method="sendMessage"))

    def lose_the_answer(self) -> None:
        """A cut after the act."""
        self.server.faults.add(Fault(harm=Harm.CUT_AFTER, method="sendMessage"))

    def disarm(self) -> None:
        """An administrator with fewer rights."""
        self.world.promote(self.group, self.bot, frozenset({"can_manage_chat"}))

    def rearm(self) -> None:
        """An administrator with all rights."""
        self.world.promote(self.group, self.bot)

    def lock_out(self) -> None:
        """Thrown out of the group."""
        self.world.set_member(self.world.chat(self.group), Member(user=self.bot, status="kicked"))

    def set_up(self) -> None:
        """No pictures and no polls."""
        self.world.chat(self.group).withheld = frozenset({"can_send_photos", "can_send_polls"})

    def pardon(self) -> None:
        """An administrator lifts what there is."""
        chat = self.world.chat(self.group)
        out = chat.member(self.citizen).status == "kicked"
        self.world.set_member(chat, Member(user=self.citizen, status="left" if out else "member"), self.officer)

    def come_back(self) -> None:
        """Out and in."""
        self.world.leave(self.citizen, self.group)
        self.world.join(self.citizen, self.group)

    def write(self, text: str) -> MessageId:
        """A message in the group."""
        return MessageId(str(self.world.write(self.citizen, self.group, text)))

    def press(self, message: MessageId, choice: Choice) -> None:
        """An inline button."""
        self.world.press(self.citizen, self.group, int(message), f"v1:{choice.poll}:{choice.option}")


class MastodonStage:
    """The imitation of Mastodon, or of GoToSocial."""

    token = "mastodon-token-that-opens-nothing"
    place = Address("public")
    ours, hears = False, False

    def __init__(self, clock: LeapingClock, profile: Profile) -> None:
        self.world = fediverse.World(clock=clock, journal=Journal(clock), profile=profile)
        self.bot = self.world.add_bot(self.token, username="ville", scopes=(*places.SCOPES, "admin")).id
        self.citizen = self.world.add_user("anne", "Anne", language="fr").id
        self.citizen_there, self.officer_there = there("mastodon", self.citizen), there("mastodon", self.bot)
        self.world.staff.add(self.bot)
        self.server = MastodonServer(self.world)
        self.clock = clock
        self.platform: Platform
        self.moderator: Moderator

    @classmethod
    @asynccontextmanager
    async def built(cls, profile: Profile) -> AsyncIterator["MastodonStage"]:
        """The stage with its adapter connected."""
        clock = LeapingClock()
        stage = cls(clock, profile)
        async with stage.server as server:
            adapter = MastodonAdapter(account=ACCOUNT, token=cls.token, base_url=server.url, clock=clock)
            stage.platform, stage.moderator = adapter, adapter.moderator
            await stage.platform.open(Introduction(), known=None)
            try:
                yield stage
            finally:
                await stage.platform.close()

    def words(self) -> list[str]:
        """What everybody can read."""
        return [_read(status) for status in self._statuses() if status.visibility != "direct"]

    def answered(self) -> list[MessageId]:
        """The replies."""
        return [MessageId(status.reply_to) for status in self._statuses() if status.reply_to is not None]

    def pinned(self) -> list[MessageId]:
        """The posts on top of the profile."""
        return list(map(MessageId, self.world.pins.get(self.bot, [])))

    def bubbles(self) -> list[str]:
        """What the bot wrote to the citizen alone."""
        private = (status for status in self._statuses() if status.visibility == "direct")
        return [_read(status) for status in private if status.account == self.bot]

    def refuse_for_now(self) -> None:
        """A 429."""
        self.server.faults.add(Fault(harm=Harm.FLOOD, method="POST /api/v1/statuses", retry_after=1))

    def lose_the_answer(self) -> None:
        """A cut after the act."""
        self.server.faults.add(Fault(harm=Harm.CUT_AFTER, method="POST /api/v1/statuses"))

    def disarm(self) -> None:
        """A token that only writes posts."""
        self.world.add_token(self.token, self.bot, ("read", "write:statuses"))

    def rearm(self) -> None:
        """All scopes."""
        self.world.add_token(self.token, self.bot, (*places.SCOPES, "admin"))

    def lock_out(self) -> None:
        """A token without the right to write."""
        self.world.add_token(self.token, self.bot, ("read",))

    def set_up(self) -> None:
        """There is no place to set up."""

    def pardon(self) -> None:
        """Nobody else mutes and blocks for us."""

    def come_back(self) -> None:
        """Nobody is in or out."""

    def write(self, text: str) -> MessageId:
        """A mention in public."""
        return MessageId(self.world.mention(self.citizen, text))

    def press(self, message: MessageId, choice: Choice) -> None:
        """An answer with the number of the option."""
        self.world.reply(self.citizen, message, str(choice.option + 1))

    def _statuses(self) -> list[Status]:
        return sorted(self.world.statuses.values(), key=lambda status: (len(status.id), status.id))


def _read(status: Status) -> str:
    return without_mentions(plain(status.text)).replace("\u2060", "")


class DiscordStage:
    """The imitation of Discord."""

    token = "discord-token-that-opens-nothing"
    citizen, bot, guild, role, square = 101, 900, 800, 821, 811
    place = Address("811")
    ours, hears = True, True

    def __init__(self, clock: LeapingClock) -> None:
        self.world = guilds.World(clock=clock, journal=Journal(clock))
        self.world.add_user(self.citizen, "Anne")
        self.world.add_user(103, "Chloé")
        self.world.add_bot(self.token, self.bot, username="ville-bot")
        guild = self.world.add_guild(self.guild, "Ville", owner=103)
        self.world.add_role(self.guild, self.role, "Machines", ALL_RIGHTS)
        self.world.add_member(guild, self.citizen)
        self.world.add_member(guild, self.bot, (self.role,))
        self.world.add_channel(self.guild, self.square, "place")
        self.server = DiscordServer(self.world, pace=None)
        self.citizen_there, self.officer_there = there("discord", self.citizen), there("discord", 103)
        self.clock = clock
        self.platform: Platform
        self.moderator: Moderator

    @classmethod
    @asynccontextmanager
    async def built(cls) -> AsyncIterator["DiscordStage"]:
        """The stage with its adapter connected."""
        clock = LeapingClock()
        stage = cls(clock)
        async with stage.server as server, asyncio.TaskGroup() as tasks:
            adapter = DiscordAdapter(
                account=ACCOUNT,
                token=cls.token,
                base_url=server.api_url,
                clock=clock,
                channels={cls.place: ()},
                automod=True,
            )
            stage.platform, stage.moderator = adapter, adapter.moderator
            await stage.platform.open(Introduction(), known=None)
            begun = asyncio.Event()
            leave = stage.world.subscribe(lambda change: begun.set() if change.kind == "listening" else None)
            keeping = tasks.create_task(stage.platform.keep())
            await asyncio.wait_for(begun.wait(), 10)
            leave()
            try:
                yield stage
            finally:
                keeping.cancel()
                await stage.platform.close()

    def words(self) -> list[str]:
        """What everybody can read."""
        channel = self.world.channels[self.square]
        return [re.sub(r"\\(.)", r"\1", message.content) for message in channel.messages.values()]

    def answered(self) -> list[MessageId]:
        """The replies of the channel."""
        references = [each.reference for each in self.world.channels[self.square].messages.values()]
        return [MessageId(str(reference["message_id"])) for reference in references if reference is not None]

    def pinned(self) -> list[MessageId]:
        """The pins of the channel."""
        return [MessageId(str(number)) for number in self.world.channels[self.square].pins]

    def bubbles(self) -> list[str]:
        """What the citizen alone can read."""
        return [str(entry["text"]) for entry in self.world.journal.of("toast")]

    def refuse_for_now(self) -> None:
        """Too many at once."""
        self.server.faults.add(Fault(harm=Harm.FLOOD, method="create_message", retry_after=120))

    def lose_the_answer(self) -> None:
        """A cut after the act."""
        self.server.faults.add(Fault(harm=Harm.CUT_AFTER, method="create_message"))

    def disarm(self) -> None:
        """A role that lets it write only."""
        self._may(permissions.USUAL)

    def rearm(self) -> None:
        """The role it was invited with."""
        self._may(ALL_RIGHTS)

    def _may(self, allowed: int) -> None:
        guild = self.world.guilds[self.guild]
        self.world.set_role(guild, replace(guild.roles[self.role], permissions=allowed))

    def lock_out(self) -> None:
        """Out of the server."""
        self.world.leave(self.bot, self.guild)

    def set_up(self) -> None:
        """Everybody is let in by name, every five seconds."""
        channel = self.world.channels[self.square]
        allowed = Overwrite(target=self.guild, allow=permissions.SEND_MESSAGES | permissions.VIEW_CHANNEL)
        channel.overwrites[self.guild], channel.slow_mode = allowed, 5

    def pardon(self) -> None:
        """By the menu of a member, or the list of the banned."""
        self.world.pardon(self.citizen, self.guild, by=103)

    def come_back(self) -> None:
        """Out and in."""
        self.world.leave(self.citizen, self.guild)
        self.world.join(self.citizen, self.guild)

    def write(self, text: str) -> MessageId:
        """A message in the channel."""
        return MessageId(str(self.world.write(self.citizen, self.square, text)))

    def press(self, message: MessageId, choice: Choice) -> None:
        """A button."""
        self.world.press(self.citizen, self.square, int(message), f"v1:{choice.poll}:{choice.option}")
