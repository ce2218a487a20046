"""Which links lead to the public web, whatever way somebody writes an address inside."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.internet import NotPublic, Target, is_public, target_of

INSIDE = [
    "0.0.0.0",  # noqa: S104  an address to refuse
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.168.1.1",
    "198.19.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:0:53aa:64c::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OUTSIDE = [
    "8.8.8.8",
    "172.32.0.1",
    "198.20.0.1",
    "2606:4700::1111",
    "2a01:e0a::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    """Nor one that hides it."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    """Those beside the blocks, too."""
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4).map(lambda each: IPv4Address(str(each))))
def test_no_clothes_make_an_address_public(address: IPv4Address) -> None:
    """Python's own opinion, where it calls one private, is never loosened; IPv6 around it changes nothing."""
    mapped = IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    translated = IPv6Address(bytes.fromhex("0064ff9b") + b"\0" * 8 + address.packed)

    assert is_public(mapped) is is_public(translated) is is_public(address)
    assert not (is_public(address) and (address.is_private or address.is_multicast or not address.is_global))


@given(st.ip_addresses(v=6).map(lambda each: IPv6Address(str(each))))
def test_a_public_address_of_the_new_internet_is_global(address: IPv6Address) -> None:
    """Link-local, unique local, multicast and reserved ones are not in 2000::/3."""
    if is_public(address) and address.ipv4_mapped is None and address not in IPv6Network("64:ff9b::/96"):
        assert address.is_global
        assert not any((address.is_multicast, address.is_link_local, address.is_site_local, address.is_reserved))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://ville.example", Target(secure=True, host="ville.example", port=443, path="/")),
        ("HTTP://Ville.Example:80/a?b=c#d", Target(secure=False, host="ville.example", port=80, path="/a?b=c")),
        ("http://ville.example:443/%C3%A9", Target(secure=False, host="ville.example", port=443, path="/%C3%A9")),
        (
            "https://mairie-évry.example/été?q=à l’eau",
            Target(
                secure=True,
                host="xn--mairie-vry-h7a.example",
                port=443,
                path="/%C3%A9t%C3%A9?q=%C3%A0%20l%E2%80%99eau",
            ),
        ),
        ("https://ville.example./", Target(secure=True, host="ville.example.", port=443, path="/")),
        (
            "http://8.8.8.8/x",
            Target(secure=False, host="8.8.8.8", port=80, path="/x", literal=IPv4Address("8.8.8.8")),
        ),
        (
            "https://[2606:4700::1111]/",
            Target(secure=True, host="[2606:4700::1111]", port=443, path="/", literal=IPv6Address("2606:4700::1111")),
        ),
        ("http://ville.example/a\r\nX: y", Target(secure=False, host="ville.example", port=80, path="/aX:%20y")),
    ],
)
def test_a_link_is_read_as_a_request_needs_it(url: str, target: Target) -> None:
    """Names and paths in ASCII; nothing of it can end a line of the request."""
    assert target_of(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "ftp://ville.example/",
        "file:///etc/passwd",
        "gopher://ville.example:70/_x",
        "javascript:alert(1)",
        "//ville.example",
        "ville.example",
        "https://",
        "https://anna:secret@ville.example/",
        "https://ville.example@127.0.0.1/",
        "https://ville.example:8443/",
        "http://ville.example:22/",
        "http://ville.example:99999/",
        "http://ville.example:x/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1.1/",
        "http://ville.example.0x/",
        "http://1.2.3.4.",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[::g]/",
        "http://[v1.a:b]/",
        "http://-x/",
        "http://a b/",
        "http://a..b/",
        f"http://{'x' * 64}.example/",
        f"https://ville.example/{'x' * 2000}",
    ],
)
def test_what_no_citizen_can_follow_is_refused(url: str) -> None:
    """Before any name is looked up."""
    with pytest.raises(NotPublic):
        target_of(url)


@pytest.mark.parametrize("host", ["１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "127.0.0.1"])
def test_digits_in_disguise_are_the_address_that_they_are(host: str) -> None:
    """Browsers read them so."""
    assert target_of(f"http://{host}/").literal == IPv4Address("127.0.0.1")


@given(st.text(max_size=80))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    """And what is read is clean."""
    for url in (text, f"http://{text}", f"http://ville.example/{text}"):
        try:
            target = target_of(url)
        except NotPublic:
            continue
        assert (target.host + target.path).isascii()
        assert not set(target.host + target.path) & set(" \r\n\t\0")
