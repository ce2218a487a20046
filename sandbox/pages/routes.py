"""The page's addresses: one page, its pictures, its news, and what a citizen does on it.

Everything works by plain forms; the script in ``static/`` only saves the reloading. Nothing of ours is loaded from
elsewhere, and the policy sent with every answer forbids it.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from sandbox.clock import StageClock
from sandbox.pages.views import Eyes
from sandbox.pages.watcher import Reader, Watcher
from sandbox.pages.words import LANGUAGES, preferred, words
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.values import AUTOMATIC_FORWARDER, User
from sandbox.telegram.world import World

_FOLDER = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATIC = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
_ANSWER_PATIENCE = 2.0  # real seconds a page without script waits for the answer to a press
_NEWS_APART = 0.15  # real seconds between two pieces of news to one page
_HEARTBEAT = 15.0
_TOUCHING = frozenset({"press", "write", "start", "block"})

Act = Callable[["Visit", Mapping[str, str]], str | None]  # the number of a press that waits for its answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who looks at what, as the address says."""

    who: User
    chat: int
    language: str
    reply: int | None = None

    def address(self, **changes: object) -> str:
        """The address of this visit, or of one that differs in something."""
        where = {"who": self.who.id, "chat": self.chat, "lang": self.language} | changes
        return "/?" + urlencode({name: value for name, value in where.items() if value is not None})


