"""Too many messages are counted by keys, each once, and forgotten soon."""

from datetime import timedelta

from core.rules.context import Context, Message
from core.rules.floods import Crowds, Floods
from core.rules.hit import Hit, Sign
from core.rules.recent import LONGEST, Recent, Tally
from tests.core.examples import NOON

MINUTE = timedelta(minutes=1)
FLOODS = Floods(most=2, within=MINUTE)
CROWDS = Crowds(most=2, within=MINUTE)


def written(number: int, *, author: bytes = b"a", every: timedelta = timedelta(seconds=1)) -> Message:
    """The last of so many messages of one person in a chat."""
    recent = Recent()
    for rank in range(number):
        recent.note(author=author, chat="c", message=rank, at=NOON + rank * every)
    return Message("Non", Context(author=b"a", chat="c", at=NOON + (number - 1) * every, recent=recent))


def test_each_message_after_too_many_is_one_too_many() -> None:
    """With how many there were, for whoever decides."""
    assert FLOODS.look(written(2)) is None
    assert FLOODS.look(written(3)) == Hit(sign=Sign.FLOOD, found="3 / 60 s")
    assert FLOODS.look(written(4)) == Hit(sign=Sign.FLOOD, found="4 / 60 s")


def test_who_takes_their_time_never_floods() -> None:
    """Only what is within the time counts; its end is outside."""
    assert FLOODS.look(written(3, every=MINUTE / 2)) is None


def test_others_do_not_count_against_anybody() -> None:
    """A lively debate is no flood of one."""
    assert FLOODS.look(written(9, author=b"b")) is None


def test_a_chat_in_which_everybody_writes_is_told_once() -> None:
    """Not with each message that comes after."""
    assert CROWDS.look(written(2)) is None
    assert CROWDS.look(written(3, author=b"b")) == Hit(sign=Sign.CROWD, found="3 / 60 s")
    assert CROWDS.look(written(4)) is None


def test_a_message_that_is_judged_again_counts_once() -> None:
    """After a commit that was lost, for instance."""
    tally = Tally()
    for _ in range(3):
        tally.note("a", "message", NOON)

    assert tally.count("a", within=MINUTE, at=NOON) == 1


def test_memory_has_an_end() -> None:
    """Who was silent longest is forgotten, and so is what is old."""
    tally = Tally(keys=2, most=2)
    for name in ("a", "b", "a", "c"):
        tally.note(name, "m", NOON)
    for rank in range(3):
        tally.note("c", rank, NOON + LONGEST + MINUTE)

    counts = [tally.count(name, within=LONGEST, at=NOON + LONGEST + MINUTE) for name in "abc"]
    assert counts == [0, 0, 2]
    assert tally.count("b", within=LONGEST, at=NOON) == 0


def test_a_person_can_be_forgotten() -> None:
    """Who asks to be."""
    message = written(3)
    message.around.recent.forget(b"a")

    assert FLOODS.look(message) is None
