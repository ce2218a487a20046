"""Reading pages: whole, with limits, and never from a place inside."""

import gzip
from datetime import timedelta
from functools import partial
from ipaddress import ip_address

import pytest

from adapters.web.fetcher import LARGEST
from adapters.web.ways import MOST_TURNS
from core.ports.web import LinkIsDead, NotReadable, Page
from core.preflight import Trouble
from tests.adapters.web.internet import OTHER, SITE, Internet, internet, turn

FEED = "http://ville.example/feed"
XML = b"<rss/>"


def answer(content: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """An answer with this content."""
    return b"\r\n".join((b"HTTP/1.1 " + status, *headers, b"", content))


async def read(answered: bytes, *, etag: str = "", modified: str = "") -> tuple[Page, Internet]:
    """What is read of a page that answers this."""
    async with internet({"GET /feed": answered}) as web:
        return await web.fetcher().read(FEED, etag=etag, modified=modified), web


async def trouble(answered: bytes) -> Trouble:
    """Why a page that answers this cannot be read."""
    with pytest.raises(LinkIsDead) as dead:
        await read(answered)
    return dead.value.why.trouble


async def refused(answered: bytes) -> str:
    """Why what this page answers is not read."""
    with pytest.raises(NotReadable) as error:
        await read(answered)
    return str(error.value)


async def test_a_page_is_read_with_what_is_needed_to_ask_again() -> None:
    """Its mark, its date, its kind, and where it was found."""
    page, web = await read(
        answer(XML, b'ETag: W/"\xe9"', b"Last-Modified: Mon, 12 Oct 2026 12:30:00 GMT", b"Content-Type: text/xml")
    )

    assert page == Page(url=FEED, content=XML, etag='W/"é"', modified="Mon, 12 Oct 2026 12:30:00 GMT", kind="text/xml")
    assert "User-Agent: Parvis (feeds)\r\nAccept: application/atom+xml" in web.heads[0]
    assert "If-" not in web.heads[0]


async def test_a_site_is_asked_only_for_what_is_new() -> None:
    """By its own marks; then it may say that there is nothing."""
    page, web = await read(answer(b"", status=b"304 Not Modified"), etag='"a"', modified="yesterday")

    assert page.content is None
    assert 'If-None-Match: "a"\r\nIf-Modified-Since: yesterday\r\n' in web.heads[0]


async def test_content_is_read_however_it_is_sent() -> None:
    """With its length, in chunks, until the end, packed."""
    ways = {
        "length": answer(XML + b"more", b"Content-Length: 6"),
        "chunks": answer(b"2\r\n<r\r\n4;x=y\r\nss/>\r\n0\r\nX: y\r\n\r\n", b"Transfer-Encoding: chunked"),
        "end": answer(XML),
        "packed": answer(gzip.compress(XML), b"Content-Encoding: GZIP"),
        "after a hint": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer(XML),
    }

    assert {way: (await read(said))[0].content for way, said in ways.items()} == dict.fromkeys(ways, XML)


async def test_what_is_no_page_is_said() -> None:
    """As of links."""
    answers = {
        answer(b"", status=b"404 Not Found"): Trouble.GONE,
        answer(b"", status=b"410 Gone"): Trouble.GONE,
        answer(b"", status=b"204 No Content"): Trouble.GONE,
        answer(b"", status=b"429 Slow Down"): Trouble.REFUSED,
        answer(b"<r", b"Content-Length: 6"): Trouble.NO_ANSWER,
        answer(b"zz\r\n", b"Transfer-Encoding: chunked"): Trouble.NO_ANSWER,
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n": Trouble.NO_ANSWER,
        b"": Trouble.NO_ANSWER,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000: Trouble.NO_ANSWER,
    }

    assert {said: await trouble(said) for said in answers} == answers


async def test_no_more_is_taken_than_a_feed_can_be() -> None:
    """Neither sent nor unpacked; and nothing that nobody can unpack."""
    bomb = gzip.compress(b"x" * (LARGEST + 1))

    assert "more than 512 kB" in await refused(answer(b"x" * (LARGEST + 1)))
    assert "unpacks to more than 512 kB" in await refused(answer(bomb, b"Content-Encoding: gzip"))
    assert "damaged" in await refused(answer(b"<rss/>", b"Content-Encoding: gzip"))
    assert "«br»" in await refused(answer(XML, b"Content-Encoding: br"))


async def test_turns_are_followed_to_public_places_only() -> None:
    """Each is judged anew; nobody is led inside, nor around for ever."""
    answers = {f"GET /{number}": turn(f"/{number + 1}") for number in range(MOST_TURNS + 1)}
    async with internet(
        {**answers, "GET /feed": turn("http://inside.example/"), "GET /moved": turn("/new", 301)}
    ) as web:
        web.names["inside.example"] = [(ip_address("10.0.0.7"), SITE)]
        moved = await web.fetcher().read("http://ville.example/moved")
        found = []
        for path in ("feed", "0"):
            with pytest.raises(LinkIsDead) as dead:
                await web.fetcher().read(f"http://ville.example/{path}")
            found.append(dead.value.why.trouble)

        assert moved.url == "http://ville.example/new"
        assert found == [Trouble.NOT_PUBLIC, Trouble.TOO_MANY_TURNS]


async def test_what_is_no_public_address_is_never_asked() -> None:
    """Nor a server that says nothing waited for."""
    async with internet() as web:
        web.silent = True
        web.away = {OTHER}
        web.names["ville.example"] = [(OTHER, SITE)]
        found = []
        for read_it in (
            partial(web.fetcher().read, "http://127.0.0.1/feed"),
            partial(web.fetcher().read, "ftp://ville.example/feed"),
            partial(web.fetcher(timedelta(milliseconds=50)).read, FEED),
        ):
            with pytest.raises(LinkIsDead) as dead:
                await read_it()
            found.append(dead.value.why.trouble)

    assert found == [Trouble.NOT_PUBLIC, Trouble.NOT_PUBLIC, Trouble.NO_ANSWER]
    assert web.asked == ["GET /feed"]
