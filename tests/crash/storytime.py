"""Where the story stands, in a file: for the sandbox, which must forget a nonce or a key when its network would."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


def tell(folder: Path, at: datetime, pace: float) -> None:
    """Say where the story stands, and how fast it goes on."""
    later = folder / "time.new"
    later.write_text(json.dumps([at.timestamp(), time.time(), pace]), encoding="utf-8")
    later.replace(folder / "time")


def told(folder: Path) -> datetime:
    """Where it stands."""
    at, since, pace = json.loads((folder / "time").read_bytes())
    return datetime.fromtimestamp(at, UTC) + timedelta(seconds=(time.time() - since) * pace)
