"""What a person's hands do on a phone: press, type, open the chat with the bot.

What the phone refuses is shrugged off.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.inhabitants import Person
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.values import Chat
from sandbox.telegram.world import World


@dataclass(frozen=True, slots=True)
class Hands:
    """The acts of people in one world."""

    world: World

    def presses(self, person: Person, places: Iterable[tuple[int, int]], data: str) -> bool:
        """Press this button under the first of these messages (chat, number) that shows it to the person."""
        for chat, message in places:
            if chat < 0 or chat == person.id:
                try:
                    self.world.press(person.id, chat, message, data)
                except NobodyThere:
                    continue
                return True
        return False

    def says(self, person: Person, chat: int, text: str, reply_to: int | None = None) -> None:
        """Write in a group, or to the bot in private, which needs no ``/start`` first."""
        if chat > 0:
            self.world.private_chat(self.world.the_bot(), person.id)
        try:
            self.world.write(person.id, chat, text, reply_to=reply_to)
        except NobodyThere:
            return

    def starts(self, person: Person) -> None:
        """Open the chat with the bot."""
        try:
            self.world.start(person.id)
        except NobodyThere:
            return

    def seeks(self, person: Person, words: tuple[str, ...]) -> bool:
        """Press the latest button of the private chat whose label holds one of these words, if there is one."""
        chat = self.world.chat_of(person.id, person.id)
        for message in reversed(chat.messages):
            for button in self.world.buttons(chat, message):
                label = str(button.get("text", "")).casefold()
                if any(word in label for word in words):
                    return self.presses(person, [(chat.id, message)], str(button.get("callback_data")))
        return False


def options(world: World, chat: Chat, message: int) -> tuple[str, ...]:
    """The data of the buttons of one question: two or more, of one family, numbered; nothing for other buttons."""
    data = tuple(str(button.get("callback_data", "")) for button in world.buttons(chat, message))
    numbered = [re.fullmatch(r"(.+):\d+", item) for item in data]
    families = {match.group(1) if match else None for match in numbered}
    return data if len(data) > 1 and len(families) == 1 and None not in families else ()
