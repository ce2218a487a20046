"""What is handed to systemd fits what the service does."""

import re
from pathlib import Path

from app.lifetime import LAST_CALLS

UNIT = Path(__file__).parents[2] / "deploy" / "parvis.service"


def test_systemd_waits_for_the_last_calls_and_as_long_again_for_the_rest() -> None:
    """Ticks under way, the platforms and the database have to be closed too; then nothing is killed halfway."""
    (waits,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)

    assert int(waits) >= 2 * LAST_CALLS.total_seconds()
