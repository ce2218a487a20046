"""Calendars as Outlook, Google, Nextcloud and others export them."""

from dataclasses import replace
from datetime import date, time
from functools import partial
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from campaigns.imports import calendars
from campaigns.imports.posts import Reading
from campaigns.repeating import day_of, period_of
from core.identifiers import Locale
from tests.campaigns.imports.sheets import WANTED, at_nine, local, sentences, wrong

FILE = Path("posts.ics")
START = "DTSTART:20261012T143000"
OUTLOOK = """BEGIN:VTIMEZONE
TZID:Clock of the mayor
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


def ics(*events: str, before: str = "") -> bytes:
    """A calendar with these events."""
    inside = "\n".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT" for event in events)
    lines = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a//b//FR\n{before}\n{inside}\nEND:VCALENDAR\n"
    return lines.replace("\n\n", "\n").replace("\n", "\r\n").encode()


def event(*lines: str, uid: str = "1@mairie", summary: str = "Marché") -> str:
    """An event with these further lines."""
    return "\n".join((f"UID:{uid}", f"SUMMARY:{summary}", "DESCRIPTION:Place du pont", *lines))


def read(content: bytes, *, wanted: object = None) -> Reading:
    """The posts of a calendar in French."""
    return calendars.read(FILE, content, WANTED if wanted is None else at_nine(), Locale.FR)


def when(*lines: str, before: str = "") -> dict[str, object]:
    """When the post of an event with these lines goes out."""
    (post,) = read(ics(event(*lines), before=before)).heaps[0].posts
    return dict(post.when)


def test_an_event_is_a_post_in_one_language() -> None:
    """The other is to be written into the campaign file, and that is said with the line."""
    reading = read(ics(event(START, summary="Un tr\n ès long\\, titre")))

    (heap,) = reading.heaps
    (post,) = heap.posts
    assert (heap.campaign, heap.channels, post.origin, post.line) == ("posts", ("place",), "1@mairie", 4)
    assert post.says == {"title.fr": "Un très long, titre", "body.fr": "Place du pont"}
    assert str(reading.notes[0]) == "posts.ics:6: SUMMARY: there is no title.en: write it into the campaign file"


def test_times_are_read_on_the_clocks_of_the_town() -> None:
    """Whatever clock the calendar keeps; one without a zone is the town's."""
    ways = {
        START: "",
        "DTSTART;TZID=Europe/Paris:20261012T143000": "",
        "DTSTART;TZID=Romance Standard Time:20261012T143000": "",
        "DTSTART;TZID=Indian/Reunion:20261012T163000": "",
        "DTSTART:20261012T123000Z": "",
        "DTSTART;TZID=Clock of the mayor:20261012T143000": OUTLOOK,
    }

    assert {way: when(way, before=zone)["at"] for way, zone in ways.items()} == dict.fromkeys(
        ways, local(2026, 10, 12, 14, 30)
    )


def test_a_whole_day_needs_a_time() -> None:
    """It says none."""
    day = ics(event("DTSTART;VALUE=DATE:20261012"))

    assert "is a whole day, and no time: say with --at" in wrong(lambda: read(day))[0]
    assert read(day, wanted=True).heaps[0].posts[0].at == local(2026, 10, 12, 9)


def test_the_nights_when_clocks_change_are_said() -> None:
    """One time does not exist, one is meant twice, and of the second nobody can speak here."""
    twice = read(ics(event("DTSTART:20261025T023000")))

    assert "exists twice" in str(twice.notes[-1])
    assert "does not exist in Europe/Paris" in wrong(lambda: when("DTSTART:20270328T023000"))[0]
    assert "is the second 02:30" in wrong(lambda: when("DTSTART:20261025T013000Z"))[0]


RULES = {
    "FREQ=WEEKLY;COUNT=4": {"every": "week", "on": ["monday"], "count": 4},
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;UNTIL=20271012": {
        "every": "2 weeks",
        "on": ["tuesday", "friday"],
        "until": date(2027, 10, 12),
    },
    "FREQ=DAILY;UNTIL=20261020T220000Z": {"every": "week", "on": ["day"], "until": date(2026, 10, 21)},
    "FREQ=MONTHLY;BYDAY=2TU;UNTIL=20271012T120000": {
        "every": "month",
        "on": ["second tuesday"],
        "until": date(2027, 10, 12),
    },
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR;COUNT=3;WKST=SU": {"every": "3 months", "on": ["last friday"], "count": 3},
    "FREQ=MONTHLY;BYDAY=MO;COUNT=3": {"every": "month", "on": ["monday"], "count": 3},
    "FREQ=MONTHLY;BYMONTHDAY=15,-1;COUNT=3": {"every": "month", "on": ["day 15", "last day"], "count": 3},
    "FREQ=MONTHLY;COUNT=3": {"every": "month", "on": ["day 12"], "count": 3},
}
UNTOLD = (
    "FREQ=WEEKLY",
    "FREQ=YEARLY;COUNT=3",
    "FREQ=DAILY;INTERVAL=2;COUNT=3",
    "FREQ=DAILY;BYDAY=MO;COUNT=3",
    "FREQ=WEEKLY;BYMONTHDAY=1;COUNT=3",
    "FREQ=WEEKLY;BYDAY=2MO;COUNT=3",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=3",
    "FREQ=WEEKLY;INTERVAL=100;COUNT=3",
    "FREQ=MONTHLY;BYDAY=-2FR;COUNT=3",
    "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3",
    "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=13;COUNT=3",
    "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=3",
    "FREQ=NEVER",
)


