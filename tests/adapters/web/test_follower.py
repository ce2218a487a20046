"""Following links: what is alive, what is dead, and that no way leads inside."""

import asyncio
import time
from datetime import timedelta
from ipaddress import ip_address

import pytest

from adapters.web.follower import LONGEST_HEAD
from adapters.web.ways import MOST_TURNS
from core.ports.web import Dead
from core.preflight import Trouble
from tests.adapters.web.internet import FOUND, GONE, OTHER, SITE, internet, turn

PAGE = "http://ville.example/page"
INSIDE = [
    "127.0.0.1",
    "10.0.0.7",
    "169.254.169.254",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "fd00::1",
    "fe80::1",
    "64:ff9b::7f00:1",
]


async def test_a_page_that_is_there_is_no_finding() -> None:
    """One request, at the address of its name, for the head alone."""
    async with internet() as web:
        dead = await web.follower().look(f"{PAGE}?a=b#c")

    assert (dead, web.asked, web.connected) == (None, ["HEAD /page?a=b"], [(str(SITE), 80)])
    assert web.heads[0] == (
        "HEAD /page?a=b HTTP/1.1\r\nHost: ville.example\r\nUser-Agent: Parvis (link check)\r\nAccept: */*\r\n"
        "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("head", "page", "dead"),
    [
        (b"HTTP/1.1 405 No\r\n\r\n", FOUND, None),
        (b"HTTP/1.0 404\r\n\r\n", b"HTTP/1.0 200\r\n\r\n", None),
        (GONE, GONE, Dead(Trouble.GONE, "404")),
        (b"HTTP/1.1 500 Oh\r\n\r\n", b"HTTP/1.1 410 Gone\r\n\r\n", Dead(Trouble.GONE, "410")),
        (b"HTTP/1.1 403 No\r\n\r\n", b"HTTP/1.1 403 No\r\n\r\n", Dead(Trouble.REFUSED, "403")),
        (b"HTTP/1.1 204 Empty\r\n\r\n", GONE, None),
        (b"HTTP/1.1 304 Same\r\nLocation: http://127.0.0.1/\r\n\r\n", GONE, None),
        (b"HTTP/1.1 302 Nowhere\r\n\r\n", GONE, None),
        (b"HTTP/1.1 103 Hints\r\nLocation: /x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", GONE, None),
        (b"HTTP/1.1 100 Go\r\n\r\n", GONE, Dead(Trouble.NO_ANSWER)),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", GONE, Dead(Trouble.NO_ANSWER)),
        (b"HTTP/1.1 200 OK\r\n", GONE, Dead(Trouble.NO_ANSWER)),
        (b"", GONE, Dead(Trouble.NO_ANSWER)),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * LONGEST_HEAD + b"\r\n\r\n", GONE, Dead(Trouble.NO_ANSWER)),
    ],
)
async def test_what_a_server_answers_decides(head: bytes, page: bytes, dead: Dead | None) -> None:
    """Who answers a question for the head badly is asked for the page; no more than its head is read."""
    async with internet({"HEAD /page": head, "GET /page": page}) as web:
        assert await web.follower().look(PAGE) == dead


async def test_a_server_that_never_stops_talking_is_left() -> None:
    """After so many bytes."""
    async with internet({"HEAD /page": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * (1 << 18)}) as web:
        assert await web.follower().look(PAGE) == Dead(Trouble.NO_ANSWER)


async def test_a_server_that_says_nothing_is_left() -> None:
    """After so long."""
    async with internet() as web:
        web.silent = True

        assert await web.follower(timedelta(milliseconds=50)).look(PAGE) == Dead(Trouble.NO_ANSWER)


async def test_a_name_without_an_address_is_dead() -> None:
    """A site that is no more, or a slip of the pen."""
    async with internet() as web:
        web.names["ville.example"] = [()]

        assert await web.follower().look(PAGE) == Dead(Trouble.NO_ADDRESS, "ville.example")


async def test_the_next_address_is_tried_when_one_is_away() -> None:
    """As browsers do; three at most."""
    far = tuple(ip_address(f"93.184.215.{rank}") for rank in range(5))
    async with internet() as web:
        web.names["ville.example"] = [(OTHER, SITE)]
        web.names["far.example"] = [far]
        web.away = {OTHER, *far}

        found = await web.follower().look(PAGE)
        tried = list(web.connected)
        lost = await web.follower().look("http://far.example")

    assert (found, tried) == (None, [(str(OTHER), 80), (str(SITE), 80)])
    assert (lost, len(web.connected)) == (Dead(Trouble.NO_ANSWER), 5)


