"""The demo: what it tells, and that it says so when what was published is not what the citizens did."""

import asyncio
import io
import json
import logging
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from app.demo import play
from app.logs import Redacting
from app.service import Service
from app.story import Story
from sandbox.journal import Entry, read
from sandbox.stage import Stage
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.app.town import LONGEST
from tests.bots.town import TOWN
from tests.fakes import NOON, FakeWords, StoppedClock
from tests.scripts.recounting import judged

pytestmark = pytest.mark.timeout(180)  # a whole campaign on three networks: long on a machine with much else to do

CITIZENS = 60  # as many as play on the first page
README = Path(__file__).parents[2] / "README.md"
TOLD = (
    "announce: done",
    "open poll: done",
    "60 citizens on Telegram, Discord, Mastodon, 6 of them on two.",
    "message removed, its author is told why",
    "message not removed",
    "remind: done",
    "close poll: done",
    "publish results: done",
    "thank: done",
    "6 of 6 steps",
    "halle_usage: ",
    "What the citizens did is what was counted and published.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """How the demo ended, what it said, the journals of its networks, and what the town warned of."""

    code: int
    said: str
    journals: tuple[Path, ...]
    warned: tuple[str, ...]


class Warnings(logging.Handler):
    """Keeps every warning, with its fields."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep this one."""
        self.heard.append(Redacting(as_json=False).format(record))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The demo, played once for all tests that look at it."""
    folder, said, warnings = tmp_path_factory.mktemp("demo"), io.StringIO(), Warnings()
    ours = logging.getLogger("parvis")
    ours.addHandler(warnings)
    with redirect_stdout(said):
        code = asyncio.run(play(once=True, port=0, citizens=CITIZENS, pace=0, folder=folder))
    ours.removeHandler(warnings)
    return Told(code, said.getvalue(), tuple(sorted(folder.glob("*.jsonl"))), tuple(warnings.heard))


def test_the_story_is_told_to_its_end_and_the_count_is_right(told: Told) -> None:
    """The announcement, the vote, the rule, the tally, and the verdict of another program."""
    assert (told.code, [words for words in TOLD if words not in told.said]) == (0, [])


def test_the_count_is_told_for_each_network(told: Told) -> None:
    """One count, and where it comes from."""
    said = " ".join(told.said.split())
    found = re.search(r"(\d+) citizens \((Telegram \d+, Discord \d+, Mastodon \d+)\)", said)

    assert found is not None
    assert sum(map(int, re.findall(r"\d+", found[2]))) == int(found[1])


def test_nothing_is_wrong_in_the_town_of_the_demo(told: Told) -> None:
    """Its bots hold every right they ask for: a warning there would stand above the story, and be nobody's to mend."""
    assert told.warned == ()


def test_its_figures_are_those_of_the_first_page(told: Told) -> None:
    """Whoever tries it sees what they were promised; ``tests/scripts/test_readme.py`` compares every word."""
    page = README.read_text(encoding="utf-8")
    (_, shown) = page.split("<!-- output of scripts/demo --once -->\n\n```text\n")

    promised = re.findall(r"\d+", shown.partition("```")[0])

    assert re.findall(r"\d+", told.said) == promised


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
    """Everybody pressed the button below."""
    for entry in journal:
        if entry["kind"] == "press" and str(entry["data"]).startswith("v1:"):
            poll, _, option = str(entry["data"]).rpartition(":")
            entry["data"] = f"{poll}:{(int(option) + 1) % 4}"


def silenced(journal: list[Entry]) -> None:
    """Nobody wrote anything."""
    journal[:] = [entry for entry in journal if entry["kind"] != "written"]


def unlinked(journal: list[Entry]) -> None:
    """Nobody gave a code, wherever it was typed."""
    journal[:] = [entry for entry in journal if not re.search(r"/link \S", str(entry.get("text", "")))]


def published_otherwise(journal: list[Entry]) -> None:
    """One number of one published result is another one."""
    result = next(entry["result"] for entry in journal if entry["kind"] == "call" and "Résultats" in str(entry))
    assert isinstance(result, dict)
    result["text"] = re.sub(r"\((\d+) voix\)", lambda found: f"({int(found[1]) + 1} voix)", result["text"], count=1)


TAMPERING: tuple[tuple[str, Callable[[list[Entry]], None], int], ...] = (
    ("telegram", untouched, 0),
    ("telegram", flipped, 1),
    ("telegram", published_otherwise, 1),
    ("discord", flipped, 1),
    ("discord", published_otherwise, 1),
    ("mastodon", silenced, 1),
    ("mastodon", published_otherwise, 1),
    ("every", unlinked, 1),
)


@pytest.mark.parametrize(("network", "tamper", "code"), TAMPERING)
def test_what_was_done_otherwise_on_one_network_is_found(
    told: Told, tmp_path: Path, network: str, tamper: Callable[[list[Entry]], None], code: int
) -> None:
    """In what Parvis really did and published, not only in journals written for the purpose."""
    for file in told.journals:
        journal = read(file)
        if network in {journal[-1].get("network", "telegram"), "every"}:
            tamper(journal)
        text = "".join(json.dumps(entry) + "\n" for entry in journal)
        (tmp_path / file.name).write_text(text, encoding="utf-8")

    verdict = judged(*(tmp_path / file.name for file in told.journals))

    assert verdict.returncode == code, verdict.stderr
