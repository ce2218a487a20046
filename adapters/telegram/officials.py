"""Who speaks for a chat: its administrators and the channel it discusses, asked for before their words are judged.

Only the town's discussions are asked about, and the groups they moved to: nobody is judged elsewhere, and anybody may
add the bot to groups of their own.
"""

import json
import logging
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Bot
from telegram.error import ChatMigrated, TelegramError

from core.identifiers import Address
from core.ports.clock import Clock
from core.ports.platform import Update

log = logging.getLogger("parvis.adapters.telegram")

FRESH = timedelta(minutes=10)
_AGAIN = timedelta(minutes=1)
_PATIENCE = 5.0  # seconds: people wait behind this question
_MESSAGES = ("message", "edited_message")
_CHANGES = ("chat_member", "my_chat_member")
_STAFF = ("creator", "administrator")  # compared, not hashed: hostile values may be lists


@dataclass(frozen=True, slots=True)
class _Happening:
    """Something in a chat: somebody writes or changes rank, or the chat moves."""

    kind: str
    chat: Address
    moves_to: Address | None


class Officials:
    """What is known of the town's ``discussions``. A failed question leaves the last answer standing."""

    def __init__(self, bot: Bot, clock: Clock, discussions: Collection[Address]) -> None:
        self._bot = bot
        self._clock = clock
        self._places = set(discussions)  # also under their numbers, and where they moved
        self._asked_at: dict[Address, datetime] = {}
        self._doubtful: set[Address] = set()
        self.by_chat: dict[Address, frozenset[str]] = {}

    async def open(self) -> None:
        """Ask about every discussion: what came in before the last stop is read before anything is fetched."""
        await self._ask_about(tuple(self._places))

    def follow(self, chat: Address) -> None:
        """This is a discussion too: its number, or where it moved."""
        self._places.add(chat)

    async def prepare(self, updates: Sequence[Update]) -> None:
        """Know the officials of every discussion in which somebody writes in these updates.

        Only what is not known at all is asked now: presses wait behind this. What is old is asked again by
        ``refresh``.
        """
        unknown: set[Address] = set()
        for update in updates:
            if b'"callback_query"' in update.body[:64]:  # by far the most; nobody is judged for a press
                continue
            happening = _happening(update.body)
            if happening is None or happening.chat not in self._places:
                continue
            if happening.moves_to is not None:
                self._places.add(happening.moves_to)
            elif happening.kind in _MESSAGES and happening.chat not in self.by_chat:
                unknown.add(happening.chat)
            elif happening.kind in _CHANGES or self._clock.now() - self._asked_at[happening.chat] >= FRESH:
                self._doubtful.add(happening.chat)
        await self._ask_about(unknown)

    async def refresh(self) -> None:
        """Ask again about the discussions whose officials may have changed."""
        doubtful, self._doubtful = self._doubtful, set()
        await self._ask_about(doubtful)

    async def _ask_about(self, chats: Iterable[Address]) -> None:
        waiting = deque(chats)
        while waiting:
            chat = waiting.popleft()
            try:
                await self._ask(chat)
            except ChatMigrated as error:  # while nobody listened
                new = Address(str(error.new_chat_id))
                if new not in self._places:
                    self._places.add(new)
                    waiting.append(new)
            except (TelegramError, TypeError, KeyError, ValueError) as error:
                log.warning("officials_unknown", extra={"chat": chat, "error": type(error).__name__})
                self._asked_at[chat] = self._clock.now() - FRESH + _AGAIN

    async def _ask(self, chat: Address) -> None:
        members = await self._bot.get_chat_administrators(chat, read_timeout=_PATIENCE)
        place = await self._bot.get_chat(chat, read_timeout=_PATIENCE)
        known = {str(member.user.id) for member in members}
        if place.linked_chat_id is not None:
            known.add(str(place.linked_chat_id))
        number = Address(str(place.id))
        self._places.add(number)
        self._asked_at[number] = self._clock.now()
        self.by_chat[number] = frozenset(known)


def _happening(body: bytes) -> _Happening | None:
    """What happened in which chat, if anything that matters did; the mirror of a post is nobody's word."""
    try:
        update = json.loads(body)
        kind = next(kind for kind in (*_MESSAGES, *_CHANGES) if kind in update)
        happened = update[kind]
        number, moves_to = happened["chat"]["id"], happened.get("migrate_to_chat_id")
        passing = happened.get("is_automatic_forward", False) if kind in _MESSAGES else not _is_of_staff(happened)
    except (ValueError, RecursionError, StopIteration, KeyError, TypeError, AttributeError):
        return None
    if not isinstance(number, int) or passing:
        return None
    return _Happening(kind, Address(str(number)), Address(str(moves_to)) if isinstance(moves_to, int) else None)


def _is_of_staff(change: Mapping[str, Mapping[str, object]]) -> bool:
    """Whether somebody becomes or ceases to be an administrator; others come and go."""
    return any(change[member]["status"] in _STAFF for member in ("old_chat_member", "new_chat_member"))
