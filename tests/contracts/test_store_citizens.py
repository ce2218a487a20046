"""Those who asked to be written to: found by a keyed hash alone, and forgotten when they ask."""

import pytest

from core.citizen import Citizen
from core.delivery import DeliveryState
from core.identifiers import CitizenId, Locale, PersonRef
from core.ports.books.citizens import Subscriber
from core.ports.store import Store
from tests.contracts.doings import ACCOUNT, LATER, OTHER, SQUARE, planned, settled, subscribed
from tests.core.examples import NOON

ALIX, BILAL = b"a" * 16, b"b" * 16


async def _find(store: Store, blind: bytes = ALIX) -> Citizen | None:
    return await store.read(lambda books: books.citizens.find(blind))


async def _states(store: Store) -> list[DeliveryState]:
    return [each.state for each in reversed(await store.read(lambda books: books.deliveries.all()))]


async def test_a_citizen_is_found_by_the_keyed_hash(store: Store) -> None:
    """Without a name: only the sealed account can say who it is."""
    citizen = CitizenId(int((await subscribed(store, ALIX)).name))

    assert await _find(store) == Citizen(
        id=citizen, person=PersonRef(""), locale=Locale.FR, subscribed=True, since=NOON
    )
    assert await _find(store, BILAL) is None
    assert await store.read(lambda books: books.citizens.sealed_person(citizen)) == (b"sealed", Locale.FR, True)
    assert await store.read(lambda books: books.citizens.sealed_person(CitizenId(0))) is None


@pytest.mark.parametrize(
    ("before", "asked", "after"),
    [(None, None, False), (True, None, True), (True, False, False), (None, True, True)],
    ids=["only a language", "a language later", "no longer", "now"],
)
async def test_consent_changes_only_when_it_is_spoken_of(
    store: Store, *, before: bool | None, asked: bool | None, after: bool
) -> None:
    """Choosing a language is no consent, and takes none back."""
    await subscribed(store, ALIX, wants=before)

    await subscribed(store, ALIX, wants=asked)

    citizen = await _find(store)
    assert citizen is not None
    assert citizen.subscribed is after


async def test_remembering_again_changes_language_account_and_seal(store: Store) -> None:
    """The same citizen, since the same day."""
    first = await subscribed(store, ALIX)

    again = await store.write(
        lambda books: books.citizens.remember(
            blind=ALIX, sealed=b"new", account=OTHER, locale=Locale.EN, subscribed=None, at=LATER
        )
    )

    assert str(again) == first.name
    assert await store.read(lambda books: books.citizens.sealed_person(again)) == (b"new", Locale.EN, True)
    citizen = await _find(store)
    assert citizen is not None
    assert citizen.since == NOON


async def test_languages_are_looked_up_together(store: Store) -> None:
    """One question for a batch of presses; who never chose is not in the answer."""
    await subscribed(store, ALIX)

    assert await store.read(lambda books: books.citizens.locales([ALIX, BILAL])) == {ALIX: Locale.FR}
    assert await store.read(lambda books: books.citizens.locales([])) == {}


async def test_subscribers_are_counted(store: Store) -> None:
    """What the officer sees before writing to them."""
    await subscribed(store, ALIX)
    await subscribed(store, BILAL, wants=None)

    assert await store.read(lambda books: books.citizens.subscribers()) == 1


async def test_unsubscribing_stops_what_is_planned(store: Store) -> None:
    """«Stop» means now; what is out stays out, and what is public goes on."""
    citizen = await subscribed(store, ALIX)
    out, _, _ = await planned(store, citizen, citizen, SQUARE)
    await settled(store, out, DeliveryState.SENT)

    assert await store.write(lambda books: books.citizens.unsubscribe(ALIX)) is True
    assert await _states(store) == [DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.PLANNED]
    assert await store.read(lambda books: books.citizens.subscribers()) == 0


@pytest.mark.parametrize("known", [True, False], ids=["only a language", "unknown"])
async def test_who_is_not_subscribed_cannot_unsubscribe(store: Store, *, known: bool) -> None:
    """They are told so."""
    if known:
        await subscribed(store, ALIX, wants=None)

    assert await store.write(lambda books: books.citizens.unsubscribe(ALIX)) is False


async def test_who_blocked_the_bot_is_not_written_to(store: Store) -> None:
    """Nothing is tried that cannot arrive; their language stays."""
    citizen = await subscribed(store, ALIX)
    await planned(store, citizen)

    await store.write(lambda books: books.citizens.deactivate(CitizenId(int(citizen.name))))
    await store.write(lambda books: books.citizens.deactivate(CitizenId(0)))

    assert await _states(store) == [DeliveryState.CANCELLED]
    found = await _find(store)
    assert found is not None
    assert (found.subscribed, found.locale) == (False, Locale.FR)


async def test_a_forgotten_citizen_leaves_nothing(store: Store) -> None:
    """Their entry and every delivery that names them; others keep theirs."""
    alix, bilal = await subscribed(store, ALIX), await subscribed(store, BILAL)
    await planned(store, alix, alix, bilal, SQUARE)

    assert await store.read(lambda books: books.citizens.private_deliveries(ALIX)) == 2
    assert await store.write(lambda books: books.citizens.forget(ALIX)) == 3
    assert await _find(store) is None
    assert await store.read(lambda books: books.citizens.private_deliveries(ALIX)) == 0
    assert len(await _states(store)) == 2


async def test_forgetting_a_stranger_forgets_nothing(store: Store) -> None:
    """Nor does it fail."""
    assert await store.write(lambda books: books.citizens.forget(ALIX)) == 0
    assert await store.read(lambda books: books.citizens.private_deliveries(ALIX)) == 0


async def test_who_comes_back_is_somebody_new(store: Store) -> None:
    """Their old number must not lead to what was planned for the one who was forgotten."""
    before = await subscribed(store, ALIX)
    await store.write(lambda books: books.citizens.forget(ALIX))

    assert await subscribed(store, ALIX, account=ACCOUNT) != before


async def test_subscribers_are_listed_page_by_page(store: Store) -> None:
    """By number; nobody who did not ask, or asked on a network that the town has left."""
    numbers = [CitizenId(int((await subscribed(store, bytes([sign]) * 16)).name)) for sign in range(3)]
    await subscribed(store, ALIX, wants=False)
    await subscribed(store, BILAL, account=OTHER)

    first = await store.read(lambda books: books.citizens.subscribed([ACCOUNT], after=CitizenId(0), limit=2))
    rest = await store.read(lambda books: books.citizens.subscribed([ACCOUNT], after=first[-1].id, limit=2))

    assert [each.id for each in (*first, *rest)] == numbers
    assert rest == (Subscriber(id=numbers[2], account=ACCOUNT, blind=b"\x02" * 16, sealed=b"sealed"),)
