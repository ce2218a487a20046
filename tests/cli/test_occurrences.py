"""``parvis campaign``: occurrences one by one, and a corrected file for a campaign that runs."""

import re

import pytest

from tests.cli.office import HALLE, Terminal

MARKET = """
[announcements.marche]
title.fr = "Le marché"
title.en = "The market"
body.fr = "Mardi, le marché est sur la place."
body.en = "On Tuesday the market is on the square."

[[steps]]
name = "marche"
do = "announce"
announcement = "marche"
only_if = { poll = "usage", participation_below = 9 }

[steps.repeat]
every = "week"
on = ["tuesday"]
time = 18:00:00
count = 4
"""


def _with_market(terminal: Terminal) -> str:
    file = terminal.folder / HALLE
    file.write_text(file.read_text(encoding="utf-8") + MARKET, encoding="utf-8")
    return str(file)


def _numbers(terminal: Terminal, step: str) -> list[str]:
    """The numbers of the occurrences of a step, as the command prints them."""
    listed = terminal.types("campaign", "occurrences", "halle").out
    return re.findall(rf"^ *(\d+) .* {step} ", listed, re.MULTILINE)


def test_a_plan_shows_when_a_step_comes_again_and_on_what_condition(terminal: Terminal) -> None:
    """All its dates, once for each message."""
    file = _with_market(terminal)

    plan, show = terminal.types("campaign", "plan", file), terminal.types("campaign", "show", file)

    assert re.search(r"again: Tue \d\d \w+ 20\d\d 18:00 CES?T, Tue [^,]+, Tue [^,]+$", plan.out, re.MULTILINE)
    assert "only if of the poll halle_usage: fewer than 9 took part" in plan.out
    assert ", 4 times" in show.out


def test_occurrences_are_listed_moved_and_skipped_by_number(ready: Terminal) -> None:
    """One by one."""
    ready.types("campaign", "start", _with_market(ready))
    first, second, *_ = _numbers(ready, "marche")

    moved = ready.types("campaign", "move", first, "2036-06-15T09:30")
    skipped = ready.types("campaign", "skip", second)
    listed = ready.types("campaign", "occurrences", "halle").out
    resumed = ready.types("campaign", "skip", "--undo", second)

    assert moved.out == f"Occurrence {first} (marche) is due 2036-06-15 09:30 CEST now.\n"
    assert skipped.out == f"Occurrence {second} (marche) will not take place (parvis campaign skip --undo {second}).\n"
    assert re.search(rf"^ *{first} +2036-06-15 09:30 CEST +marche +scheduled +moved from \d{{4}}", listed, re.MULTILINE)
    assert re.search(rf"^ *{second} .* marche +withdrawn +skipped", listed, re.MULTILINE)
    assert resumed.out == f"Occurrence {second} (marche) will take place.\n"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("move", "999", "2036-06-15T09:30"), "there is no occurrence 999"),
        (("move", "1", "2001-06-15T09:30"), "this time has passed"),
        (("move", "1", "2036-03-30T02:30"), "does not exist in Europe/Paris"),
        (("skip", "999"), "there is no occurrence 999"),
        (("skip", "--undo", "1"), "only a skipped one"),
    ],
)
def test_what_cannot_be_changed_is_said(ready: Terminal, command: tuple[str, ...], why: str) -> None:
    """With an exit code that a script sees."""
    ready.writes("[campaign]", '[campaign]\ngap = "refuse"', HALLE)
    ready.types("campaign", "start", ready.campaign)

    done = ready.types("campaign", *command)

    assert (done.code, why in done.err) == (1, True)


def test_a_campaign_nobody_started_has_no_occurrences(ready: Terminal) -> None:
    """That is said, and is no error."""
    assert ready.types("campaign", "occurrences", "nowhere").out == "No campaign of this name.\n"


def test_a_running_campaign_follows_its_corrected_file(ready: Terminal) -> None:
    """Once; the second time nothing is new."""
    ready.types("campaign", "start", ready.campaign)
    file = _with_market(ready)

    updated, again = ready.types("campaign", "update", file), ready.types("campaign", "update", file)

    assert re.match(r"Campaign halle follows this file now: 4 planned anew, 0 at another time, 0 dropped", updated.out)
    assert again.out == "Campaign halle follows this file already; nothing was changed.\n"
    assert len(_numbers(ready, "marche")) == 4


def test_a_corrected_file_that_pre_flight_blocks_is_not_followed(ready: Terminal) -> None:
    """What may not start may not slip in later either; what was done is not judged any more."""
    ready.types("campaign", "start", ready.campaign)
    file = _with_market(ready)
    for said in ("Mardi, le marché est sur la place.", "On Tuesday the market is on the square."):
        ready.writes(said, "Le marché est sur la place, pour vous et avec vous.", HALLE)

    done = ready.types("campaign", "update", file)

    assert (done.code, "announcements.marche.body.en: The text in English is missing" in done.err) == (1, True)
    assert _numbers(ready, "marche") == []


def test_a_campaign_that_does_not_run_follows_no_file(ready: Terminal) -> None:
    """It is started, not updated; a file that is none is named."""
    unknown = ready.types("campaign", "update", ready.campaign)
    ready.writes('id = "halle"', "", HALLE)
    nameless = ready.types("campaign", "update", ready.campaign)
    (ready.folder / HALLE).write_text("campaign = 3", encoding="utf-8")
    none = ready.types("campaign", "update", ready.campaign)

    assert (unknown.code, "no campaign «halle» is running" in unknown.err) == (1, True)
    assert (nameless.code, none.code) == (2, 2)
