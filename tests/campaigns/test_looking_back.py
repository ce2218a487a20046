"""Announcements and polls about what was: the days in them are meant, when the officer says so in the file."""

from dataclasses import replace

from core.preflight import DatePast
from tests.campaigns.stage import Stage
from tests.campaigns.test_preflight import campaign, found
from tests.core.examples import words


def test_an_announcement_that_looks_back_is_believed() -> None:
    """By its own key in the file."""
    plan = campaign(body=words("C’était le 20 février."))

    assert [type(each) for each in found(plan)] == [DatePast]
    assert found(campaign(body=words("C’était le 20 février."), retrospective=True)) == ()


def test_a_poll_that_looks_back_is_believed_as_well() -> None:
    """«Which of the last meetings did you come to?»."""
    (asked,) = Stage().campaign.questions
    asked = replace(asked, options=(words("Celle du 20 février"), words("Celle du 22 février")))
    plan = replace(Stage().campaign, questions=(asked,))

    assert {type(each) for each in found(plan)} == {DatePast}
    assert found(replace(plan, questions=(replace(asked, retrospective=True),))) == ()
