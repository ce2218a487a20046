"""The configuration: a TOML file becomes frozen settings, and every mistake in it is named with its cure.

Relative paths are read from the folder of the configuration file. No secret stands in the file: a bot's token is in a
file or an environment variable that it names.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.charter import charter
from app.feed_settings import FeedTable
from app.feed_settings import flaws as feed_flaws
from app.people import StaffTable, problems
from app.rooms import Mail, MailAddress, mail_of, rooms_of
from campaigns.tables import Table, WordingTable, Zone, table_of
from core import tomlfile
from core.audience import Channel
from core.errors import Finding, Misconfigured
from core.feed import Feed
from core.identifiers import AccountName, Address, ChannelName, Locale, PlatformName
from core.staff import Staff
from core.town import Town

# How the places of a network are written, and what to say of anything else.
_PLACES = {
    "telegram": (
        re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-?[1-9][0-9]{0,18}"),
        "is no address of a chat: a public name such as «@valmont», or a number such as -1001234567890",
    ),
    "discord": (re.compile(r"[1-9][0-9]{0,19}"), "is no channel: on Discord, write its number («Copy Channel ID»)"),
    "mastodon": (re.compile(r"public|unlisted"), "on Mastodon, write public or unlisted"),
}
_SERVERS = {"telegram": "https://api.telegram.org", "discord": "https://discord.com/api/v10"}  # of those in one place


def _address(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value:
        return str(value)
    if isinstance(value, str) and value:
        return value
    raise PydanticCustomError("address", "is no address of a chat: neither a name nor a number")


def _server(url: str) -> str:
    if not _is_server(url):
        raise PydanticCustomError("server", "is no address of a server, such as «https://api.telegram.org»")
    return url.rstrip("/")


def _is_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return named and parts.scheme in {"http", "https"} and not (parts.query or parts.fragment)


ChatAddress = Annotated[str, BeforeValidator(_address)]
Server = Annotated[str, AfterValidator(_server)]


class TownTable(Table):
    """Who speaks."""

    name: WordingTable
    zone: Zone = "Europe/Paris"
    contact: MailAddress | None = None


class StoreTable(Table):
    """Where Parvis remembers. ``url`` is a file (``sqlite:///…``) or a PostgreSQL database (``postgresql://…``)."""

    url: str = "sqlite:///var/parvis.db"
    keys: Path = Path("var/keys")


class EngineTable(Table):
    """Where the work runs: all of it in this process, or shared by the processes of a ``cluster``.

    ``lanes`` is how many of a cluster's lanes one process runs at most: an account has three, what follows polls one.
    """

    kind: Literal["embedded", "cluster"] = "embedded"
    lanes: int | None = Field(default=None, ge=2)


class CharterTable(Table):
    """The rules of debate. ``journal``: what is said there is kept for a while, to try a charter on it."""

    file: Path
    journal: bool = False


class AccountTable(Table):
    """One bot account."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,24}$")
    platform: Literal["telegram", "discord", "mastodon"]
    token_file: Path | None = None
    token_variable: str | None = None
    base_url: Server | None = None
    automod: bool = False


class ChannelTable(Table):
    """One place where the town speaks."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,24}$")
    account: str
    address: ChatAddress
    discussion: ChatAddress | None = None
    topic: int | None = None
    tags: tuple[str, ...] = Field(default=(), max_length=5)
    language: Locale = Locale.FR


class NetworkTable(Table):
    """How to reach the outside. Proxies come from HTTP_PROXY, HTTPS_PROXY and NO_PROXY, as everywhere."""

    ca_file: Path | None = None


class CalendarTable(Table):
    """Where the calendar of what goes out is written, for calendar programs."""

    file: Path | None = None
    language: Locale = Locale.FR


class DraftsTable(Table):
    """Where drafts are written that nobody asked for at a terminal."""

    folder: Path = Path("var/drafts")


