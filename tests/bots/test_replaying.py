"""A charter tried on the journal: the judgement that messages had when they were said, counted by rule."""

from dataclasses import replace
from datetime import timedelta

from bots.replaying import Replay
from core.identifiers import MessageId
from core.moderation import Charter, Enforcement, Rule
from core.ports.store import Books
from core.rules.clause import Clause, Conditions
from core.rules.copies import Copies
from core.rules.floods import Floods
from tests.bots.test_watch import cases
from tests.bots.town import ALIX, BLAISE, TOWN, Stage, both, rule, types, writes
from tests.fakes import ACCOUNT, NOON

KEEPING = replace(TOWN, keeps_journal=True)
MINUTE = timedelta(minutes=1)
FLOODS = Clause(name="floods", family=Floods(most=2, within=MINUTE), enforcement=Enforcement.ENFORCE)
COPIES = Clause(name="copies", family=Copies(most=1, within=MINUTE), enforcement=Enforcement.OFF)
PETITION = "Signez tous la pétition contre la fermeture de la halle du centre"
STRICT = Charter(
    version="draft",
    rules=(
        rule("1", "halle", enforcement=Enforcement.OFF),
        Rule(article="2", wording=both("Article 2."), forbidden=(), clauses=(FLOODS, COPIES)),
    ),
)


async def replayed(stage: Stage, charter: Charter, *, most: int = 2, at_once: int = 2) -> Replay:
    """The journal played through a charter, a few messages at a time."""
    replay = Replay(charter, stage.town, stage.vault, most=most)

    def play(books: Books) -> None:
        last = 0
        while entries := books.journal.after(last, since=NOON - timedelta(days=9), limit=at_once):
            replay.play(books, entries)
            last = entries[-1].number

    await stage.look(play)
    return replay


def counts(replay: Replay) -> list[tuple[str, int, int, int]]:
    """Of each rule: messages, those of regulars, people."""
    return [(each.rule, len(each.hit), each.regulars, len(each.people)) for each in replay.tried]


async def heard(*said: tuple[str, str]) -> Stage:
    """A town that keeps a journal, in which Alix (the first letter) and Blaise said this, each in a message."""
    stage = Stage(town=KEEPING)
    for number, (who, text) in enumerate(said):
        await stage.hears(writes(ALIX if who == "a" else BLAISE, text, message=str(number)))
    return stage


async def test_every_rule_counts_what_it_would_have_hit_also_one_that_sleeps() -> None:
    """Words, floods and copies, with what was said before; a rule is tried before it is woken."""
    stage = await heard(("a", PETITION), ("b", "Bonjour"), ("a", PETITION), ("a", "Fermer la halle ?"), ("b", "Oui"))

    replay = await replayed(stage, STRICT)

    assert counts(replay) == [("words", 3, 0, 1), ("floods", 1, 0, 1), ("copies", 1, 0, 1)]
    assert (replay.played, replay.first) == (5, NOON)


async def test_some_examples_are_kept_with_what_was_found() -> None:
    """The first ones, and no more than were asked for."""
    stage = await heard(("a", "La halle"), ("b", "Une HALLE"), ("b", "Halle !"))

    words = (await replayed(stage, STRICT)).tried[0]

    assert [(each.said.text, each.verdict.found) for each in words.examples] == [
        ("La halle", "halle"),
        ("Une HALLE", "halle"),
    ]


async def test_a_message_that_was_rewritten_counts_once() -> None:
    """However often; also when only its new words break the rule."""
    stage = await heard(("a", "La place"))
    for text in ("La halle", "La halle !"):
        await stage.hears(writes(ALIX, text, message="0", edited=True))

    assert counts(await replayed(stage, STRICT)) == [("words", 1, 0, 1), ("floods", 0, 0, 0), ("copies", 0, 0, 0)]


async def test_a_replay_judges_as_the_debate_was_judged() -> None:
    """The charter in force finds what it found, although nothing is left of what was said lately."""
    stage = await heard(("a", "Zut"), ("b", "Quelle andouille"), ("b", "Merci"))

    assert counts(await replayed(stage, TOWN.charter))[:2] == [("words", 1, 0, 1), ("words", 1, 0, 1)]


async def test_a_replay_does_nothing() -> None:
    """No case, no removal, and nothing is counted among what was said lately."""
    stage = await heard(("a", PETITION), ("a", "La halle"), ("a", "La halle"))
    counted = stage.recent.of_people.count(stage.vault.blind(ALIX.ref), within=MINUTE, at=NOON)

    await replayed(stage, STRICT)

    assert await cases(stage) == []
    assert stage.recent.of_people.count(stage.vault.blind(ALIX.ref), within=MINUTE, at=NOON) == counted


async def _of_a_regular(*said: str) -> Stage:
    """Alix has had the town's news for a month, then says this."""
    stage = Stage(town=KEEPING)
    await stage.hears(types(ALIX, "/subscribe"))
    stage.clock.advance(timedelta(days=31))
    for number, text in enumerate(said):
        stage.clock.advance(timedelta(seconds=1))
        await stage.hears(writes(ALIX, text, message=str(number)))
    return stage


async def test_the_messages_of_regulars_are_told() -> None:
    """A rule that hits those who have debated well for a month is perhaps a wrong one."""
    stage = await _of_a_regular("La halle")
    await stage.hears(writes(BLAISE, "La halle", message="9"))

    assert counts(await replayed(stage, STRICT))[0] == ("words", 2, 1, 2)


async def test_a_message_that_was_removed_does_not_take_its_author_from_the_regulars_before_it() -> None:
    """But after it: whoever replays a month asks how people stood when they wrote."""
    stage = await _of_a_regular("La halle", "Quelle andouille, cette halle", "La halle")

    assert counts(await replayed(stage, STRICT))[0] == ("words", 3, 2, 1)


async def test_a_rule_that_spares_those_whom_the_town_knows_spares_them_in_a_replay() -> None:
    """Known at the time, that is."""
    clause = replace(FLOODS, family=Floods(most=1, within=MINUTE), only=Conditions(spares_trusted=True))
    charter = Charter(version="draft", rules=(Rule(article="2", wording=both("A"), forbidden=(), clauses=(clause,)),))
    stage = await _of_a_regular("Non", "Non")

    assert counts(await replayed(stage, charter)) == [("floods", 0, 0, 0)]


async def test_a_message_sealed_with_a_key_that_is_lost_is_counted_apart() -> None:
    """The rest is played."""
    stage = await heard(("a", "La halle"))
    await stage.look(
        lambda books: books.journal.add(
            account=ACCOUNT,
            chat=KEEPING.channels[0].address,
            message=MessageId("9"),
            author=b"b",
            sealed=b"altered",
            at=NOON,
        )
    )

    replay = await replayed(stage, STRICT)

    assert (replay.played, replay.unreadable) == (1, 1)
