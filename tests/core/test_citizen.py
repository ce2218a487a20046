"""A person has one name across events and networks."""

from core.citizen import Person
from core.identifiers import Locale, PlatformName


def test_a_person_is_named_by_network_and_account() -> None:
    """Account 7 of one network is not account 7 of another."""
    person = Person(platform=PlatformName("telegram"), account="7", locale=Locale.FR, name="Ana")

    assert person.ref == "telegram:7"
