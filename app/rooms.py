"""The channels of the staff as the configuration names them: where, in which language, and by which mail server."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from adapters.mail.adapter import MAIL, MailAdapter
from adapters.mail.server import Server
from campaigns.tables import Table
from core.audience import StaffChannel
from core.errors import Finding, Misconfigured
from core.identifiers import AccountName, Address, Locale
from core.ports.clock import Clock

Problem = tuple[tuple[str | int, ...], str]
PublicPlaces = Mapping[
    tuple[str | None, str | None], str
]  # by network and address, the channel that citizens read there

# How the places where the staff is told are written on each network, and what to say of anything else.
_PLACES = {
    "telegram": (re.compile(r"-?[1-9][0-9]{0,18}"), "on Telegram, write the number of the group or of the person"),
    "discord": (re.compile(r"@?[1-9][0-9]{0,19}"), "on Discord, write the number of the channel, or @ and a person's"),
    "mastodon": (re.compile(r"@[\w.-]+(@[\w.-]+)?"), "on Mastodon, write the name of a person: @name or @name@server"),
}
_PLAIN = frozenset({"localhost", "127.0.0.1", "::1"})
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def _place(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value:
        return str(value)
    if isinstance(value, str) and value:
        return value
    raise PydanticCustomError("address", "is no address of a chat: neither a name nor a number")


def _mail(value: str) -> str:
    if not (value.isascii() and _MAIL.fullmatch(value)):
        raise PydanticCustomError("mail", "is no address of mail")
    return value


MailAddress = Annotated[str, AfterValidator(_mail)]


class RoomTable(Table):
    """One channel of the staff."""

    account: str
    address: Annotated[str, BeforeValidator(_place)]
    language: Locale = Locale.FR


class MailTable(Table):
    """The mail of the staff."""

    host: str = Field(min_length=1)
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_file: Path | None = None
    sender: MailAddress
    to: tuple[MailAddress, ...] = Field(min_length=1)
    language: Locale = Locale.FR


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """How the staff is written to by mail."""

    host: str
    port: int
    security: str
    user: str
    password_file: Path | None
    sender: str
    source: Path
    ca_file: Path | None

    def password(self) -> str:
        """Read the password. Raises Misconfigured when the file named holds none."""
        if self.password_file is None:
            return ""
        try:
            found = self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise self._without(f"{self.password_file}: {type(error).__name__}") from error
        if not found:
            raise self._without(f"{self.password_file} is empty")
        return found

    def _without(self, problem: str) -> Misconfigured:
        said = f"no password: {problem}; put the one of {self.user} there"
        return Misconfigured(Finding(file=self.source, line=0, key="staff.email", problem=said))


def rooms_of(
    tables: tuple[RoomTable, ...], mail: MailTable | None, platforms: Mapping[str, str]
) -> tuple[StaffChannel, ...]:
    """All ways to the staff. Each is named after its account; ``platforms`` are those of the accounts."""
    times: Counter[str] = Counter()
    found = []
    for table in tables:
        times[table.account] += 1
        rank = f"-{times[table.account]}" if times[table.account] > 1 else ""
        found.append(
            StaffChannel(
                name=f"{table.account}{rank}",
                account=AccountName(table.account),
                address=Address(table.address),
                locale=table.language,
                private=_is_private(platforms[table.account], table.address),
            )
        )
    if mail is not None:
        to = Address(", ".join(mail.to))
        found.append(StaffChannel(name=MAIL, account=MAIL, address=to, locale=mail.language, private=True))
    return tuple(found)


def mail_of(table: MailTable | None, home: Path, source: Path, ca_file: Path | None) -> Mail | None:
    """The mail server, with its files found."""
    if table is None:
        return None
    return Mail(
        host=table.host,
        port=table.port or _PORTS[table.security],
        security=table.security,
        user=table.user,
        password_file=home / table.password_file if table.password_file else None,
        sender=table.sender,
        source=source,
        ca_file=ca_file,
    )


def sender_of(mail: Mail, clock: Clock) -> MailAdapter:
    """Who sends mail to the staff. Blocks. Raises Misconfigured without a password where one is needed."""
    server = Server(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        user=mail.user,
        password=mail.password(),
        ca_file=mail.ca_file,
    )
    return MailAdapter(server, sender=mail.sender, clock=clock)


def problems_of_rooms(
    tables: tuple[RoomTable, ...],
    mail: MailTable | None,
    platforms: Mapping[str, str],
    public: PublicPlaces,
) -> Iterator[Problem]:
    """What is wrong with them that no single table can see."""
    for rank, table in enumerate(tables):
        place = ("staff", "channels", rank)
        if table.account not in platforms:
            yield (*place, "account"), f"no account is named «{table.account}»"
            continue
        written, sentence = _PLACES[platforms[table.account]]
        if not written.fullmatch(table.address):
            yield (*place, "address"), sentence
        if any((each.account, each.address) == (table.account, table.address) for each in tables[:rank]):
            yield (*place, "address"), "the staff is told there already"
        if (channel := public.get((platforms[table.account], table.address))) is not None:
            yield (*place, "address"), f"citizens read this: it belongs to the channel «{channel}»"
    if mail is not None:
        yield from _of_mail(mail)


def warning(rooms: tuple[StaffChannel, ...], platforms: Mapping[str, str]) -> str:
    """Why nobody may learn what needs them, with the cure; empty when there are two ways that fail apart."""
    ways = {platforms.get(room.account, "e-mail") for room in rooms}
    if len(ways) > 1:
        return ""
    known = f"only by {', '.join(ways)}" if ways else "in no way"
    return (
        f"the staff learns {known} when something needs a human: name channels on two networks, in tables"
        " [[staff.channels]], or mail, in [staff.email]"
    )


def _of_mail(mail: MailTable) -> Iterator[Problem]:
    if bool(mail.user) != (mail.password_file is not None):
        yield ("staff", "email"), "user and password_file go together"
    if mail.security == "none" and mail.user and mail.host not in _PLAIN:
        yield ("staff", "email", "security"), 'a password is not sent in clear: write "starttls" or "tls"'


def _is_private(platform: str, address: str) -> bool:
    """Whether one person reads it: on Telegram, groups have negative numbers."""
    return not address.startswith("-") if platform == "telegram" else address.startswith("@")
