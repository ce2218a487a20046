"""Words that a network keeps back for us: those of the charter that act, as filters of its own, and no others.

What should be is what the charter says and the books leave of it: an article that was found wrong too often only
observes, and is kept back no more. Only articles that remove a message and do no more are: a network that keeps a
message back shows it to nobody, so no case is opened, and nothing can be hidden, reminded of or counted. What was kept
up is compared again and again, so that it is put back; that something is up is remembered, so that it is taken away
when the town wants it no more.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta

from core.appealing import only_observes
from core.disguise import plain_words
from core.errors import PlatformError
from core.identifiers import AccountName, Address, Locale
from core.lexicon import forms
from core.moderation import Action, Enforcement, Rule
from core.ports.clock import Clock
from core.ports.moderator import Filter, Moderator
from core.ports.store import Books, Store
from core.town import Town
from delivery.bells import Rounds
from delivery.order import CHECKED_EVERY, FIRST_PAUSE, LONGEST_PAUSE
from delivery.trouble import Trouble

LASTING = 3  # failures in a row, a minute and a half: the staff is alerted

log = logging.getLogger("parvis.delivery")

Describe = Callable[[Rule, Locale], Awaitable[tuple[str, str]]]
"""The name of a filter, and what is told to whoever writes what it keeps back."""
Wanted = tuple[tuple[Address, ...], tuple[Rule, ...]]


class Filters(Rounds):
    """Keeps those of one account."""

    def __init__(
        self, *, account: AccountName, moderator: Moderator, store: Store, clock: Clock, town: Town, describe: Describe
    ) -> None:
        self._account = account
        self._moderator = moderator
        self._store = store
        self._town = town
        self._describe = describe
        super().__init__(clock, Trouble("filters", account=account))
        self._told: Wanted | None = None
        self._look_at = clock.now()
        self._failures = 0

    async def _do(self) -> None:
        """Compare what should be with what is, when something changed or it is time."""
        wanted = await self._store.read(self._wanted)
        if wanted is not None and (wanted != self._told or self._clock.now() >= self._look_at):
            await self._keep(wanted)

    def _wanted(self, books: Books) -> Wanted | None:
        """None while the town is held, or where nothing is up and nothing should be."""
        on = self._moderator.powers.filters
        if books.town.fact("held") is not None or not (on or books.town.fact(_up(self._account))):
            return None
        places = sorted(self._town.discussions(self._account))
        now_at = tuple(books.town.address(self._account, each) for each in places)
        return now_at, tuple(self._acting(books)) if on else ()

    def _acting(self, books: Books) -> Iterator[Rule]:
        charter = self._town.charter
        for rule in charter.rules:
            if _is_kept_back(rule) and not only_observes(books, rule.article, charter.version):
                yield rule

    async def _filter(self, rule: Rule) -> Filter:
        """In the language of the first of the debates."""
        place = min(self._town.discussions(self._account), default=Address(""))
        name, notice = await self._describe(rule, self._town.locale_of(self._account, place))
        return Filter(name=name, words=tuple(words(rule)), notice=notice)

    async def _keep(self, wanted: Wanted) -> None:
        """That something is up is stored before the call: a crash leaves nothing that nobody takes away."""
        places, rules = wanted
        filters = [await self._filter(each) for each in rules]
        if filters:
            await self._store.write(lambda books: books.town.set_fact(_up(self._account), "up"))
        try:
            with self._hands.at_rest():
                kept = await self._moderator.filter(places, filters)
        except PlatformError as error:
            await self._failed(wanted, error)
            return
        await self._settled(wanted, left_out=[each.name for each in filters[kept:]])
        if not self._moderator.powers.filters:
            await self._store.write(lambda books: books.town.set_fact(_up(self._account), None))

    async def _failed(self, wanted: Wanted, error: PlatformError) -> None:
        """Tried again later and later; said once, to the staff when it does not pass by itself."""
        if not self._failures:
            told = {"account": self._account, "error": type(error).__name__, "detail": error.detail}
            log.error("filters_fail", extra=told)
        self._next(wanted, min(FIRST_PAUSE * 2 ** min(self._failures, 10), LONGEST_PAUSE))
        self._failures += 1
        if self._failures == LASTING:
            await self._store.write(lambda books: books.town.set_fact(unfiltered(self._account), error.detail))

    async def _settled(self, wanted: Wanted, *, left_out: list[str]) -> None:
        if self._failures:
            log.warning("filters_kept_again", extra={"account": self._account})
        if left_out and wanted != self._told:
            log.warning("filters_left_out", extra={"account": self._account, "filters": left_out})
        self._next(wanted, CHECKED_EVERY)
        self._failures = 0
        if await self._store.read(lambda books: books.town.fact(unfiltered(self._account))) is not None:
            await self._store.write(lambda books: books.town.set_fact(unfiltered(self._account), None))

    def _next(self, told: Wanted, pause: timedelta) -> None:
        now: datetime = self._clock.now()
        self._told, self._look_at = told, now + pause


def unfiltered(account: AccountName) -> str:
    """The fact that says why an account's filters are not kept up, while they are not."""
    return f"unfiltered:{account}"


def words(rule: Rule) -> Iterator[str]:
    """Each form of what an article forbids, as it is written and without its accents, once."""
    written = [form for expression in rule.forbidden for form in forms(expression)]
    plain = [" ".join(plain_words(form)) for form in written]
    shown = [form for form, said in zip(written, plain, strict=True) if said and "*" not in form]
    yield from dict.fromkeys(each for each in (*shown, *plain) if each)


def _is_kept_back(rule: Rule) -> bool:
    acts = rule.enforcement is Enforcement.ENFORCE and rule.action is Action.REMOVE
    return acts and next(words(rule), None) is not None


def _up(account: AccountName) -> str:
    return f"filters:{account}"
