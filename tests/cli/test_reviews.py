"""``parvis campaign submit`` and ``approve``: what goes out has been read by two people."""

import os
import re
from pathlib import Path

import pytest

from tests.cli.office import Terminal
from tests.cli.test_audit import did
from tests.cli.test_staff import PEOPLE

NEWS = """[campaign]
id = "marche"
title.fr = "Le marché"
title.en = "The market"
channels = ["place"]

[announcements.news]
title.fr = "Le marché"
title.en = "The market"
body.fr = "Il ouvre à huit heures."
body.en = "It opens at eight."

[[steps]]
do = "announce"
announcement = "news"
after = "1d"
"""
SOLO = '[staff]\napproval = "solo"\n'


class Staffed:
    """A town where Anne and Basile each have a token."""

    def __init__(self, terminal: Terminal, *, solo: bool = False) -> None:
        self.terminal = terminal
        terminal.writes("[staff]\n", SOLO if solo else "[staff]\n")
        terminal.writes("[network]", f"{PEOPLE}[network]")
        os.environ["XDG_CONFIG_HOME"] = str(terminal.folder)
        self.file = terminal.folder / "marche.toml"
        self.file.write_text(NEWS, encoding="utf-8")
        os.environ.pop("PARVIS_TOKEN", None)
        self.tokens = {"": "", "bpetit": terminal.types("staff", "token", "bpetit").out.strip()}
        os.environ["PARVIS_TOKEN"] = self.tokens["bpetit"]
        self.tokens["amartin"] = terminal.types("staff", "token", "amartin").out.strip()

    def types(self, who: str, *words: str) -> tuple[int, str]:
        """One of them gives a command; exit code and all that is shown."""
        os.environ["PARVIS_TOKEN"] = self.tokens[who]
        done = self.terminal.types("campaign", *words)
        return done.code, done.out + done.err

    def submits(self, who: str = "amartin") -> str:
        """Submit the file; the code."""
        code, said = self.types(who, "submit", str(self.file))
        assert code == 0, said
        return str(re.findall(r"\d+-[0-9a-f]{6}", said)[0])


@pytest.fixture
def town(ready: Terminal) -> Staffed:
    """Four eyes."""
    return Staffed(ready)


def test_a_campaign_is_submitted_read_and_approved_by_another(town: Staffed) -> None:
    """Each act is in the log; the content of what was approved too."""
    code = town.submits()
    read = town.types("bpetit", "review", code)[1]

    approved = town.types("bpetit", "approve", code)

    assert "Il ouvre à huit heures." in read
    assert approved == (0, "Campaign marche is approved and scheduled (see: parvis campaign occurrences marche).\n")
    assert "scheduled" in town.types("bpetit", "occurrences", "marche")[1]
    assert did(town.terminal)[2:] == [
        ["amartin", "submit", "campaign:marche"],
        ["bpetit", "approve", "campaign:marche"],
        ["service", "schedule", "campaign:marche"],
    ]


def test_nobody_approves_what_they_submitted(town: Staffed) -> None:
    """Nor what was never submitted, nor with a code that is not quite right."""
    code = town.submits()
    wrong = f"{code[:-1]}{'0' if code[-1] != '0' else '1'}"

    refusals = [town.types("amartin", "approve", each) for each in (code, wrong, "99-c0ffee", "marche")]

    unknown = (1, "no submission has this code (see: parvis campaign review)\n")
    assert refusals == [(1, "another officer approves what you submitted\n"), unknown, unknown, unknown]
    assert " review" in town.types("amartin", "list")[1]


def test_a_change_voids_the_code(town: Staffed) -> None:
    """What was read is what is approved, or nothing is."""
    read = town.submits()
    town.file.write_text(NEWS.replace("huit", "neuf"), encoding="utf-8")
    changed = town.submits()

    late, right = town.types("bpetit", "approve", read), town.types("bpetit", "approve", changed)

    assert late == (1, "this submission was decided already (see: parvis campaign review)\n")
    assert right[0] == 0


