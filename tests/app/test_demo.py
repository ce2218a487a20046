"""The demo: what it tells, and that it says so when what was published is not what the citizens did."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from app.demo import RECOUNT, play
from app.service import Service
from app.story import Story
from sandbox.journal import Entry, read
from sandbox.stage import Stage
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.app.aftermath import Aftermath
from tests.app.town import LONGEST
from tests.bots.town import TOWN
from tests.fakes import NOON, FakeWords, StoppedClock

TOLD = (
    "announce: done",
    "open poll: done",
    "message removed, its author is told why",
    "remind: done",
    "close poll: done",
    "publish results: done",
    "thank: done",
    "6 of 6 steps",
    "halle_usage: ",
    "What the citizens did is what was counted and published.",
)


async def test_the_story_is_told_to_its_end_and_the_count_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    """The announcement, the vote, the rule, the tally, and the verdict of another program."""
    code = await play(once=True, port=0, citizens=16, pace=0)

    said = capsys.readouterr().out
    assert code == 0
    assert [words for words in TOLD if words not in said] == []
    assert re.search(r"\d+ citizens have voted", said)


async def test_the_page_can_be_visited_until_the_demo_is_interrupted(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl+C ends it at any moment, with everything that it started."""
    demo = asyncio.create_task(play(once=False, port=0, citizens=2, pace=0))
    async with ClientSession() as visitor, asyncio.timeout(LONGEST):
        while (found := re.search(r"http://\S+/", said := capsys.readouterr().out)) is None:
            assert "Traceback" not in said
            await asyncio.sleep(0.01)
        async with visitor.get(found[0]) as page:
            seen = await page.text()

        demo.cancel()
        await asyncio.wait([demo])

        assert ("Valmont" in seen, demo.cancelled()) == (True, True)
        with pytest.raises(ClientError):
            await visitor.get(found[0])


def test_a_verdict_against_the_town_is_said_as_clearly(capsys: pytest.CaptureFixture[str]) -> None:
    """With the findings of the other program."""
    service = Service(
        town=TOWN,
        store=MemoryStore(),
        vault=MemoryVault(),
        words=FakeWords(),
        clock=StoppedClock(),
        platforms={},
    )
    story = Story(service=service, stage=Stage(NOON, inhabitants=2), live=False)

    story.verdict("halle_usage: the channel says 3, the journal 2\n", 1)

    said = capsys.readouterr().out
    assert "the journal 2\nWhat was published is NOT what the citizens did." in said


# ── the other program, on the journal of a real campaign ───────────────────────────────────────────────────


def untouched(journal: list[Entry]) -> None:
    """Leave it as it is."""


def flipped(journal: list[Entry]) -> None:
    """A citizen's last press is for another answer."""
    press = _last_press(journal)
    poll, _, option = str(press["data"]).rpartition(":")
    press["data"] = f"{poll}:{(int(option) + 1) % 3}"


def removed(journal: list[Entry]) -> None:
    """A citizen never voted."""
    citizen = _last_press(journal)["user"]
    journal[:] = [entry for entry in journal if (entry["kind"], entry.get("user")) != ("press", citizen)]


def published_otherwise(journal: list[Entry]) -> None:
    """One number of one published result is another one."""
    result = next(entry["result"] for entry in journal if entry["kind"] == "call" and "Résultats" in str(entry))
    assert isinstance(result, dict)
    result["text"] = re.sub(r"\((\d+) voix\)", lambda found: f"({int(found[1]) + 1} voix)", result["text"], count=1)


def _last_press(journal: list[Entry]) -> Entry:
    return next(entry for entry in reversed(journal) if entry["kind"] == "press" and str(entry["data"])[:3] == "v1:")


@pytest.mark.parametrize(("tamper", "code"), [(untouched, 0), (flipped, 1), (removed, 1), (published_otherwise, 1)])
def test_a_change_to_one_vote_or_one_number_is_found(
    aftermath: Aftermath, tmp_path: Path, tamper: Callable[[list[Entry]], None], code: int
) -> None:
    """In what Parvis really did and published, not only in journals written for the purpose."""
    journal = read(aftermath.journal)
    tamper(journal)
    file = tmp_path / "journal.jsonl"
    file.write_text("".join(json.dumps(entry) + "\n" for entry in journal), encoding="utf-8")

    judged = subprocess.run([sys.executable, str(RECOUNT), str(file)], capture_output=True, check=False, timeout=30)

    assert judged.returncode == code, judged.stderr
