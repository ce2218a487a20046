"""A rehearsal: a small one, played once and looked at from all sides; a month of one, slowly."""

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.rehearsal import rehearse, report
from app.script import NotRehearsed, Order, Outage, command, script_of
from app.witness import Record, Seen, doubled, record
from core.audience import Recipient, RecipientKind
from core.campaign import StepKind
from core.delivery import DeliveryState
from core.errors import Misconfigured
from core.identifiers import AccountName, Address, ChannelName, Locale, MessageId
from core.post import Receipt
from core.preflight import NearDuplicate
from core.rehearsal import Quiet, Rehearsal, Trial
from sandbox.weather import Sky
from tests.core.examples import NOON, delivery

pytestmark = pytest.mark.timeout(180)  # a whole campaign: long on a machine with much else to do

PONT = Path(__file__).parent / "pont.toml"
SAMPLES = Path(__file__).parents[2] / "campaigns" / "samples"
EVE = datetime(2027, 3, 27, 10)  # noqa: DTZ001  on the town's clocks
NOWHERE = Path("/nonexistent/config.toml")
ORDER = Order(file=PONT, config=NOWHERE, people=6, turnout=1, start=EVE, shares={"telegram": 1}, speed=10**6, days=3)
CONFIG = """
[town]
name = {{ fr = "Pontville", en = "Bridgetown" }}
zone = "Indian/Reunion"
[charter]
file = "{charter}"
[[accounts]]
name = "mastodon"
platform = "mastodon"
base_url = "https://ville.example"
token_variable = "NONE"
[[accounts]]
name = "telegram"
platform = "telegram"
token_variable = "NONE"
[[channels]]
name = "place"
account = "telegram"
address = "@valmont"
language = "en"
[[channels]]
name = "autre"
account = "telegram"
address = "@autre"
"""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it, and the page about it."""

    found: Rehearsal
    html: str


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The small one, with all that goes wrong by itself, and another campaign beside it."""
    folder = tmp_path_factory.mktemp("rehearsal")
    beside, file = folder / "gué.toml", folder / "report.html"
    head = PONT.read_text(encoding="utf-8").partition("[polls")[0].replace('id = "pont"', 'id = "gue"')
    beside.write_text(f'{head}[[steps]]\ndo = "announce"\nannouncement = "avis"\nafter = "11 h"\n', encoding="utf-8")
    found = asyncio.run(rehearse(replace(ORDER, beside=(beside,))))
    report(found, file, Locale.FR)
    return Played(found, file.read_text(encoding="utf-8"))


# ── what is played ──


def test_what_was_cast_is_what_was_counted_and_published(played: Played) -> None:
    """Said by another program, from the journals alone."""
    outcome = played.found.outcomes[0]

    assert (played.found.passed, outcome.agrees, outcome.tally.voters > 3) == (True, True, True)
    assert played.found.verdict.startswith("pont_choix: ")
    assert "Les votes publiés sont les votes exprimés" in played.html


def test_every_step_is_told_with_what_it_said_or_why_it_said_nothing(played: Played) -> None:
    """The closing is silent, one condition does not hold, one step comes too late to be played."""
    told = [(moment.kind, len(moment.said) > 0, moment.quiet) for moment in played.found.moments]

    assert told == [
        (StepKind.OPEN_POLL, True, None),
        (StepKind.CLOSE_POLL, False, Quiet.BY_NATURE),
        (StepKind.PUBLISH_RESULTS, True, None),
        (StepKind.ANNOUNCE, False, Quiet.UNMET),
        (StepKind.ANNOUNCE, False, Quiet.STILL_TO_COME),
    ]


def test_the_messages_read_as_they_went_out(played: Played) -> None:
    """In public with buttons and the closing time, in private to those who asked for it."""
    assert "Quel pont voulez-vous ?" in played.html
    assert "<li>2. En pierre</li>" in played.html
    assert {said.channel is None for said in played.found.said} == {True, False}


