"""A rule that orders a measure, on three networks at once: what the network keeps up is what the author is told."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.settings import Settings
from core.moderation import Action, Charter, Severity
from core.sanction import Sanction, SanctionKind
from tests.adapters.discord.test_town import world_of
from tests.app.consultation import INSULT, NEWS
from tests.app.hurry import until
from tests.app.networks import DISCORD, MASTODON, NAMES, NETWORKS, TELEGRAM, Network, Square, square

BILAL = 1


def _strict(settings: Settings, networks: Mapping[str, Network]) -> Settings:  # noqa: ARG001  of every furnishing
    (rule,) = settings.town.charter.rules
    rules = (replace(rule, severity=Severity.GRAVE, action=Action.MEASURE),)
    return replace(settings, town=replace(settings.town, charter=Charter(version="1", rules=rules)))


async def _kept_up(town: Square) -> tuple[Sanction, ...]:
    async with asyncio.timeout(20):
        while True:
            found = await town.service.store.read(lambda books: books.sanctions.all())
            if len(found) == len(NETWORKS) and all(each.ours or each.account == MASTODON for each in found):
                return found
            await asyncio.sleep(0.03)


async def test_a_rule_mutes_on_every_network_and_says_until_when(tmp_path: Path) -> None:
    """With the real libraries: a day, by the service, without a failure. On Mastodon it is kept by hand."""
    async with square(tmp_path, *NETWORKS, furnish=_strict) as town:
        await town.opened(*NETWORKS)
        await town.begin()
        guilds = world_of(town.networks[DISCORD])
        await until(lambda: bool(guilds.threads(NAMES.guild)))  # where one talks there
        town.networks[TELEGRAM].types(BILAL, "/start")
        await town.networks[TELEGRAM].tells(BILAL, "Bonjour")
        for network in town.networks.values():
            await town.says(network.name, NEWS)
            network.talks(BILAL, f"Quelle {INSULT} !")

        found = await _kept_up(town)

        for network in town.networks.values():
            await network.tells(BILAL, "vous ne pouvez pas écrire dans ce groupe jusqu’au")
    assert {each.kind for each in found} == {SanctionKind.MUTE}
    assert {(each.by, each.failures) for each in found} == {("service", 0)}
