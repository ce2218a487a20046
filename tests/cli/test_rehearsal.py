"""``parvis rehearse``: what is asked of it is checked, a page is written, and the exit code says what came of it."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.office import Terminal

PONT = Path(__file__).parents[1] / "app" / "pont.toml"
QUICK = ("--people", "1", "--share", "telegram=1", "--no-outages", "--days", "2", "--start", "2027-03-01T10:00")


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A rehearsal sets the log of its process up, and this process has other tests to run."""
    root, ours = logging.getLogger(), logging.getLogger("parvis")
    before = (root.handlers[:], root.level, ours.level)
    yield
    root.handlers[:], root.level = before[0], before[1]
    ours.setLevel(before[2])
    root.setLevel(before[1])


@pytest.fixture
def alone(terminal: Terminal) -> Terminal:
    """Without any configuration: a campaign file is enough. And behind a proxy, as town halls are."""
    terminal.config.unlink()
    os.environ["http_proxy"] = "http://127.0.0.1:9"
    return terminal


def part(terminal: Terminal, *dropped: str) -> str:
    """The little campaign without these of its tables."""
    head, *steps = PONT.read_text(encoding="utf-8").split("[[steps]]")
    kept = [step for step in steps if not any(word in step for word in dropped)]
    text = "[[steps]]".join((head if "choix" not in dropped else head.partition("[polls")[0], *kept))
    (terminal.folder / "pont.toml").write_text(text.replace("40 days", "1 h"), encoding="utf-8")
    return str(terminal.folder / "pont.toml")


@pytest.mark.usefixtures("socket_enabled")
def test_a_rehearsal_leaves_a_page_in_the_language_that_was_asked_for(alone: Terminal) -> None:
    """And says in a line what came of it."""
    page = alone.folder / "page.html"

    done = alone.types("rehearse", part(alone, "choix"), *QUICK, "--out", str(page), "--language", "en")

    assert (done.code, "No public message went out twice." in done.out) == (0, True)
    assert "Le pont change" in page.read_text(encoding="utf-8")  # the channel speaks French
    assert "This campaign asks for no vote." in page.read_text(encoding="utf-8")


@pytest.mark.usefixtures("socket_enabled")
def test_a_vote_whose_result_is_never_published_fails(alone: Terminal) -> None:
    """As a check that found something wrong."""
    page = alone.folder / "page.html"

    done = alone.types("rehearse", part(alone, "publish"), *QUICK, "--out", str(page))

    assert (done.code, "FAILED" in done.out) == (3, True)
    assert "no result was published" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("--people", "0"),
        ("--share", "telegram"),
        ("--share", "minitel=3"),
        ("--share", "telegram=0"),
        ("--turnout", "2"),
        ("--speed", "0"),
        ("--start", "demain"),
        ("--outage", "telegram"),
        ("--outage", "telegram@2027-02-30T18:00/45"),
        ("--outage", "minitel@2027-02-20T18:00/45"),
        ("--language", "de"),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_refused(terminal: Terminal, words: tuple[str, str]) -> None:
    """Before anything is played."""
    done = terminal.types("rehearse", str(PONT), *words)

    assert (done.code, words[0] in done.err) == (2, True)


def test_an_outage_of_a_network_where_nobody_is_told_anything_is_a_sentence(alone: Terminal) -> None:
    """An ordinary refusal."""
    outage = ("--outage", "discord@2027-03-01T18:00/45")

    done = alone.types("rehearse", str(PONT), "--share", "telegram=1", *outage)

    assert (done.code, "does not go out on discord" in done.err) == (1, True)


def test_a_campaign_file_that_is_wrong_is_told_with_its_line(alone: Terminal) -> None:
    """As by every other command."""
    file = alone.folder / "pont.toml"
    file.write_text(PONT.read_text(encoding="utf-8").replace("after", "aftre", 1), encoding="utf-8")

    done = alone.types("rehearse", str(file))

    assert (done.code, "aftre" in done.err) == (2, True)
