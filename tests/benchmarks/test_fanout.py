"""The benchmark of broadcasts counts what the network's journal says, and nothing else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.fanout.ours import Parvis
from benchmarks.fanout.outcome import outcome
from benchmarks.fanout.running import killed, whole
from benchmarks.fanout.stock import Stock
from benchmarks.fanout.town import Broadcast

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def _journal(file: Path, *sent: tuple[int, int, str], refused: int = 0) -> Path:
    """A message to this chat, by this number, with this outcome, one each tenth of a second; then refusals."""
    lines: list[dict[str, object]] = [
        {
            "kind": "call",
            "at": (NOON + rank * timedelta(seconds=0.1)).isoformat(),
            "method": "sendMessage",
            "outcome": outcome,
            "result": {"chat": chat, "message": message, "text": "nouvelle 0"},
        }
        for rank, (chat, message, outcome) in enumerate(sent)
    ]
    no: dict[str, object] = {
        "kind": "call",
        "at": NOON.isoformat(),
        "method": "sendMessage",
        "outcome": "refused",
        "code": 429,
    }
    lines += [no] * refused
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def test_a_message_that_stands_twice_in_a_place_is_doubled(tmp_path: Path) -> None:
    """A call repeated with the same key tells the same message again: it stands there once."""
    found = outcome(_journal(tmp_path / "journal", (1, 10, "done"), (1, 10, "done"), (2, 11, "done"), (2, 12, "done")))

    assert found.doubled == 1


def test_what_never_came_is_lost_unless_it_is_shown(tmp_path: Path) -> None:
    """What a human is asked about is not lost; a call that was cut after the act has come."""
    found = outcome(_journal(tmp_path / "journal", (1, 10, "done"), (2, 11, "cut_after"), (3, 12, "cut_before")))
    wanted = [("1", 0), ("2", 0), ("3", 0), ("4", 0)]

    assert found.lost(wanted, shown=[("4", 0)]) == 1


def test_the_rate_is_that_of_whole_seconds_after_the_first(tmp_path: Path) -> None:
    """Who begins with a burst, or ends with one, is not faster for it."""
    ten_a_second = [(chat, chat, "done") for chat in range(41)]

    assert outcome(_journal(tmp_path / "journal", *ten_a_second)).rate == 10


def test_public_posts_of_mastodon_stand_in_one_place(tmp_path: Path) -> None:
    """Its journal names the account; the plan, who sees it."""
    call: dict[str, object] = {"at": NOON.isoformat(), "method": "POST /api/v1/statuses", "outcome": "done"}
    call["result"] = {"chat": "117", "visibility": "public", "message": "10", "text": "nouvelle 3"}
    (tmp_path / "journal").write_text(json.dumps(call) + "\n", encoding="utf-8")

    assert outcome(tmp_path / "journal").lost([("public", 3)], shown=()) == 0


def test_refusals_are_counted(tmp_path: Path) -> None:
    """Each of them is a call that a polite program would not have made."""
    assert outcome(_journal(tmp_path / "journal", (1, 10, "done"), refused=3)).refused == 3


@pytest.mark.slow
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("network", "places", "messages"), [("telegram", 100, 1), ("discord", 100, 2), ("mastodon", 1, 20)]
)
def test_a_broadcast_goes_out_whole(network: str, places: int, messages: int) -> None:
    """Parvis as people run it, on each network."""
    measured = whole(Parvis(), Broadcast(network=network, places=places, messages=messages), pace=1)

    assert measured["429"] == 0


@pytest.mark.slow
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("way", ["limiter", "jobs"])
def test_a_program_that_remembers_nothing_says_everything_again(way: str) -> None:
    """The kill really comes half-way."""
    measured = killed(Stock(way, 25.0), Broadcast(network="telegram", places=40, messages=1))

    assert measured["doubled"] > 0
