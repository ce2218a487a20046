"""The phone with Discord: what a citizen sees in the channels, and does there."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

from sandbox.discord.controls import Command, Control, entered, form
from sandbox.discord.errors import NobodyThere
from sandbox.discord.screen import DIRECT, Eyes, Screen
from sandbox.discord.values import Change
from sandbox.discord.world import World
from sandbox.pages.phone import Act, Citizen, Done, Hand, Memory, News, Toast, whole


class DiscordPhone:
    """The phone of everybody in one world. The place is the number of a channel, or ``direct``."""

    network: Final = "discord"
    name: Final = "Discord"

    def __init__(self, world: World) -> None:
        self._world = world
        self._memory = Memory(world.clock)
        self._closed: defaultdict[int, set[int]] = defaultdict(set)
        world.subscribe(self._remember)
        self.acts: Mapping[str, Act] = {
            "press": self._press,
            "choose": self._choose,
            "vote": self._vote,
            "write": self._write,
            "command": self._command,
            "report": self._report,
            "submit": self._submit,
            "close": self._close,
            "begin": self._begin,
            "block": self._block,
            "join": self._join,
        }

    @property
    def town(self) -> str:
        """The name of the guild."""
        return next((guild.name for guild in self._world.guilds.values()), self.name)

    def citizens(self) -> list[Citizen]:
        """The people who have an account."""
        people = [user for user in self._world.users.values() if not user.is_bot]
        return [Citizen(account=str(user.id), name=user.name, language=user.locale) for user in people]

    def screen(self, hand: Hand) -> Screen:
        """The channels, with this one open if they see it."""
        self._world.catch_up()
        return self._eyes(hand).screen(hand)

    def picture(self, number: str) -> bytes | None:
        """A picture of a message."""
        return self._world.contents.get(whole(number))

    def toast(self, press: str, account: str) -> Toast | None:
        """That a press was answered: what was answered stands in the channel."""
        found = self._world.interactions.get(whole(press))
        return Toast("") if found is not None and str(found.user) == account and found.answered is not None else None

    def listen(self, tell: Callable[[News], None]) -> None:
        """Have every change told."""

        def told(change: Change) -> None:
            waited = change.kind in {"toast", "modal"} and change.user is not None
            tell(News(str(change.user), Toast("")) if waited else News())

        self._world.subscribe(told)

    def _remember(self, change: Change) -> None:
        self._memory.note(change.kind, change.chat, change.message, change.user)

    def _eyes(self, hand: Hand) -> Eyes:
        user = int(hand.account)
        return Eyes(self._world, self._memory, user, self._closed[user])

    def _where(self, hand: Hand) -> int:
        """The channel that is open. Raises ``NobodyThere``."""
        channel = self._eyes(hand).channel(hand.place)
        if channel is None:
            raise NobodyThere(f"{hand.account} sees no {hand.place}")
        return channel.id

    def _press(self, hand: Hand) -> Done:
        message = hand.whole("message")
        press = self._world.press(int(hand.account), self._where(hand), message, hand.one("data"))
        return Done(waits=str(press), part=f"discord-{message}")

    def _choose(self, hand: Hand) -> Done:
        message, chosen = hand.whole("message"), [one for one in hand.all("value") if one]
        press = self._world.choose(int(hand.account), self._where(hand), message, hand.one("data"), chosen)
        return Done(waits=str(press), part=f"discord-{message}")

    def _vote(self, hand: Hand) -> Done:
        message, answers = hand.whole("message"), {whole(one) for one in hand.all("answer")}
        self._world.vote(int(hand.account), self._where(hand), message, answers)
        return Done(part=f"discord-{message}")

    def _write(self, hand: Hand) -> Done:
        text = hand.one("text").strip()
        if text.startswith("/"):
            found = _typed(text, self._eyes(hand).screen(hand).commands)
            if found is not None:
                press = self._world.command(int(hand.account), self._where(hand), found[0], found[1])
                return Done(waits=str(press), part="discord-text")
        if text:
            answered = whole(hand.answering) or None
            self._world.write(int(hand.account), self._where(hand), text, reply_to=answered)
        return Done(part="discord-text")

    def _command(self, hand: Hand) -> Done:
        screen = self._eyes(hand).screen(hand)
        command = next((one for one in screen.commands if one.name == hand.one("name")), None)
        if command is None:
            raise NobodyThere(f"there is no command {hand.one('name')}")
        given = {one.name: hand.one(f"o-{one.name}").strip() for one in command.fields}
        options = {one.name: _value(one, given[one.name]) for one in command.fields if given[one.name]}
        press = self._world.command(int(hand.account), self._where(hand), command.name, options)
        return Done(waits=str(press), part="discord-text")

    def _report(self, hand: Hand) -> Done:
        message = hand.whole("message")
        press = self._world.report(int(hand.account), self._where(hand), message, hand.one("name"))
        return Done(waits=str(press), part=f"discord-{message}")

    def _submit(self, hand: Hand) -> Done:
        user = int(hand.account)
        if hand.one("away"):
            self._world.forms.pop(user, None)
            return Done()
        shown = self._world.forms.get(user)
        if shown is None or shown.form is None:
            raise NobodyThere(f"{user} has no form open")
        press = self._world.submit(user, entered(form(shown.form), hand.fields))
        return Done(waits=str(press))

    def _close(self, hand: Hand) -> Done:
        self._closed[int(hand.account)].add(hand.whole("message"))
        return Done(part="discord-text")

    def _begin(self, hand: Hand) -> Done:
        user = int(hand.account)
        if user in self._world.refusing:
            self._world.refuse_messages(user, refused=False)
        if not any(user in guild.members for guild in self._world.guilds.values()):
            raise NobodyThere(f"{user} shares no guild with the bot")
        self._world.direct(self._world.the_bot(), user)
        return Done(place=DIRECT)

    def _block(self, hand: Hand) -> Done:
        self._world.refuse_messages(int(hand.account))
        return Done(place=DIRECT)

    def _join(self, hand: Hand) -> Done:
        for guild in self._world.guilds:
            self._world.join(int(hand.account), guild)
        return Done(place="")


def _typed(text: str, known: tuple[Command, ...]) -> tuple[str, dict[str, object]] | None:
    """A command typed as a line: what follows its name fills its fields in turn, the last one takes the rest."""
    for command in sorted(known, key=lambda one: -len(one.label)):
        for name in (command.label, command.name):
            if text[1:] == name or text[1:].startswith(f"{name} "):
                words = text[1 + len(name) :].split(maxsplit=max(len(command.fields) - 1, 0))
                pairs = zip(command.fields, words, strict=False)
                return command.name, {field.name: _value(field, word) for field, word in pairs}
    return None


def _value(field: Control, word: str) -> object:
    """What was typed in a field of a command, as the world takes it."""
    if field.kind == "tick":
        return word.casefold() in {"on", "true", "oui", "yes", "vrai"}
    return int(word) if field.style == "number" and word.removeprefix("-").isdecimal() else word
