"""The town: what people can do in it. The page, the crowd and tests act through these methods."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sandbox.discord import permissions
from sandbox.discord.dialogues import COMMAND, COMPONENT, DEADLINE, FORM, Dialogues
from sandbox.discord.elections import COUNTING
from sandbox.discord.errors import NobodyThere
from sandbox.discord.forms import filled
from sandbox.discord.happenings import RESUMABLE
from sandbox.discord.keywords import kept_back
from sandbox.discord.orders import Order, ordered
from sandbox.discord.shapes import silence_json
from sandbox.discord.texts import pinged, pings_everyone, walk
from sandbox.discord.values import Channel, Json, Kind, Message, Type
from sandbox.journal import Journal
from sandbox.real_clock import Clock, RealClock

BUTTON = 2
LINK = 5
LONGEST_TEXT = 2000
PICKERS = frozenset({3, 5, 6, 7, 8})


class World(Dialogues):
    """An imitation of Discord with its inhabitants. What people do here is journalled before it returns.

    Channels, messages and people are named by their ids as numbers. ``bot`` matters only where several bots live. What
    an application would not let a person do raises ``NobodyThere``.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        journal: Journal | None = None,
        resumable: timedelta = RESUMABLE,
        counting: timedelta = COUNTING,
        deadline: timedelta = DEADLINE,
    ) -> None:
        clock = clock or RealClock()
        super().__init__(
            clock=clock, journal=journal or Journal(clock), resumable=resumable, counting=counting, deadline=deadline
        )

    # ── components ──

    def buttons(self, channel: int, message: int) -> Iterator[Json]:
        """The buttons under a message now, in their order; a link has no ``custom_id``."""
        found = self.channel(channel).messages.get(message) or self.hidden.get(message)
        for part in walk(found.components if found is not None else ()):
            if part.get("type") == BUTTON:
                yield part

    def press(self, user: int, channel: int, message: int, custom_id: str) -> int:
        """Press a button that stands there now; the id of the interaction."""
        place, pressed, button = self._component(user, channel, message, custom_id)
        if button["type"] != BUTTON:
            raise NobodyThere(f"{custom_id} is no button")
        data: Json = {"component_type": BUTTON, "custom_id": custom_id, "id": button.get("id", 0)}
        return self._use(user, place, pressed, data, label=str(button.get("label") or ""))

    def choose(self, user: int, channel: int, message: int, custom_id: str, values: Sequence[str]) -> int:
        """Choose in a select menu and close it; the id of the interaction."""
        place, pressed, menu = self._component(user, channel, message, custom_id)
        options = menu.get("options")
        offered = {one["value"]: one["label"] for one in options} if isinstance(options, list) else {}
        least, most = menu.get("min_values", 1), menu.get("max_values", 1)
        if menu["type"] not in PICKERS or not _between(least, len(values), most):
            raise NobodyThere(f"{len(values)} cannot be chosen in {custom_id}")
        if len(set(values)) != len(values) or any(value not in offered for value in values):
            raise NobodyThere(f"{custom_id} does not offer {list(values)}")
        data: Json = {"component_type": menu["type"], "custom_id": custom_id, "id": menu.get("id", 0),
                      "values": list(values)}  # fmt: skip
        labels = [offered[value] for value in values]
        return self._use(user, place, pressed, data, label=", ".join(labels), values=list(values), labels=labels)

    def submit(self, user: int, values: dict[str, str | list[str] | bool]) -> int:
        """Fill in the form that is open and send it, by the ids of its fields; the id of the interaction."""
        shown = self.forms.pop(user, None)
        if shown is None or shown.form is None:
            raise NobodyThere(f"{user} has no form open")
        try:
            components = filled(shown.form, values)
        except NobodyThere:
            self.forms[user] = shown
            raise
        place, bot = self.channel(shown.channel), self.the_bot(shown.bot)
        data: Json = {"custom_id": shown.form["custom_id"], "components": components, "resolved": {}}
        interaction = self.begin(bot, user, place, kind=FORM, message=shown.message)
        self.record("submitted", user=user, chat=place.id, data=data["custom_id"], values=dict(values),
                    callback=interaction.id, form_of=shown.id, heard=interaction.heard)  # fmt: skip
        self.send(bot, interaction, data)
        return interaction.id

    def _component(self, user: int, channel: int, message: int, custom_id: str) -> tuple[Channel, Message, Json]:
        place = self.channel(channel)
        found = self.sees(user, place, message)
        for part in walk(found.components):
            if part.get("custom_id") == custom_id and not part.get("disabled"):
                return place, found, part
        raise NobodyThere(f"no {custom_id} under message {message} of {channel}")

    def _use(self, user: int, place: Channel, message: Message, data: Json, **told: object) -> int:
        bot = self.the_bot(message.author)
        interaction = self.begin(bot, user, place, kind=COMPONENT, message=message)
        self.record("press", user=user, chat=place.id, message=message.id, data=data["custom_id"], **told,
                    callback=interaction.id, heard=interaction.heard)  # fmt: skip
        self.send(bot, interaction, data)
        return interaction.id

    # ── commands ──

    def command(
        self,
        user: int,
        channel: int,
        name: str,
        options: Mapping[str, object] | None = None,
        *,
        override: bool = False,
        bot: int | None = None,
    ) -> int:
        """Give a slash command, by its default name (``"groupe ordre"`` for one in a group); the interaction's id.

        ``override`` stands for an administrator who let this person see commands that are hidden by default.
        """
        return self._order(user, channel, Order(1, name, options or {}, override=override), bot)

    def report(self, user: int, channel: int, message: int, name: str, *, bot: int | None = None) -> int:
        """Give a command from the context menu of a message; the id of the interaction."""
        target = self.sees(user, self.channel(channel), message)
        return self._order(user, channel, Order(3, name, {}, target=target), bot)

    def inspect(self, user: int, channel: int, person: int, name: str, *, bot: int | None = None) -> int:
        """Give a command from the context menu of a person; the id of the interaction."""
        return self._order(user, channel, Order(2, name, {}, person=self.user(person)), bot)

    def _order(self, user: int, channel: int, order: Order, bot: int | None) -> int:
        place, the_bot = self.channel(channel), self.the_bot(bot)
        allowed = self.allowed(user, place)
        if not allowed & permissions.USE_APPLICATION_COMMANDS or (place.bot or the_bot.id) != the_bot.id:
            raise NobodyThere(f"{user} cannot give commands in {channel}")
        data, typed = ordered(self, the_bot, place, allowed, order)
        interaction = self.begin(the_bot, user, place, kind=COMMAND)
        self.record("command", user=user, chat=channel, name=order.name, options=dict(order.options), text=typed,
                    target=order.target_id, callback=interaction.id, heard=interaction.heard)  # fmt: skip
        self.send(the_bot, interaction, data)
        return interaction.id

    # ── words ──

    def write(self, user: int, channel: int, text: str, *, reply_to: int | None = None, ping: bool = True) -> int:
        """Write a message in a channel, a thread or direct messages; its id. ``ping`` tells whom it answers."""
        place = self.channel(channel)
        self._may_write(place, user)
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise NobodyThere("between 1 and 2000 characters can be written")
        self._may_say(place, user, text)
        message = Message(channel=channel, author=user, content=text.strip())
        users = tuple(number for number in pinged(message.content, None, "users") if number in self.users)
        loud = bool(self.allowed(user, place) & permissions.MENTION_EVERYONE) and pings_everyone(text, None)
        message = replace(message, mentions=users, mention_everyone=loud)
        if reply_to is not None:
            message = self._answering(place, user, message, reply_to, ping=ping)
        placed = self.place(place, message)
        above = place.parent if place.kind.is_thread else None
        self.record("written", user=user, chat=channel, message=placed.id, text=placed.content, reply_to=reply_to,
                    thread=channel if place.kind.is_thread else None, above=above)  # fmt: skip
        return placed.id

    def write_to_bot(self, user: int, text: str, *, bot: int | None = None) -> int:
        """Write to the bot in private; the id of the message."""
        return self.write(user, self.direct(self.the_bot(bot), user).id, text)

    def edit_message(self, user: int, channel: int, message: int, text: str) -> None:
        """Correct one's own message."""
        place, before = self._own(user, channel, message)
        changed = replace(before, content=text.strip(), edited_at=self.clock.now())
        self.change(place, changed)
        self.record("rewritten", user=user, chat=channel, message=message, text=changed.content)

    def delete_message(self, user: int, channel: int, message: int) -> None:
        """Take one's own message back."""
        place, _ = self._own(user, channel, message)
        self.remove(place, [message])
        self.record("taken_back", user=user, chat=channel, message=message)

    def refuse_messages(self, user: int, *, refused: bool = True) -> None:
        """Accept no direct messages from people or bots of the guild any more, or again."""
        (self.refusing.add if refused else self.refusing.discard)(user)
        self.record("blocked" if refused else "unblocked", user=user)

    def join(self, user: int, guild: int) -> None:
        """Enter the guild."""
        place = self.guilds[guild]
        if user in place.banned or user not in self.users:
            raise NobodyThere(f"{user} may not enter {guild}")
        if user not in place.members:
            self.record("joined", user=user, chat=guild)
            self.arrive(place, user)

    def leave(self, user: int, guild: int) -> None:
        """Leave the guild."""
        place = self.guilds[guild]
        if user in place.members:
            self.record("left", user=user, chat=guild)
            self.depart(place, user)

    def pardon(self, user: int, guild: int, *, by: int) -> None:
        """Somebody who runs the guild lets a member speak again, or come back."""
        place = self.guilds[guild]
        if user in place.banned:
            self.unban(place, user)
            self.audit_entry(place, 23, by, user, None)
        elif user in place.members:
            member = self.set_member(place, replace(place.members[user], silent_until=None))
            self.audit_entry(place, 24, by, user, None, changes=(silence_json(member),))

    def _own(self, user: int, channel: int, message: int) -> tuple[Channel, Message]:
        place = self.channel(channel)
        before = place.messages.get(message)
        if before is None or before.author != user:
            raise NobodyThere(f"{user} did not write {message}")
        return place, before

    def _answering(self, place: Channel, user: int, message: Message, number: int, *, ping: bool) -> Message:
        answered = self.sees(user, place, number)
        reference: Json = {"type": 0, "channel_id": str(place.id), "message_id": str(number)}
        if place.guild is not None:
            reference["guild_id"] = str(place.guild)
        mentions = dict.fromkeys([*message.mentions, *([answered.author] if ping else [])])
        return replace(message, type=Type.REPLY, reference=reference, mentions=tuple(mentions))

    def _may_say(self, place: Channel, user: int, text: str) -> None:
        """AutoMod shows what is blocked to nobody."""
        guild = self.guild_of(place)
        notice = None if guild is None else kept_back(guild, guild.members[user], place, text)
        if notice is not None:
            self.record("kept_back", user=user, chat=place.id, notice=notice)
            raise NobodyThere(notice)

    def _may_write(self, place: Channel, user: int) -> None:
        needed = permissions.SEND_MESSAGES_IN_THREADS if place.kind.is_thread else permissions.SEND_MESSAGES
        if not place.kind.holds_messages or place.locked or not self.allowed(user, place) & needed:
            raise NobodyThere(f"{user} may not write in {place.id}")
        if place.kind is Kind.DM and user != place.recipient:
            raise NobodyThere(f"{user} is not in {place.id}")


def _between(least: object, count: int, most: object) -> bool:
    return int(str(1 if least is None else least)) <= count <= int(str(1 if most is None else most))
