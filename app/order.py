"""Who keeps order for an account: what its lane of order runs, put together."""

import asyncio

from core.identifiers import AccountName, Locale
from core.moderation import Rule
from core.ports.clock import Clock
from core.ports.moderator import Moderator
from core.ports.store import Store
from core.ports.vault import Vault
from core.rules.recent import Recent
from core.staff import Staff
from core.town import Town
from delivery.bells import Rounds
from delivery.filters import Filters
from delivery.purging import Purges
from delivery.sanctions import Sanctions
from templates.filtering import described


def keepers(
    account: AccountName,
    moderator: Moderator,
    *,
    store: Store,
    vault: Vault,
    clock: Clock,
    staff: Staff,
    town: Town,
    recent: Recent,
) -> tuple[Rounds, ...]:
    """Sanctions, purges and filters. ``recent`` is what was heard lately."""
    return (
        Sanctions(account=account, moderator=moderator, store=store, vault=vault, clock=clock, staff=staff),
        Purges(
            account=account,
            moderator=moderator,
            store=store,
            vault=vault,
            clock=clock,
            staff=staff,
            charter=town.charter,
            recent=recent,
        ),
        Filters(account=account, moderator=moderator, store=store, clock=clock, town=town, describe=_described),
    )


async def _described(rule: Rule, locale: Locale) -> tuple[str, str]:
    return await asyncio.to_thread(described, rule, locale)