class LogsTable(Table):
    """What the service writes on standard error."""

    format: Literal["json", "text"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "info"


class File(Table):
    """The whole file."""

    town: TownTable
    store: StoreTable = StoreTable()
    engine: EngineTable = EngineTable()
    charter: CharterTable
    accounts: tuple[AccountTable, ...]
    channels: tuple[ChannelTable, ...] = ()
    staff: StaffTable = StaffTable()
    network: NetworkTable = NetworkTable()
    calendar: CalendarTable = CalendarTable()
    feeds: tuple[FeedTable, ...] = ()
    drafts: DraftsTable = DraftsTable()
    logs: LogsTable = LogsTable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One bot account, and where its token is. ``automod``: the server itself keeps back words of the charter."""

    name: AccountName
    platform: PlatformName
    base_url: str
    token_file: Path | None
    token_variable: str | None
    source: Path
    automod: bool = False

    def token(self, environment: Mapping[str, str] = os.environ) -> str:
        """Read the token. Raises Misconfigured when the place named holds none."""
        if self.token_variable is not None:
            found = environment.get(self.token_variable, "").strip()
            place = f"the variable {self.token_variable}"
        else:
            place = f"the file {self.token_file}"
            try:
                found = self.token_file.read_text(encoding="utf-8").strip() if self.token_file else ""
            except OSError as error:
                raise self._without_token(f"{place}: {error.strerror}") from error
            except UnicodeDecodeError as error:
                raise self._without_token(f"{place} is not text") from error
        if not found:
            raise self._without_token(f"{place} is empty or missing")
        if any(char.isspace() or not char.isprintable() for char in found):
            raise self._without_token(f"{place} holds more than one word")
        return found

    def _without_token(self, problem: str) -> Misconfigured:
        cure = "put the token the platform gave you there"
        return Misconfigured(
            Finding(file=self.source, line=0, key=f"accounts.{self.name}", problem=f"no token: {problem}; {cure}")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration as the rest of the program sees it."""

    file: Path
    town: Town
    accounts: tuple[Account, ...]
    store_url: str
    keys: Path
    ca_file: Path | None
    log_format: str
    log_level: str
    in_cluster: bool = False
    most_lanes: int | None = None
    staff: Staff = Staff()  # noqa: RUF009  a frozen value
    mail: Mail | None = None
    calendar: Path | None = None
    calendar_language: Locale = Locale.FR
    feeds: tuple[Feed, ...] = ()
    drafts: Path = Path("drafts")

    @property
    def pictures(self) -> Path:
        """The folder of the pictures of started campaigns, beside the keys."""
        return self.keys.parent / "pictures"

    def local(self, at: datetime) -> str:
        """An instant as the town's clocks show it."""
        return f"{at.astimezone(ZoneInfo(self.town.zone)):%Y-%m-%d %H:%M}"


def load(path: Path) -> Settings:
    """Read the configuration and the charter it names. Raises Misconfigured with everything that is wrong."""
    if not path.exists():
        problem = "no such file: copy config.example.toml there, or name yours with --config"
        raise Misconfigured(Finding(file=path, line=0, key="", problem=problem))
    document = tomlfile.read(path)
    file = table_of(File, document)
    home = path.resolve().parent
    _consistent(document, file, home)
    ca_file = home / file.network.ca_file if file.network.ca_file else None
    return Settings(
        file=path,
        town=Town(
            name=file.town.name.value(),
            zone=file.town.zone,
            contact=file.town.contact or "",
            charter=charter(home / file.charter.file),
            channels=tuple(_channel(channel, file) for channel in file.channels),
            keeps_journal=file.charter.journal,
            staff_channels=rooms_of(file.staff.channels, file.staff.email, _platforms(file)),
        ),
        accounts=tuple(_account(account, home, path) for account in file.accounts),
        store_url=_store_url(file.store.url, home),
        keys=home / file.store.keys,
        ca_file=ca_file,
        calendar=home / file.calendar.file if file.calendar.file else None,
        calendar_language=file.calendar.language,
        feeds=tuple(feed.value() for feed in file.feeds),
        drafts=home / file.drafts.folder,
        log_format=file.logs.format,
        log_level=file.logs.level,
        in_cluster=file.engine.kind == "cluster",
        most_lanes=file.engine.lanes,
        staff=file.staff.value(),
        mail=mail_of(file.staff.email, home, path, ca_file),
    )


def _account(table: AccountTable, home: Path, source: Path) -> Account:
    return Account(
        name=AccountName(table.name),
        platform=PlatformName(table.platform),
        base_url=table.base_url or _SERVERS[table.platform],
        token_file=home / table.token_file if table.token_file else None,
        token_variable=table.token_variable,
        source=source,
        automod=table.automod,
    )


def _channel(table: ChannelTable, file: File) -> Channel:
    platform = _platforms(file)[table.account]
    return Channel(
        name=ChannelName(table.name),
        platform=PlatformName(platform),
        account=AccountName(table.account),
        address=Address(table.address),
        locale=table.language,
        discussion=Address(table.discussion) if table.discussion is not None else None,
        topic=table.topic,
        tags=table.tags,
    )


def _platforms(file: File) -> dict[str, str]:
    """The network of each account."""
    return {account.name: account.platform for account in file.accounts}


def _store_url(url: str, home: Path) -> str:
    prefix = "sqlite:///"
    if url.startswith(prefix):
        return prefix + str(home / url.removeprefix(prefix))
    return url


def _consistent(document: tomlfile.Document, file: File, home: Path) -> None:
    """Refuse what no single table can see. Raises Misconfigured."""
    platforms = _platforms(file)
    places = ((each, place) for each in file.channels for place in (each.address, each.discussion))
    public = {(platforms.get(each.account), place): each.name for each, place in places}
    wrong = [*_of_accounts(file), *_of_channels(file), *_of_files(file, home)]
    wrong += problems(file.staff, platforms, public)
    wrong += feed_flaws(file.feeds, [channel.name for channel in file.channels])
    if not file.store.url.startswith(("sqlite:///", "postgresql://")):
        wrong.append((("store", "url"), "must begin with sqlite:/// or postgresql://"))
    if file.engine.kind == "cluster" and not file.store.url.startswith("postgresql://"):
        wrong.append((("engine", "kind"), "a cluster needs a PostgreSQL database: see store.url"))
    if wrong:
        raise Misconfigured(
            *(
                Finding(
                    file=document.path,
                    line=tomlfile.line_of(document, place),
                    key=".".join(map(str, place)),
                    problem=problem,
                )
                for place, problem in wrong
            )
        )


def _of_files(file: File, home: Path) -> Iterator[tuple[tuple[str | int, ...], str]]:
    named = {("charter", "file"): file.charter.file, ("network", "ca_file"): file.network.ca_file}
    for place, path in named.items():
        if path is not None and not (home / path).is_file():
            yield place, f"there is no file {home / path}"


def _of_accounts(file: File) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if not file.accounts:
        yield ("accounts",), "name at least one account, in a table [[accounts]]"
    names = [account.name for account in file.accounts]
    for rank, account in enumerate(file.accounts):
        if (account.token_file is None) == (account.token_variable is None):
            yield ("accounts", rank), "say where the token is: either token_file or token_variable"
        if account.base_url is None and account.platform not in _SERVERS:
            yield ("accounts", rank), f"say which {account.platform.title()} server the account is on: base_url"
        if account.automod and account.platform != "discord":
            yield ("accounts", rank, "automod"), "is a feature of Discord: leave it out"
        if names.index(account.name) < rank:
            yield ("accounts", rank, "name"), f"two accounts are named «{account.name}»"


def _of_channels(file: File) -> Iterator[tuple[tuple[str | int, ...], str]]:
    platforms = _platforms(file)
    names = [channel.name for channel in file.channels]
    for rank, channel in enumerate(file.channels):
        if channel.account not in platforms:
            yield ("channels", rank, "account"), f"no account is named «{channel.account}»"
        written, sentence = _PLACES[platforms.get(channel.account, "telegram")]
        for key, place in (("address", channel.address), ("discussion", channel.discussion)):
            if place is not None and not written.fullmatch(place):
                yield ("channels", rank, key), sentence
        if names.index(channel.name) < rank:
            yield ("channels", rank, "name"), f"two channels are named «{channel.name}»"
