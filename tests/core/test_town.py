"""Where the charter holds."""

from core.audience import Channel, StaffChannel
from core.identifiers import AccountName, Address, ChannelName, Locale, PlatformName
from core.moderation import Charter
from core.town import Town
from tests.core.examples import words

TELEGRAM, OTHER = AccountName("telegram"), AccountName("other")


def _channel(name: str, account: AccountName, discussion: str | None) -> Channel:
    return Channel(
        name=ChannelName(name),
        platform=PlatformName("telegram"),
        account=account,
        address=Address(f"@{name}"),
        locale=Locale.FR,
        discussion=Address(discussion) if discussion else None,
    )


def test_an_account_watches_the_groups_of_its_own_channels() -> None:
    """A channel without a group has no debate, and another account's debate is not its business."""
    channels = (
        _channel("square", TELEGRAM, "@debate"),
        _channel("news", TELEGRAM, None),
        _channel("sport", OTHER, "@sport_debate"),
    )
    town = Town(name=words("Ville"), zone="Europe/Paris", charter=Charter(version="1", rules=()), channels=channels)

    assert town.discussions(TELEGRAM) == {"@debate"}


def test_a_channel_of_the_staff_is_known_by_its_account_and_address() -> None:
    """The same number may be another chat on another network."""
    room = StaffChannel(name="telegram", account=TELEGRAM, address=Address("-7"), locale=Locale.FR)
    charter = Charter(version="1", rules=())
    town = Town(name=words("Ville"), zone="Europe/Paris", charter=charter, channels=(), staff_channels=(room,))

    assert town.is_staff_room(TELEGRAM, Address("-7"))
    assert not town.is_staff_room(OTHER, Address("-7"))
    assert not town.is_staff_room(TELEGRAM, Address("-8"))
