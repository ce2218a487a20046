"""Whoever no bot hears any more has another way to the town hall."""

import pytest

from core.case_messages import StatementInGroup
from core.identifiers import CaseNumber, Locale
from core.messages import Message, RulesShown
from core.staff import Act
from templates.charter import page
from templates.render import JinjaWords
from tests.templates.examples import TELEGRAM, TOWN
from tests.templates.staff_examples import RULE, STATEMENT

CONTACT = "mairie@valmont.example"
RULES = RulesShown(version="2027-1", articles=())
IN_GROUP = StatementInGroup(case=CaseNumber(12), decisions=(Act.BAN.value,), article="2", rule=RULE)


@pytest.mark.parametrize("message", [STATEMENT, IN_GROUP, RULES], ids=lambda message: type(message).__name__)
@pytest.mark.parametrize("locale", Locale)
def test_what_is_said_of_a_decision_names_the_address_of_the_town(message: Message, locale: Locale) -> None:
    """Nobody who is banned on Discord can write to a bot of its server; without an address nothing is promised."""
    said = [JinjaWords(town=TOWN, contact=each).post(message, locale, TELEGRAM).text.plain for each in (CONTACT, "")]

    assert [CONTACT in each for each in said] == [True, False]
    assert not any("None" in each for each in said)


def test_the_page_of_the_charter_names_it_too() -> None:
    """In both languages."""
    assert page(TOWN, RULES, contact=CONTACT).count(CONTACT) == 2
