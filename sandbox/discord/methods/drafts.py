"""Messages as programs write them: what the tables cannot say about them is checked here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sandbox.discord import permissions
from sandbox.discord.errors import invalid, violated, wrong
from sandbox.discord.methods.call import Call
from sandbox.discord.request import Upload
from sandbox.discord.texts import pinged, pings_everyone, size, walk
from sandbox.discord.values import Answer, Attachment, Channel, Flag, Json, Message, Poll, Type

LARGEST_EMBEDS = 6000
MOST_COMPONENTS = 40
MOST_ROWS = 5
ROW, BUTTON, LINK = 1, 2, 5
PREMIUM = 6
LAYOUT = frozenset({9, 10, 11, 12, 13, 14, 17})
MAY_SET = Flag.SUPPRESS_EMBEDS | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2
USUAL_HOURS = 24


def drafted(call: Call, channel: Channel, *, may_set: int = MAY_SET) -> Message:
    """The message a body describes. Raises ``Refused``; that it is not empty is checked by ``filled``."""
    embeds = [embed for embed in call.items("embeds") if isinstance(embed, dict)]
    components = [part for part in call.items("components") if isinstance(part, dict)]
    message = Message(
        channel=channel.id,
        author=call.bot.id,
        content=call.text("content").strip(),
        embeds=tuple({"type": "rich", **embed} for embed in embeds),
        attachments=attached(call),
        components=numbered(components),
        flags=(call.number("flags") or 0) & may_set,
        poll=_poll(call),
    )
    check(message)
    return with_pings(call, channel, message)


def filled(message: Message) -> Message:
    """The same. Raises ``Refused`` when there is nothing in it."""
    if not (message.content or message.embeds or message.attachments or message.components or message.poll):
        raise violated(50006, "Cannot send an empty message")
    return message


def with_pings(call: Call, channel: Channel, message: Message, *, answered: int | None = None) -> Message:
    """The same, with those it pings, as far as ``allowed_mentions`` and the bot's permissions let it."""
    allowed = call.part("allowed_mentions")
    if allowed is not None:
        _check_allowed(allowed)
    users = [number for number in pinged(message.content, allowed, "users") if number in call.world.users]
    ping = allowed is None or allowed.get("replied_user") is True
    if answered is not None and ping:
        users = list(dict.fromkeys([*users, answered]))
    loud = bool(call.allowed(channel) & permissions.MENTION_EVERYONE)
    roles = pinged(message.content, allowed, "roles") if loud else []
    everyone = loud and pings_everyone(message.content, allowed)
    return replace(message, mentions=tuple(users), mention_roles=tuple(roles), mention_everyone=everyone)


