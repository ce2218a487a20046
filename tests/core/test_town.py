"""Where the charter holds."""

from core.audience import Channel
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
