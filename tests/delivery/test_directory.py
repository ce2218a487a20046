"""Names become addresses at the last moment, and only for those who may be written to."""

import pytest

from core.audience import Destination, Recipient, RecipientKind
from core.identifiers import AccountName, Address, Locale
from tests.delivery.post_office import PostOffice, to
from tests.fakes import ACCOUNT


async def _found(office: PostOffice, recipient: Recipient, account: AccountName = ACCOUNT) -> Destination | None:
    return await office.memory.read(lambda books: office.directory.find(books, account, recipient))


async def test_a_channel_is_found_with_its_language_and_thread() -> None:
    """As the configuration says."""
    assert await _found(PostOffice(), to("harbour")) == Destination(
        address=Address("@harbour"), locale=Locale.FR, private=False, topic=7
    )


async def test_a_channel_that_moved_is_found_at_its_new_address() -> None:
    """The configuration need not be changed for it."""
    office = PostOffice()
    await office.memory.write(lambda books: books.town.moved(ACCOUNT, Address("@square"), Address("-100")))

    found = await _found(office, to("square"))

    assert found is not None
    assert found.address == "-100"


@pytest.mark.parametrize(
    ("recipient", "account"),
    [
        pytest.param(to("market"), ACCOUNT, id="a channel nobody knows"),
        pytest.param(to("square"), AccountName("other"), id="a channel of another account"),
        pytest.param(Recipient(RecipientKind.CITIZEN, "77"), ACCOUNT, id="a citizen who was forgotten"),
        pytest.param(Recipient(RecipientKind.PERSON, "fr:77"), ACCOUNT, id="a case that was forgotten"),
        pytest.param(Recipient(RecipientKind.PERSON, "fr:x"), ACCOUNT, id="no case at all"),
        pytest.param(Recipient(RecipientKind.STAFF, "minitel:7"), ACCOUNT, id="no channel of the staff"),
        pytest.param(Recipient(RecipientKind.STAFF, "telegram:7"), AccountName("other"), id="that of another account"),
    ],
)
async def test_who_cannot_be_reached_is_not_found(recipient: Recipient, account: AccountName) -> None:
    """Then the delivery fails, instead of everything."""
    assert await _found(PostOffice(), recipient, account) is None


async def test_the_staff_is_told_in_the_channel_that_the_configuration_names() -> None:
    """Whatever the number of the alert."""
    office = PostOffice()

    found = await _found(office, Recipient(RecipientKind.STAFF, "telegram:7"))

    assert found == Destination(address=Address("-100900"), locale=Locale.EN, private=False)


async def test_a_citizen_is_found_by_the_sealed_account_in_their_language() -> None:
    """No address stands in clear in the books."""
    office = PostOffice()
    citizen = await office.citizen("4711", locale=Locale.EN)

    assert await _found(office, citizen) == Destination(address=Address("4711"), locale=Locale.EN, private=True)


async def test_a_citizen_who_left_is_not_found() -> None:
    """Consent is looked up at the last moment."""
    office = PostOffice()

    assert await _found(office, await office.citizen("4711", subscribed=False)) is None


async def test_the_author_of_a_message_is_found_by_its_case() -> None:
    """For a notice to somebody whom the town does not remember: the ledger does not name them."""
    office = PostOffice()

    assert await _found(office, await office.person("4711")) == Destination(
        address=Address("4711"), locale=Locale.EN, private=True
    )


async def test_a_seal_of_another_town_does_not_open() -> None:
    """Keys restored from elsewhere must not send to strangers."""
    office = PostOffice()
    stranger, citizen = await office.person("4711"), await office.citizen("4711")
    office.directory = PostOffice().directory

    assert [await _found(office, each) for each in (stranger, citizen)] == [None, None]


@pytest.mark.parametrize(("chat", "locale"), [("@debate", Locale.FR), ("@hamlet", Locale.EN), ("-100999", Locale.FR)])
async def test_a_chat_is_found_by_its_address_in_the_language_of_its_channel(chat: str, locale: Locale) -> None:
    """French where nobody said otherwise."""
    found = await _found(PostOffice(), Recipient(RecipientKind.CHAT, chat))

    assert found == Destination(address=Address(chat), locale=locale, private=False)
