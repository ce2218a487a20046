"""Which function does which method."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sandbox.telegram.methods import account, chats, editing, members, polls, sending
from sandbox.telegram.methods.call import Call

Method: TypeAlias = Callable[[Call], object]

METHODS: Mapping[str, Method] = {
    "getMe": account.get_me,
    "answerCallbackQuery": account.answer_press,
    "setMyCommands": account.set_commands,
    "getMyCommands": account.get_commands,
    "deleteMyCommands": account.delete_commands,
    "getWebhookInfo": account.get_webhook,
    "deleteWebhook": account.delete_webhook,
    "getFile": account.get_file,
    "logOut": account.nothing,
    "close": account.nothing,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendMediaGroup": sending.send_media_group,
    "sendPoll": polls.send_poll,
    "stopPoll": polls.stop_poll,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageMedia": editing.edit_media,
    "editMessageReplyMarkup": editing.edit_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "getChat": chats.get_chat,
    "restrictChatMember": members.restrict,
    "banChatMember": members.ban,
    "unbanChatMember": members.unban,
    "approveChatJoinRequest": members.approve_request,
    "declineChatJoinRequest": members.decline_request,
    "banChatSenderChat": members.ban_sender,
    "unbanChatSenderChat": members.unban_sender,
    "setChatPermissions": members.permit,
    "getChatMember": chats.get_member,
    "getChatAdministrators": chats.get_administrators,
    "getChatMemberCount": chats.get_member_count,
    "pinChatMessage": chats.pin,
    "unpinChatMessage": chats.unpin,
}
