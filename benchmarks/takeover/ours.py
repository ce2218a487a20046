"""Three hosts; the one that hears people on a network is struck. The others must hear them soon."""

import json
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.hosts import Account, Host, configured, connected, ended, holders, listening, wait_for
from benchmarks.rounds import Measures
from sandbox.journal import Entry, read

TELEGRAM, DISCORD = "telegram", "discord"
HOSTS = 3
_SANDBOXES = {TELEGRAM: "sandbox", DISCORD: "sandbox.discord"}
_ANNE = 101  # she lives in the world that stands in the sandbox when none is given
_SETTLED = 2.0  # seconds for the connections of who stands by


@dataclass(slots=True)
class Stage:
    """The hosts, the networks, and what these wrote down."""

    url: str
    config: Path
    telegram: str
    journals: dict[str, Path]
    hosts: list[Host] = field(default_factory=list)

    def ready(self) -> None:
        """Begin the hosts that are missing; return when both networks are heard and all take part."""
        while len(self.hosts) < HOSTS:
            self.hosts.append(Host(self.config))
        for network in _SANDBOXES:
            wait_for(lambda network=network: self._hears(network) is not None, f"{network} is heard")  # type: ignore[misc]  # mypy wants a name
        wait_for(lambda: connected(self.url) >= HOSTS, "all hosts take part")
        time.sleep(_SETTLED)
        for host in self.hosts:
            host.check()

    def struck(self, network: str, blow: signal.Signals) -> Measures:
        """Strike the host that hears this network: seconds until the lane is another's, and until people are heard.

        On Telegram that is an answer to what was written at that moment, on Discord a session at the gateway.
        """
        self.ready()
        victim = self._hears(network)
        assert victim is not None
        known, at = len(read(self.journals[network])), datetime.now(UTC)
        victim.strike(blow)
        if network == TELEGRAM:
            self._write()
        wait_for(lambda: self._hears(network) not in {victim, None}, f"{network} is taken over")
        seen = datetime.now(UTC)
        heard = self._first(network, known)
        taken = min(seen, heard)  # who hears people has the lane, however late a busy machine looks
        if blow is signal.SIGSTOP:
            victim.strike(signal.SIGCONT)
        else:
            victim.end()
            self.hosts.remove(victim)
        return {"lane s": (taken - at).total_seconds(), "heard s": (heard - at).total_seconds()}

    def _first(self, network: str, known: int) -> datetime:
        """When the network first saw that people are heard."""
        found: list[Entry] = []

        def look() -> bool:
            found.extend(entry for entry in read(self.journals[network])[known:] if _is_heard(entry))
            return bool(found)

        wait_for(look, f"people are heard on {network}")
        return datetime.fromisoformat(str(found[0]["at"]))

    def _hears(self, network: str) -> Host | None:
        number = holders(self.url).get(f"listen:{network}")
        return next((host for host in self.hosts if host.number == number), None)

    def _write(self) -> None:
        body = json.dumps({"user": _ANNE}).encode()
        asking = urllib.request.Request(f"{self.telegram}/sandbox/people/start", body)  # noqa: S310  our own address
        with urllib.request.urlopen(asking) as answer:  # noqa: S310  our own address
            answer.read()


@contextmanager
def stage(url: str, folder: Path) -> Iterator[Stage]:
    """Both networks, and hosts that are begun when they are needed."""
    with ExitStack() as open_:
        journals = {name: folder / f"journal-{name}" for name in _SANDBOXES}
        there = {
            name: open_.enter_context(listening("-m", program, "--journal", str(journals[name])))
            for name, program in _SANDBOXES.items()
        }
        accounts = [
            Account(name=name, platform=name, url=str(said.get("api", said["url"])), token=_token(said))
            for name, said in there.items()
        ]
        made = Stage(url, configured(folder, url, accounts), str(there[TELEGRAM]["url"]), journals)
        with ended(made.hosts):
            yield made


def _token(said: dict[str, object]) -> str:
    tokens = said["tokens"]
    assert isinstance(tokens, list)
    return str(tokens[0])


def _is_heard(entry: Entry) -> bool:
    """Whether this is an answer to Anne, or a session that begins."""
    if entry["kind"] == "identified":
        return True
    given = entry.get("parameters")
    return entry.get("method") == "sendMessage" and isinstance(given, dict) and str(given.get("chat_id")) == str(_ANNE)
