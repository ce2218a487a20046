"""Many messages are taken out: evidence first, ours spared, and what became of them is said as it is."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

import pytest

from core.audience import Destination, Recipient, RecipientKind
from core.casefile import pages, read
from core.delivery import Urgency
from core.errors import Rejected, StorageError, Unavailable
from core.identifiers import Locale, MessageId
from core.moderation import Case, CaseState, Evidence, written
from core.moderation import read as evidence
from core.place_messages import PurgeDone
from core.ports.moderator import Powers, Seen
from core.ports.store import Books
from core.purging import Purge, ask, find, purges, settle, waiting
from core.rules.recent import Recent
from core.staff import Act
from delivery.directory import Directory
from delivery.purging import Purges
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.bots.moderators import CHLOE, NAMED
from tests.bots.test_replies import publish
from tests.bots.town import ALIX, BLAISE, DEBATES, TOWN, WENDY
from tests.core.examples import NOON
from tests.fakes import ACCOUNT, StoppedClock
from tests.moderators import ScriptedModerator

T = TypeVar("T")
ORDER = Purge(place="place", chat=DEBATES, by=CHLOE, at=NOON, article="2", tell=BLAISE.account)  # type: ignore[arg-type]  # an address
POWERS = Powers(kinds=frozenset(), purges=True, purges_for=timedelta(hours=48))
OF_STAFF = replace(WENDY, number="733")


def seen(number: int, author: object = None, text: str = "") -> Seen:
    """A message that stands there."""
    return Seen(message=MessageId(str(number)), author=author, text=text)  # type: ignore[arg-type]  # a person


@dataclass(slots=True)
class Hall:
    """A town with one account, and what stands in its debates."""

    store: MemoryStore = field(default_factory=MemoryStore)
    vault: MemoryVault = field(default_factory=MemoryVault)
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(NOON))
    network: ScriptedModerator = field(default_factory=lambda: ScriptedModerator(powers=POWERS))
    recent: Recent = field(default_factory=Recent)

    def keeper(self) -> Purges:
        """Who carries them out, just started."""
        return Purges(
            account=ACCOUNT,
            moderator=self.network,
            store=self.store,
            vault=self.vault,
            clock=self.clock,
            staff=NAMED,
            charter=TOWN.charter,
            recent=self.recent,
        )

    async def does(self, work: Callable[[Books], T]) -> T:
        """Something in the books."""
        return await self.store.write(work)

    async def orders(self, purge: Purge = ORDER) -> Purge:
        """A moderator wants it; it is looked at once, and the outcome is what is remembered."""
        asked = await self.does(lambda books: ask(books, ACCOUNT, purge))
        await self.keeper().look()
        found = await self.does(lambda books: find(books, ACCOUNT, asked.number))
        assert found is not None
        return found

    async def cases(self) -> list[tuple[Case, Evidence]]:
        """What was kept, the oldest first."""
        found = await self.does(lambda books: books.cases.all())
        return [(each, evidence(self.vault.unseal(each.sealed))) for each in reversed(found)]

    async def reply(self, number: int, text: str, author: bytes = b"a") -> None:
        """Somebody answered under a post, and their words were kept."""
        await self.does(
            lambda books: books.replies.add(
                about=None,
                account=ACCOUNT,
                chat=DEBATES,
                message=MessageId(str(number)),
                author=author,
                text=text,
                at=NOON,
            )
        )


async def test_what_became_of_them_is_said_to_whoever_ordered_it() -> None:
    """«84 of 90: 6 older than 48 hours»: what was too old is not said to be gone."""
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(n) for n in range(90)]))
    hall.network.old = frozenset(MessageId(str(n)) for n in range(6))

    done = await hall.orders()

    (delivery,) = await hall.does(lambda books: books.deliveries.all())
    said = PurgeDone(place="place", gone=84, too_old=6, refused=0, cases=0, oldest=timedelta(hours=48))
    assert (done.gone, done.too_old, done.done_at) == (84, 6, NOON)
    assert (delivery.message, delivery.recipient) == (said, Recipient(RecipientKind.MEMBER, "1"))
    assert delivery.urgency is Urgency.ANSWER


async def test_evidence_is_sealed_before_anything_is_taken_out() -> None:
    """One case for each author, with all their words; the network then fails, and nothing was lost."""
    said = [seen(1, ALIX, "Achetez"), seen(2, BLAISE, "Non"), seen(3, ALIX, "mes montres")]
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=said))
    hall.network.fails("purge", Rejected("not enough rights"))
    reason = hall.vault.seal("pas de vente").hex()

    done = await hall.orders(replace(ORDER, reason=reason))

    (alix, words), (blaise, other) = await hall.cases()
    assert (alix.message, alix.state, words.author, words.text) == (
        "1",
        CaseState.TO_REMOVE,
        ALIX.ref,
        "Achetez\nmes montres",
    )
    assert (blaise.message, other.text, other.rule) == ("2", "Non", TOWN.charter.rules[1].wording)
    assert (done.refused, done.cases, done.note, done.reason) == (3, 2, "not enough rights", "")
    file = await hall.does(lambda books: pages(books, hall.vault, alix.number))
    assert [(page.act, page.by) for page in file] == [
        (Act.OPEN_CASE, CHLOE),
        (Act.EXPLAIN_CASE, CHLOE),
        (Act.REMOVE_MESSAGE, CHLOE),
    ]
    assert (file[1].words, read(file[2].content).told) == ("pas de vente", True)


async def test_ours_and_what_the_staff_wrote_stays() -> None:
    """The announcement that people talk about above all."""
    shows = [seen(55), seen(56, OF_STAFF, "Bonjour"), seen(57, ALIX)]
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=shows))
    await hall.does(publish)

    await hall.orders()

    assert hall.network.purged == ["57"]


async def test_of_whom_only_a_hash_is_known_the_words_are_kept_and_nobody_is_told() -> None:
    """Their replies are replies no more; they can appeal all the same, for the case is theirs."""
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(7), seen(8)]))
    await hall.reply(7, "Achetez mes montres")

    done = await hall.orders()

    ((case, words),) = await hall.cases()
    deeds = await hall.does(lambda books: books.audit.about(f"case:{case.number}"))
    assert (case.author, words.author, words.text, done.cases) == (b"a", "", "Achetez mes montres", 1)
    assert [read(each.deed.content).told for each in deeds if each.deed.act is Act.REMOVE_MESSAGE] == [False]
    assert await hall.does(lambda books: books.replies.all()) == ()


async def test_the_words_of_the_message_answered_are_kept_where_the_network_shows_none() -> None:
    """They came with the command: its author is told."""
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(7), seen(8)]))
    said = Evidence(author=ALIX.ref, name="Alix", text="Achetez")
    words = hall.vault.seal(written(said)).hex()

    done = await hall.orders(replace(ORDER, since=MessageId("7"), answered=MessageId("7"), words=words))

    ((case, kept),) = await hall.cases()
    assert (case.author, case.message, kept.text) == (hall.vault.blind(ALIX.ref), "7", "Achetez")
    assert (done.cases, done.words) == (1, "")


async def test_what_nobody_can_read_any_more_is_told_and_holds_up_nothing() -> None:
    """The town's key was lost while it waited; what was ordered behind it is carried out."""
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(1, ALIX, "a"), seen(2)]))
    lost = MemoryVault()
    answered = lost.seal(written(Evidence(author=BLAISE.ref, name="", text="b")))
    unreadable = (
        replace(ORDER, reason=lost.seal("because").hex()),
        replace(ORDER, answered=MessageId("2"), words=answered.hex()),
    )
    done = [await hall.orders(each) for each in (*unreadable, ORDER)]

    cure = "nobody can read what was ordered: the town's key is another"
    assert [(each.done_at is not None, each.gone, each.note) for each in done] == [
        (True, 0, cure),
        (True, 0, cure),
        (True, 2, ""),
    ]


