"""Who and what exists: people, bots, chats, pictures."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.journal import Journal
from sandbox.real_clock import Clock
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.poll import Poll
from sandbox.telegram.queue import UpdateQueue
from sandbox.telegram.shapes import MessageShape
from sandbox.telegram.values import (
    AUTOMATIC_FORWARDER,
    Change,
    Chat,
    Json,
    Photo,
    Press,
    Toast,
    User,
    Violation,
)


@dataclass(slots=True, kw_only=True)
class Bot:
    """A bot account: its token, what it may read in groups, whom it knows, its commands and its updates.

    ``reads_all`` means that privacy mode is off; ``guests`` asked to join somewhere, and can be written to until then.
    """

    token: str
    user: User
    queue: UpdateQueue
    reads_all: bool = False
    knows: set[int] = field(default_factory=set)
    guests: dict[int, datetime] = field(default_factory=dict)
    commands: dict[tuple[str, str], tuple[Json, ...]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The account's id."""
        return self.user.id


class Places:
    """The state of the imitation, without what happens in it."""

    def __init__(self, *, clock: Clock, journal: Journal) -> None:
        self.clock = clock
        self.journal = journal
        self.users: dict[int, User] = {AUTOMATIC_FORWARDER: User(id=AUTOMATIC_FORWARDER, first_name="Telegram")}
        self.bots: dict[str, Bot] = {}
        self.chats: dict[int, Chat] = {}
        self.private: dict[tuple[int, int], Chat] = {}
        self.blocked: set[tuple[int, int]] = set()
        self.photos: dict[str, Photo] = {}
        self.contents: dict[str, bytes] = {}
        self.polls: dict[str, Poll] = {}
        self.presses: dict[str, Press] = {}
        self.toasts: dict[str, Toast] = {}
        self.violations: list[Violation] = []
        self.flooded = 0
        self.activity = 0
        self.shape = MessageShape(self.user, self.chat, lambda number: self.polls[number].json())
        self._listeners: list[Callable[[Change], None]] = []
        self._albums = 13_000_000_000_000_000

    def user(self, number: int) -> User:
        """A person or a bot's account. Raises ``NobodyThere``."""
        found = self.users.get(number)
        if found is None:
            raise NobodyThere(f"no user {number}")
        return found

    def chat(self, number: int) -> Chat:
        """A group or channel. Raises ``NobodyThere``."""
        found = self.chats.get(number)
        if found is None:
            raise NobodyThere(f"no chat {number}")
        return found

    def the_bot(self, number: int | None = None) -> Bot:
        """The bot with this id; the first one when none is named. Raises ``NobodyThere``."""
        for bot in self.bots.values():
            if number is None or bot.id == number:
                return bot
        raise NobodyThere(f"no bot {number}")

    def add_user(
        self, number: int, first_name: str, *, language_code: str | None = None, username: str | None = None
    ) -> User:
        """A person moves in."""
        user = User(id=number, first_name=first_name, language_code=language_code, username=username)
        self.users[number] = user
        return user

    def add_bot(self, token: str, *, username: str, first_name: str = "Parvis", reads_all: bool = False) -> Bot:
        """A bot account; its id is the part of the token before the colon."""
        user = User(id=int(token.partition(":")[0]), first_name=first_name, username=username, is_bot=True)
        self.users[user.id] = user
        bot = Bot(token=token, user=user, queue=UpdateQueue(self.clock), reads_all=reads_all)
        self.bots[token] = bot
        return bot

    def add_chat(self, chat: Chat) -> Chat:
        """A group or channel is founded."""
        self.chats[chat.id] = chat
        return chat

    def link(self, channel: int, group: int) -> None:
        """Posts of the channel are mirrored in the group from now on."""
        self.chat(channel).linked = group
        self.chat(group).linked = channel

    def private_chat(self, bot: Bot, user: int) -> Chat:
        """The chat of a person with a bot, which is opened when it was not."""
        key = (bot.id, user)
        if key not in self.private:
            self.private[key] = Chat(id=user, kind="private", peer=user, bot=bot.id)
            bot.knows.add(user)
        return self.private[key]

    def next_album(self) -> int:
        """A number no album has yet."""
        self._albums += 1
        return self._albums

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Have ``listener`` called, at once, with every change that people can see; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def announce(self, change: Change) -> None:
        """Tell the listeners."""
        self.activity += 1
        for listener in tuple(self._listeners):
            listener(change)