def answering(call: Call, channel: Channel, message: Message) -> Message:
    """The same, as an answer when the body says so. Raises ``Refused`` for one to nothing."""
    given = call.part("message_reference")
    if given is None:
        return message
    call.may(channel, permissions.READ_MESSAGE_HISTORY)
    number = int(str(given["message_id"]))
    original = channel.messages.get(number)
    if original is None or given.get("channel_id") not in {None, channel.id}:
        if given.get("fail_if_not_exists") is False:
            return message
        raise wrong("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    if original.type not in {Type.DEFAULT, Type.REPLY, Type.COMMAND, Type.CONTEXT_MENU}:
        raise wrong("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")
    reference: Json = {"type": 0, "channel_id": str(channel.id), "message_id": str(number)}
    if channel.guild is not None:
        reference["guild_id"] = str(channel.guild)
    answer = replace(message, type=Type.REPLY, reference=reference)
    return with_pings(call, channel, answer, answered=original.author)


def attached(call: Call, kept: Sequence[Attachment] = ()) -> tuple[Attachment, ...]:
    """The files of a message: those that came along, and of those it had the ones still named."""
    named = {int(str(part["id"])): part for part in call.items("attachments") if isinstance(part, dict)}
    known = {attachment.id: attachment for attachment in kept}
    for number in named:
        if number not in known and number not in call.uploads:
            raise wrong("attachments", "ATTACHMENT_NOT_FOUND", f"The attachment {number} was not uploaded")
    still = [known[number] for number in named if number in known] if "attachments" in call.body else list(kept)
    return (*still, *(_new(call, upload, named.get(rank, {})) for rank, upload in sorted(call.uploads.items())))


def _new(call: Call, upload: Upload, named: Mapping[str, object]) -> Attachment:
    description = named.get("description")
    number = call.world.ids.next()
    call.world.contents[number] = upload.content
    return Attachment(
        id=number,
        filename=str(named.get("filename") or upload.filename),
        size=len(upload.content),
        content_type=upload.content_type,
        description=None if description is None else str(description),
    )


def numbered(components: Sequence[Json]) -> tuple[Json, ...]:
    """The components, each with a number of its own as Discord gives them. Raises ``Refused``."""
    parts = list(walk(components))
    for rank, part in enumerate(parts, start=1):
        part.setdefault("id", rank)
    taken: set[object] = set()
    for part in parts:
        custom_id = part.get("custom_id")
        if custom_id is not None and custom_id in taken:
            raise wrong("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        taken.add(custom_id)
        if part["type"] == BUTTON:
            _check_button(part)
        elif part["type"] == ROW:
            _check_row(part)
        elif "options" in part:
            _check_options(part)
    return tuple(components)


def check(message: Message) -> None:
    """Raises ``Refused`` for parts that are too large together or do not go together."""
    if size(message.embeds) > LARGEST_EMBEDS:
        raise wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {LARGEST_EMBEDS}")
    parts = list(walk(message.components))
    if message.flags & Flag.COMPONENTS_V2:
        for name, used in (("content", message.content), ("embeds", message.embeds), ("poll", message.poll)):
            if used:
                raise wrong(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                            f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")  # fmt: skip
        if len(parts) > MOST_COMPONENTS:
            raise wrong("components", "BASE_TYPE_BAD_LENGTH", f"Must be {MOST_COMPONENTS} or fewer in length.")
    elif any(part["type"] in LAYOUT for part in parts):
        raise wrong("components", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).')
    elif len(message.components) > MOST_ROWS:
        raise wrong("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_ROWS} in length.")


def _check_button(part: Json) -> None:
    style = part.get("style")
    linked, named = part.get("url") is not None, part.get("custom_id") is not None
    if style == PREMIUM:
        return
    if linked != (style == LINK) or named == (style == LINK):
        raise wrong("components", "BASE_TYPE_REQUIRED", "A custom id is required, or a url for a link button")
    if not part.get("label") and not part.get("emoji"):
        raise wrong("components", "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", "A button needs a label or an emoji")


def _check_row(part: Json) -> None:
    below = part["components"]
    if isinstance(below, list) and len(below) > 1 and any(one["type"] != BUTTON for one in below):
        raise wrong("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A row holds one select menu and nothing else")


def _check_options(part: Json) -> None:
    options = part["options"]
    values = [option["value"] for option in options] if isinstance(options, list) else []
    if len(set(values)) != len(values):
        raise wrong("components", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is used")
    least, most = part.get("min_values"), part.get("max_values")
    for bound in (least, most):
        if isinstance(bound, int) and bound > len(values):
            raise wrong("components", "SELECT_COMPONENT_MAX_VALUES_TOO_HIGH", "More values than options")


def _check_allowed(allowed: Json) -> None:
    parse = allowed.get("parse")
    for kind in ("users", "roles"):
        if isinstance(parse, list) and kind in parse and allowed.get(kind):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            raise invalid({"allowed_mentions": {"_errors": [{"code": "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                                                             "message": message}]}})  # fmt: skip


def _poll(call: Call) -> Poll | None:
    given = call.part("poll")
    if given is None:
        return None
    question, answers, hours = given["question"], given["answers"], given.get("duration")
    media = [answer["poll_media"] for answer in answers] if isinstance(answers, list) else []
    return Poll(
        question=str(question["text"]) if isinstance(question, dict) else "",
        answers=tuple(
            Answer(id=rank, text=str(one["text"]), emoji=one.get("emoji")) for rank, one in enumerate(media, start=1)
        ),
        multiple=given.get("allow_multiselect") is True,
        expires_at=call.world.clock.now() + timedelta(hours=int(str(USUAL_HOURS if hours is None else hours))),
    )
