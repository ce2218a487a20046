"""Which links lead to a public place of the internet, whatever way an address is written.

The blocks are those of the IANA registries of special-purpose addresses (RFC 6890 and its successors, as of 2026-11).
An IPv6 address is public when it is global unicast (2000::/3, RFC 4291) and holds no IPv4 address that is not public.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import quote, urlsplit

IpAddress = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
LONGEST = 2000  # characters of a link

_INSIDE_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a provider's translation
            "127.0.0.0/8",
            "169.254.0.0/16",  # this link; clouds answer here with secrets
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",  # examples in documents
            "192.88.99.0/24",  # relays of 6to4, given up
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # groups, and what is reserved
        ),
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")  # the last four bytes are an IPv4 address
_INSIDE_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols, Teredo among them, which hides an IPv4 address
            "2001:db8::/32",  # examples in documents
            "2002::/16",  # 6to4, which hides one as well
            "3fff::/20",
        ),
    )
)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9])?\.?", re.IGNORECASE)
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)", re.IGNORECASE)
_AS_WRITTEN = "/?#[]@!$&'()*+,;=:%-._~"  # RFC 3986: what stands for itself


class NotPublic(ValueError):
    """A link that citizens cannot follow, or that leads inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a link leads; ``literal`` is the address where one is written in place of a name.

    ``host`` and ``path``, which has its query, are ASCII, as they stand in a request.
    """

    secure: bool
    host: str
    port: int
    path: str
    literal: IpAddress | None = None


def is_public(address: IpAddress) -> bool:
    """Whether an address belongs to the internet that everybody reaches."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _INSIDE_4)
    inner = address.ipv4_mapped or (IPv4Address(address.packed[12:]) if address in _TRANSLATED else None)
    if inner is not None:
        return is_public(inner)
    return address in _PUBLIC_6 and not any(address in block for block in _INSIDE_6)


def target_of(url: str) -> Target:
    """Where a link leads, if it can lead to the public web at all. Raises NotPublic."""
    if len(url) > LONGEST:
        raise NotPublic("too long")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise NotPublic("no web address") from error
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise NotPublic(f"{scheme}:")
    if "@" in parts.netloc:
        raise NotPublic("a name and a password")
    if port not in {None, *PORTS.values()}:
        raise NotPublic(f"port {port}")
    path = quote(parts.path or "/", safe=_AS_WRITTEN) + (
        f"?{quote(parts.query, safe=_AS_WRITTEN)}" if parts.query else ""
    )
    name, literal = _host(host)
    return Target(secure=scheme == "https", host=name, port=port or PORTS[scheme], path=path, literal=literal)


def _host(host: str) -> tuple[str, IpAddress | None]:
    """The name as the network knows it, or the address that is written. Raises NotPublic."""
    if ":" in host:
        return f"[{host}]", _six(host)
    try:
        name = host.encode("idna").decode()
    except UnicodeError as error:
        raise NotPublic("no name of a site") from error
    if _NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2]):
        return name, _four(name)
    if not _HOST.fullmatch(name):
        raise NotPublic("no name of a site")
    return name, None


def _four(name: str) -> IPv4Address:
    """Four decimal numbers. ``0x7f.1``, ``2130706433`` and ``0177.0.0.1`` are addresses to browsers, disguises here."""
    try:
        return IPv4Address(name)
    except ValueError as error:
        raise NotPublic("an address in disguise") from error


def _six(host: str) -> IPv6Address:
    try:
        address = IPv6Address(host)
    except ValueError as error:
        raise NotPublic("no address") from error
    if address.scope_id is not None:
        raise NotPublic("an address on this link")
    return address
