"""What was heard and not confirmed yet, where several processes listen one after the other."""

from adapters.discord.ear import Ear
from core.ports.platform import Cursor


def _told(ear: Ear, place: Cursor | None) -> list[tuple[int, bytes]]:
    ear.confirm(place)
    return [(update.number, update.body) for update in ear.updates(place)]


def test_what_is_stored_is_let_go() -> None:
    """And what came since is told with the next numbers."""
    ear = Ear()
    ear.hear(b"one")
    ear.hear(b"two")
    first = _told(ear, None)
    ear.hear(b"three")

    assert (first, _told(ear, Cursor(2))) == ([(1, b"one"), (2, b"two")], [(2, b"two"), (3, b"three")])


def test_what_is_heard_before_the_first_look_is_told() -> None:
    """The place where another process stopped lies beyond our own numbers, and confirms nothing of ours."""
    ear = Ear()
    ear.hear(b"one")

    assert _told(ear, Cursor(500)) == [(500, b"one")]


def test_what_is_heard_after_the_lane_came_back_is_told() -> None:
    """What was told before it left is over: another process listened since."""
    ear = Ear()
    ear.hear(b"long ago")
    _told(ear, Cursor(500))
    ear.hear(b"now")

    assert _told(ear, Cursor(900)) == [(900, b"now")]
