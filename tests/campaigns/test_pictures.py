"""Pictures that no network would take are refused with the file, before anything is published."""

import struct
from pathlib import Path

import pytest

from campaigns.pictures import LARGEST, unfit
from tests.campaigns.plans import PIXEL, line, mistakes

HALLE = Path(__file__).parents[2] / "campaigns" / "samples" / "halle" / "halle.png"


def png(width: int, height: int) -> bytes:
    """A picture of this size."""
    return PIXEL[:16] + struct.pack(">II", width, height) + PIXEL[24:]


def jpeg(width: int, height: int) -> bytes:
    """The beginning of a photograph of this size."""
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(12)
    return b"\xff\xd8\xff\xe0\x00\x04ab" + frame


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", HALLE.read_bytes()),
        ("a.PNG", png(5000, 5000)),
        ("a.jpg", jpeg(4000, 3000)),
        ("a.jpeg", jpeg(2000, 100)),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
    ],
)
def test_a_picture_that_can_be_published_is_taken(tmp_path: Path, name: str, content: bytes) -> None:
    """Whatever made it."""
    (tmp_path / name).write_bytes(content)

    assert unfit(tmp_path / name) is None


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        pytest.param("a.png", b"", "is no picture: give a JPEG, PNG or WebP", id="empty"),
        pytest.param("a.png", b"GIF89a and so on", "is no picture", id="another kind"),
        pytest.param("a.txt", PIXEL, "is a PNG picture: end its name in .png", id="a wrong ending"),
        pytest.param("a.png", PIXEL[:-4], "damaged", id="half a copy"),
        pytest.param("a.jpg", jpeg(1, 1)[:12], "damaged", id="half a photograph"),
        pytest.param("a.png", PIXEL + bytes(LARGEST), "10.0 MB; at most 10: save it smaller", id="too heavy"),
        pytest.param("a.jpg", jpeg(8160, 6120), "8160 × 6120 pixels; width and height together", id="too large"),
        pytest.param("a.png", png(2100, 100), "one side at most 20 times the other", id="too thin"),
    ],
)
def test_a_picture_that_no_network_takes_is_refused(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    """Else the announcement would fail at its hour, when nobody watches."""
    (tmp_path / name).write_bytes(content)

    assert why in (unfit(tmp_path / name) or "")


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    """A slip in a name."""
    assert unfit(tmp_path) == f"{tmp_path} cannot be read: no file"


def test_what_never_ends_is_no_picture() -> None:
    """A device has no size, and would be read for ever."""
    assert unfit(Path("/dev/null")) == "/dev/null cannot be read: no file"


def test_the_line_of_an_unfit_picture_is_named(tmp_path: Path) -> None:
    """With its file and its key, as every mistake."""
    (tmp_path / "notes.png").write_text("the minutes of the council", encoding="utf-8")

    (found,) = mistakes(tmp_path, ('"bridge.png"', '"notes.png"'))

    assert (found.key, found.line) == ("announcements.news.images.0.file", line("images"))
