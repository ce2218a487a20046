"""One call of a method, and finding the chat and message it is about (``Client.cpp check_chat``, ``check_message``)."""

from dataclasses import dataclass

from sandbox.telegram.arguments import Arguments
from sandbox.telegram.errors import Refused, forbidden, refused
from sandbox.telegram.places import Bot
from sandbox.telegram.values import Chat, Message
from sandbox.telegram.world import World

GENERAL_TOPIC = 1  # Client.h GENERAL_FORUM_TOPIC_ID


@dataclass(frozen=True, slots=True)
class Call:
    """A bot asks for something."""

    world: World
    bot: Bot
    arguments: Arguments

    def chat(self) -> Chat:
        """The chat the call names, whether or not the bot may write there. Raises ``Refused``."""
        reference = self.arguments.chat()
        if isinstance(reference, str):
            name = reference.removeprefix("@").lower()
            named = [chat for chat in self.world.chats.values() if (chat.username or "").lower() == name]
            return self._seen(named[0] if named else None)
        if reference > 0:
            return self._private(reference)
        return self._seen(self.world.chats.get(reference))

    def _private(self, user: int) -> Chat:
        chat = self.world.private.get((self.bot.id, user))
        guest_until = self.bot.guests.get(user)
        if chat is not None and (guest_until is None or self.world.clock.now() <= guest_until):
            return chat
        if chat is not None or user in self.bot.knows:
            raise forbidden("bot can't initiate conversation with a user")
        raise refused("chat not found")

    def _seen(self, chat: Chat | None) -> Chat:
        if chat is None:
            raise refused("chat not found")
        member = chat.member(self.bot.id)
        if member.status == "kicked":
            raise forbidden(f"bot was kicked from the {_kind(chat)} chat")
        if not member.present and chat.username is None:
            raise refused("chat not found") if self.bot.id not in chat.members else self._outside(chat)
        return chat

    def _outside(self, chat: Chat) -> Refused:
        return forbidden(f"bot is not a member of the {_kind(chat)} chat")

    def inside(self) -> Chat:
        """The chat the call names, of which the bot is a member. Raises ``Refused``."""
        chat = self.chat()
        if chat.migrated_to is not None:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                parameters={"migrate_to_chat_id": chat.migrated_to},
            )
        if chat.kind != "private" and not chat.member(self.bot.id).present:
            raise self._outside(chat)
        self.world.let_go(chat)
        return chat

    def writable(self) -> Chat:
        """The chat the call names, where the bot may publish (``td MessageSender.cpp can_send_message``)."""
        chat = self.inside()
        if chat.kind == "private" and (chat.id, self.bot.id) in self.world.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.kind == "channel" and not chat.allows(self.bot.id, "can_post_messages"):
            raise refused("need administrator rights in the channel chat")
        member = chat.member(self.bot.id)
        if member.status == "restricted" and "can_send_messages" not in member.permissions:
            raise refused("not enough rights to send text messages to the chat")
        return chat

    def message(self, chat: Chat, purpose: str) -> Message:
        """The message the call names. Raises ``Refused`` "message to … not found"."""
        found = chat.messages.get(self.arguments.integer("message_id"))
        if found is None:
            raise refused(f"message to {purpose} not found")
        return found

    def thread(self, chat: Chat) -> int | None:
        """The topic the call names (``check_message_topic``): unknown ones are refused where topics can be."""
        thread = self.arguments.integer("message_thread_id")
        if thread <= 0 or (chat.kind != "private" and not chat.is_forum):
            return None
        if thread == GENERAL_TOPIC or thread not in chat.topics:
            raise refused("message thread not found")
        return thread

    def answered(self, chat: Chat) -> int | None:
        """The message of this chat that the new one answers (``check_reply_parameters``). Raises ``Refused``."""
        given = self.arguments.mapping("reply_parameters") or {}
        number = given.get("message_id", 0)
        if not isinstance(number, int) or number <= 0 or given.get("chat_id", chat.id) != chat.id:
            return None
        if number in chat.messages:
            return number
        if given.get("allow_sending_without_reply") is True:
            return None
        raise refused("message to be replied not found")


def _kind(chat: Chat) -> str:
    return chat.kind
