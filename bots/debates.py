"""Messages in chats: those of the debates are watched and collected, in one transaction; all others are let go."""

from bots import ballots, worded
from bots.answering import answer
from bots.desk import Desk, language
from bots.judging import verdict_on
from bots.muting import is_muted
from bots.replies import collect
from bots.slowing import slowed
from bots.spoken import Spoken
from bots.watch import is_settled, watch
from core.answers import Answer
from core.events import ChatMoved, MessagePosted, Mirrored
from core.identifiers import Address, ChannelName, Locale
from core.messages import UnknownCommand
from core.moderation import Verdict
from core.ports.store import Books


async def hear(desk: Desk, event: MessagePosted) -> tuple[Answer, ...]:
    """Deal with a message. In private, one that is no command is answered with where to find the commands."""
    ballot = await desk.store.read(lambda books: worded.ballot(desk, books, event)) if event.handle.press else None
    if ballot is not None:
        return await ballots.obey(desk, ballot)
    if event.handle.private:
        locale = await desk.store.write(lambda books: _let_go(desk, books, event))
        return () if event.edited else (answer(event.handle, UnknownCommand(), locale),)
    taken, told = await desk.store.write(lambda books: _heard(desk, books, event))
    if told:
        desk.wake()
    return taken


async def judged(desk: Desk, said: MessagePosted) -> tuple[Answer, ...]:
    """The removal of a command whose words break a rule, or that came too soon; else nothing, and its intake stays."""
    taken, told = await desk.store.write(lambda books: _judged(desk, books, said))
    if told:
        desk.wake()
    return taken


async def mirror(desk: Desk, event: Mirrored) -> tuple[Answer, ...]:
    """Remember which post a copy stands for."""

    def work(books: Books) -> None:
        books.inbox.done((event.received.order,))
        books.deliveries.mirror(channel=event.channel, post=event.post, group=event.group, message=event.message)

    await desk.store.write(work)
    return ()


async def move(desk: Desk, event: ChatMoved) -> tuple[Answer, ...]:
    """Remember the new address of a chat."""

    def work(books: Books) -> None:
        books.inbox.done((event.received.order,))
        books.town.moved(desk.account, event.old, event.new)

    await desk.store.write(work)
    return ()


def _let_go(desk: Desk, books: Books, event: MessagePosted) -> Locale:
    books.inbox.done((event.received.order,))
    return language(desk, books, event.person)


def _heard(desk: Desk, books: Books, event: MessagePosted) -> tuple[tuple[Answer, ...], bool]:
    books.inbox.done((event.received.order,))
    spoken = _spoken(desk, books, event)
    if spoken is None:
        return (), False
    verdict = verdict_on(desk, books, spoken)
    taken, told = _taken_out(desk, books, spoken, verdict)
    if not taken and not is_muted(desk, books, event) and not is_settled(desk, books, spoken, verdict):
        collect(desk, books, spoken)
    return taken, told


def _judged(desk: Desk, books: Books, event: MessagePosted) -> tuple[tuple[Answer, ...], bool]:
    spoken = _spoken(desk, books, event)
    if spoken is None:
        return (), False
    taken, told = _taken_out(desk, books, spoken, verdict_on(desk, books, spoken))
    if taken:
        books.inbox.done((event.received.order,))
    return taken, told


def _taken_out(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict | None) -> tuple[tuple[Answer, ...], bool]:
    """What is done about a message that breaks a rule, or that came too soon; and whether its author is told now."""
    response = watch(desk, books, spoken, verdict)
    taken = slowed(desk, books, spoken) if response.removal is None else (response.removal,)
    return taken, response.told


def _spoken(desk: Desk, books: Books, event: MessagePosted) -> Spoken | None:
    """The message, when it stands in a debate."""
    chat, message = event.handle.chat, event.handle.message
    places = _places(desk, books, chat) if chat is not None and message is not None else frozenset()
    return Spoken(event, chat, message, places) if chat is not None and message is not None and places else None


def _places(desk: Desk, books: Books, chat: Address) -> frozenset[ChannelName]:
    """The channels that are discussed in a chat, also when it has moved; none: it is no debate."""
    ours = [channel for channel in desk.town.channels if channel.account == desk.account]
    here = {
        place
        for place in {channel.discussion for channel in ours if channel.discussion}
        if chat == place or chat == books.town.address(desk.account, place)
    }
    return frozenset(channel.name for channel in ours if channel.discussion in here)
