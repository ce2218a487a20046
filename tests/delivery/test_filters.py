"""Words are kept back as the charter and the books say, again and again, and taken away when nobody wants that."""

import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from core.alert import AlertKind, Matter
from core.audience import Channel
from core.audit import Deed, of_rule
from core.errors import Rejected, StorageError, Unavailable
from core.identifiers import ChannelName, Locale
from core.moderation import Action, Charter, Enforcement, Rule
from core.ports.moderator import Filter, Powers
from core.staff import SERVICE, Act
from core.town import Town
from core.wording import Wording
from delivery.filters import Filters, words
from delivery.matters import Matters
from delivery.order import CHECKED_EVERY, FIRST_PAUSE
from storage.memory import MemoryStore
from tests.core.examples import NOON
from tests.core.examples import words as said
from tests.core.test_sanction import GROUP
from tests.core.test_staff import TELEGRAM
from tests.fakes import TELEGRAM as NETWORK
from tests.fakes import StoppedClock
from tests.moderators import ScriptedModerator

ON, OFF = Powers(kinds=frozenset(), filters=True), Powers(kinds=frozenset())
INSULTS = Rule(article="1", wording=said("Respect"), forbidden=("crétin(e)",))
ADVERTS = Rule(article="2", wording=said("No adverts"), forbidden=("code promo",))
PLACE = Channel(
    name=ChannelName("place"),
    platform=NETWORK,
    account=TELEGRAM,
    address=GROUP,
    locale=Locale.FR,
    discussion=GROUP,
)
TOWN = Town(name=said("Ville"), zone="UTC", charter=Charter(version="1", rules=(INSULTS, ADVERTS)), channels=(PLACE,))


_MATTERS = Matters(accounts=(TELEGRAM,), capabilities=dict)


async def _described(rule: Rule, locale: Locale) -> tuple[str, str]:
    return f"Article {rule.article}", f"{rule.wording[locale]}"


