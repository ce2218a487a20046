"""A town on several hosts: processes of ``parvis run`` over one PostgreSQL, and who of them runs which lane."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.footprint.process import PARVIS
from benchmarks.machine import ROOT

LONGEST = 300.0  # seconds that anything may take, also on a busy machine
_LOOK = 0.01  # seconds between two looks
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the town, and where its network listens."""

    name: str
    platform: str
    url: str
    token: str


@contextmanager
def listening(*command: str) -> Iterator[dict[str, object]]:
    """A Python program that says as a line of JSON where it listens, until the end."""
    with subprocess.Popen((sys.executable, *command), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said: dict[str, object] = json.loads(process.stdout.readline())
            yield said
        finally:
            process.send_signal(signal.SIGTERM)


def configured(folder: Path, url: str, accounts: Sequence[Account], *, lanes: int = 0) -> Path:
    """The file of settings that all hosts share; a process runs so many lanes at most, any number with 0."""
    said = [
        f'[town]\nname.fr = "Rives"\nname.en = "Rives"\n[store]\nurl = "{url}"\nkeys = "{folder}/keys"',
        f'[charter]\nfile = "{ROOT}/campaigns/samples/charter.toml"\n[logs]\nformat = "json"',
        '[engine]\nkind = "cluster"' + (f"\nlanes = {lanes}" if lanes else ""),
    ]
    for account in accounts:
        (folder / f"token-{account.name}").write_text(account.token, encoding="utf-8")
        said.append(
            f'[[accounts]]\nname = "{account.name}"\nplatform = "{account.platform}"\nbase_url = "{account.url}"\n'
            f'token_file = "{folder}/token-{account.name}"'
        )
    file = folder / "config.toml"
    file.write_text("\n".join(said) + "\n", encoding="utf-8")
    return file


class Host:
    """A process of the town."""

    def __init__(self, config: Path, role: str = "all") -> None:
        command = (*PARVIS, "--config", str(config), "run", "--role", role)
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the process
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=self._said)

    @property
    def number(self) -> int:
        """Its process id."""
        return self._process.pid

    def check(self) -> None:
        """Raises ValueError, with what it said last, when it has ended by itself."""
        if self._process.poll() is not None:
            self._said.seek(0)
            raise ValueError(f"parvis run ended: {self._said.read()[-2000:]}")

    def strike(self, blow: signal.Signals) -> None:
        """Send a signal. Raises ValueError when it has ended by itself."""
        self.check()
        self._process.send_signal(blow)

    def end(self) -> None:
        """Kill it, unless it is dead."""
        self._process.kill()
        self._process.wait()
        self._said.close()

    def processor_time(self) -> float:
        """Seconds of user and system time so far, fields 14 and 15 of proc(5) stat."""
        told = Path(f"/proc/{self.number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / _TICKS


def holders(url: str) -> dict[str, int]:
    """Which process runs which lane."""
    with psycopg.connect(url, autocommit=True) as server:
        rows = server.execute("SELECT name, holder FROM lanes").fetchall()
    return {str(lane): int(str(holder).rpartition(":")[2]) for lane, holder in rows}


def connected(url: str) -> int:
    """How many processes agree with the others on who runs what; each has two connections for that."""
    with psycopg.connect(url, autocommit=True) as server:
        counting = (
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'parvis lanes' AND datname IS NOT NULL"
        )
        (count,) = server.execute(counting).fetchone() or (0,)
    return int(count) // 2


def wait_for(what: Callable[[], bool], name: str) -> None:
    """Return when it holds. Raises TimeoutError."""
    until = time.monotonic() + LONGEST
    while not what():
        if time.monotonic() > until:
            raise TimeoutError(name)
        time.sleep(_LOOK)


@contextmanager
def ended(hosts: list[Host]) -> Iterator[None]:
    """Nothing of them is left at the end, not even of those that stand still."""
    try:
        yield
    finally:
        for host in hosts:
            with suppress(ValueError):
                host.strike(signal.SIGCONT)
            host.end()
