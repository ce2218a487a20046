"""The page's addresses: one page of phones, their pictures, their news, and what a citizen does on them.

Everything works by plain forms; the script in ``static/`` only saves the reloading. Nothing of ours is loaded from
elsewhere, and the policy sent with every answer forbids it.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from sandbox.clock import StageClock
from sandbox.impossible import Impossible
from sandbox.pages.phone import Phone, Resident, Screen, residents
from sandbox.pages.visit import Visit, visit
from sandbox.pages.watcher import Reader, Watcher
from sandbox.pages.words import LANGUAGES, preferred, words

_FOLDER = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"GIF8": "image/gif"}
_ANSWER_PATIENCE = 2.0  # real seconds a page without script waits for the answer to a press
_NEWS_APART = 0.15  # real seconds between two pieces of news to one page
_HEARTBEAT = 15.0


class Page:
    """The phones of one town side by side, with its hours in the zone of this IANA name.

    ``read`` comes first; ``attach`` adds the page to a web application before that starts: that of one of the
    networks, or its own. Without ``turns`` the visitor cannot turn the clock.
    """

    def __init__(self, phones: Iterable[Phone], clock: StageClock, *, zone: str, turns: bool = True) -> None:
        self._phones = {phone.network: phone for phone in phones}
        self._clock = clock
        self._turns = turns
        self._zone_name = zone
        self._zone: tzinfo = UTC
        self._watcher = Watcher(self._phones.values())
        self._page: Template | None = None
        self._files: Mapping[str, str] = {}
        clock.subscribe(self._watcher.ring)

    def read(self) -> None:
        """Read everything the page is made of, so that showing it never waits for a disk. Blocks: use a thread."""
        self._zone = ZoneInfo(self._zone_name)
        self._page = _template()
        self._files = _files()
        for language in LANGUAGES:
            words(language)

    def attach(self, application: web.Application) -> None:
        """Add the page's addresses."""
        networks = "|".join(self._phones)
        application.router.add_get("/", self._show)
        application.router.add_get("/news", self._news)
        application.router.add_get(f"/{{network:{networks}}}/picture/{{id:[\\w-]+}}", self._picture)
        application.router.add_get(r"/static/{name:[\w.]+}", self._static)
        application.router.add_post("/clock", self._turn)
        application.router.add_post(f"/{{network:{networks}}}/{{act:[a-z]+}}", self._do)

    # ── looking ──

    async def _show(self, request: web.Request) -> web.Response:
        if self._page is None:
            raise web.HTTPServiceUnavailable
        here = self._visit(request.query, request)
        screens: dict[str, Screen] = {}
        for network in self._phones:
            if network in here.who.accounts:
                screens[network] = self._phones[network].screen(here.hand(network))
                here = here.at(network, screens[network].place, here.answering.get(network, ""))
        html = self._page.render(
            visit=here,
            words=words(here.language),
            languages={language: words(language) for language in LANGUAGES},
            people=self._people(),
            phones=list(self._phones.values()),
            screens=screens,
            town=next(iter(self._phones.values())).town,
            clock=self._clock,
            turns=self._turns,
            zone=self._zone,
            toasts={network: self._toast(network, here) for network in self._phones},
            gone=here.once.get("notice", ""),
        )
        return _answer(html, "text/html")

    def _toast(self, network: str, here: Visit) -> object:
        """The answer to the press that the address names, if it was made on this network by this person."""
        where, _, press = here.once.get("toast", "").partition("/")
        if where != network or network not in here.who.accounts:
            return None
        return self._phones[network].toast(press, here.who.accounts[network])

    def _visit(self, query: Mapping[str, str], request: web.Request) -> Visit:
        language = query.get("lang", "")
        if language not in LANGUAGES:
            language = preferred(request.headers.get("Accept-Language", ""))
        return visit(query, self._people(), self._phones, language)

    def _people(self) -> list[Resident]:
        return residents(self._phones.values())

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound
        return _answer(self._files[name], _KINDS[Path(name).suffix])

    async def _picture(self, request: web.Request) -> web.Response:
        content = self._phones[request.match_info["network"]].picture(request.match_info["id"])
        if content is None:
            raise web.HTTPNotFound
        kind = next((kind for start, kind in _PICTURES.items() if content.startswith(start)), "image/webp")
        return web.Response(body=content, content_type=kind, headers=_HEADERS)

    async def _news(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: ``look`` when something changed, ``toast`` with the answer to a press."""
        here = self._visit(request.query, request)
        headers = {**_HEADERS, "Content-Type": "text/event-stream"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        async with self._watcher.reading(here.who) as reader:
            try:
                while True:
                    await response.write(await _next_news(reader))
                    await asyncio.sleep(_NEWS_APART)
            except ConnectionResetError:
                return response

    # ── doing ──

    async def _do(self, request: web.Request) -> web.Response:
        here, fields = await self._sent(request)
        network = request.match_info["network"]
        act = self._phones[network].acts.get(request.match_info["act"])
        if act is None or network not in here.who.accounts:
            raise web.HTTPNotFound
        self._clock.touch()
        try:
            done = act(here.hand(network, fields))
        except Impossible:
            raise web.HTTPSeeOther(f"/?{here.telling(notice=network).query}") from None
        told = None
        if done.waits is not None and "X-Live" not in request.headers:  # a script hears of the answer by itself
            await self._answered(here, network, done.waits)
            told = f"{network}/{done.waits}"
        there = here.at(network, here.places.get(network, "") if done.place is None else done.place)
        raise web.HTTPSeeOther(f"/?{there.telling(toast=told).query}{f'#{done.part}' if done.part else ''}")

    async def _turn(self, request: web.Request) -> web.Response:
        here, fields = await self._sent(request)
        turns: Mapping[str, Callable[[], None]] = {
            "pause": self._clock.pause,
            "resume": self._clock.resume,
            "skip": self._clock.skip,
        }
        turns.get("".join(fields.get("turn", ())), self._watcher.ring)()
        raise web.HTTPSeeOther(f"/?{here.query}")

    async def _sent(self, request: web.Request) -> tuple[Visit, Mapping[str, list[str]]]:
        """Who sent a form from where (its field ``at``), and its fields. Forms of other sites are refused."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise web.HTTPForbidden
        given = await request.post()
        fields = {name: [one for one in given.getall(name) if isinstance(one, str)] for name in given}
        at = dict(parse_qsl("".join(fields.pop("at", ()))))
        return self._visit(at, request).telling(), fields

    async def _answered(self, here: Visit, network: str, press: str) -> None:
        """Wait a little for the bot's answer to a press."""
        phone, account = self._phones[network], here.who.accounts[network]
        async with self._watcher.reading(here.who) as reader:
            try:
                async with asyncio.timeout(_ANSWER_PATIENCE):
                    while phone.toast(press, account) is None:
                        reader.bell.clear()
                        await reader.bell.wait()
            except TimeoutError:
                return


def at_the_real_hour(*phones: Phone, zone: str = "Europe/Paris") -> Page:
    """A page whose time is that of the visitor's own clocks, and cannot be turned."""
    return Page(phones, StageClock(datetime.now(UTC), flowing=True), zone=zone, turns=False)


@cache
def _template() -> Template:
    """The page's template, with those it is made of, compiled once."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["about"] = _about
    for name in environment.list_templates():
        environment.get_template(name)
    return environment.get_template("page.html")


@cache
def _files() -> Mapping[str, str]:
    """The look and the script, by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in (_FOLDER / "static").iterdir()}


async def _next_news(reader: Reader) -> bytes:
    """Toasts first; a comment line when nothing happened for a while, so that a dead page is noticed."""
    try:
        async with asyncio.timeout(_HEARTBEAT):
            await reader.bell.wait()
    except TimeoutError:
        return b": still here\n\n"
    reader.bell.clear()
    toasts = [{"network": network, "text": toast.text, "alert": toast.alert} for network, toast in reader.toasts]
    reader.toasts.clear()
    news = [f"event: toast\ndata: {json.dumps(toast)}\n\n" for toast in toasts]
    return "".join([*news, "event: look\ndata: \n\n"]).encode()


def _about(sentence: str, *names: str) -> Markup:
    """A sentence about people; marks in names that turn the direction of text do not turn the sentence."""
    return escape(sentence).format(*(Markup("<bdi>{}</bdi>").format(name) for name in names))


def _answer(text: str, kind: str) -> web.Response:
    """Text that may hold half a character, as hostile texts do."""
    return web.Response(body=text.encode("utf-8", "replace"), content_type=kind, charset="utf-8", headers=_HEADERS)