@dataclass(slots=True)
class Hall:
    """A town with one account, whose network knows filters."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(NOON))
    network: ScriptedModerator = field(default_factory=lambda: ScriptedModerator(powers=ON))
    town: Town = TOWN

    def keeper(self) -> Filters:
        """Who keeps them, just started."""
        return Filters(
            account=TELEGRAM,
            moderator=self.network,
            store=self.store,
            clock=self.clock,
            town=self.town,
            describe=_described,
        )

    def names(self) -> list[list[str]]:
        """What the network was told, call by call."""
        return [[each.name for each in filters] for _, filters in self.network.filtered]


@pytest.fixture
def hall() -> Hall:
    return Hall()


def judged(*rules: Rule) -> Town:
    """The town with these articles."""
    return replace(TOWN, charter=Charter(version="1", rules=rules))


async def test_articles_that_act_are_kept_back_by_their_words(hall: Hall) -> None:
    """Each form, with its accents and without."""
    await hall.keeper().look()

    ((places, (first, _)),) = hall.network.filtered
    assert (places, first) == (
        (GROUP,),
        Filter(
            name="Article 1",
            words=("crétin", "crétine", "cretin", "cretine"),
            notice="Respect (fr)",
        ),
    )


@pytest.mark.parametrize(
    "rule",
    [
        replace(INSULTS, enforcement=Enforcement.OBSERVE),
        replace(INSULTS, action=Action.HIDE),
        replace(INSULTS, action=Action.NOTICE),
        replace(INSULTS, action=Action.MEASURE),
        replace(INSULTS, forbidden=()),
    ],
    ids=["observes", "hides", "reminds", "goes by the ladder", "without words"],
)
async def test_what_needs_the_message_is_not_kept_back(hall: Hall, rule: Rule) -> None:
    """Nobody would see what is to be looked at, reminded of or counted."""
    hall.town = judged(rule)

    await hall.keeper().look()

    assert hall.names() == [[]]


async def test_an_article_found_wrong_too_often_is_kept_back_no_more(hall: Hall) -> None:
    """At once, as soon as the books say so."""
    keeper = hall.keeper()
    await keeper.look()
    dropped = Deed(who=SERVICE, at=NOON, act=Act.DROP_RULE, about=of_rule("1"), content="1")
    await hall.store.write(lambda books: books.audit.record(dropped))

    await keeper.look()

    assert hall.names() == [["Article 1", "Article 2"], ["Article 2"]]


async def test_they_are_compared_again_in_a_quarter_of_an_hour(hall: Hall) -> None:
    """Not at each look: a hand is undone by then."""
    keeper = hall.keeper()
    calls = []
    for pause in (timedelta(), CHECKED_EVERY / 2, CHECKED_EVERY / 2):
        hall.clock.advance(pause)
        await keeper.look()
        calls.append(len(hall.network.filtered))

    assert calls == [1, 1, 2]


async def test_what_is_up_is_taken_away_once_when_the_town_wants_it_no_more(hall: Hall) -> None:
    """After a restart too; what never was up is not asked about."""
    await hall.keeper().look()
    hall.network.powers = OFF
    hall.network.fails("filter", Unavailable("away"))
    for _ in range(3):
        await hall.keeper().look()

    assert hall.names() == [["Article 1", "Article 2"], []]


async def test_nothing_is_asked_where_nobody_wants_it(hall: Hall) -> None:
    """Nor while the town is held."""
    hall.network.powers = OFF
    await hall.keeper().look()
    hall.network.powers = ON
    await hall.store.write(lambda books: books.town.set_fact("held", "restored"))
    await hall.keeper().look()

    assert hall.network.filtered == []


async def test_a_right_that_is_lost_is_said_once_and_tried_again(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    """Later and later; and it is said when it is well again."""
    hall.network.fails("filter", Rejected("Missing Permissions"), times=2)
    keeper = hall.keeper()
    with caplog.at_level(logging.WARNING, "parvis.delivery"):
        for pause in (timedelta(), FIRST_PAUSE / 2, FIRST_PAUSE / 2, FIRST_PAUSE * 2):
            hall.clock.advance(pause)
            await keeper.look()

    assert [record.message for record in caplog.records] == ["filters_fail", "filters_kept_again"]
    assert len(hall.network.filtered) == 1


async def test_the_staff_is_alerted_of_what_does_not_pass_by_itself(hall: Hall) -> None:
    """Once, with what the network says; no more when it is well, also after a restart."""
    hall.network.fails("filter", Rejected("Missing Permissions"), times=3)
    keeper, found = hall.keeper(), []
    for each in (keeper, keeper, keeper, hall.keeper()):
        await each.look()
        found.append(await hall.store.read(lambda books: list(_MATTERS.find(books, hall.clock.now()).values())))
        hall.clock.advance(FIRST_PAUSE * 2)

    why = Wording(fr="Missing Permissions", en="Missing Permissions")
    matter = Matter(kind=AlertKind.FILTER, about="account:telegram", detail=why)
    assert found == [[], [], [matter], []]


async def test_what_finds_no_room_is_named_once(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    """Parvis goes on removing it by itself."""
    hall.network.room = 1
    keeper = hall.keeper()
    with caplog.at_level(logging.WARNING, "parvis.delivery"):
        for pause in (timedelta(), CHECKED_EVERY):
            hall.clock.advance(pause)
            await keeper.look()

    assert [vars(record)["filters"] for record in caplog.records] == [["Article 2"]]


class _Away(MemoryStore):
    async def read(self, work: object) -> object:  # type: ignore[override]  # noqa: ARG002  never answers
        raise StorageError("away")


async def test_a_store_that_is_away_is_said_once(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    """The lane goes on."""
    hall.store = _Away()
    keeper = hall.keeper()
    for _ in range(2):
        await keeper.look()

    assert [record.message for record in caplog.records] == ["filters_lost"]


def test_signs_that_a_network_would_read_are_left_out() -> None:
    """A star would stand for any letters."""
    starred = replace(INSULTS, forbidden=("con*", "???"))

    assert list(words(starred)) == ["con"]
