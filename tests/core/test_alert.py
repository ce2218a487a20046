"""What needs a human: how it is named, and when there is more of it."""

from dataclasses import replace

from core.alert import AlertKind, Matter, grown, number_in, of_account, of_delivery, of_occurrence
from core.identifiers import AccountName, DeliveryId, OccurrenceId

DOUBT = Matter(kind=AlertKind.DOUBT, about=of_occurrence(OccurrenceId(4)), deliveries=(DeliveryId(7),))


def test_a_matter_is_named_by_its_kind_and_what_it_is_about() -> None:
    """How much of it there is changes nothing."""
    assert replace(DOUBT, private=9).name == DOUBT.name == (AlertKind.DOUBT, "occurrence:4")
    assert of_delivery(DeliveryId(7)) == "delivery:7"


def test_what_a_matter_is_about_has_a_number_unless_it_is_an_account() -> None:
    """Accounts go by their names."""
    assert number_in(DOUBT.about) == 4
    assert number_in(of_account(AccountName("telegram"))) is None


def test_a_matter_has_grown_when_there_is_something_new_in_public() -> None:
    """Less of it, or other private copies, is nothing new."""
    more = replace(DOUBT, deliveries=(DeliveryId(7), DeliveryId(8)))

    assert grown(DOUBT, more)
    assert not grown(more, DOUBT)
    assert not grown(DOUBT, replace(DOUBT, private=9))
