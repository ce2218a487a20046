"""A campaign file: read to the letter, and every mistake in it named with its place."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaigns import files
from core.campaign import After, At, StepKind
from core.errors import Misconfigured
from core.localtime import Fold, Gap
from core.poll import PollKind, Showing
from core.timetable import Timetable
from tests.campaigns.plans import CHANNELS, GOOD, line, mistakes, read, write
from tests.fakes import NOON

SAMPLE = Path(__file__).parents[2] / "campaigns" / "samples" / "halle" / "halle.toml"
OPENING = "at = 2027-03-02T18:00:00"


def test_a_good_file_becomes_a_campaign(tmp_path: Path) -> None:
    """Names of polls carry the campaign's, so that two campaigns never share one."""
    campaign = read(tmp_path)

    assert campaign.id == "bridge"
    assert [question.id for question in campaign.questions] == ["bridge_route"]
    assert [step.kind for step in campaign.steps] == [*StepKind][:-1]  # it follows nothing up


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    """A short file is a good file."""
    campaign = read(tmp_path)

    (question,) = campaign.questions
    assert (question.kind, question.showing) == (PollKind.SINGLE, Showing.AT_CLOSE)
    assert (campaign.policy.gap, campaign.policy.fold) == (Gap.SHIFT_FORWARD, Fold.FIRST)
    assert not campaign.audience.subscribers


def test_steps_are_due_at_local_times_or_after_one_another(tmp_path: Path) -> None:
    """The first is counted from the start."""
    campaign = read(tmp_path)

    assert [step.when for step in campaign.steps[:3]] == [
        After(timedelta(minutes=10)),
        At(datetime(2027, 3, 2, 18)),  # noqa: DTZ001  a local time
        After(days=1),
    ]
    assert Timetable(campaign, NOON).all()[1].at == datetime(2027, 3, 2, 17, tzinfo=UTC)


def test_a_step_without_grace_gets_that_of_its_kind(tmp_path: Path) -> None:
    """Results are worth publishing days late; a reminder is not."""
    campaign = read(tmp_path)

    assert [step.grace for step in campaign.steps][:3] == [
        files.GRACE[StepKind.ANNOUNCE],
        timedelta(hours=2),
        files.GRACE[StepKind.REMIND],
    ]


def test_pictures_are_found_beside_the_file(tmp_path: Path) -> None:
    """Wherever the command is run from."""
    campaign = read(tmp_path)

    (image,) = campaign.announcements[0].images
    assert (image.path, image.alt.fr) == ((tmp_path / "bridge.png").resolve(), "La passerelle")


def test_the_sample_campaign_is_right() -> None:
    """It is the first file an officer opens."""
    campaign = files.read(SAMPLE, channels=["place"], start=NOON)

    assert len(campaign.steps) == 6
    assert all(image.path.stat().st_size <= 60_000 for each in campaign.announcements for image in each.images)


# ── mistakes ───────────────────────────────────────────────────────────────────────────────────────────────

SHAPE = [
    pytest.param('do = "remind"', 'do = "remember"', "steps.2.do", id="an unknown kind of step"),
    pytest.param('zone = "Europe/Paris"', 'zone = "Europe/Pari"', "campaign.zone", id="an unknown zone"),
    pytest.param('zone = "Europe/Paris"', 'zone = "../etc"', "campaign.zone", id="a zone that is a path"),
    pytest.param('title.en = "The footbridge"', "", "campaign.title.en", id="a missing language"),
    pytest.param('body.en = "Works begin in May."', 'body.en = " "', "announcements.news.body.en", id="an empty text"),
    pytest.param("in May.", "in\\u0000May.", "announcements.news.body.en", id="a control character"),
    pytest.param(', en = "The footbridge" }', " }", "announcements.news.images.0.alt.en", id="no alt text"),
    pytest.param(', { fr = "Sud", en = "South" }', "", "polls.route.options", id="a single option"),
    pytest.param("T18:00:00", "T18:00:00Z", "steps.1.at", id="a time with an offset"),
    pytest.param(OPENING, 'at = "tomorrow"', "steps.1.at", id="a time in words"),
    pytest.param('"10 min"', "10", "steps.0.after", id="a length without a unit"),
    pytest.param('"10 min"', '"10 moons"', "steps.0.after", id="an unknown unit"),
    pytest.param("[[steps]]", "[[step]]", "step", id="an unknown table"),
]


