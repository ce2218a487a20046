"""Who gets a delivery, as the ledger writes it."""

import pytest

from core.audience import Recipient, RecipientKind


@pytest.mark.parametrize(
    ("recipient", "name"),
    [
        (Recipient(RecipientKind.CHANNEL, "square"), "channel:square"),
        (Recipient(RecipientKind.CITIZEN, "12"), "citizen:12"),
        (Recipient(RecipientKind.CHAT, "@debate"), "chat:@debate"),
        (Recipient(RecipientKind.PERSON, "9f3a"), "person:9f3a"),
    ],
)
def test_a_recipient_is_written_with_its_kind(recipient: Recipient, name: str) -> None:
    """Citizen 12 is not a channel called 12."""
    assert str(recipient) == name
