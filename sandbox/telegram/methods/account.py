"""What a bot asks about itself, its commands and its presses."""

import json
import re
from datetime import timedelta

from sandbox.telegram.errors import refused, violated
from sandbox.telegram.methods.call import Call
from sandbox.telegram.objects import SCOPE_TYPES, SCOPES_OF_A_CHAT
from sandbox.telegram.shapes import user_json
from sandbox.telegram.values import Change, Json, Toast

# No number is documented; answers 10 to 15 s late are refused
ANSWERABLE = timedelta(seconds=15)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
LONGEST_DESCRIPTION = 256  # td BotCommand.cpp set_commands


def get_me(call: Call) -> Json:
    """The bot itself (``JsonUser`` in full)."""
    return user_json(call.bot.user) | {
        "can_join_groups": True,
        "can_read_all_group_messages": call.bot.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def answer_press(call: Call) -> bool:
    """Answer a press: the person's button stops waiting and shows a text."""
    world, arguments = call.world, call.arguments
    press = world.presses.get(arguments.text("callback_query_id"))
    now = world.clock.now()
    if press is None or press.bot != call.bot.id or now - press.at > ANSWERABLE:
        raise refused(TOO_OLD)
    del world.presses[press.id]
    text, alert = arguments.text("text"), arguments.flag("show_alert")
    toast = Toast(callback=press.id, user=press.user, text=text, alert=alert, at=now)
    world.toasts[press.id] = toast
    world.journal.write("toast", callback=press.id, user=press.user, text=text, alert=alert)
    world.announce(Change(kind="toast", chat=press.chat, message=press.message, user=press.user, toast=toast))
    return True


def set_commands(call: Call) -> bool:
    """Set the commands of one scope and language (``td BotCommand.cpp set_commands``)."""
    given = (item for item in call.arguments.items("commands") if isinstance(item, dict))
    commands = tuple(_command(str(item["command"]), str(item["description"])) for item in given)
    call.bot.commands[_shelf(call)] = commands
    return True


def get_commands(call: Call) -> list[Json]:
    """The commands of exactly this scope and language."""
    return list(call.bot.commands.get(_shelf(call), ()))


def delete_commands(call: Call) -> bool:
    """Forget the commands of one scope and language."""
    call.bot.commands.pop(_shelf(call), None)
    return True


def get_webhook(call: Call) -> Json:
    """There is never a webhook."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(call.bot.queue)}


def delete_webhook(call: Call) -> bool:
    """There is none to delete; waiting updates are dropped when asked."""
    if call.arguments.flag("drop_pending_updates"):
        call.bot.queue.clear()
    return True


def get_file(call: Call) -> Json:
    """Where a picture can be fetched."""
    photo = call.world.photos.get(call.arguments.text("file_id"))
    if photo is None:
        raise refused("invalid file_id")
    return {
        "file_id": photo.file_id,
        "file_unique_id": photo.unique_id,
        "file_size": photo.size,
        "file_path": f"photos/{photo.file_id}",
    }


def nothing(call: Call) -> bool:  # noqa: ARG001 - every method takes the call
    """``logOut`` and ``close`` only move a bot between servers."""
    return True


def _command(name: str, description: str) -> Json:
    name, description = name.strip().removeprefix("/"), description.strip()
    if not COMMAND.fullmatch(name):
        raise violated("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= LONGEST_DESCRIPTION:
        raise violated("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _shelf(call: Call) -> tuple[str, str]:
    scope = call.arguments.mapping("scope") or {"type": "default"}
    language = call.arguments.text("language_code")
    kind = scope.get("type")
    if kind not in SCOPE_TYPES or (kind in SCOPES_OF_A_CHAT) != ("chat_id" in scope):
        raise violated("unsupported type specified")
    if not LANGUAGE.fullmatch(language):
        raise violated("invalid language code specified")
    return json.dumps(scope, sort_keys=True), language
