"""Pictures: known by their first bytes."""

import struct

import pytest

from sandbox.telegram.errors import Refused
from sandbox.telegram.photos import measured, stored
from sandbox.telegram.world import World
from tests.sandbox.pieces import PIXEL

JPEG = (
    b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"xx" + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, 30, 40) + b"x" * 10
)
PICTURES = {
    "PNG": (PIXEL, (1, 1)),
    "JPEG": (JPEG, (40, 30)),
    "GIF": (b"GIF89a" + struct.pack("<HH", 3, 4), (3, 4)),
    "WebP": (b"RIFF____WEBPVP8X" + b"_" * 8 + b"\x02\x00\x00\x01\x00\x00", (3, 2)),
    "a JPEG without a frame": (b"\xff\xd8\xff\xd9", None),
    "text": (b"bonjour", None),
}


def png(width: int, height: int) -> bytes:
    """The head of a PNG of this size."""
    return PIXEL[:16] + struct.pack(">II", width, height)


@pytest.mark.parametrize(("content", "sides"), PICTURES.values(), ids=PICTURES)
def test_a_picture_tells_its_size(content: bytes, sides: tuple[int, int] | None) -> None:
    """Width and height, or nothing."""
    assert measured(content) == sides


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"bonjour", "IMAGE_PROCESS_FAILED"),
        (png(9000, 2000), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (PIXEL + b"\0" * (10 << 20), "file is too big"),
    ],
    ids=["no picture", "too large", "too thin", "too heavy"],
)
def test_a_picture_that_telegram_would_not_show_is_refused(content: bytes, reason: str) -> None:
    """core.telegram.org/bots/api#sendphoto."""
    with pytest.raises(Refused, match=reason):
        stored(World(), "attach://photo", {"photo": content})