@pytest.mark.parametrize(("old", "new", "key"), SHAPE)
def test_a_key_that_does_not_hold_what_it_should_is_named(tmp_path: Path, old: str, new: str, key: str) -> None:
    """With the file and its place."""
    found = mistakes(tmp_path, (old, new))

    assert key in [finding.key for finding in found]
    assert all(finding.file == tmp_path / "bridge.toml" for finding in found)


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_right_name(tmp_path: Path) -> None:
    """A misspelt «grace» would silently be none at all."""
    (finding,) = mistakes(tmp_path, ('grace = "2 h"', 'grase = "2 h"'))

    assert (finding.line, finding.nearest) == (line('grace = "2 h"'), "grace")


RULES = [
    pytest.param('id = "bridge"', 'id = "The Bridge"', "campaign.id", "short name", id="a name with spaces"),
    pytest.param("[polls.route]", "[polls.ROUTE]", "polls.ROUTE", "short name", id="a poll in capitals"),
    pytest.param('channels = ["square"]', "", "campaign.channels", "to nobody", id="no audience"),
    pytest.param('"bridge.png"', '"brigde.png"', "announcements.news.images.0.file", "No such file", id="no picture"),
    pytest.param("Une passerelle", "U" * 201, "announcements.news.title", "at most 200", id="a long title"),
    pytest.param("Which route?", "W" * 301, "polls.route.question", "at most 300", id="a long question"),
    pytest.param('en = "South"', f'en = "{"S" * 81}"', "polls.route.options.1.en", "at most 80", id="a long option"),
    pytest.param('en = "South"', 'en = "North"', "polls.route.options.1.en", "twice", id="an option twice"),
    pytest.param('announcement = "news"', "", "steps.0.do", "say which", id="an announcement of nothing"),
    pytest.param('announcement = "news"', 'poll = "route"', "steps.0.poll", "about no poll", id="a poll announced"),
    pytest.param('after = "10 min"', "", "steps.0.do", "say when", id="no time"),
    pytest.param('after = "10 min"', f'after = "1 h"\n{OPENING}', "steps.0.do", "say when", id="two times"),
    pytest.param('grace = "2 h"', 'grace = "0 min"', "steps.1.grace", "at least", id="no grace at all"),
]


