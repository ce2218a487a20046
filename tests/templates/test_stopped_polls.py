"""A poll that was stopped with its campaign says so, with its date, and shows no count."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from core.identifiers import Locale
from core.messages import PollOpened, PollReminder
from core.poll import PollState, Showing, Tally
from core.wording import Wording
from templates.render import JinjaWords
from tests.core.examples import NOON, poll
from tests.fakes import CAPABILITIES

STOPPED = replace(poll(state=PollState.STOPPED), showing=Showing.LIVE, closed_at=NOON + timedelta(minutes=20))
SAID = {
    Locale.FR: "Cette consultation a été arrêtée le lundi 1er mars à 13 h 20. On ne peut plus voter. "
    "Aucun résultat ne sera publié.",
    Locale.EN: "This poll was stopped on Monday 1 March at 1:20 pm. Voting is over. No results will be published.",
}
BOARDS = (
    PollOpened(poll=STOPPED, zone="Europe/Paris", voters=27, tally=Tally(counts=(20, 4, 3), voters=27)),
    PollReminder(poll=STOPPED, zone="Europe/Paris", voters=27),
)


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("board", BOARDS, ids=lambda board: type(board).__name__)
def test_a_stopped_poll_says_when_and_that_nothing_will_be_published(
    board: PollOpened | PollReminder, locale: Locale
) -> None:
    """Not that it closed on a date that is still to come; and nothing of the count, whatever it is given."""
    post = JinjaWords(town=Wording(fr="Valmont", en="Valmont")).post(board, locale, CAPABILITIES)

    said = re.sub(r"\s", " ", post.text.plain)
    assert SAID[locale] in said
    assert ("27" in said, "20" in said.replace(SAID[locale], "")) == (False, False)
    assert post.buttons == ()
