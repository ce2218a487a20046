"""A town that is held: said whatever is asked, and never without a reason."""

import re

import pytest

from tests.cli.office import Terminal


@pytest.mark.parametrize("words", [("deliveries",), ("campaign", "list"), ("campaign", "start", "FILE"), ("polls",)])
def test_a_town_that_is_held_says_so_whatever_is_asked(ready: Terminal, words: tuple[str, ...]) -> None:
    """Nobody should look for a fault elsewhere. What is piped into a file stays as it is."""
    ready.types("hold", "wrong date")

    done = ready.types(*(ready.campaign if word == "FILE" else word for word in words))

    assert re.fullmatch(r"HELD since \d{4}-\d\d-\d\d \d\d:\d\d: wrong date\n", done.err)
    assert (done.code, "HELD" in done.out) == (0, False)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_town_is_not_held_without_a_reason(ready: Terminal, reason: str) -> None:
    """Whoever finds it held tomorrow would not know why."""
    done = ready.types("hold", reason)

    assert (done.code, "say why" in done.err) == (2, True)
    assert ready.types("release").out == "Nothing was held.\n"
