"""What the charter forbids beside words, in the debates."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from core.answers import Remove
from core.moderation import Charter, Enforcement, Rule
from core.ports.store import Books
from core.rules.clause import Clause, Conditions
from core.rules.floods import Floods
from core.rules.hit import Sign
from core.rules.links import Lookalikes
from tests.bots.test_watch import cases, only_case
from tests.bots.town import ALIX, BLAISE, TOWN, Stage, both, writes
from tests.fakes import ACCOUNT, NOON

FLOODS = Clause(name="floods", family=Floods(most=2, within=timedelta(minutes=1)), enforcement=Enforcement.ENFORCE)
LOOKALIKES = Clause(
    name="lookalikes",
    family=Lookalikes(),
    enforcement=Enforcement.ENFORCE,
    only=Conditions(places=frozenset({"place"})),
)


@pytest.fixture
def stage() -> Stage:
    """A town whose only article forbids floods and look-alikes."""
    article = Rule(article="7", wording=both("Article 7."), forbidden=(), clauses=(FLOODS, LOOKALIKES))
    return Stage(town=replace(TOWN, charter=Charter(version="2027-2", rules=(article,))))


async def test_the_third_message_in_a_minute_is_one_too_many(stage: Stage) -> None:
    """Those before it stay, and so do those of others."""
    answers = [await stage.hears(writes(who, "Non", message=n)) for who, n in ((ALIX, "1"), (BLAISE, "2"), (ALIX, "3"))]
    answers.append(await stage.hears(writes(ALIX, "Non", message="4")))

    removed = [one.message for each in answers for one in each if isinstance(one, Remove)]
    assert removed == ["4"]
    assert '"sign": "flood"' in stage.vault.unseal((await only_case(stage)).sealed)


async def test_rewriting_a_message_is_no_new_one(stage: Stage) -> None:
    """Who corrects their spelling does not flood."""
    for _ in range(3):
        await stage.hears(writes(ALIX, "Non", message="1", edited=True))
        await stage.hears(writes(ALIX, "Non", message="1"))

    assert await cases(stage) == []


async def test_what_officials_write_is_not_even_counted(stage: Stage) -> None:
    """Nor what somebody writes of whom nobody knows whether they are."""
    for number in range(5):
        await stage.hears(writes(ALIX, "Non", message=str(number), official=None if number % 2 else True))

    assert (
        await cases(stage),
        stage.recent.of_people.count(stage.vault.blind(ALIX.ref), within=timedelta(hours=1), at=stage.clock.now()),
    ) == ([], 0)


async def test_the_town_s_name_in_disguise_is_told_from_its_configuration(stage: Stage) -> None:
    """Without a line about it in the charter; in the channels that the rule is about."""
    await stage.hears(writes(ALIX, "Votez sur sa1nt-aub1n.top", message="1"))

    evidence = stage.vault.unseal((await only_case(stage)).sealed)
    assert f'"sign": "{Sign.LOOKALIKE}"' in evidence


@pytest.mark.parametrize(("days", "spared"), [(31, True), (29, False), (None, False)])
async def test_a_citizen_whom_the_town_knows_is_spared_where_the_charter_says(
    stage: Stage, days: int | None, *, spared: bool
) -> None:
    """A month of its news, and no message removed."""
    kind = replace(FLOODS, family=Floods(most=1, within=timedelta(hours=1)), only=Conditions(spares_trusted=True))
    article = Rule(article="7", wording=both("Article 7."), forbidden=(), clauses=(kind,))
    stage.town = replace(TOWN, charter=Charter(version="2027-2", rules=(article,)))
    if days is not None:
        await stage.look(partial(_known, stage, days))

    await stage.hears(writes(ALIX, "Non", message="1"))
    await stage.hears(writes(ALIX, "Non", message="2"))

    assert ((await cases(stage)) == []) is spared


def _known(stage: Stage, days: int, books: Books) -> None:
    books.citizens.remember(
        blind=stage.vault.blind(ALIX.ref),
        sealed=stage.vault.seal(ALIX.ref),
        account=ACCOUNT,
        locale=ALIX.locale,
        subscribed=True,
        at=NOON - timedelta(days=days),
    )
