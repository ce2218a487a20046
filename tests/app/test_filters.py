"""That a town wants words kept back goes from the configuration to the lane that keeps order."""

from pathlib import Path

import pytest

from app import settings
from app.accounts import platform_of
from app.order import keepers
from core.ports.moderator import Powers
from core.rules.recent import Recent
from core.staff import Staff
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.app.test_settings import EXAMPLE, configured
from tests.bots.town import TOWN
from tests.fakes import ACCOUNT, StoppedClock
from tests.moderators import ScriptedModerator


@pytest.mark.parametrize("wanted", [True, False], ids=["wanted", "not wanted"])
def test_the_configuration_reaches_the_account(tmp_path: Path, wanted: bool) -> None:  # noqa: FBT001  a case
    """Off unless the town says so."""
    (tmp_path / "t").write_text("token", encoding="utf-8")
    table = '[[accounts]]\nname = "d"\nplatform = "discord"\ntoken_file = "t"\n' + "automod = true\n" * wanted
    loaded = settings.load(configured(tmp_path, f"{EXAMPLE}\n{table}"))

    platform = platform_of(loaded.accounts[-1], loaded, StoppedClock())

    assert platform.moderator.powers.filters is wanted


async def test_the_lane_of_order_keeps_words_back() -> None:
    """With the words of the templates, in the language of the debates."""
    network = ScriptedModerator(powers=Powers(kinds=frozenset(), filters=True))

    for each in keepers(
        ACCOUNT,
        network,
        store=MemoryStore(),
        vault=MemoryVault(),
        clock=StoppedClock(),
        staff=Staff(),
        town=TOWN,
        recent=Recent(),
    ):
        await each.look()

    ((_, filters),) = network.filtered
    assert [(each.name, each.words) for each in filters] == [("Parvis : article 2", ("andouille",))]
