"""``parvis rules``: a charter is tried before it binds anybody."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from app.charters import keep
from app.office import Office
from core.identifiers import AccountName, Address, MessageId, PlatformName
from core.journal import written
from core.moderation import Charter, Rule
from core.ports.store import Books
from core.said import Said
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


# ── a charter tried on what was said ───────────────────────────────────────────────────────────────────────


async def _said(office: Office) -> None:
    """Three messages are in the journal of the debates, one of them older than a week."""
    at = office.clock.now()
    for number, (text, age) in enumerate((("Quel idiot", 9), ("Bonjour\nà tous", 2), ("Quels 1diots !", 1))):
        said = Said(
            account=AccountName("telegram"),
            chat=Address("-100300"),
            message=MessageId(str(number)),
            author=b"a" * 16,
            at=at - timedelta(days=age),
            network=PlatformName("telegram"),
            text=text,
        )
        await office.store.write(partial(_put, said, office.vault.seal(written(said))))


def _put(said: Said, sealed: bytes, books: Books) -> None:
    books.journal.add(
        account=said.account, chat=said.chat, message=said.message, author=said.author, sealed=sealed, at=said.at
    )


@pytest.fixture
def keeping(ready: Terminal) -> Terminal:
    """A town that keeps a journal, with something in it."""
    ready.writes("# journal = true", "journal = true")
    ready.remembers(_said)
    return ready


def test_a_replay_says_what_each_rule_would_have_hit_with_examples(keeping: Terminal) -> None:
    """And of whom; nothing is done, and the log knows who looked."""
    done = keeping.types("rules", "replay")

    rows = [line.split() for line in done.out.splitlines()]
    assert ["1", "words", "enforce", "2", "0", "1"] in rows
    assert "article 1, words: «idiots», figures;" in done.out
    assert "    Quels 1diots !" in done.out
    assert [row[3:6] for row in (line.split() for line in keeping.types("audit").out.splitlines()) if row][-1] == [
        "console",
        "replay",
        "town",
    ]
    assert keeping.types("cases").out == "No case yet.\n"


def test_fewer_days_another_charter_and_no_examples(keeping: Terminal) -> None:
    """A draft is tried before it is in force; words of citizens are shown only where somebody asks for them."""
    (keeping.folder / "draft.toml").write_text(
        'version = "draft"\n[[articles]]\nnumber = "1"\ntext.fr = "."\ntext.en = "."\nforbidden = ["à tous"]\n', "utf-8"
    )
    draft = str(keeping.folder / "draft.toml")

    done = keeping.types("rules", "replay", "--days", "7", "--charter", draft, "--examples", "0")

    assert "Charter draft on 2 messages since" in done.out
    assert ["1", "words", "enforce", "1", "0", "1"] in [line.split() for line in done.out.splitlines()]
    assert "Bonjour" not in done.out


def test_a_town_without_a_journal_is_told_how_to_have_one(ready: Terminal) -> None:
    """It is off unless the town wants it; nothing is written into the log."""
    done = ready.types("rules", "replay")

    assert (done.code, "write «journal = true» below [charter]" in done.err) == (1, True)
    assert "replay" not in ready.types("audit").out


def test_an_empty_journal_is_said_to_be_empty(ready: Terminal) -> None:
    """No table full of noughts, which would look like a harmless charter."""
    ready.writes("# journal = true", "journal = true")

    assert ready.types("rules", "replay").out.startswith("Nothing was said in the debates")


def test_what_was_sealed_with_another_key_is_counted(keeping: Terminal) -> None:
    """The rest is told all the same."""
    keeping.remembers(_unreadable)

    assert "sealed with another key: 1" in keeping.types("rules", "replay").out


async def _unreadable(office: Office) -> None:
    at = office.clock.now()
    await office.store.write(
        lambda books: books.journal.add(
            account=AccountName("telegram"),
            chat=Address("-1"),
            message=MessageId("9"),
            author=b"b",
            sealed=b"altered",
            at=at,
        )
    )
