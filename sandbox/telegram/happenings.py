"""What happens in chats: messages appear, change and go, memberships change, and the bots concerned hear of it."""

import json
from dataclasses import replace
from datetime import timedelta

from sandbox.journal import Journal
from sandbox.real_clock import Clock
from sandbox.telegram.places import Bot, Places
from sandbox.telegram.queue import KEPT_MESSAGES
from sandbox.telegram.shapes import member_json, seconds, user_json
from sandbox.telegram.values import (
    AUTOMATIC_FORWARDER,
    CHANNEL_RIGHTS,
    GROUP_RIGHTS,
    Change,
    Chat,
    Json,
    Member,
    Message,
)


class Happenings(Places):
    """Everything that changes a chat goes through here, so that no bot and no listener misses it."""

    def __init__(self, *, clock: Clock, journal: Journal) -> None:
        super().__init__(clock=clock, journal=journal)
        self._last_private_id = 0

    def tell(self, bot: Bot, kind: str, content: str, kept: timedelta = KEPT_MESSAGES) -> None:
        """Queue an update for a bot; ``content`` is JSON."""
        if bot.queue.push(kind, content, kept) is not None:
            self.activity += 1

    def inject(self, bot: Bot, update: Json) -> int:
        """Queue an update exactly as given, well formed or not, under the next number; the number."""
        number = bot.queue.push_raw(update)
        self.journal.write("injected", bot=bot.id, update=update, number=number)
        self.activity += 1
        return number

    def place(self, chat: Chat, message: Message) -> Message:
        """A message appears, with the chat's next number, and is mirrored when the chat is a linked channel."""
        placed = replace(message, id=self._next_id(chat), at=self.clock.now())
        chat.messages[placed.id] = placed
        if self.users[placed.author].is_bot:
            chat.last_bot = placed.author
        self.announce(Change(kind="message", chat=chat.id, message=placed.id, user=placed.author))
        self._inform(chat, placed, "channel_post" if chat.kind == "channel" else "message")
        if chat.kind == "channel" and chat.linked is not None and placed.service is None:
            self._mirror(placed, self.chat(chat.linked))
        return placed

    def change(self, chat: Chat, message: Message) -> Message:
        """A message stands differently from now on; its mirror follows when people would read another text."""
        before = chat.messages[message.id]
        chat.messages[message.id] = message
        chat.shown.clear()
        self.announce(Change(kind="edited", chat=chat.id, message=message.id, user=message.author))
        self._inform(chat, message, "edited_channel_post" if chat.kind == "channel" else "edited_message")
        if chat.kind == "channel" and chat.linked is not None and before.text != message.text:
            self._change_mirror(message, self.chat(chat.linked))
        return message

    def remove(self, chat: Chat, number: int) -> None:
        """A message is gone."""
        chat.messages.pop(number, None)
        chat.shown.clear()
        if number in chat.pinned:
            chat.pinned.remove(number)
        self.announce(Change(kind="deleted", chat=chat.id, message=number))

    def notice(self, chat: Chat, author: int, service: Json, *, thread: int | None = None) -> Message:
        """A notice of the platform appears: somebody joined, a message was pinned."""
        if chat.kind == "channel":
            return self.place(chat, Message(chat=chat.id, author=author, sender_chat=chat.id, service=service))
        message = Message(chat=chat.id, author=author, sender=author, service=service, thread=thread)
        return self.place(chat, message)

    def set_member(self, chat: Chat, member: Member, by: int | None = None) -> None:
        """Somebody's place changes; bots concerned hear of it (``my_chat_member`` or ``chat_member``)."""
        before = chat.member(member.user)
        chat.members[member.user] = member
        self.announce(Change(kind="members", chat=chat.id, user=member.user))
        user = self.user(member.user)
        content = json.dumps(
            {
                "chat": self.shape.chat(chat),
                "from": user_json(self.user(by or member.user)),
                "date": seconds(self.clock.now()),
                "old_chat_member": member_json(before, user, chat.kind),
                "new_chat_member": member_json(member, user, chat.kind),
            }
        )
        for bot in self.bots.values():
            if bot.id in {member.user, chat.bot}:
                self.tell(bot, "my_chat_member", content)
            elif chat.member(bot.id).governs:
                self.tell(bot, "chat_member", content)

    def let_go(self, chat: Chat) -> None:
        """Let end what was to end by now: mutes and bans."""
        for member in tuple(chat.members.values()):
            if member.until is not None and member.until <= self.clock.now():
                out = member.status == "kicked" or not member.inside
                self.set_member(chat, Member(user=member.user, status="left" if out else "member"))

    def promote(self, chat: int, user: int, rights: frozenset[str] | None = None) -> None:
        """Make somebody an administrator, with all rights unless some are named."""
        place = self.chat(chat)
        usual = CHANNEL_RIGHTS if place.kind == "channel" else GROUP_RIGHTS
        self.set_member(place, Member(user=user, status="administrator", rights=usual if rights is None else rights))

    def expel(self, chat: int, user: int, by: int) -> None:
        """Throw somebody, or the bot, out of a chat."""
        self.set_member(self.chat(chat), Member(user=user, status="kicked"), by)

    def migrate(self, group: int, supergroup: int, by: int) -> Chat:
        """A group becomes a supergroup with another number; the old one only tells where it went."""
        old = self.chat(group)
        new = self.add_chat(Chat(id=supergroup, kind="supergroup", title=old.title, members=dict(old.members)))
        self.notice(old, by, {"migrate_to_chat_id": supergroup})
        old.migrated_to = supergroup
        self.notice(new, by, {"migrate_from_chat_id": group})
        return new

    def thread_of(self, chat: Chat, reply_to: int | None) -> int | None:
        """In supergroups an answer belongs to the thread of what it answers, or begins one."""
        answered = chat.messages.get(reply_to or 0)
        if answered is None or chat.kind != "supergroup":
            return None
        return answered.thread or (None if chat.is_forum else answered.id)

    def shown(self, chat: Chat, message: Message) -> str:
        """The JSON of a message, kept until the chat changes."""
        text = chat.shown.get(message.id)
        if text is None:
            text = chat.shown[message.id] = json.dumps(self.shape.message(chat, message))
        return text

    def _next_id(self, chat: Chat) -> int:
        if chat.kind in {"private", "group"}:  # one numbering an account, not a chat
            self._last_private_id += 1
            return self._last_private_id
        chat.last_id += 1
        return chat.last_id

    def _inform(self, chat: Chat, message: Message, kind: str) -> None:
        for bot in self.bots.values():
            if self._hears(bot, chat, message):
                bot.knows.add(message.author)
                self.tell(bot, kind, self.shown(chat, message))

    def _hears(self, bot: Bot, chat: Chat, message: Message) -> bool:
        """Whether a message is for a bot: never its own, except notices of pinning.

        ``Client.cpp need_skip_update_message``. In groups a bot with privacy mode that is no administrator hears
        commands, answers to itself and notices.
        """
        if chat.kind == "private" and chat.bot != bot.id:
            return False
        if chat.kind != "private" and not chat.member(bot.id).present:
            return False
        if message.author == bot.id:
            return message.service is not None and "pinned_message" in message.service
        if chat.kind in {"private", "channel"} or message.service is not None:
            return True
        return bot.reads_all or chat.member(bot.id).governs or self._addresses(bot, chat, message)

    def _addresses(self, bot: Bot, chat: Chat, message: Message) -> bool:
        answered = chat.messages.get(message.reply_to or 0)
        if answered is not None and answered.sender == bot.id:
            return True
        command = message.text.split(maxsplit=1)[0] if message.text.startswith("/") else ""
        _, at, name = command.partition("@")
        if at:
            return name.lower() == (bot.user.username or "").lower()
        return bool(command) and chat.last_bot in {None, bot.id}

    def _mirror(self, post: Message, group: Chat) -> None:
        mirror = Message(
            chat=group.id,
            author=AUTOMATIC_FORWARDER,
            sender=AUTOMATIC_FORWARDER,
            sender_chat=post.chat,
            text=post.text,
            entities=post.entities,
            photo=post.photo,
            album=post.album,
            poll=post.poll,
            origin=(post.chat, post.id),
            origin_at=post.at,
        )
        placed = self.place(group, mirror)
        group.pinned.insert(0, placed.id)
        self.journal.write(
            "mirrored", chat=group.id, message=placed.id, from_chat=post.chat, from_message=post.id, text=post.text
        )

    def _change_mirror(self, post: Message, group: Chat) -> None:
        for mirror in group.messages.values():
            if mirror.origin == (post.chat, post.id):
                changed = replace(mirror, text=post.text, entities=post.entities, edited_at=post.edited_at)
                self.change(group, changed)
                return
