"""The answer to getUpdates, cut into updates."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.envelope import updates_in
from core.errors import Unavailable

TRAPS = ('"', "\\", '\\"', "]}", '{"update_id": 5}', "[")
TEXTS = st.text(st.characters(codec=None), max_size=20) | st.sampled_from(TRAPS)
SCALARS = st.none() | st.integers() | TEXTS
JSON = st.recursive(SCALARS, lambda it: st.lists(it, max_size=3) | st.dictionaries(TEXTS, it, max_size=3))


@given(st.lists(JSON, max_size=5), st.sampled_from([None, 1]))
def test_each_update_is_cut_out_whole(contents: list[object], indent: int | None) -> None:
    """Whatever brackets and quotation marks stand in the words of people."""
    updates = [{"update_id": number, "message": content} for number, content in enumerate(contents)]

    cut = updates_in(json.dumps({"ok": True, "result": updates}, indent=indent).encode())

    assert [update.number for update in cut] == list(range(len(contents)))
    assert [json.loads(update.body) for update in cut] == updates


def test_an_update_without_a_number_is_left_out() -> None:
    """It cannot be stored nor confirmed; those after it confirm it."""
    payload = {"ok": True, "result": [{"update_id": "x"}, {"message": 1}, {"update_id": 7}, 8, None]}

    assert [update.number for update in updates_in(json.dumps(payload).encode())] == [7]


@pytest.mark.parametrize(
    "payload", [b"", b"<html>", b'{"ok": false}', b"[]", b'{"ok":true,"result":[{"update_id":null}]}']
)
def test_what_is_no_answer_of_telegram_is_tried_again_later(payload: bytes) -> None:
    """The page of a hotel's network is no update; an endless loop over the same answer helps nobody."""
    with pytest.raises(Unavailable):
        updates_in(payload)