def test_each_outage_is_told_with_what_came_of_it(played: Played) -> None:
    """Down and crowded: late. Cut: somebody must look. Nothing twice."""
    down, crowded, cut = played.found.ordeals

    assert [down.trial, crowded.trial, cut.trial] == [*Trial]
    assert all(each.refused for each in (down, crowded, cut))
    assert (down.late, down.said[0].state, played.found.doubled) == (down.said[:1], DeliveryState.SENT, 0)


def test_the_night_when_clocks_change_lies_within(played: Played) -> None:
    """In the small hours of the second day."""
    assert played.found.changes == (datetime(2027, 3, 28, 1, tzinfo=UTC),)


def test_what_one_person_got_is_counted_by_the_week(played: Played) -> None:
    """Two messages and one of the other campaign in public, as many in private."""
    weeks = played.found.weeks

    assert sum(sum(week.public) for week in weeks) == 3
    assert sum(week.in_private for week in weeks) == 3


def test_another_campaign_in_the_way_is_told(played: Played) -> None:
    """An hour after the opening in the same place; and with the words of a step that is to come."""
    met = played.found.collisions

    assert [(each.ours.step, each.theirs.campaign) for each in met] == [("open_poll-choix", "gue")]
    assert [type(concern) for concern in played.found.concerns] == [NearDuplicate]
    assert "campagne gue" in played.html


def test_what_differs_is_a_failure(played: Played) -> None:
    """It cannot pass by accident."""
    assert not replace(played.found, sound=False).passed


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_month_takes_less_than_three_minutes_and_is_the_same_each_time(tmp_path: Path) -> None:
    """With every incident, another campaign beside it, and the night of the clocks."""
    order = Order(
        file=SAMPLES / "place" / "place.toml",
        config=NOWHERE,
        beside=(SAMPLES / "halle" / "halle.toml",),
        start=datetime(2027, 3, 14, 10),  # noqa: DTZ001  on the town's clocks
    )
    pages = []
    for rank in range(2):
        began = time.monotonic()
        found = asyncio.run(rehearse(order))
        assert (found.passed, time.monotonic() - began < 180) == (True, True)
        report(found, tmp_path / f"{rank}.html", Locale.EN)
        pages.append((tmp_path / f"{rank}.html").read_text(encoding="utf-8"))

    assert pages[0] == pages[1]


# ── what is ordered ──


@pytest.mark.parametrize("sample", ["halle", "place"])
def test_without_a_start_clocks_change_in_the_midst_of_it(sample: str) -> None:
    """The night that nobody rehearses otherwise."""
    script = script_of(replace(ORDER, start=None, days=31, file=SAMPLES / sample / f"{sample}.toml"), now=NOON)

    assert script.start < datetime(2027, 3, 28, 1, tzinfo=UTC) < script.due(script.campaigns[0])[-1]
    assert script.start.astimezone(script.campaigns[0].zone).hour == 10


@pytest.fixture
def dated(tmp_path: Path) -> Path:
    """The same campaign, one step at a date; another on one day of a month, from a date on."""
    text = PONT.read_text(encoding="utf-8")
    (tmp_path / "at.toml").write_text(text.replace('after = "10 h"', "at = 2027-06-15T18:00:00"), encoding="utf-8")
    rule = 'repeat = { every = "month", on = ["day 9"], time = 18:00:00, from = 2027-07-09, count = 2 }'
    steps = f'[[steps]]\ndo = "announce"\nannouncement = "avis"\n{rule}\n'
    head = text.partition("[[steps]]")[0].partition("[polls")[0]
    (tmp_path / "recurring.toml").write_text(head + steps, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("file", "start"), [("at.toml", "2027-06-14 08:00"), ("recurring.toml", "2027-07-08 08:00")])
def test_a_campaign_with_dates_starts_the_day_before_the_first(dated: Path, file: str, start: str) -> None:
    """At ten, on the town's clocks."""
    script = script_of(replace(ORDER, start=None, file=dated / file), now=NOON)

    assert f"{script.start:%Y-%m-%d %H:%M}" == start


