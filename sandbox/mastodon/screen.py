"""What a citizen's phone with Mastodon shows, as plain values for the template."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from markupsafe import Markup

from sandbox.mastodon.marked import marked
from sandbox.mastodon.values import Account, Media, Poll, Status, Visibility, order
from sandbox.mastodon.world import World
from sandbox.pages.phone import Hand

MOST_POSTS = 60
HOME, LOCAL, NOTICES, PRIVATE, PROFILE = "home", "local", "notices", "private", "profile"
PLACES = (HOME, LOCAL, NOTICES, PRIVATE, PROFILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as others see them. ``handle`` is their name with the server."""

    id: str
    name: str
    handle: str
    hue: int
    is_bot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a poll; without ``votes`` when they are hidden. ``share`` is in hundredths of the voters."""

    number: int
    text: str
    votes: int | None
    share: int
    mine: bool
    ahead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A poll as one person sees it. ``may`` is whether they can vote now."""

    options: tuple[Option, ...]
    several: bool
    voters: int
    over: bool
    may: bool
    voted: bool
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Toot:
    """One post. ``booster`` shared it, ``told`` says what a notification is about; ``large`` is the one that is read.

    ``reply_to`` is whom it answers.
    """

    id: str
    status: str
    author: Person
    at: datetime
    own: bool
    visibility: Visibility
    html: Markup
    plain: str
    spoiler: str = ""
    sensitive: bool = False
    language: str | None = None
    edited: bool = False
    media: tuple[Media, ...] = ()
    poll: Ballot | None = None
    reply_to: Person | None = None
    replies: int = 0
    boosts: int = 0
    stars: int = 0
    boosted: bool = False
    starred: bool = False
    booster: Person | None = None
    told: str = ""
    teller: Person | None = None
    large: bool = False
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The town's own page. ``follows`` is no, asked or yes."""

    person: Person
    note: str
    fields: tuple[tuple[str, str], ...]
    posts: int
    followers: int
    follows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A list of posts. ``last`` is the newest in it."""

    place: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A phone with one list of posts, or one conversation (``thread``), open. ``bot`` is the town's account."""

    place: str
    tabs: tuple[Tab, ...]
    me: Person
    bot: Person
    thread: bool
    toots: tuple[Toot, ...]
    more: bool
    profile: Profile | None
    answering: Toot | None
    blocked: bool
    longest: int
    visibility: Visibility