class Page:
    """The chat page of one world, with its hours in the zone of this IANA name.

    ``read`` comes first; ``attach`` adds the page to a web application before that starts. Without ``turns`` the
    visitor cannot turn the clock.
    """

    def __init__(self, world: World, clock: StageClock, *, zone: str, turns: bool = True) -> None:
        self._world = world
        self._clock = clock
        self._turns = turns
        self._zone_name = zone
        self._zone: tzinfo = UTC
        self._watcher = Watcher(world)
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters["about"] = _about
        self._files: dict[str, str] = {}
        self._acts: Mapping[str, Act] = {
            "press": self._press,
            "write": self._write,
            "start": self._start,
            "block": self._block,
            "clock": self._turn,
        }
        clock.subscribe(self._watcher.ring)

    def read(self) -> None:
        """Read everything the page is made of, so that showing it never waits for a disk. Blocks: use a thread."""
        self._zone = ZoneInfo(self._zone_name)
        for name in self._environment.list_templates():
            self._environment.get_template(name)
        for language in LANGUAGES:
            words(language)
        self._files = {name: (_FOLDER / "static" / name).read_text(encoding="utf-8") for name in _STATIC}

    def attach(self, application: web.Application) -> None:
        """Add the page's addresses."""
        application.router.add_get("/", self._show)
        application.router.add_get("/news", self._news)
        application.router.add_get(r"/photo/{id:[\w-]+}", self._photo)
        application.router.add_get(r"/static/{name:[\w.]+}", self._static)
        application.router.add_post(r"/{act:press|write|start|block|clock}", self._do)

    # ── looking ──

    async def _show(self, request: web.Request) -> web.Response:
        visit = self._visit(request.query, request)
        screen = Eyes(self._world, self._watcher, visit.who.id).screen(visit.chat, visit.reply)
        visit = replace(visit, chat=screen.open.id)
        toast = self._world.toasts.get(request.query.get("toast", ""))
        html = self._environment.get_template("page.html").render(
            visit=visit,
            words=words(visit.language),
            languages={language: words(language) for language in LANGUAGES},
            people=self._people(),
            screen=screen,
            town=screen.tabs[0].title,
            clock=self._clock,
            turns=self._turns,
            zone=self._zone,
            toast=toast if toast is not None and toast.user == visit.who.id else None,
            notice=request.query.get("notice") == "gone",
        )
        return _answer(html, "text/html")

    def _visit(self, query: Mapping[str, str], request: web.Request) -> Visit:
        people = self._people()
        who = next((user for user in people if str(user.id) == query.get("who")), people[0])
        language = query.get("lang", "")
        if language not in LANGUAGES:
            language = preferred(request.headers.get("Accept-Language", ""))
        return Visit(
            who=who, chat=_number(query.get("chat")) or 0, language=language, reply=_number(query.get("reply"))
        )

    def _people(self) -> list[User]:
        return [user for user in self._world.users.values() if not user.is_bot and user.id != AUTOMATIC_FORWARDER]

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound
        return _answer(self._files[name], _STATIC[name])

    async def _photo(self, request: web.Request) -> web.Response:
        content = self._world.contents.get(request.match_info["id"])
        if content is None:
            raise web.HTTPNotFound
        kind = next((kind for start, kind in _PICTURES.items() if content.startswith(start)), "image/webp")
        return web.Response(body=content, content_type=kind, headers=_HEADERS)

    async def _news(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: ``look`` when something changed, ``toast`` with the answer to a press."""
        visit = self._visit(request.query, request)
        headers = {**_HEADERS, "Content-Type": "text/event-stream"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        async with self._watcher.reading(visit.who.id) as reader:
            try:
                while True:
                    await response.write(await _next_news(reader))
                    await asyncio.sleep(_NEWS_APART)
            except ConnectionResetError:
                return response

    # ── doing ──

    async def _do(self, request: web.Request) -> web.Response:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise web.HTTPForbidden
        given = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        visit = self._visit(given, request)
        act = request.match_info["act"]
        if act in _TOUCHING:
            self._clock.touch()
        try:
            pressed = self._acts[act](visit, given)
        except NobodyThere:
            raise web.HTTPSeeOther(visit.address(notice="gone")) from None
        if "X-Live" in request.headers:
            pressed = None  # the script hears of the answer by itself
        if pressed is not None:
            await self._answered(visit, pressed)
        place = f"#m-{_number(given.get('message'))}" if act == "press" else "#text" if act == "write" else ""
        chat = visit.who.id if act in {"start", "block"} else visit.chat
        raise web.HTTPSeeOther(visit.address(chat=chat, toast=pressed) + place)

    async def _answered(self, visit: Visit, pressed: str) -> None:
        """Wait a little for the bot's answer to a press."""
        async with self._watcher.reading(visit.who.id) as reader:
            try:
                async with asyncio.timeout(_ANSWER_PATIENCE):
                    while pressed not in self._world.toasts:
                        reader.bell.clear()
                        await reader.bell.wait()
            except TimeoutError:
                return

    def _press(self, visit: Visit, given: Mapping[str, str]) -> str:
        message = _number(given.get("message")) or 0
        return self._world.press(visit.who.id, visit.chat, message, given.get("data", ""))

    def _write(self, visit: Visit, given: Mapping[str, str]) -> None:
        text = (given.get("command") or given.get("text", "")).strip()
        if text:
            self._world.write(visit.who.id, visit.chat, text, reply_to=visit.reply)

    def _start(self, visit: Visit, given: Mapping[str, str]) -> None:
        self._world.start(visit.who.id, given.get("payload") or None)

    def _block(self, visit: Visit, given: Mapping[str, str]) -> None:  # noqa: ARG002  all acts are called alike
        self._world.block(visit.who.id)

    def _turn(self, visit: Visit, given: Mapping[str, str]) -> None:  # noqa: ARG002  all acts are called alike
        turns: Mapping[str, Callable[[], None]] = {
            "pause": self._clock.pause,
            "resume": self._clock.resume,
            "skip": self._clock.skip,
        }
        turns.get(given.get("turn", ""), self._watcher.ring)()


_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"GIF8": "image/gif"}


async def _next_news(reader: Reader) -> bytes:
    """Toasts first; a comment line when nothing happened for a while, so that a dead page is noticed."""
    try:
        async with asyncio.timeout(_HEARTBEAT):
            await reader.bell.wait()
    except TimeoutError:
        return b": still here\n\n"
    reader.bell.clear()
    toasts = [{"text": toast.text, "alert": toast.alert} for toast in reader.toasts if toast.text]
    reader.toasts.clear()
    news = [f"event: toast\ndata: {json.dumps(toast)}\n\n" for toast in toasts]
    return "".join([*news, "event: look\ndata: \n\n"]).encode()


def _about(sentence: str, name: str) -> Markup:
    """A sentence about somebody; marks in the name that turn the direction of text do not turn the sentence."""
    return escape(sentence).format(Markup("<bdi>{}</bdi>").format(name))


def _answer(text: str, kind: str) -> web.Response:
    """Text that may hold half a character, as hostile texts do."""
    return web.Response(body=text.encode("utf-8", "replace"), content_type=kind, charset="utf-8", headers=_HEADERS)


def _number(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None
