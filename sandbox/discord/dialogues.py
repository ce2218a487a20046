"""Interactions: a person presses, chooses, commands or fills in a form, and waits three seconds for an answer."""

import secrets
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sandbox.discord import permissions
from sandbox.discord.elections import COUNTING, Elections
from sandbox.discord.errors import NobodyThere
from sandbox.discord.happenings import RESUMABLE
from sandbox.discord.places import Bot
from sandbox.discord.shapes import channel_json, member_in, user_json
from sandbox.discord.texts import readable
from sandbox.discord.values import Change, Channel, Json, Message, Toast
from sandbox.journal import Journal
from sandbox.real_clock import Clock

DEADLINE = timedelta(seconds=3)  # Receiving and Responding: the first answer
TOKEN_KEPT = timedelta(minutes=15)  # the same page: later answers and changes
LARGEST_ATTACHMENT = 10 << 20
COMMAND, COMPONENT, FORM = 2, 3, 5


@dataclass(slots=True, kw_only=True)
class Interaction:
    """One of them. ``born`` is a real instant of the monotonic clock, ``at`` one of the sandbox's.

    ``heard`` says whether a program was there to hear it. ``answered`` is the type of the first answer, ``response``
    the message that is its «original», ``messages`` all that the program wrote with the token, ``form`` what the person
    was shown.
    """

    id: int
    token: str
    kind: int
    bot: int
    user: int
    channel: int
    born: float
    at: datetime
    heard: bool = True
    message: Message | None = None
    answered: int | None = None
    response: int | None = None
    form: Json | None = None
    messages: set[int] = field(default_factory=set)


class Dialogues(Elections):
    """What people begin and programs answer. ``deadline`` is real time, as it is for a person who looks at a phone."""

    def __init__(
        self,
        *,
        clock: Clock,
        journal: Journal,
        resumable: timedelta = RESUMABLE,
        counting: timedelta = COUNTING,
        deadline: timedelta = DEADLINE,
    ) -> None:
        super().__init__(clock=clock, journal=journal, resumable=resumable, counting=counting)
        self.deadline = deadline.total_seconds()
        self.interactions: dict[int, Interaction] = {}
        self.tokens: dict[str, Interaction] = {}
        self.forms: dict[int, Interaction] = {}

    @property
    def waiting(self) -> list[Interaction]:
        """Those still without an answer, within their deadline, that somebody may answer."""
        oldest = time.monotonic() - self.deadline
        fresh: list[Interaction] = []
        for interaction in reversed(self.interactions.values()):
            if interaction.born < oldest:
                break
            if interaction.answered is None and interaction.heard:
                fresh.append(interaction)
        return fresh

    @property
    def failed(self) -> list[int]:
        """Those that nobody answered in time: the person read that it failed."""
        oldest = time.monotonic() - self.deadline
        return [one.id for one in self.interactions.values() if one.answered is None and one.born < oldest]

    def begin(self, bot: Bot, user: int, channel: Channel, *, kind: int, message: Message | None = None) -> Interaction:
        """A person has done something and waits; ``send`` tells the program, once it stands in the journal."""
        interaction = Interaction(
            id=self.ids.next(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            bot=bot.id,
            user=user,
            channel=channel.id,
            born=time.monotonic(),
            at=self.clock.now(),
            heard=bool(self.live(bot)),
            message=message,
        )
        self.interactions[interaction.id] = self.tokens[interaction.token] = interaction
        return interaction

    def send(self, bot: Bot, interaction: Interaction, data: Json) -> None:
        """Tell the program, whatever its intents are."""
        channel = self.channels[interaction.channel]
        self.announce(Change(kind="press", chat=channel.id, user=interaction.user,
                             message=None if interaction.message is None else interaction.message.id))  # fmt: skip
        content = self._frame(bot, interaction, channel) | {"data": data}
        if interaction.message is not None:
            content["message"] = self.shape.message(interaction.message, bot.id)
        self.tell(bot, "INTERACTION_CREATE", lambda _content: content)

    def _frame(self, bot: Bot, interaction: Interaction, channel: Channel) -> Json:
        guild, user = self.guild_of(channel), self.user(interaction.user)
        here = self.allowed(user.id, channel)
        recipient = user if guild is None else None
        shape: Json = {
            "id": str(interaction.id),
            "application_id": str(bot.id),
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "channel": channel_json(channel, recipient=recipient) | {"permissions": str(here)},
            "channel_id": str(channel.id),
            "app_permissions": str(self.allowed(bot.id, channel)),
            "locale": user.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "attachment_size_limit": LARGEST_ATTACHMENT,
        }
        if guild is None:
            owners: Json = {"0": "0"}
            return shape | {"user": user_json(user), "context": 1, "authorizing_integration_owners": owners}
        return shape | {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": ["COMMUNITY", "NEWS"]},
            "guild_locale": guild.locale,
            "member": member_in(guild.members[user.id], user, here),
            "context": 0,
            "authorizing_integration_owners": {"0": str(guild.id)},
        }

    # ── what answers do ──

    def hide(self, interaction: Interaction, message: Message) -> Message:
        """An ephemeral message appears: one person sees it until they close their application."""
        placed = replace(message, id=message.id or self.ids.next(), at=self.clock.now(), only_for=interaction.user)
        self.hidden[placed.id] = placed
        return placed

    def toast(self, interaction: Interaction, text: str, *, alert: bool, message: int | None = None) -> Toast:
        """What the person who waits gets to see, alone."""
        shown = Toast(callback=interaction.id, user=interaction.user, text=text, alert=alert, at=self.clock.now(),
                      message=message)  # fmt: skip
        self.toasts[interaction.id] = shown
        self.record("toast", callback=interaction.id, user=interaction.user, text=text, alert=alert, message=message)
        self.announce(Change(kind="toast", chat=interaction.channel, message=message, user=interaction.user,
                             toast=shown))  # fmt: skip
        return shown

    def show(self, interaction: Interaction, message: Message) -> None:
        """An ephemeral message can be read now."""
        self.toast(interaction, readable(message), alert=True, message=message.id)

    def show_form(self, interaction: Interaction, form: Json) -> None:
        """A form opens before the person."""
        interaction.form = form
        self.forms[interaction.user] = interaction
        self.record("form", callback=interaction.id, user=interaction.user, form=form)
        self.announce(Change(kind="modal", chat=interaction.channel, user=interaction.user))

    def sees(self, user: int, channel: Channel, message: int) -> Message:
        """A message somebody sees, be it ephemeral. Raises ``NobodyThere``."""
        hidden = self.hidden.get(message)
        if hidden is not None and hidden.only_for == user and hidden.channel == channel.id:
            return hidden
        found = channel.messages.get(message)
        if found is None or not self.allowed(user, channel) & permissions.VIEW_CHANNEL:
            raise NobodyThere(f"{user} does not see message {message} of {channel.id}")
        return found
