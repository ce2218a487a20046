"""``parvis run``, with a broadcast in its ledger."""

import json
import re
import subprocess
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

from pysqlite3 import dbapi2

from benchmarks.fanout.outcome import Key
from benchmarks.fanout.town import Broadcast, planned, town
from benchmarks.footprint.process import PARVIS

_OPEN = "SELECT count(*) FROM deliveries WHERE state IN ('planned', 'sending')"
_SHOWN = (
    "SELECT d.name, m.body FROM deliveries d JOIN messages m ON m.id = d.message"
    " WHERE d.state IN ('uncertain', 'failed')"
)
_NUMBER = re.compile(r"nouvelle (\d+)")


class Parvis:
    """See ``benchmarks.fanout.running.Program``."""

    def prepare(self, folder: Path, url: str, broadcast: Broadcast) -> None:
        """Plan it."""
        known = planned(town(folder, url, broadcast), broadcast)
        (folder / "known").write_text(json.dumps(known), encoding="utf-8")

    def command(self, folder: Path) -> Sequence[str]:
        """The service."""
        return (*PARVIS, "-c", str(folder / "config.toml"), "run")

    def is_over(self, folder: Path, process: "subprocess.Popen[bytes]") -> bool:
        """Whether nothing is planned or in a call. Raises ValueError when the service has ended."""
        if process.poll() is not None:
            raise ValueError((folder / "said").read_text(encoding="utf-8"))
        return not _asked(folder, _OPEN)[0][0]

    def shown(self, folder: Path) -> Collection[Key]:
        """What ``parvis deliveries`` says is uncertain, or failed."""
        known = json.loads((folder / "known").read_text(encoding="utf-8"))
        return {(known[str(name)], int(_NUMBER.findall(str(body))[0])) for name, body in _asked(folder, _SHOWN)}


def _asked(folder: Path, question: str) -> list[tuple[object, ...]]:
    with closing(dbapi2.connect(f"file:{folder / 'town.db'}?mode=ro", uri=True)) as file:
        rows: list[tuple[object, ...]] = file.execute(question).fetchall()
        return rows
