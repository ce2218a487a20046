"""The town: what people can do in it. The page, the crowd and tests act through these methods."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from sandbox.journal import Journal
from sandbox.real_clock import Clock, RealClock
from sandbox.telegram.elections import Elections
from sandbox.telegram.entities import clean, found
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.places import Bot
from sandbox.telegram.queue import KEPT_PRESSES
from sandbox.telegram.shapes import seconds, user_json
from sandbox.telegram.values import Change, Chat, Json, Member, Message, Press

GUEST_FOR = timedelta(minutes=5)  # [api] ChatJoinRequest.user_chat_id
FIRST_PRESS = 4_000_000_000_000_000_001


class World(Elections):
    """An imitation of Telegram with its inhabitants. What people do here is journalled before it returns.

    Chats are named by Telegram's ids; a person's private chat with a bot by the person's id. ``bot`` matters only
    where several bots live. What an application would not let a person do raises ``NobodyThere``.
    """

    def __init__(self, *, clock: Clock | None = None, journal: Journal | None = None) -> None:
        clock = clock or RealClock()
        super().__init__(clock=clock, journal=journal or Journal(clock))
        self._next_press = FIRST_PRESS

    def chat_of(self, user: int, chat: int, bot: int | None = None) -> Chat:
        """The chat a person means. Raises ``NobodyThere``."""
        if chat < 0:
            return self.chat(chat)
        found_chat = self.private.get((self.the_bot(bot).id, user))
        if found_chat is None:
            raise NobodyThere(f"{user} has no private chat with the bot")
        return found_chat

    def buttons(self, chat: Chat, message: int) -> Iterator[Json]:
        """The buttons under a message now, row by row."""
        markup = chat.messages[message].markup if message in chat.messages else None
        rows = (markup or {}).get("inline_keyboard", [])
        if isinstance(rows, list):
            for row in rows:
                yield from row

    def press(self, user: int, chat: int, message: int, data: str, *, bot: int | None = None) -> str:
        """Press a button that stands there now; the number of the callback query."""
        place = self.chat_of(user, chat, bot)
        label = self._label(place, message, data)
        if place.kind != "private" and not place.member(user).present and place.username is None:
            raise NobodyThere(f"{user} does not see {chat}")
        pressed = place.messages[message]
        press = Press(
            id=str(self._next_press),
            bot=pressed.author,
            user=user,
            chat=place.id,
            message=message,
            data=data,
            at=self.clock.now(),
        )
        self._next_press += 1
        self.presses[press.id] = press
        self.journal.write(
            "press", user=user, chat=place.id, message=message, data=data, label=label, callback=press.id
        )
        self._tell_press(self.the_bot(press.bot), place, pressed, press)
        return press.id

    def write(
        self,
        user: int,
        chat: int,
        text: str,
        *,
        reply_to: int | None = None,
        thread: int | None = None,
        bot: int | None = None,
    ) -> int:
        """Write a message (in a channel: publish, as an administrator); its number."""
        place = self.chat_of(user, chat, bot)
        self._may_write(place, user)
        text = clean(text)
        message = Message(
            chat=place.id,
            author=user,
            sender=None if place.kind == "channel" else user,
            sender_chat=place.id if place.kind == "channel" else None,
            text=text,
            entities=tuple(found(text)),
            reply_to=reply_to,
            thread=thread or self.thread_of(place, reply_to),
        )
        if place.kind == "private":
            self.the_bot(place.bot).guests.pop(user, None)
        placed = self.place(place, message)
        self.journal.write(
            "written", user=user, chat=place.id, message=placed.id, text=text, reply_to=reply_to, thread=message.thread
        )
        return placed.id

    def edit_message(self, user: int, chat: int, message: int, text: str, *, bot: int | None = None) -> None:
        """Correct one's own message."""
        place = self.chat_of(user, chat, bot)
        before = place.messages.get(message)
        if before is None or before.author != user:
            raise NobodyThere(f"{user} did not write {message}")
        text = clean(text)
        changed = replace(before, text=text, entities=tuple(found(text)), edited_at=self.clock.now())
        self.change(place, changed)
        self.journal.write("rewritten", user=user, chat=place.id, message=message, text=text)

    def start(self, user: int, payload: str | None = None, *, bot: int | None = None) -> int:
        """Open the chat with the bot, through a link when there is a payload; the number of the ``/start``."""
        the_bot = self.the_bot(bot)
        place = self.private_chat(the_bot, user)
        if (user, the_bot.id) in self.blocked:
            self.blocked.discard((user, the_bot.id))
            self._block_changes(the_bot, place, user, blocked=False)
        return self.write(user, user, "/start" if payload is None else f"/start {payload}", bot=the_bot.id)

    def block(self, user: int, *, bot: int | None = None) -> None:
        """Block the bot: it cannot write to this person any more."""
        the_bot = self.the_bot(bot)
        place = self.private_chat(the_bot, user)
        if (user, the_bot.id) not in self.blocked:
            self.blocked.add((user, the_bot.id))
            self.journal.write("blocked", user=user, bot=the_bot.id)
            self._block_changes(the_bot, place, user, blocked=True)

    def join(self, user: int, chat: int) -> None:
        """Enter a group or channel."""
        place = self.chat(chat)
        self.let_go(place)
        before = place.member(user)
        if before.present:
            return
        if before.status == "kicked":
            raise NobodyThere(f"{user} is banned from {chat}")
        self.journal.write("joined", user=user, chat=chat)
        self.enter(place, user)

    def ask_to_join(self, user: int, chat: int) -> None:
        """Ask to be let in: administrators who may invite hear of it, and their bots may write for five minutes."""
        place, asker = self.chat(chat), user_json(self.user(user))
        if place.member(user).present or place.member(user).status == "kicked":
            raise NobodyThere(f"{user} cannot ask to join {chat}")
        place.asking.add(user)
        self.journal.write("asked_to_join", user=user, chat=chat)
        now = self.clock.now()
        asked = {"chat": self.shape.chat(place), "from": asker, "user_chat_id": user, "date": seconds(now)}
        for bot in self.bots.values():
            if place.allows(bot.id, "can_invite_users"):
                if (bot.id, user) not in self.private or user in bot.guests:
                    bot.guests[user] = now + GUEST_FOR
                    self.private_chat(bot, user)
                self.tell(bot, "chat_join_request", json.dumps(asked))

    def enter(self, place: Chat, user: int, by: int | None = None) -> None:
        """Be in, from now on; whoever let them in is ``by``."""
        before = place.member(user)
        after = replace(before, inside=True) if before.status == "restricted" else Member(user=user)
        self.set_member(place, after, by)
        if place.kind != "channel":
            joined = user_json(self.user(user))
            self.notice(place, user, {"new_chat_participant": joined, "new_chat_member": joined,
                                      "new_chat_members": [joined]})  # fmt: skip

    def leave(self, user: int, chat: int) -> None:
        """Leave a group or channel."""
        place = self.chat(chat)
        if not place.member(user).present:
            return
        self.journal.write("left", user=user, chat=chat)
        if place.kind != "channel":
            named = user_json(self.user(user))
            self.notice(place, user, {"left_chat_participant": named, "left_chat_member": named})
        before = place.member(user)
        gone = replace(before, inside=False) if before.status == "restricted" else Member(user=user, status="left")
        self.set_member(place, gone)

    def _label(self, chat: Chat, message: int, data: str) -> object:
        for button in self.buttons(chat, message):
            if button.get("callback_data") == data:
                return button["text"]
        raise NobodyThere(f"no such button under message {message} of {chat.id}")

    def _tell_press(self, bot: Bot, chat: Chat, message: Message, press: Press) -> None:
        asker = json.dumps(user_json(self.user(press.user)))
        content = (
            f'{{"id":"{press.id}","from":{asker},"message":{self.shown(chat, message)},'
            f'"chat_instance":"{abs(chat.id) * 7919}","data":{json.dumps(press.data)}}}'
        )
        bot.knows.add(press.user)
        self.announce(Change(kind="press", chat=chat.id, message=message.id, user=press.user))
        self.tell(bot, "callback_query", content, KEPT_PRESSES)

    def _may_write(self, chat: Chat, user: int) -> None:
        if chat.kind == "channel" and not chat.allows(user, "can_post_messages"):
            raise NobodyThere(f"{user} may not publish in {chat.id}")
        if chat.kind in {"group", "supergroup"}:
            self.let_go(chat)
            self._may_speak(chat, user)
        if chat.kind == "private" and (user, chat.bot) in self.blocked:
            raise NobodyThere(f"{user} has blocked the bot")

    def _may_speak(self, chat: Chat, user: int) -> None:
        member = chat.member(user)
        if not member.present:
            raise NobodyThere(f"{user} is not in {chat.id}")
        muted = member.status == "restricted" and "can_send_messages" not in member.permissions
        if muted or ("can_send_messages" in chat.withheld and not member.governs):
            raise NobodyThere(f"{user} may not write in {chat.id}")

    def _block_changes(self, bot: Bot, chat: Chat, user: int, *, blocked: bool) -> None:
        """A person blocking a bot is, for the bot, its own membership changing in the private chat."""
        status = Member(user=bot.id, status="kicked" if blocked else "member")
        chat.members.setdefault(bot.id, Member(user=bot.id))
        self.set_member(chat, status, by=user)