@pytest.mark.parametrize(("old", "new", "key", "problem"), RULES)
def test_a_broken_rule_is_named_at_its_key(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    """An officer must find the place without reading the program."""
    found = mistakes(tmp_path, (old, new))

    assert any(finding.key == key and problem in finding.problem for finding in found), found


def test_an_unknown_channel_is_refused_with_the_nearest_right_name(tmp_path: Path) -> None:
    """Else the campaign would be started and say nothing."""
    (finding,) = mistakes(tmp_path, ('["square"]', '["squar"]'))

    assert (finding.line, finding.nearest) == (line("channels"), "square")


def test_an_unknown_subject_is_refused_with_the_nearest_right_name(tmp_path: Path) -> None:
    """And its line, in the right one of several steps."""
    found = mistakes(tmp_path, ('do = "remind"\npoll = "route"', 'do = "remind"\npoll = "rout"'))

    assert [(finding.key, finding.nearest) for finding in found] == [("steps.2.poll", "route")]


def test_an_announcement_that_no_step_makes_is_refused(tmp_path: Path) -> None:
    """What was written to be said must not stay in the file unheard."""
    announce = GOOD[GOOD.index("[[steps]]") : GOOD.index("[[steps]]", GOOD.index("[[steps]]") + 1)]

    (finding,) = mistakes(tmp_path, (announce, ""))

    assert (finding.key, finding.problem) == ("announcements.news", "no step announces it")


def test_all_broken_rules_are_named_at_once(tmp_path: Path) -> None:
    """A person should not mend a file once per mistake."""
    found = mistakes(tmp_path, ('["square"]', '["squar"]'), ('"bridge.png"', '"none.png"'), ('"South"', '"North"'))

    assert len(found) == 3


# ── time ───────────────────────────────────────────────────────────────────────────────────────────────────

LIVES = [
    pytest.param([("2027-03-02T18:00:00", "2027-03-01T12:00:00")], "steps.1.at", "before the step", id="out of order"),
    pytest.param([('do = "close_poll"', 'do = "remind"')], "polls.route", "0 steps «close_poll»", id="never closed"),
    pytest.param([('do = "thank"', 'do = "open_poll"')], "polls.route", "2 steps «open_poll»", id="opened twice"),
    pytest.param(
        [('"1 day"', '"0 min"'), ('"12 h"', '"0 min"')], "steps.3.after", "before anyone", id="no time to vote"
    ),
    pytest.param(
        [("open_poll", "OPEN"), ("close_poll", "open_poll"), ("OPEN", "close_poll")],
        "steps.1.at",
        "before anyone",
        id="closed before it opens",
    ),
    pytest.param(
        [("remind", "CLOSE"), ("close_poll", "remind"), ("CLOSE", "close_poll")],
        "steps.3.do",
        "between",
        id="a reminder after closing",
    ),
    pytest.param(
        [("remind", "RESULTS"), ("publish_results", "remind"), ("RESULTS", "publish_results")],
        "steps.2.do",
        "after the poll is closed",
        id="results before closing",
    ),
]


@pytest.mark.parametrize(("changes", "key", "problem"), LIVES)
def test_the_life_of_a_poll_is_checked_in_its_order(
    tmp_path: Path, changes: list[tuple[str, str]], key: str, problem: str
) -> None:
    """Opened once, closed once after that; remembered in between; results and thanks at the end."""
    found = mistakes(tmp_path, *changes)

    assert any(finding.key == key and problem in finding.problem for finding in found), found


SPRING = ("2027-03-02T18:00:00", "2027-03-28T02:30:00")


def test_a_time_that_does_not_exist_is_moved_by_default(tmp_path: Path) -> None:
    """In Paris, 28 March 2027 has no half past two at night."""
    assert mistakes(tmp_path, SPRING) == ()


def test_a_time_that_does_not_exist_is_refused_on_request(tmp_path: Path) -> None:
    """With its line: the officer chooses another."""
    (finding,) = mistakes(tmp_path, SPRING, ("zone =", 'gap = "refuse"\nzone ='))

    assert (finding.key, "does not exist" in finding.problem) == ("steps.1.at", True)


DAYS_INTO_SPRING = (("2027-03-02T18:00:00", "2027-03-27T02:30:00"), ("zone =", 'gap = "refuse"\nzone ='))


def test_a_day_later_at_a_time_that_does_not_exist_is_refused_on_request(tmp_path: Path) -> None:
    """A day after half past two on 27 March."""
    (finding,) = mistakes(tmp_path, *DAYS_INTO_SPRING)

    assert (finding.key, "does not exist" in finding.problem) == ("steps.2.after", True)


def test_it_is_refused_at_the_start_as_well(tmp_path: Path) -> None:
    """Beside what has passed already."""
    text = GOOD
    for old, new in DAYS_INTO_SPRING:
        text = text.replace(old, new)

    with pytest.raises(Misconfigured, match="does not exist"):
        files.read_to_start(write(tmp_path, text), channels=CHANNELS, start=NOON)


def test_a_campaign_that_runs_may_be_read_again(tmp_path: Path) -> None:
    """Its first steps are in the past, and that is no mistake."""
    campaign = files.read(write(tmp_path), channels=CHANNELS, start=datetime(2027, 3, 2, 11, tzinfo=UTC))

    assert campaign.id == "bridge"


def test_a_campaign_whose_time_has_passed_is_not_started(tmp_path: Path) -> None:
    """It would be missed, step by step, without a word."""
    text = GOOD.replace('after = "10 min"', "at = 2027-03-01T09:00:00")

    with pytest.raises(Misconfigured) as caught:
        files.read_to_start(write(tmp_path, text), channels=CHANNELS, start=NOON)

    assert [finding.problem for finding in caught.value.findings] == ["this time has passed"]


def test_a_campaign_whose_time_is_to_come_is_started(tmp_path: Path) -> None:
    """The plain case."""
    assert files.read_to_start(write(tmp_path), channels=CHANNELS, start=NOON).id == "bridge"