async def test_an_article_that_is_gone_meanwhile_keeps_nothing_from_going() -> None:
    """The charter was rewritten while the service stood still: its author is told nothing, and the lane goes on."""
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(1, ALIX, "Achetez")]))

    done = await hall.orders(replace(ORDER, article="99"))

    ((case, words),) = await hall.cases()
    deeds = await hall.does(lambda books: books.audit.about(f"case:{case.number}"))
    assert (done.gone, case.article, words.rule) == (1, "99", None)
    assert [read(each.deed.content).told for each in deeds if each.deed.act is Act.REMOVE_MESSAGE] == [False]


async def test_authors_are_told_in_their_own_language() -> None:
    """Not in that of whoever ordered it."""
    others = replace(BLAISE, locale=Locale.EN)
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(1, ALIX), seen(2, others)]))
    blind = hall.vault.blind(ALIX.ref)
    await hall.does(
        lambda books: books.citizens.remember(
            blind=blind, sealed=b"", account=ACCOUNT, locale=Locale.EN, subscribed=None, at=NOON
        )
    )

    await hall.orders(replace(ORDER, locale=Locale.FR))

    assert [words.locale for _, words in await hall.cases()] == [Locale.EN, Locale.EN]


async def test_a_message_that_has_a_case_keeps_it() -> None:
    """It was sealed then; a purge that is carried out again opens nothing twice."""
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(1, ALIX, "Achetez")]))
    await hall.orders(replace(ORDER, silent=True))

    again = await hall.orders()

    assert (again.number, again.cases, len(await hall.cases())) == (2, 0, 1)