def test_where_clocks_never_change_it_starts_tomorrow(tmp_path: Path) -> None:
    """La Réunion has no such night."""
    file = tmp_path / "pont.toml"
    text = PONT.read_text(encoding="utf-8")
    file.write_text(text.replace("[campaign]", '[campaign]\nzone = "Indian/Reunion"'), encoding="utf-8")

    assert script_of(replace(ORDER, start=None, file=file), now=NOON).start == datetime(2027, 3, 2, 6, tzinfo=UTC)


def test_a_campaign_of_hours_is_laid_around_the_night(tmp_path: Path) -> None:
    """A morning would be too early for it."""
    file = tmp_path / "pont.toml"
    text = PONT.read_text(encoding="utf-8").partition('[[steps]]\nname = "plus-tard"')[0]
    file.write_text(text.replace('"8 h"', '"1 h"'), encoding="utf-8")
    script = script_of(replace(ORDER, start=None, file=file), now=NOON)

    assert script.start < datetime(2027, 3, 28, 1, tzinfo=UTC) < script.due(script.campaigns[0])[-1]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A town on two networks, in one of which the campaign speaks."""
    file = tmp_path / "config.toml"
    file.write_text(CONFIG.format(charter=SAMPLES / "charter.toml"), encoding="utf-8")
    return file


def test_with_a_configuration_the_town_is_that_one(config: Path) -> None:
    """Its name, its clocks, its charter, its channels; on the other network its subscribers."""
    script = script_of(replace(ORDER, config=config, shares={}), now=NOON)

    assert (script.town.name.fr, script.town.zone) == ("Pontville", "Indian/Reunion")
    assert [(each.platform, each.name, each.locale) for each in script.town.channels] == [
        ("mastodon", "mastodon", Locale.FR),
        ("telegram", "place", Locale.EN),
    ]
    assert script.campaigns[0].audience.channels == (ChannelName("place"),)


def test_a_channel_that_no_configuration_knows_is_said(config: Path, tmp_path: Path) -> None:
    """As everywhere."""
    file = tmp_path / "pont.toml"
    file.write_text(PONT.read_text(encoding="utf-8").replace('["place"]', '["plage"]'), encoding="utf-8")

    with pytest.raises(Misconfigured, match="plage"):
        script_of(replace(ORDER, config=config, file=file), now=NOON)


def test_a_campaign_that_reaches_nobody_is_not_rehearsed(config: Path) -> None:
    """Not silently."""
    with pytest.raises(NotRehearsed, match="none of these networks"):
        script_of(replace(ORDER, config=config, shares={"discord": 1}), now=NOON)


def test_each_network_is_tried_once_in_each_way_while_something_is_due() -> None:
    """Spread over the campaign; another seed, another order."""
    script = script_of(replace(ORDER, shares={}, file=SAMPLES / "halle" / "halle.toml", days=31), now=NOON)
    other = script_of(replace(ORDER, shares={}, file=SAMPLES / "halle" / "halle.toml", days=31, seed=1), now=NOON)

    tried = {(spell.sky, spell.network) for spell in script.spells}
    due = script.due(script.campaigns[0])
    assert tried == {(sky, network) for sky in Sky for network in ("telegram", "discord", "mastodon")}
    assert all(any(spell.begins < at < spell.ends for at in due) for spell in script.spells)
    assert len({spell.begins for spell in script.spells}) > 3
    assert other.spells != script.spells


def test_outages_can_be_ordered_on_the_towns_clocks_or_none() -> None:
    """In place of the usual ones."""
    outage = Outage(network="telegram", begins=EVE, lasts=timedelta(minutes=45))
    ordered, calm = (script_of(replace(ORDER, outages=given), now=NOON) for given in ((outage,), ()))

    assert [(spell.sky, spell.begins, spell.lasts) for spell in ordered.spells] == [
        (Sky.DOWN, datetime(2027, 3, 27, 9, tzinfo=UTC), timedelta(minutes=45))
    ]
    assert calm.spells == ()


def test_nothing_can_be_down_where_the_campaign_does_not_go() -> None:
    """The order is wrong, and is said to be."""
    outage = Outage(network="discord", begins=EVE, lasts=timedelta(minutes=45))

    with pytest.raises(NotRehearsed, match="discord"):
        script_of(replace(ORDER, outages=(outage,)), now=NOON)


def test_the_report_says_what_to_type_to_play_the_same_again() -> None:
    """With the start that was chosen."""
    outage = Outage(network="telegram", begins=EVE, lasts=timedelta(minutes=45))
    order = replace(ORDER, file=Path("pont.toml"), beside=(Path("a b.toml"),), outages=(outage,))
    script = script_of(replace(ORDER, outages=()), now=NOON)

    assert command(order, script) == (
        "parvis rehearse pont.toml --start 2027-03-27T10:00 --days 3 --people 6 --turnout 1 --seed 0"
        " --with 'a b.toml' --share telegram=1 --outage telegram@2027-03-27T10:00/45"
    )
    assert command(replace(order, outages=()), script).endswith(" --no-outages")


# ── what is seen ──


def called(message: int, chat: str = "-100", **others: object) -> dict[str, object]:
    """A call that put this message there."""
    shown = {"chat": chat, "message": message, "text": "Le pont", **others}
    return {"at": NOON.isoformat(), "kind": "call", "method": "send", "outcome": "done", "result": shown}


def test_a_journal_tells_public_posts_votes_and_refused_calls() -> None:
    """What is private, and what is no vote, is left out; an edit is no second post."""
    at = NOON.isoformat()
    entries: list[dict[str, object]] = [
        called(1),
        called(1),
        called(2, chat="77"),
        called(3, chat="9", visibility="unlisted"),
        called(4, chat="9", visibility="direct"),
        {"at": at, "kind": "call", "method": "sendMediaGroup", "outcome": "done", "result": [called(5)["result"]]},
        {"at": at, "kind": "call", "method": "send", "outcome": "status", "error": 503},
        {"at": at, "kind": "press", "user": 1, "data": "v1:pont_choix:0"},
        {"at": at, "kind": "press", "user": 2, "data": "c1:subscribe"},
        {"at": at, "kind": "written", "user": 3, "text": "/vote pont_choix 1"},
        {"at": at, "kind": "written", "user": 4, "text": "2", "network": "mastodon"},
        {"at": at, "kind": "handed_out", "user": 5},
    ]

    found = record(entries, "-100")

    assert {*found.posts} == {"1", "3", "5"}
    assert (len(found.refused), {*found.votes}) == (1, {"1", "3", "4"})


def test_a_message_that_no_delivery_accounts_for_stands_twice() -> None:
    """One that is in doubt accounts for one, made by its call."""
    receipt = Receipt(address=Address("@pont"), message=MessageId("1"), call="send")
    place = Recipient(RecipientKind.CHANNEL, "place")
    known = replace(delivery(), account=AccountName("telegram"), recipient=place, receipts=(receipt,))
    unsure = replace(known, receipts=(), state=DeliveryState.UNCERTAIN)
    posts = Record(posts={"1": NOON, "2": NOON, "3": NOON}, refused=(), votes={})

    assert doubled({"telegram": posts}, [Seen(public=(known,))]) == 2
    assert doubled({"telegram": posts}, [Seen(public=(known, unsure))]) == 1
    late = replace(posts, posts={"1": NOON, "2": NOON + timedelta(minutes=9)})
    assert doubled({"telegram": late}, [Seen(public=(known, unsure))]) == 1
    assert doubled({"telegram": replace(posts, posts={"1": NOON})}, [Seen(public=(known,))]) == 0
    gone = replace(known, receipts=(replace(receipt, message=MessageId("9")),))
    assert doubled({"telegram": replace(posts, posts={"1": NOON, "2": NOON})}, [Seen(public=(known, gone))]) == 1
