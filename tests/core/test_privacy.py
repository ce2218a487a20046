"""The map of what is held about people is complete enough to be shown to them."""

from datetime import timedelta

from core.privacy import HOLDINGS, KEY_KEPT_AFTER_CLOSE


def test_every_purpose_has_a_sentence_of_its_own() -> None:
    """The purpose is the key of the sentence that explains it."""
    purposes = [holding.purpose for holding in HOLDINGS]

    assert len(set(purposes)) == len(purposes)


def test_nothing_is_kept_longer_than_the_town_can_explain() -> None:
    """13 months is the longest: a year of debates and a month to answer."""
    assert max(holding.kept for holding in HOLDINGS if holding.kept) <= timedelta(days=396)


def test_only_unlinkable_ballots_stay_for_ever_when_someone_asks_to_be_forgotten() -> None:
    """What is kept without an end must be erasable, unless nothing links it to anybody any more."""
    for_ever = {holding.purpose for holding in HOLDINGS if holding.kept is None and not holding.erased_on_request}

    assert for_ever == {"closed_ballots"}


def test_a_ballot_can_be_contested_as_long_as_it_can_be_linked() -> None:
    """The map and the key agree on the day after which no ballot leads to anyone."""
    linkable = next(holding for holding in HOLDINGS if holding.purpose == "open_ballots")

    assert linkable.kept == KEY_KEPT_AFTER_CLOSE
