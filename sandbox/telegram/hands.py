"""What people see and do on Telegram: buttons under a channel's posts, a group to talk in, a chat with the bot."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from sandbox.hands import Asked, Gone, Place, Posted, Sight, Told, own_poll
from sandbox.inhabitants import Person
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.values import Change, Chat, Message
from sandbox.telegram.world import World


@dataclass(frozen=True, slots=True)
class TelegramHands:
    """The people of one world, who read this channel and sit in this group."""

    world: World
    channel: int
    group: int

    def watch(self, look: Callable[[Sight], None]) -> Callable[[], None]:
        """Tell of the channel, the copies of its posts in the group, and the chats with the bot."""

        def notice(change: Change) -> None:
            for sight in self._seen(change):
                look(sight)

        return self.world.subscribe(notice)

    def chooses(self, person: Person, places: Iterable[Place], option: int) -> None:
        """Press the button, or choose in Telegram's own poll."""
        for chat, message in places:
            place = self._chat(int(chat))
            shown = None if place is None else place.messages.get(int(message))
            if shown is not None and shown.poll is not None:
                with suppress(NobodyThere):
                    self.world.vote(person.id, int(chat), int(message), (option,))
                return
            if self._presses(person, int(chat), int(message), lambda data: data.endswith(f":{option}")):
                return

    def remarks(self, person: Person, post: Place, text: str) -> None:
        """Answer the copy in the group."""
        with suppress(NobodyThere):
            self.world.write(person.id, int(post[0]), text, reply_to=int(post[1]))

    def says(self, person: Person, text: str) -> None:
        """Write to the bot, which needs no ``/start`` first."""
        self.world.private_chat(self.world.the_bot(), person.id)
        with suppress(NobodyThere):
            self.world.write(person.id, person.id, text)

    def starts(self, person: Person) -> bool:
        """Press «Start»."""
        with suppress(NobodyThere):
            self.world.start(person.id)
        return True

    def seeks(self, person: Person, words: tuple[str, ...]) -> bool:
        """Look at the latest messages first."""
        chat = self.world.chat_of(person.id, person.id)
        for message in reversed(chat.messages):
            for button in self.world.buttons(chat, message):
                label = str(button.get("text", "")).casefold()
                if any(word in label for word in words):
                    data = str(button.get("callback_data"))
                    return self._presses(person, chat.id, message, data.__eq__)
        return False

    def _presses(self, person: Person, chat: int, message: int, wanted: Callable[[str], bool]) -> bool:
        """Press the first such button there; whether the phone showed one."""
        place = self._chat(chat)
        if place is None or (chat > 0 and chat != person.id):
            return False
        for button in self.world.buttons(place, message):
            if wanted(data := str(button.get("callback_data", ""))):
                with suppress(NobodyThere):
                    self.world.press(person.id, chat, message, data)
                    return True
        return False

    def _seen(self, change: Change) -> Iterator[Sight]:
        if change.kind not in {"message", "edited"} or change.message is None or change.chat is None:
            return
        chat = self._chat(change.chat)
        if chat is None or change.message not in chat.messages:
            return
        message, place = chat.messages[change.message], (chat.id, change.message)
        if chat.id == self.group:
            if change.kind == "message" and message.is_automatic_forward:
                yield Posted(place)
        elif asked := self._asked(chat, message, place):
            yield asked
        elif change.kind == "edited":
            yield Gone(place)
        elif chat.kind == "private" and message.author != chat.id:
            yield Told(chat.id, message.text)

    def _asked(self, chat: Chat, message: Message, place: Place) -> Asked | Gone | None:
        """What is asked there: by Telegram's own poll, open or over, or by buttons; None for neither."""
        if message.poll is not None:
            poll = self.world.polls[message.poll]
            return Gone(place) if poll.closed else own_poll(place, poll.question, len(poll.options), message.text)
        found = options(self.world, chat, message.id)
        if not found:
            return None
        key, public = found[0].rpartition(":")[0], chat.id == self.channel
        return Asked(place=place, key=key, options=len(found), text=message.text, public=public)

    def _chat(self, number: int) -> Chat | None:
        try:
            return self.world.chat_of(number, number)
        except NobodyThere:
            return None


def options(world: World, chat: Chat, message: int) -> tuple[str, ...]:
    """The data of the buttons of one question: two or more, of one family, numbered; nothing for other buttons."""
    data = tuple(str(button.get("callback_data", "")) for button in world.buttons(chat, message))
    numbered = [re.fullmatch(r"(.+):\d+", item) for item in data]
    families = {match.group(1) if match else None for match in numbered}
    return data if len(data) > 1 and len(families) == 1 and None not in families else ()
