"""What people see and do on Discord: buttons in a channel of announcements, its threads, commands that nobody sees."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from sandbox.discord.errors import NobodyThere
from sandbox.discord.texts import readable
from sandbox.discord.values import Change, Kind, Message
from sandbox.discord.world import World
from sandbox.hands import Asked, Gone, Place, Posted, Sight, Told, own_poll
from sandbox.inhabitants import Person

TEXT = 3  # type of a command's option


@dataclass(frozen=True, slots=True)
class DiscordHands:
    """The people of one world, who read this channel."""

    world: World
    channel: int

    def watch(self, look: Callable[[Sight], None]) -> Callable[[], None]:
        """Tell of the channel, the direct messages, and the answers that one person sees alone."""

        def notice(change: Change) -> None:
            for sight in self._seen(change):
                look(sight)

        return self.world.subscribe(notice)

    def chooses(self, person: Person, places: Iterable[Place], option: int) -> None:
        """Press the button, or choose in Discord's own poll."""
        for channel, message in places:
            shown = self.world.channels[int(channel)].messages.get(int(message))
            if shown is not None and shown.poll is not None:
                with suppress(NobodyThere):
                    self.world.vote(person.id, int(channel), int(message), {shown.poll.answers[option].id})
                return
            for button in self.world.buttons(int(channel), int(message)):
                data = str(button.get("custom_id", ""))
                if re.fullmatch(rf".+:{option}", data):
                    with suppress(NobodyThere):
                        self.world.press(person.id, int(channel), int(message), data)
                        return

    def remarks(self, person: Person, post: Place, text: str) -> None:
        """Write in the thread of the post, which has its number; without one, in answer to it."""
        channel, message = int(post[0]), int(post[1])
        with suppress(NobodyThere):
            if message in self.world.channels:
                self.world.write(person.id, message, text)
            else:
                self.world.write(person.id, channel, text, reply_to=message)

    def says(self, person: Person, text: str) -> None:
        """Give a command in the channel, where nobody else sees it; write anything else to the bot."""
        with suppress(NobodyThere):
            if not text.startswith("/"):
                self.world.write_to_bot(person.id, text)
                return
            name, _, rest = text.removeprefix("/").partition(" ")
            self.world.command(person.id, self.channel, name, {self._field(name): rest} if rest else {})

    def starts(self, person: Person) -> bool:
        """Nothing: whoever is in the guild may be written to."""
        del person
        return False

    def seeks(self, person: Person, words: tuple[str, ...]) -> bool:
        """Nothing: commands are at hand."""
        del person, words
        return False

    def _field(self, name: str) -> str:
        """What the command calls the text that follows it."""
        for commands in self.world.the_bot().commands.values():
            for command in commands.values():
                options = command.get("options")
                for option in options if command["name"] == name and isinstance(options, list) else ():
                    if option.get("type") == TEXT:
                        return str(option["name"])
        raise NobodyThere(f"nothing can follow /{name}")

    def _seen(self, change: Change) -> Iterator[Sight]:
        if change.toast is not None:
            yield Told(change.toast.user, change.toast.text)
        if change.kind not in {"message", "edited"} or change.chat is None or change.message is None:
            return
        channel = self.world.channels[change.chat]
        message = channel.messages.get(change.message)
        if message is None or message.author != self.world.the_bot().id:
            return
        place, public = (channel.id, message.id), channel.id == self.channel
        if public and change.kind == "message":
            yield Posted(place)
        if asked := self._asked(channel.id, message):
            yield asked
        elif change.kind == "edited":
            yield Gone(place)
        elif channel.kind is Kind.DM and channel.recipient is not None:
            yield Told(channel.recipient, readable(message))

    def _asked(self, channel: int, message: Message) -> Asked | Gone | None:
        """What is asked there: by Discord's own poll, open or over, or by buttons; None for neither."""
        place, poll = (channel, message.id), message.poll
        if poll is not None:
            asked = own_poll(place, poll.question, len(poll.answers), message.content)
            return asked if poll.closed_at is None else Gone(place)
        found = self._options(channel, message.id)
        if not found:
            return None
        key, public = found[0].rpartition(":")[0], channel == self.channel
        return Asked(place=place, key=key, options=len(found), text=message.content, public=public)

    def _options(self, channel: int, message: int) -> tuple[str, ...]:
        """The buttons of one question: two or more, of one family, numbered."""
        data = [str(button.get("custom_id", "")) for button in self.world.buttons(channel, message)]
        numbered = tuple(each for each in data if re.fullmatch(r".+:\d+", each))
        families = {each.rpartition(":")[0] for each in numbered}
        return numbered if len(numbered) > 1 and len(families) == 1 else ()