# ── the way ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_way_is_followed_to_its_end(status: int) -> None:
    """Relative, absolute, and to another site."""
    answers = {"HEAD /page": turn("new?x=é", status), "HEAD /new?x=%C3%A9": turn("//other.example/last", status)}
    async with internet(answers) as web:
        dead = await web.follower().look(PAGE)

    assert (dead, web.looked_up) == (None, ["ville.example", "ville.example", "other.example"])
    assert web.asked[-1] == "HEAD /last"


@pytest.mark.parametrize(("turns", "dead"), [(MOST_TURNS, None), (MOST_TURNS + 1, Dead(Trouble.TOO_MANY_TURNS))])
async def test_a_way_has_five_turns_at_most(turns: int, dead: Dead | None) -> None:
    """Nobody goes in circles."""
    answers = {f"HEAD /{rank}": turn(f"/{rank + 1}") for rank in range(turns)}
    async with internet(answers) as web:
        assert await web.follower().look("http://ville.example/0") == dead


@pytest.mark.parametrize("to", ["http://[", "//[x/", "http://a\u2100b/"])
async def test_a_turn_to_what_is_no_address_is_a_dead_link(to: str) -> None:
    """Any site can answer so: the look goes on to the next link."""
    async with internet({"HEAD /page": turn(to)}) as web:
        assert await web.follower().look(PAGE) == Dead(Trouble.NOT_PUBLIC, "no web address")


async def test_a_turn_full_of_blanks_is_read_at_once() -> None:
    """While an answer is read, citizens wait for theirs."""
    far = "/a" + " " * (LONGEST_HEAD - 100) + "b"
    async with internet({"HEAD /page": turn(far)}) as web:
        began = time.process_time()
        dead = await web.follower().look(PAGE)
        spent = time.process_time() - began

    assert dead == Dead(Trouble.NOT_PUBLIC, "too long")
    assert spent < 0.5


async def test_a_way_that_ends_at_nothing_is_dead() -> None:
    """The last page counts."""
    async with internet({"HEAD /page": turn("/b"), "HEAD /b": GONE, "GET /b": GONE}) as web:
        assert await web.follower().look(PAGE) == Dead(Trouble.GONE, "404")


# ── nothing leads inside ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_with_an_address_inside_is_not_connected_to(address: str) -> None:
    """Nor when it stands beside a good one."""
    async with internet() as web:
        web.names["ville.example"] = [(SITE, ip_address(address))]

        assert await web.follower().look(PAGE) == Dead(Trouble.NOT_PUBLIC, "ville.example")
        assert web.connected == []


@pytest.mark.parametrize(
    "url",
    [
        *(f"http://{each}/" for each in INSIDE if ":" not in each),
        *(f"http://[{each}]/" for each in INSIDE if ":" in each),
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://１２７.0.0.1/",
        "http://ville.example:8080/",
        "http://anna:secret@ville.example/",
        "gopher://ville.example/",
    ],
)
@pytest.mark.parametrize("turned", [False, True], ids=["written", "turned to"])
async def test_no_link_and_no_turn_leads_inside(url: str, turned: bool) -> None:  # noqa: FBT001  a case
    """However it is spelt: nothing is looked up there, nothing connected to."""
    async with internet({"HEAD /page": turn(url)}) as web:
        dead = await web.follower().look(PAGE if turned else url)

    assert dead is not None
    assert dead.trouble is Trouble.NOT_PUBLIC
    assert web.connected == [(str(SITE), 80)] * turned


async def test_a_name_that_changes_its_mind_is_judged_at_each_turn() -> None:
    """It was public when it was first asked for."""
    async with internet({"HEAD /page": turn("/again")}) as web:
        web.names["ville.example"] = [(SITE,), (ip_address("127.0.0.1"),)]

        assert await web.follower().look(PAGE) == Dead(Trouble.NOT_PUBLIC, "ville.example")
        assert web.connected == [(str(SITE), 80)]


async def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    """Between the judgement and the call nobody asks for the name again: not for the page either."""
    async with internet({"HEAD /page": GONE, "GET /page": FOUND}) as web:
        web.names["ville.example"] = [(SITE,), (ip_address("127.0.0.1"),)]

        assert await web.follower().look(PAGE) is None
        assert web.looked_up == ["ville.example"]
        assert web.connected == [(str(SITE), 80)] * 2


async def test_few_links_are_followed_at_once() -> None:
    """The others wait."""
    async with internet() as web:
        web.silent = True
        follower = web.follower(timedelta(milliseconds=50))

        async with asyncio.TaskGroup() as group:
            looks = [group.create_task(follower.look(f"{PAGE}{rank}")) for rank in range(6)]
            await web.all_here.wait()
            under_way = len(web.connected)

    assert under_way == 4
    assert [look.result() for look in looks] == [Dead(Trouble.NO_ANSWER)] * 6
