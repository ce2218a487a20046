"""Campaigns, polls and messages survive being written and read, whatever they hold."""

from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.campaign import Campaign, Step
from core.identifiers import StepName
from core.messages import AnnouncementPublished, Delivered, PollOpened
from core.poll import Poll, Tally
from storage import bodies
from tests.core.examples import announcement, poll

few = settings(max_examples=20)  # each is large: it holds more texts, times and numbers than a hundred small ones

st.register_type_strategy(Path, st.text("abc-é œ", min_size=1).map(Path))
st.register_type_strategy(timedelta, st.timedeltas(timedelta(0), timedelta(days=4000)))
NAMED = st.lists(st.builds(Step, name=st.text(min_size=1).map(StepName)), unique_by=lambda step: step.name, max_size=4)
st.register_type_strategy(Campaign, st.builds(Campaign, steps=NAMED.map(tuple)))


@pytest.mark.parametrize("kind", get_args(Delivered), ids=lambda kind: kind.__name__)
@given(data=st.data())
@few
def test_every_message_survives(kind: type[Delivered], data: st.DataObject) -> None:
    """What was planned is what is sent, days later and by another process."""
    message = data.draw(st.from_type(kind))
    body = bodies.message_written(message)

    assert bodies.message_read(body.kind, body.text) == message


@pytest.mark.parametrize("kind", [Campaign, Poll, Tally], ids=lambda kind: kind.__name__)
@given(data=st.data())
@few
def test_every_other_body_survives(kind: type[object], data: st.DataObject) -> None:
    """Naive wall-clock times stay naive, zones keep their names, delays their microseconds."""
    value = data.draw(st.from_type(kind))

    assert bodies.read(kind, bodies.written(value)) == value


def test_equal_messages_have_equal_digests() -> None:
    """A message is stored once, however often it is planned."""
    one, same = (bodies.message_written(PollOpened(poll=poll(), zone="UTC")) for _ in range(2))
    other = bodies.message_written(AnnouncementPublished(announcement=announcement()))

    assert one.digest == same.digest != other.digest


def test_half_a_surrogate_pair_is_refused() -> None:
    """It is no text; the adapters replace it before it gets here."""
    with pytest.raises(ValueError, match="surrogate"):
        bodies.message_written(PollOpened(poll=poll(), zone="\ud83d"))