def test_what_pre_flight_blocks_is_not_approved(town: Staffed) -> None:
    """Whoever submits it is told, and so is whoever would approve."""
    english = "We open the market at eight, and you are welcome with all of your friends."
    copied = NEWS.replace("Il ouvre à huit heures.", english).replace("It opens at eight.", english)
    town.file.write_text(copied, encoding="utf-8")
    code, said = town.types("amartin", "submit", str(town.file))
    number = re.findall(r"\d+-[0-9a-f]{6}", said)[0]

    refused = town.types("bpetit", "approve", number)

    assert (code, "but pre-flight blocks it" in said) == (0, True)
    assert (refused[0], refused[1].startswith("pre-flight blocks it: correct the file")) == (1, True)


def test_what_is_rejected_or_withdrawn_is_not_approved(town: Staffed) -> None:
    """The list says what waits, and with whom."""
    code = town.submits()
    listed = town.types("bpetit", "review")[1]
    rejected = town.types("bpetit", "reject", code, "Saturday")
    again = town.submits()
    withdrawn = town.types("amartin", "withdraw", "marche")

    assert (code in listed, "amartin" in listed) == (True, True)
    assert (rejected[1], withdrawn[1]) == (
        "Campaign marche is rejected.\n",
        "Campaign marche does not wait for review any more.\n",
    )
    assert town.types("bpetit", "approve", again)[0] == 1
    assert town.types("bpetit", "review")[1] == "Nothing waits for review.\n"
    assert "parvis campaign cancel" in town.types("amartin", "withdraw", "marche")[1]


def test_there_is_no_way_around_the_approval(town: Staffed) -> None:
    """The commands of a town that names nobody say where to go."""
    code = town.submits()
    town.types("bpetit", "approve", code)

    around = [
        town.types("amartin", "start", str(town.file)),
        town.types("amartin", "update", str(town.file)),
        town.types("amartin", "move", "1", "2027-03-02T18:00"),
    ]

    assert [code for code, _ in around] == [1, 1, 1]
    assert [f"parvis campaign submit {town.file}" in said for _, said in around[:2]] == [True, True]
    assert "correct the time in its file, and submit that" in around[2][1]


def test_a_correction_is_approved_like_the_campaign(town: Staffed) -> None:
    """And a campaign that was cancelled is not submitted again."""
    town.types("bpetit", "approve", town.submits())
    town.file.write_text(NEWS.replace("1d", "2d"), encoding="utf-8")
    corrected = town.types("amartin", "approve", town.submits("bpetit"))
    town.types("amartin", "cancel", "marche")

    again = town.types("amartin", "submit", str(town.file))

    assert corrected[0] == 0
    assert (again[0], "was cancelled, for ever" in again[1]) == (1, True)


def test_one_officer_alone_waits_ten_minutes_and_the_log_says_so(ready: Terminal) -> None:
    """A running service then schedules it."""
    town = Staffed(ready, solo=True)

    said = town.types("amartin", "approve", town.submits())

    assert (said[0], "approved by you alone: scheduled at" in said[1]) == (0, True)
    assert [" approved" in town.types("amartin", *words)[1] for words in (("list",), ("show", str(town.file)))] == [
        True
    ] * 2
    assert did(ready)[-1] == ["amartin", "approve-alone", "campaign:marche"]


def test_a_town_that_names_nobody_has_nobody_to_approve(ready: Terminal) -> None:
    """It starts its campaigns."""
    file = Path(ready.campaign)

    refused = ready.types("campaign", "submit", str(file))

    assert (refused.code, "parvis campaign start" in refused.err) == (1, True)


def test_what_a_network_would_refuse_is_not_approved(town: Staffed) -> None:
    """The token is tried before anybody relies on the date; a network that is away stops nobody."""
    code = town.submits()
    read = town.types("bpetit", "review", code)
    (town.terminal.folder / "secrets" / "telegram").unlink()

    refused = town.types("bpetit", "approve", code)

    assert "accounts.telegram" in read[1]
    assert refused[0] == 1
    assert "pre-flight blocks it" in refused[1]


def test_whoever_shows_a_token_silences_the_town_in_one_command(town: Staffed) -> None:
    """In a crisis nobody looks for an option."""
    os.environ["PARVIS_TOKEN"] = town.tokens["amartin"]

    done = town.terminal.types("freeze", "flood")

    assert done.code == 0, done.err
    assert re.search(r"SOBER since [\d: -]+: flood \(by Anne Martin\);", town.terminal.types("deliveries").err)
