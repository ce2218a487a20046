"""What a picture must be so that it can be published, found out from its content before a campaign starts.

The limits are those of the strictest network, Telegram: https://core.telegram.org/bots/api#sendphoto, read 2026-11-20.
"""

import struct
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG
from types import MappingProxyType

LARGEST = 10 * 1024 * 1024  # bytes
LARGEST_SIDES = 10_000  # pixels, width and height together
THINNEST = 20  # longest side to shortest
_ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"PNG": (".png",), "JPEG": (".jpg", ".jpeg"), "WebP": (".webp",)}
)
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the markers of frame headers


def unfit(file: Path) -> str | None:
    """Why this file cannot be published as a picture, with the cure; None when it can."""
    try:
        found = file.stat()
        size = found.st_size
        if not S_ISREG(found.st_mode):  # a device may go on for ever
            return f"{file} cannot be read: no file"
        content = file.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
    if size > LARGEST:
        return f"{size / 2**20:.1f} MB; at most {LARGEST // 2**20}: save it smaller"
    kind = _kind(content)
    if kind is None:
        return f"{file} is no picture: give a JPEG, PNG or WebP file"
    if file.suffix.lower() not in _ENDINGS[kind]:
        return f"is a {kind} picture: end its name in {_ENDINGS[kind][0]}"
    return _out_of_shape(kind, content)


def _kind(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "WebP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _out_of_shape(kind: str, content: bytes) -> str | None:
    sides = (1, 1) if kind == "WebP" else _png(content) if kind == "PNG" else _jpeg(content)
    if sides is None:
        return "the file is damaged: save the picture again"
    width, height = sides
    if width + height > LARGEST_SIDES:
        return f"{width} × {height} pixels; width and height together at most {LARGEST_SIDES}: save it smaller"
    if max(sides) > THINNEST * min(sides):
        return f"{width} × {height} pixels; one side at most {THINNEST} times the other: cut it"
    return None


def _png(content: bytes) -> tuple[int, int] | None:
    """The size stands in the first chunk; a whole file ends with its last."""
    if len(content) < 24 or not content.endswith(b"IEND\xaeB`\x82"):
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """The size stands in the first frame header."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
