"""Files: upload, look whether they are ready, describe (``api/v2/media_controller.rb`` and that of ``v1``)."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from sandbox.mastodon.arguments import Arguments
from sandbox.mastodon.errors import Invalid, missing, unprocessable
from sandbox.mastodon.methods.call import Answer, Call
from sandbox.mastodon.values import Media

PROCESSING = timedelta(seconds=30)  # the longest that the sandbox works on a film nobody asks for
UNPROCESSED = 206


def upload(call: Call) -> Answer:
    """Take a file: 200 for pictures, 202 for what has to be worked on."""
    content_type, content = call.arguments.uploads.get("file", ("", b""))
    if not content:
        raise Invalid("Validation failed: File can't be blank")
    kind = _kind(content_type)
    profile = call.world.profile
    if len(content) > (profile.image_size_limit if kind == "image" else profile.video_size_limit):
        raise Invalid("Validation failed: File size is too large")
    waits = kind != "image"
    media = Media(
        id=call.world.ids.next(),
        account=call.account.id,
        kind=kind,
        size=len(content),
        description=_description(call),
        focus=_focus(call.arguments),
        looks=call.world.looks + 1 if waits else 0,
        processed_at=call.world.clock.now() + PROCESSING,
        failed=waits and call.world.damaged,
    )
    call.world.media[media.id] = media
    call.world.contents[media.id] = content
    return Answer(body=call.shape.media(media), status=202 if waits else 200, summary={"media": media.id})


def look(call: Call) -> Answer:
    """206 while it is worked on, 422 when that failed, 200 when it is ready."""
    media = _own(call)
    if media.failed:
        raise unprocessable("Error processing thumbnail for uploaded media")
    over = media.processed_at <= call.world.clock.now()
    media = replace(media, looks=0 if over else max(media.looks - 1, 0))
    call.world.media[media.id] = media
    return Answer(
        body=call.shape.media(media), status=200 if media.looks == 0 else UNPROCESSED, summary={"media": media.id}
    )


def describe(call: Call) -> Answer:
    """Change the description or the focus of a file that is in no post yet."""
    media = _own(call)
    described, focus = _description(call), _focus(call.arguments)
    changed = replace(media, description=described or media.description, focus=focus or media.focus)
    call.world.media[media.id] = changed
    return Answer(body=call.shape.media(changed), summary={"media": media.id})


def _own(call: Call) -> Media:
    media = call.world.media.get(call.target)
    if media is None or media.account != call.account.id or media.status is not None:
        raise missing()
    return media


def _kind(content_type: str) -> Literal["image", "video", "audio"]:
    match content_type.partition("/")[0]:
        case "image":
            return "image"
        case "video":
            return "video"
        case "audio":
            return "audio"
        case _:
            raise Invalid("Validation failed: File content type is invalid")


def _description(call: Call) -> str | None:
    description, most = call.arguments.text("description"), call.world.profile.description_limit
    if description is not None and len(description) > most:
        raise Invalid(f"Validation failed: Description is too long (maximum is {most} characters)")
    return description


def _focus(arguments: Arguments) -> tuple[float, float] | None:
    given = arguments.text("focus")
    if not given:
        return None
    try:
        across, down = (float(part) for part in given.split(","))
    except ValueError as error:
        raise Invalid("Validation failed: Focus is invalid") from error
    return max(-1.0, min(across, 1.0)), max(-1.0, min(down, 1.0))
