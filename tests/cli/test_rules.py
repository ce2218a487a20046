"""``parvis rules``: a charter is tried before it binds anybody."""

from dataclasses import replace
from functools import partial

import pytest

from app.charters import keep
from app.office import Office
from core.moderation import Charter, Rule
from tests.cli.office import Terminal
from tests.core.examples import NOON, words

CHARTER = "campaigns/samples/charter.toml"


def test_a_charter_whose_examples_hold_is_told_article_by_article(terminal: Terminal) -> None:
    """With its weight and what it does."""
    done = terminal.types("rules", "test")

    assert (done.code, "Every example is judged as it says." in done.out) == (0, True)
    assert "grave" in done.out


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('"Quel abruti !"', '"Quel beau jour !"', "article 1 does not catch this example: «Quel beau jour !»"),
        (
            '"Cette idée est mauvaise."',
            '"Quel idiot."',
            "article 1 catches this example, and should not: «Quel idiot.»",
        ),
        ('"abruti(e)(s)"', '"a(b)(c)(d)(e)(f)(g)"', "has more than 5 endings: write its forms out"),
        ('severity = "minor"', 'severity = "light"', "severity"),
    ],
    ids=["a hit", "a miss", "too many endings", "an unknown weight"],
)
@pytest.mark.parametrize("command", [("rules", "test"), ("check",)], ids=" ".join)
def test_a_charter_that_does_not_do_what_it_shows_is_refused(
    terminal: Terminal, command: tuple[str, ...], was: str, becomes: str, said: str
) -> None:
    """With file, line and cure."""
    terminal.writes(was, becomes, CHARTER)

    done = terminal.types(*command)

    assert (done.code, said in done.err) == (2, True)
    assert "charter.toml:" in done.err


def test_any_message_can_be_tried_and_the_verdict_explains_itself(terminal: Terminal) -> None:
    """Before a citizen meets it."""
    done = terminal.types("rules", "test", "Quel 1diot !", "Bonjour à tous")

    assert done.out.splitlines() == [
        "Quel 1diot !: article 1 (enforce: remove): «idiot», figures",
        "Bonjour à tous: breaks no article",
    ]


def test_the_charter_is_written_as_a_page(terminal: Terminal) -> None:
    """For the town's own site."""
    target = terminal.folder / "charter.html"

    done = terminal.types("rules", "page", "--out", str(target))

    assert (done.code, done.out) == (0, f"The charter 2026-11 is in {target}.\n")
    assert "débattez des idées, sans insulte" in target.read_text("utf-8")


def test_every_charter_that_was_in_force_can_be_shown(terminal: Terminal) -> None:
    """A case cites a version, perhaps of last year; a text that changed in silence stands beside the old one."""
    terminal.types("database", "upgrade")
    first = Charter(version="2026-11", rules=(Rule(article="1", wording=words("Be kind."), forbidden=()),))
    second = replace(first, rules=(replace(first.rules[0], wording=words("Be nice.")),))
    for charter in (first, first, second):
        terminal.remembers(partial(_kept, charter))

    listed, shown = terminal.types("rules", "history").out, terminal.types("rules", "history", "2026-11").out

    assert listed.count("2026-11") == 2
    assert ("Be kind." in shown, "Be nice." in shown) == (True, True)
    assert terminal.types("rules", "history", "1999").code == 2


async def _kept(charter: Charter, office: Office) -> None:
    await office.store.write(partial(keep, charter, NOON))