async def test_of_one_person_only_theirs_go() -> None:
    """What the network shows to be theirs, and what is known to be."""
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(1, ALIX), seen(2, BLAISE), seen(3)]))
    theirs = hall.vault.blind(ALIX.ref).hex()

    done = await hall.orders(replace(ORDER, author=theirs, known=(MessageId("1"), MessageId("5"))))

    assert hall.network.purged == ["1", "5"]
    assert (done.author, done.known, done.gone) == ("", (), 2)


async def test_where_nothing_is_shown_what_was_heard_within_the_hour_goes() -> None:
    """The latest of it."""
    hall = Hall()
    for number, ago in ((1, 90), (2, 50), (3, 20)):
        at = NOON - timedelta(minutes=ago)
        hall.recent.note(author=b"a", chat=f"{ACCOUNT} {DEBATES}", message=str(number), at=at)

    await hall.orders(replace(ORDER, most=9))
    await hall.orders(replace(ORDER, most=1))

    assert hall.network.purged == ["2", "3", "3"]


async def test_a_network_that_is_away_is_tried_again_for_an_hour() -> None:
    """Then whoever ordered it is told; at a terminal nobody is."""
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(1)]))
    hall.network.fails("latest", Unavailable("away"), times=2)
    waits = await hall.orders(replace(ORDER, tell=None))
    hall.clock.advance(timedelta(hours=1))

    await hall.keeper().look()

    after = await hall.does(lambda books: find(books, ACCOUNT, 1))
    assert after is not None
    assert (waits.done_at, after.done_at, after.note) == (None, NOON + timedelta(hours=1), "away")
    assert await hall.does(lambda books: books.deliveries.all()) == ()


async def test_nothing_is_taken_out_while_the_town_is_held() -> None:
    """It waits."""
    hall = Hall(network=ScriptedModerator(powers=POWERS, shows=[seen(1)]))
    await hall.does(lambda books: books.town.set_fact("held", "why"))

    await hall.orders()

    assert (hall.network.purged, len(await hall.does(lambda books: waiting(books, ACCOUNT)))) == ([], 1)


async def test_a_store_that_is_away_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """Said once when it goes and once when it is back."""
    hall = Hall()

    class Away(MemoryStore):
        async def read(self, work: Callable[[Books], T]) -> T:
            if hall.clock.now() == NOON:
                raise StorageError("away")
            return await super().read(work)

    hall.store = Away()
    keeper = hall.keeper()
    with caplog.at_level(logging.INFO):
        await keeper.look()
        hall.clock.advance(timedelta(seconds=1))
        await keeper.look()

    assert len([each for each in caplog.records if "purges" in each.getMessage()]) == 2


async def test_where_whoever_ordered_it_is_told_is_read_at_the_last_moment() -> None:
    """While it is remembered."""
    hall = Hall()
    await hall.does(lambda books: ask(books, ACCOUNT, replace(ORDER, locale=Locale.EN)))
    await hall.does(lambda books: ask(books, ACCOUNT, replace(ORDER, tell=None)))
    directory = Directory(channels=(), vault=hall.vault)

    where = [
        await hall.does(lambda books, n=number: directory.find(books, ACCOUNT, Recipient(RecipientKind.MEMBER, str(n))))  # type: ignore[misc]  # a default
        for number in (1, 2, 3)
    ]

    assert where == [Destination(address=BLAISE.account, locale=Locale.EN, private=True), None, None]  # type: ignore[arg-type]  # an address


async def test_what_is_done_is_remembered_for_a_while() -> None:
    """The latest twenty, and all that waits; what is done once is not done again."""
    hall = Hall()
    first = await hall.does(lambda books: ask(books, ACCOUNT, ORDER))
    for _ in range(22):
        done = await hall.does(lambda books: ask(books, ACCOUNT, ORDER))
        await hall.does(lambda books, one=done: settle(books, ACCOUNT, replace(one, done_at=NOON)))  # type: ignore[misc]  # a default

    again = await hall.does(lambda books: settle(books, ACCOUNT, replace(done, done_at=NOON)))

    kept = await hall.does(lambda books: purges(books, ACCOUNT))
    assert (kept[0], len(kept), again) == (first, 21, False)
