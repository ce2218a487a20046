"""A part as one call of python-telegram-bot."""

import logging
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias, cast

from telegram import Bot, InlineKeyboardMarkup, InputMediaPhoto, InputPollOption, Message, ReplyParameters
from telegram.error import BadRequest

from adapters.telegram import limits
from adapters.telegram.errors import is_markup_fault, is_stale_file
from adapters.telegram.markup import bare
from adapters.telegram.pictures import Picture, Pictures
from core.errors import Rejected
from core.ports.clock import Clock
from core.post import Part, Receipt

log = logging.getLogger("parvis.adapters.telegram")

Arguments: TypeAlias = dict[str, object]


class Calls:
    """Makes the calls that ``outbound`` planned."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._clock = clock
        self._pictures = Pictures()
        self._methods: Mapping[str, Callable[..., Awaitable[object]]] = {
            "sendMessage": bot.send_message,
            "sendPhoto": bot.send_photo,
            "sendMediaGroup": bot.send_media_group,
            "sendPoll": bot.send_poll,
            "pinChatMessage": bot.pin_chat_message,
            "editMessageText": bot.edit_message_text,
            "editMessageCaption": bot.edit_message_caption,
            "editMessageMedia": bot.edit_message_media,
            "editMessageReplyMarkup": bot.edit_message_reply_markup,
            "deleteMessage": bot.delete_message,
            "unpinChatMessage": bot.unpin_chat_message,
        }

    async def make(self, part: Part, *, before: Sequence[Receipt] = ()) -> tuple[Message, ...]:
        """Make the call and return the messages it put out, none for a pin.

        A text whose markup Telegram cannot read is sent once more without any. Raises what python-telegram-bot raises,
        and Rejected for a picture that cannot be read.
        """
        try:
            return await self._make(part, before)
        except BadRequest as error:
            if not is_markup_fault(error):
                raise
            log.warning("markup_refused", extra={"call": part.call})
            return await self._make(_plain(part), before)

    async def _make(self, part: Part, before: Sequence[Receipt]) -> tuple[Message, ...]:
        arguments = _arguments(part, before)
        if "closes_at" in arguments:
            arguments |= _open(arguments, self._clock.now())
            del arguments["closes_at"]
        paths = _paths(arguments)
        if not paths:
            return _messages(await self._methods[part.call](**arguments))
        try:
            return await self._upload(part.call, arguments, paths)
        except BadRequest as error:
            if not is_stale_file(error) or not self._pictures.forget(paths):
                raise
            return await self._upload(part.call, arguments, paths)

    async def _upload(self, call: str, arguments: Arguments, paths: Sequence[Path]) -> tuple[Message, ...]:
        async with self._pictures.sending(paths) as pictures:
            messages = _messages(await self._methods[call](**_with_files(arguments, pictures)))
            self._pictures.learn(pictures, messages)
            return messages


def _arguments(part: Part, before: Sequence[Receipt]) -> Arguments:
    arguments: Arguments = dict(part.parameters)
    if arguments.pop("follows", False):
        arguments |= _following(part.call, before)
    markup = arguments.get("reply_markup")
    if markup is not None:
        arguments["reply_markup"] = InlineKeyboardMarkup.de_json(cast("dict[str, Any]", markup), None)
    reply = arguments.get("reply_parameters")
    if reply is not None:
        arguments["reply_parameters"] = ReplyParameters.de_json(cast("dict[str, Any]", reply), None)
    return arguments


def _open(arguments: Arguments, now: datetime) -> Arguments:
    """For how long the poll is open from now on, and its options as python-telegram-bot takes them."""
    left = datetime.fromisoformat(str(arguments["closes_at"])) - now
    if left <= timedelta():
        raise Rejected("this poll is over")
    options = cast("list[dict[str, str]]", arguments["options"])
    return {
        "open_period": math.ceil(limits.NATIVE_POLL.lasting(left).total_seconds()),
        "options": [InputPollOption(option["text"]) for option in options],
    }


def _following(call: str, before: Sequence[Receipt]) -> Arguments:
    if call == "pinChatMessage":
        if not before:
            raise Rejected("there is no message to pin")
        return {"message_id": int(before[0].message)}
    if not before:
        return {}
    return {"reply_parameters": {"message_id": int(before[-1].message), "allow_sending_without_reply": True}}


def _plain(part: Part) -> Part:
    """The same call with its words bare of markup."""
    marked = {"parse_mode", "description_parse_mode"}
    parameters = {name: value for name, value in part.parameters.items() if name not in marked}
    if "description" in parameters:  # the words of the part have the poll as well
        parameters["description"] = bare(str(parameters["description"]))
    for field in {"text", "caption"} & set(parameters):
        parameters[field] = part.text
    if "media" in parameters:
        first, *others = _items(parameters)
        unmarked = {name: value for name, value in first.items() if name != "parse_mode"} | {"caption": part.text}
        parameters["media"] = unmarked if part.call == "editMessageMedia" else [unmarked, *others]
    return replace(part, parameters=parameters)


def _paths(arguments: Arguments) -> tuple[Path, ...]:
    if "media" in arguments:
        return tuple(Path(cast("dict[str, str]", item["media"])["path"]) for item in _items(arguments))
    if "photo" in arguments:
        return (Path(cast("dict[str, str]", arguments["photo"])["path"]),)
    return ()


def _with_files(arguments: Arguments, pictures: Sequence[Picture]) -> Arguments:
    if "media" not in arguments:
        return arguments | {"photo": pictures[0].alone}
    media = [_item(item, picture) for item, picture in zip(_items(arguments), pictures, strict=True)]
    return arguments | {"media": media if isinstance(arguments["media"], list) else media[0]}


def _items(arguments: Mapping[str, object]) -> list[Arguments]:
    """The pictures of an album, or the one that takes another's place."""
    media = cast("list[Arguments] | Arguments", arguments["media"])
    return media if isinstance(media, list) else [media]


def _item(item: Arguments, picture: Picture) -> InputMediaPhoto:
    words = cast("dict[str, str]", item)
    return InputMediaPhoto(picture.together, caption=words.get("caption"), parse_mode=words.get("parse_mode"))


def _messages(result: object) -> tuple[Message, ...]:
    match result:
        case Message():
            return (result,)
        case tuple() | list():
            return tuple(item for item in result if isinstance(item, Message))
        case _:
            return ()
