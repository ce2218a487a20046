"""A rule holds where and for whom the charter says, and is tried on its examples."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.moderation import Rule, Verdict, judge, weighed
from core.rules.clause import Clause, Conditions, Enforcement, Example, Who
from core.rules.context import Context, Message
from core.rules.hit import Sign
from core.rules.invitations import Invitations
from core.rules.links import Links
from tests.core.examples import NOON, words

DAY = timedelta(days=1)
CLAUSE = Clause(name="links", family=Links(denied=("bit.ly",)), enforcement=Enforcement.ENFORCE)
AROUND = Context(places=frozenset({"place"}), network="telegram", at=NOON, since=NOON - DAY)


@pytest.mark.parametrize(
    ("only", "held"),
    [
        (Conditions(), True),
        (Conditions(places=frozenset({"place"})), True),
        (Conditions(places=frozenset({"ecoles"})), False),
        (Conditions(networks=frozenset({"telegram"})), True),
        (Conditions(networks=frozenset({"discord"})), False),
        (Conditions(who=Who.PEOPLE), True),
        (Conditions(who=Who.CHANNELS), False),
        (Conditions(newcomers=2 * DAY), True),
        (Conditions(newcomers=DAY), False),
        (Conditions(spares_trusted=True), True),
    ],
)
def test_a_rule_holds_where_the_charter_says(only: Conditions, *, held: bool) -> None:
    """And nowhere else."""
    assert only.hold(Message("NON", AROUND)) is held


def test_who_came_nobody_knows_when_is_no_newcomer_and_the_trusted_are_spared() -> None:
    """A doubt speaks for the citizen."""
    assert not Conditions(newcomers=DAY).hold(Message("Non", replace(AROUND, since=None)))
    assert not Conditions(spares_trusted=True).hold(Message("Non", replace(AROUND, is_trusted=lambda: True)))


def test_the_verdict_names_the_clause_and_whether_it_acts() -> None:
    """Words watch here, links act."""
    rule = Rule(article="1", wording=words("?"), forbidden=("zut",), enforcement=Enforcement.OBSERVE, clauses=(CLAUSE,))

    verdict = weighed("zut, bit.ly/a", [rule], AROUND)

    assert verdict == Verdict(rule=rule, found="bit.ly", sign=Sign.DENIED_LINK, clause=CLAUSE)
    assert judge("zut, bit.ly/a", [rule]) == Verdict(rule=rule, found="zut")


def test_of_rules_that_watch_the_first_is_named_and_those_that_sleep_say_nothing() -> None:
    """Whoever reads the case finds one reason."""
    asleep = replace(CLAUSE, enforcement=Enforcement.OFF)
    watching = replace(CLAUSE, name="invitations", family=Invitations(), enforcement=Enforcement.OBSERVE)
    rule = Rule(article="1", wording=words("?"), forbidden=(), clauses=(asleep, watching, watching))

    verdict = weighed("bit.ly t.me/a", [rule], AROUND)

    assert verdict is not None
    assert verdict.clause is watching
    assert weighed("bit.ly", [rule], AROUND) is None


def test_a_rule_s_examples_are_tried() -> None:
    """Those that are not judged as they say are named."""
    newcomers = replace(CLAUSE, only=Conditions(newcomers=DAY, spares_trusted=True))
    new = Example(text="bit.ly/a", age=timedelta(hours=1))
    tried = replace(newcomers, hits=(new, Example(text="bit.ly/a")), misses=(replace(new, trusted=True), new))

    assert list(tried.failures()) == [("hits", 1), ("misses", 1)]


@pytest.mark.parametrize(
    ("text", "shouting"),
    [
        ("VOUS ÊTES TOUS DES MENTEURS bit.ly/a", True),
        ("\U0001f525" * 9 + "bit.ly/a", True),
        ("La SNCF et la CAF, voir bit.ly/a", False),
        ("NON bit.ly/a", False),
        ("\U0001f44d bit.ly/a", False),
    ],
    ids=ascii,
)
def test_shouting_narrows_a_rule_and_is_none_by_itself(text: str, *, shouting: bool) -> None:
    """Capitals and emoji are hints: a short cry and an acronym are none."""
    narrowed = replace(CLAUSE, only=Conditions(shouting=True))

    assert (narrowed.look(Message(text, AROUND)) is not None) is shouting
    assert narrowed.look(Message(text.replace("bit.ly/a", ""), AROUND)) is None
