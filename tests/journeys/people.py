"""The people of a town, with the verbs of their stories. Each act returns once all that follows from it is done."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from app import campaigns, moderation
from app.casework import obeyed
from app.office import Office
from core.delivery import Delivery, DeliveryState
from core.identifiers import CampaignId, CaseNumber, DeliveryId, PollId
from core.moderation import Case
from core.poll import Tally
from core.reply import Reply
from core.staff import CONSOLE
from delivery.settling import it_is_out, send_again
from sandbox.telegram.values import Chat, Message, Toast
from sandbox.telegram.world import World

_LINK = re.compile(r"https://t\.me/(?P<bot>\w+)\?start=(?P<payload>[\w-]{1,64})")


def as_read(text: str) -> str:
    """With ordinary spaces in place of those that no line is broken at: the eye sees no difference."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Surroundings(Protocol):
    """Where people act."""

    world: World
    place: Chat
    square: Chat

    async def rests(self) -> None:
        """Return when nobody has anything left to do."""
        ...


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody with a phone."""

    town: Surroundings
    id: int

    async def presses(self, label: str, *, under: Message | None = None) -> Toast:
        """Press the newest button of the channel (or the one under this message) that shows these words: the bubble."""
        callback = self.touches(label, under=under)
        await self.town.rests()
        bubble = self.town.world.toasts[callback]
        return replace(bubble, text=as_read(bubble.text))

    def touches(self, label: str, *, under: Message | None = None) -> str:
        """The same without waiting: the number of the press."""
        chat = self.town.place if under is None else self.town.world.chat_of(self.id, under.chat)
        numbers = [under.id] if under is not None else sorted(chat.messages, reverse=True)
        for number in numbers:
            for button in self.town.world.buttons(chat, number):
                if label in str(button["text"]):
                    return self.town.world.press(self.id, chat.id, number, str(button["callback_data"]))
        raise AssertionError(f"no button shows «{label}»")

    async def writes(self, text: str) -> str:
        """Write to the bot in private: what it answers."""
        return await self._heard(lambda: self.asks(text))

    def asks(self, text: str) -> None:
        """The same without waiting."""
        self.town.world.private_chat(self.town.world.the_bot(), self.id)
        self.town.world.write(self.id, self.id, text)

    async def starts(self, payload: str | None = None) -> str:
        """Open the chat with the bot, perhaps by a link: what it answers."""
        return await self._heard(lambda: self.town.world.start(self.id, payload))

    async def follows(self, message: Message) -> str:
        """Press the button of this message that opens the private chat: what the bot answers there."""
        (button,) = self.town.world.buttons(self.town.square, message.id)
        link = _LINK.fullmatch(str(button["url"]))
        assert link is not None
        return await self.starts(link["payload"])

    async def says(self, text: str, *, under: Message | None = None) -> int:
        """Write on the square, perhaps in answer to a message there: the number of the message."""
        number = self.town.world.write(self.id, self.town.square.id, text, reply_to=under.id if under else None)
        await self.town.rests()
        return number

    async def corrects(self, message: int, text: str) -> None:
        """Rewrite one's own message on the square."""
        self.town.world.edit_message(self.id, self.town.square.id, message, text)
        await self.town.rests()

    async def blocks(self) -> None:
        """Block the bot."""
        self.town.world.block(self.id)
        await self.town.rests()

    @property
    def letters(self) -> list[Message]:
        """What the bot has written in private, the oldest first."""
        world = self.town.world
        chat = world.private.get((world.the_bot().id, self.id))
        return [message for message in chat.messages.values() if message.author != self.id] if chat else []

    def reads(self) -> str:
        """The last private message of the bot."""
        return as_read(self.letters[-1].text)

    async def _heard(self, act: Callable[[], object]) -> str:
        known = len(self.letters)
        act()
        await self.town.rests()
        return as_read("\n\n".join(letter.text for letter in self.letters[known:]))


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody at the town hall, who does what the commands do. ``then`` is what the service does within seconds."""

    office: Office
    then: Callable[[], Awaitable[None]]

    async def starts(self, campaign: Path) -> str:
        """``parvis campaign start``."""
        told = await campaigns.start(self.office, campaign)
        await self.then()
        return told

    async def cancels(self, campaign: str) -> bool:
        """``parvis campaign cancel``."""
        done = await campaigns.cancel(self.office, CampaignId(campaign))
        await self.then()
        return done

    async def deliveries(self, state: DeliveryState | None = None) -> tuple[Delivery, ...]:
        """``parvis deliveries``."""
        return await self.office.store.read(lambda books: books.deliveries.all(state=state))

    async def has_something_to_send(self) -> bool:
        """Whether something due is not out, in a chat that takes so many messages a minute."""
        counts = await self.office.store.read(lambda books: books.deliveries.count())
        return counts.get(DeliveryState.PLANNED, 0) + counts.get(DeliveryState.SENDING, 0) > 0

    async def says_it_is_out(self, delivery: DeliveryId) -> bool:
        """``parvis deliveries settle --out``."""
        done = await it_is_out(self.office.store, delivery, at=self.office.clock.now(), by=CONSOLE)
        await self.then()
        return done

    async def sends_again(self, delivery: DeliveryId) -> bool:
        """``parvis deliveries settle --again``."""
        office, channels = self.office, self.office.settings.town.channels
        done = await send_again(office.store, delivery, at=office.clock.now(), by=CONSOLE, channels=channels)
        await self.then()
        return done

    async def tally(self, poll: str) -> Tally:
        """``parvis polls``."""
        return await self.office.store.read(lambda books: books.polls.tally(PollId(poll)))

    async def replies(self) -> tuple[Reply, ...]:
        """``parvis replies``, the oldest first."""
        return await self.office.store.read(lambda books: tuple(reversed(books.replies.all())))


@dataclass(frozen=True, slots=True)
class Moderator:
    """Somebody who answers for the charter. ``then`` is what the service does within seconds."""

    office: Office
    then: Callable[[], Awaitable[None]]

    async def cases(self) -> tuple[Case, ...]:
        """``parvis cases``, the oldest first."""
        return await self.office.store.read(lambda books: tuple(reversed(books.cases.all())))

    async def shows(self, case: CaseNumber) -> str:
        """``parvis cases show``."""
        return await moderation.evidence_of(self.office, case)

    async def orders(self, command: str, case: CaseNumber, *words: str) -> None:
        """``parvis cases mute 12 2h`` and the like."""
        await obeyed(self.office, command, case, words)
        await self.then()

    async def restores(self, case: CaseNumber) -> None:
        """``parvis cases restore``."""
        await moderation.restore(self.office, case)
        await self.then()
