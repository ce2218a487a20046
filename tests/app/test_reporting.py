"""Citizens report a message where they talk, and it is hidden until somebody has looked."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.settings import Settings
from core.citizen_report import Reporting
from sandbox.telegram.server import TelegramServer
from tests.app.hurry import until
from tests.app.networks import NAMES, TELEGRAM, Network, square

ANNE, BILAL, CHLOE = range(3)
RUDE = "Tous des vendus, à la mairie !"


def _together(settings: Settings, networks: Mapping[str, Network]) -> Settings:  # noqa: ARG001  of every furnishing
    charter = replace(settings.town.charter, reporting=Reporting(hide_after=2))
    return replace(settings, town=replace(settings.town, charter=charter))


async def test_two_citizens_have_a_message_hidden_on_telegram_and_are_told_alone(tmp_path: Path) -> None:
    """With the real library: the commands leave the group, the author is told, nobody learns who asked."""
    async with square(tmp_path, TELEGRAM, furnish=_together) as town:
        await town.opened(TELEGRAM)
        telegram = town.networks[TELEGRAM]
        assert isinstance(telegram.server, TelegramServer)
        group = telegram.server.world.chat(NAMES.group)
        for rank in range(3):
            telegram.types(rank, "/start")
            await telegram.tells(rank, "Bonjour")
        rude = telegram.server.world.write(telegram.people[ANNE].id, NAMES.group, RUDE)

        for rank in (BILAL, CHLOE):
            telegram.server.world.write(telegram.people[rank].id, NAMES.group, "/report", reply_to=rude)
            await telegram.tells(rank, "Son auteur ne saura pas que vous l’avez signalé")

        await telegram.tells(ANNE, "mis de côté")
        await until(lambda: not any(each.text in {RUDE, "/report"} for each in group.messages.values()))
    assert telegram.server.world.violations == []
