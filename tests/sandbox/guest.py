"""A browser without script at a page of phones."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import ClientSession, FormData


class Guest:
    """Somebody at the phones of one citizen; ``places`` is what is open on each, ``seen`` the page as last shown."""

    def __init__(self, session: ClientSession, url: str, who: object, **places: object) -> None:
        self.session = session
        self.url = url
        self.who = who
        self.places: dict[str, object] = places
        self.seen = ""
        self.where: dict[str, list[str]] = {}

    async def looks(self, *, headers: dict[str, str] | None = None, **query: object) -> str:
        """Open the page."""
        async with self.session.get(f"{self.url}/", params=self._at(query), headers=headers) as answer:
            self.seen = await answer.text()
        return self.seen

    async def does(
        self, act: str, *, headers: dict[str, str] | None = None, reply: object = "", **fields: object
    ) -> int:
        """Send a form, ``act`` being the end of its address, and follow to the page it leads to; the status."""
        network = act.partition("/")[0]
        form = FormData({"at": urlencode(self._at({f"{network}-reply": reply} if reply else {}))})
        for name, given in fields.items():
            for value in given if isinstance(given, Sequence) and not isinstance(given, str) else [given]:
                form.add_field(name.replace("__", "-"), str(value))
        async with self.session.post(f"{self.url}/{act}", data=form, headers=headers) as answer:
            self.seen = await answer.text()
            self.where = parse_qs(urlsplit(str(answer.url)).query)
            return answer.status

    def _at(self, changed: Mapping[str, object]) -> dict[str, str]:
        """The address of these phones, or one that differs in something."""
        return {name: str(value) for name, value in ({"who": self.who} | self.places | dict(changed)).items()}
