"""Pictures: recognised by their first bytes, kept, and sent again by ``file_id``."""

import hashlib
import struct
from collections.abc import Mapping

from sandbox.telegram.errors import refused
from sandbox.telegram.places import Places
from sandbox.telegram.values import Photo

LARGEST_PHOTO = 10 << 20  # core.telegram.org/bots/api#sendphoto
LARGEST_SIDES = 10_000  # width and height together
THINNEST = 20  # longest side to shortest
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def stored(world: Places, reference: str, uploads: Mapping[str, bytes]) -> Photo:
    """The picture a call sends: uploaded with it, or known by its ``file_id``. Raises ``Refused``."""
    if reference.startswith("attach://"):
        content = uploads.get(reference.removeprefix("attach://"))
        if content is None:
            raise refused("there is no photo in the request")
        return _kept(world, content)
    if reference.startswith(("http://", "https://")):
        raise refused("failed to get HTTP URL content")
    photo = world.photos.get(reference)
    if photo is None:
        raise refused("wrong file identifier/HTTP URL specified")
    return photo


def _kept(world: Places, content: bytes) -> Photo:
    if len(content) > LARGEST_PHOTO:
        raise refused("file is too big")
    sides = measured(content)
    if sides is None:
        raise refused("IMAGE_PROCESS_FAILED")
    width, height = sides
    if width + height > LARGEST_SIDES or max(sides) > THINNEST * max(min(sides), 1):
        raise refused("PHOTO_INVALID_DIMENSIONS")
    digest = hashlib.sha256(content).hexdigest()
    file_id = f"AgACAgQAAx-{len(world.photos)}-{digest[:24]}"
    photo = Photo(file_id=file_id, unique_id=digest[:16], width=width, height=height, size=len(content))
    world.photos[file_id] = photo
    world.contents[file_id] = content
    return photo


def measured(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG, GIF or WebP; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8X" and len(content) >= 30:
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    return None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """The size stands in the first frame header."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