class Eyes:
    """Looks at the world for one citizen."""

    def __init__(self, world: World, user: str) -> None:
        self._world = world
        self._user = user
        self._bot = world.the_bot()

    def screen(self, hand: Hand) -> Screen:
        """The phone with this list or conversation open; home when there is no such one."""
        opened = self._seen(hand.place)
        place = hand.place if hand.place in PLACES or opened else self._first()
        toots = list(islice(self._thread(opened) if opened else self._listed(place), MOST_POSTS + 1))
        answered = self._seen(hand.answering)
        return Screen(
            place=place,
            tabs=tuple(Tab(place=one, last=self._last(one)) for one in PLACES),
            me=self._person(self._world.account(self._user)),
            bot=self._person(self._bot),
            thread=opened is not None,
            toots=tuple(toots[:MOST_POSTS]),
            more=len(toots) > MOST_POSTS,
            profile=self._profile() if place == PROFILE else None,
            answering=self._toot(answered) if answered is not None else None,
            blocked=(self._user, self._bot.id) in self._world.blocks,
            longest=self._world.profile.max_characters,
            visibility="direct" if place == PRIVATE else answered.visibility if answered else "public",
        )

    def _first(self) -> str:
        return HOME if (self._user, self._bot.id) in self._world.follows else LOCAL

    def _seen(self, number: str) -> Status | None:
        """The post with this number, if this person sees it; of a boost, what is boosted."""
        found = self._world.statuses.get(number)
        found = self._world.statuses.get(found.boost_of) if found is not None and found.boost_of else found
        return found if found is not None and self._world.sees(self._user, found) else None

    def _last(self, place: str) -> str:
        if place == NOTICES:
            told = [notice.id for notice in self._world.notifications.get(self._user, ())]
            return max((*told, *(one.id for one in islice(self._mentions(), 1))), key=order, default="")
        return next((status.id for status in self._standing(place)), "")

    # ── lists, the newest first ──

    def _listed(self, place: str) -> Iterator[Toot]:
        """The posts of a list, each once: it may have been shared by several people, or posted just before."""
        if place == NOTICES:
            yield from sorted(self._notices(), key=lambda toot: order(toot.id), reverse=True)
            return
        pinned, seen = self._world.pins.get(self._bot.id, []), set[str]()
        for status in self._standing(place):
            toot = self._toot(status)
            if toot is not None and toot.status not in seen:
                seen.add(toot.status)
                yield replace(toot, pinned=place == PROFILE and status.id in pinned)

    def _standing(self, place: str) -> Iterator[Status]:
        for status in reversed(self._world.statuses.values()):
            if self._world.sees(self._user, status) and self._belongs(place, status):
                yield status

    def _mentions(self) -> Iterator[Status]:
        """The posts that name this person, but for private ones."""
        for status in reversed(self._world.statuses.values()):
            named = self._user in status.mentions and self._user != status.account
            if named and status.visibility != "direct" and self._world.sees(self._user, status):
                yield status

    def _belongs(self, place: str, status: Status) -> bool:
        """Whether a post stands in a list; boosts by people whom this person follows stand at home."""
        followed = status.account == self._user or (self._user, status.account) in self._world.follows
        match place:
            case "private":
                return status.visibility == "direct" and self._user in {status.account, *status.mentions}
            case "home":
                return followed and status.visibility != "direct"
            case "profile":
                return status.account == self._bot.id and status.visibility != "direct" and status.reply_to is None
            case _:
                return status.visibility == "public" and status.boost_of is None and status.reply_to is None

    def _notices(self) -> Iterator[Toot]:
        """Mentions, and for people of this server what else they are told."""
        for status in islice(self._mentions(), MOST_POSTS):
            toot = self._toot(status)
            if toot is not None:
                yield replace(toot, told="mention", teller=toot.author)
        for notice in self._world.notifications.get(self._user, ()):
            seen = self._seen(notice.status or "")
            toot = self._toot(seen) if seen is not None and notice.kind != "mention" else None
            if toot is not None:
                teller = self._person(self._world.account(notice.sender))
                yield replace(toot, id=notice.id, told=notice.kind, teller=teller, at=notice.at)

    def _thread(self, status: Status) -> Iterator[Toot]:
        """What it answers, the post, and what answers it, as far as this person sees them."""
        above: list[Status] = []
        found = self._world.statuses.get(status.reply_to or "")
        while found is not None:
            above.append(found)
            found = self._world.statuses.get(found.reply_to or "")
        for one in (*reversed(above), status, *self._below(status)):
            toot = self._toot(one) if self._world.sees(self._user, one) else None
            if toot is not None:
                yield replace(toot, large=one.id == status.id)

    def _below(self, status: Status) -> Iterator[Status]:
        for answer in self._world.replies_to(status.id):
            yield answer
            yield from self._below(answer)

    # ── posts ──

    def _toot(self, status: Status) -> Toot | None:
        """A post; of a boost, the boosted one under the booster's name."""
        if status.boost_of is not None:
            original = self._seen(status.boost_of)
            made = None if original is None else self._toot(original)
            booster = self._person(self._world.account(status.account))
            return None if made is None else replace(made, id=status.id, booster=booster)
        world = self._world
        boosters = {boost.account for boost in world.boosts_of(status.id)}
        stars = world.favourites.get(status.id, {})
        answered = world.statuses.get(status.reply_to or "")
        poll = world.polls.get(status.poll or "")
        return Toot(
            id=status.id,
            status=status.id,
            author=self._person(world.account(status.account)),
            at=status.created_at,
            own=status.account == self._user,
            visibility=status.visibility,
            html=marked(status.text, world.find),
            plain=status.text,
            spoiler=status.spoiler,
            sensitive=status.sensitive,
            language=status.language,
            edited=status.edited_at is not None,
            media=tuple(world.media[number] for number in status.media),
            poll=None if poll is None else self._ballot(poll, own=status.account == self._user),
            reply_to=None if answered is None else self._person(world.account(answered.account)),
            replies=len(world.replies_to(status.id)),
            boosts=len(boosters),
            stars=len(stars),
            boosted=self._user in boosters,
            starred=self._user in stars,
        )

    def _ballot(self, poll: Poll, *, own: bool) -> Ballot:
        over = poll.ended or poll.expires_at <= self._world.clock.now()
        voted = self._user in poll.votes
        hidden = poll.hide_totals and not over
        counts = [poll.count(option) for option in range(len(poll.options))]
        voters, most = len(poll.votes), max(counts, default=0)
        options = tuple(
            Option(
                number=number,
                text=text,
                votes=None if hidden else counts[number],
                share=0 if hidden or not voters else round(100 * counts[number] / voters),
                mine=number in poll.votes.get(self._user, ()),
                ahead=not hidden and counts[number] == most > 0,
            )
            for number, text in enumerate(poll.options)
        )
        return Ballot(options=options, several=poll.multiple, voters=voters, over=over, may=not (over or voted or own),
                      voted=voted, closes_at=poll.expires_at)  # fmt: skip

    def _person(self, account: Account) -> Person:
        name = account.display_name or account.username
        handle = f"@{account.username}@{account.domain or self._world.domain}"
        return Person(id=account.id, name=name, handle=handle, hue=_hue(handle), is_bot=account.bot)

    def _profile(self) -> Profile:
        bot, world = self._bot, self._world
        asked, follows = (self._user, bot.id) in world.requested, (self._user, bot.id) in world.follows
        return Profile(
            person=self._person(bot),
            note=bot.note,
            fields=tuple((field.name, field.value) for field in bot.fields),
            posts=world.statuses.count_by(bot.id)[0],
            followers=sum(followed == bot.id for _, followed in world.follows),
            follows="yes" if follows else "asked" if asked else "no",
        )


def _hue(handle: str) -> int:
    return sum(map(ord, handle)) % 7
