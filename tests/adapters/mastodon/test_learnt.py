"""What is remembered of a server, and planned with."""

import json

import pytest

from adapters.mastodon.adapter import MastodonAdapter
from adapters.mastodon.learnt import Learnt
from adapters.mastodon.limits import Limits
from core.ports.platform import Introduction
from tests.adapters.mastodon.conftest import ACCOUNT, PUBLIC, LeapingClock, Town, publish, text

LONG = text("mot " * 1200)


def planner() -> MastodonAdapter:
    """An adapter that is never opened."""
    return MastodonAdapter(account=ACCOUNT, token="", base_url="https://none.example", clock=LeapingClock())


async def test_a_plan_is_made_with_the_limits_that_were_read_last(social: Town) -> None:
    """An officer sees one post, or ten, as it will be: GoToSocial takes 5,000 characters."""
    known = await social.adapter.open(Introduction(), known=None)
    unopened = planner()

    said = unopened.recall(known)

    assert said.startswith("5000 characters, 6 pictures, descriptions of 1500, polls of 6 choices of 50: of the server")
    assert len(unopened.plan(LONG, PUBLIC)) == len(await publish(social, LONG)) == 1


@pytest.mark.parametrize("known", [None, "heard:7", "x", "[]", "{}", '{"since": "", "limits": 7}'])
async def test_without_limits_the_usual_ones_are_taken_and_said(known: str | None) -> None:
    """Before the first start, and after an older Parvis."""
    unopened = planner()

    assert "usual ones, until parvis run" in unopened.recall(known)
    assert len(unopened.plan(LONG, PUBLIC)) > 1


def test_what_a_later_parvis_wrote_is_read_as_far_as_it_is_known() -> None:
    """Somebody may go back to the version before."""
    known = {"since": "7", "limits": {"longest": 900, "per_link": "many", "of_tomorrow": 3}}

    assert Learnt.read(json.dumps(known)) == Learnt(since="7", limits=Limits(longest=900))