def test_a_rule_becomes_a_step_that_recurs() -> None:
    """In the words of campaign files."""
    found = {rule: when(START, f"RRULE:{rule}")["repeat"] for rule in RULES}

    assert found == {rule: {**said, "time": time(14, 30), "from": date(2026, 10, 12)} for rule, said in RULES.items()}
    assert [period_of(str(said["every"])) for said in RULES.values()]
    assert [day_of(str(day)) for said in RULES.values() for day in (said["on"] if isinstance(said["on"], list) else ())]


def test_a_rule_without_words_here_is_refused_with_its_line() -> None:
    """Never left out, never half understood."""
    found = {rule: wrong(partial(when, START, f"RRULE:{rule}"))[0] for rule in UNTOLD}

    assert {rule: said for rule, said in found.items() if not said.startswith("posts.ics:9: RRULE: ")} == {}


def test_a_rule_by_other_clocks_is_refused() -> None:
    """A week after 18:00 in Cayenne is not always the same time in Paris."""
    cayenne = wrong(lambda: when("DTSTART;TZID=America/Cayenne:20261012T143000", "RRULE:FREQ=WEEKLY;COUNT=3"))
    paris = when("DTSTART;TZID=Romance Standard Time:20261012T143000", "RRULE:FREQ=WEEKLY;COUNT=3")

    assert "recurs by other clocks than those of Europe/Paris" in cayenne[0]
    assert "repeat" in paris


def test_cancelled_events_are_left_out_and_that_is_said() -> None:
    """Other parts of a calendar (tasks, alarms) are nothing to publish."""
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT5M\nEND:VALARM"
    reading = read(ics(event(START, alarm), event(START, "STATUS:CANCELLED", uid="2")))

    assert [post.origin for post in reading.heaps[0].posts] == ["1@mairie"]
    assert "is cancelled: left out" in str(reading.notes[-1])


def test_an_event_without_a_text_is_noted() -> None:
    """There is something to write."""
    reading = read(ics(f"UID:1\nSUMMARY:Marché\n{START}"))

    assert reading.heaps[0].posts[0].says == {"title.fr": "Marché"}
    assert "posts.ics:4: DESCRIPTION: is empty" in str(reading.notes[-1])


MISTAKES = {
    "UID: is missing": [f"SUMMARY:a\n{START}"],
    "UID: «1@mairie» is that of the event in line 4": [event(START), event(START)],
    "SUMMARY: is missing": [f"UID:1\n{START}"],
    "SUMMARY: 201 characters": [event(START, summary="x" * 201)],
    "SUMMARY: holds a control character": [event(START, summary="a\x07b")],
    "DTSTART: does not say once": [event()],
    "DTSTART: Expected": [event("DTSTART:12/10/2026")],
    "DTSTART: nobody knows the zone «Nowhere»": [event("DTSTART;TZID=Nowhere:20261012T143000")],
    "DTSTART: does not say": [event(START, "DTSTART:20261013T143000")],
    "DTSTART: is far from our time": [event("DTSTART:99991231T235959Z", "RRULE:FREQ=DAILY;COUNT=2")],
    "RRULE: is there twice": [event(START, "RRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=WEEKLY;COUNT=2")],
    "RRULE: ends far from our time": [event(START, "RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z")],
    "EXDATE: an exception": [event(START, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261019T143000")],
    "RECURRENCE-ID: an exception": [event(START, "RECURRENCE-ID:20261012T143000")],
    "event: Content line": [event(START, "nonsense")],
}


def test_each_mistake_is_named_with_its_line_and_cure() -> None:
    """And nothing of the calendar is imported."""
    found = {said: wrong(partial(read, ics(*events)))[0] for said, events in MISTAKES.items()}

    assert {said: got for said, got in found.items() if said not in got or not got.startswith("posts.ics:")} == {}


def test_a_zone_that_is_no_zone_but_a_family_of_them_is_said() -> None:
    """A folder of the database has its name."""
    assert "names a zone that nobody knows" in wrong(lambda: when("DTSTART;TZID=Europe:20261012T143000"))[0]


def test_what_is_no_whole_calendar_is_said() -> None:
    """With the cure."""
    good = ics(event(START))
    found = [wrong(partial(read, content))[0] for content in (b"", good[:-18], b"x", good + b"\xff", ics())]

    assert ["calendar" in said or "UTF-8" in said or "holds 0 events" in said for said in found] == [True] * 5


def test_events_with_folded_names_are_read_without_lines() -> None:
    """Nobody folds there, but one may."""
    odd = ics(event(START)).replace(b"BEGIN:VEVENT", b"BEGIN:VE\r\n VENT")

    assert [post.line for post in read(odd).heaps[0].posts] == [0]


def test_a_mark_at_the_beginning_is_passed_over() -> None:
    """Some programs write it."""
    assert len(read(b"\xef\xbb\xbf" + ics(event(START))).heaps[0].posts) == 1


def test_the_language_of_a_calendar_may_be_english() -> None:
    """Then it is French that is to be written."""
    (post,) = calendars.read(FILE, ics(event(START)), replace(WANTED), Locale.EN).heaps[0].posts

    assert set(post.says) == {"title.en", "body.en"}


LINES = st.sampled_from([
    "UID:1", "UID:2", "SUMMARY:a", "SUMMARY;LANGUAGE=fr:b", START, "DTSTART;VALUE=DATE:20261012", "DTSTART:x",
    "RRULE:FREQ=WEEKLY;COUNT=2", "RRULE:FREQ=", "EXDATE:20261012T143000", " folded", "BEGIN:VEVENT", "END:VEVENT",
    "STATUS:CANCELLED", "DESCRIPTION:\\n\\,", 'X;Y="', ":", "",
])  # fmt: skip


@given(st.lists(LINES, max_size=12))
def test_any_calendar_is_read_or_refused_with_a_sentence(lines: list[str]) -> None:
    """A file may be anything."""
    assert all(sentences(lambda: read(ics("\n".join(lines)))))
