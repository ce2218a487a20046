"""Who speaks for a chat: its administrators and the channel it discusses, asked for before their words are judged."""

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from telegram import Bot
from telegram.error import TelegramError

from core.identifiers import Address
from core.ports.clock import Clock
from core.ports.platform import Update

log = logging.getLogger("parvis.adapters.telegram")

FRESH = timedelta(minutes=10)
_AGAIN = timedelta(minutes=1)
_PATIENCE = 5.0  # seconds: people wait behind this question
_MESSAGES = ("message", "edited_message")
_CHANGES = ("chat_member", "my_chat_member")


class Officials:
    """What is known of the groups the bot is in. A failed question leaves the last answer standing."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._asked_at: dict[Address, datetime] = {}
        self._doubtful: set[Address] = set()
        self.by_chat: dict[Address, frozenset[str]] = {}

    async def prepare(self, updates: Sequence[Update]) -> None:
        """Know the officials of every group in which somebody writes in these updates.

        Only a group never asked about is asked about now: presses wait behind this. What is old is asked again by
        ``refresh``.
        """
        unknown: set[Address] = set()
        for update in updates:
            if b'"callback_query"' in update.body[:64]:  # by far the most; nobody is judged for a press
                continue
            kind, chat = _group_of(update.body)
            if chat is not None and kind in _MESSAGES and chat not in self._asked_at:
                unknown.add(chat)
            elif chat is not None and (kind in _CHANGES or self._is_old(chat)):
                self._doubtful.add(chat)
        await self.ask(unknown)

    async def refresh(self) -> None:
        """Ask again about the groups whose officials may have changed."""
        doubtful, self._doubtful = self._doubtful, set()
        await self.ask(doubtful)

    async def ask(self, chats: Iterable[Address]) -> None:
        """Ask about these chats."""
        for chat in chats:
            self._asked_at[chat] = self._clock.now()
            await self._ask(chat)

    def _is_old(self, chat: Address) -> bool:
        asked_at = self._asked_at.get(chat)
        return asked_at is not None and self._clock.now() - asked_at >= FRESH

    async def _ask(self, chat: Address) -> None:
        try:
            members = await self._bot.get_chat_administrators(chat, read_timeout=_PATIENCE)
            place = await self._bot.get_chat(chat, read_timeout=_PATIENCE)
        except (TelegramError, TypeError, KeyError, ValueError) as error:
            log.warning("officials_unknown", extra={"chat": chat, "error": type(error).__name__})
            self._asked_at[chat] -= FRESH - _AGAIN
            return
        known = {str(member.user.id) for member in members}
        if place.linked_chat_id is not None:
            known.add(str(place.linked_chat_id))
        self.by_chat[Address(str(place.id))] = frozenset(known)


def _group_of(body: bytes) -> tuple[str, Address | None]:
    """The kind of an update and the group somebody wrote in or joined; the mirror of a post is nobody's word."""
    try:
        update = json.loads(body)
        kind = next(kind for kind in (*_MESSAGES, *_CHANGES) if kind in update)
        happened = update[kind]
        number = happened["chat"]["id"]
        mirrored = happened.get("is_automatic_forward", False)
    except (ValueError, RecursionError, StopIteration, KeyError, TypeError, AttributeError):
        return "", None
    return kind, Address(str(number)) if isinstance(number, int) and number < 0 and not mirrored else None
