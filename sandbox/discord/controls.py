"""What can be pressed, chosen, typed and ordered: components, polls, forms, commands, as values for a template."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from sandbox.discord import permissions
from sandbox.discord.marked import Marked
from sandbox.discord.orders import GROUP, SUBCOMMAND
from sandbox.discord.places import Bot
from sandbox.discord.texts import walk
from sandbox.discord.values import Channel, Json, Kind, Poll

ROW, BUTTON, MENU, WORDS, LABEL, LINK = 1, 2, 3, 10, 18, 5
STYLES = {1: "primary", 3: "success", 4: "danger", 5: "link"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that can be chosen."""

    value: str
    label: str
    description: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A button, a menu or a field: ``kind`` is button, menu, line, paragraph, radio, ticks, tick or words."""

    kind: str
    name: str
    label: str = ""
    style: str = ""
    url: str = ""
    hint: str = ""
    value: str = ""
    disabled: bool = False
    needed: bool = False
    most: int = 1
    longest: int = 4000
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a message below its text: words, or controls in a row."""

    html: Markup | None = None
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a native poll as one person sees it. ``share`` is in hundredths of all votes."""

    number: int
    text: str
    votes: int
    share: int
    mine: bool
    ahead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A native poll as one person sees it."""

    question: str
    answers: tuple[Answer, ...]
    several: bool
    total: int
    voted: bool
    over: bool
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command: what is given to the world (``name``), what is read, and its fields."""

    name: str
    label: str
    description: str
    fields: tuple[Control, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that is open."""

    title: str
    fields: tuple[Control, ...]


def blocks(components: Sequence[Json], marked: Marked) -> Iterator[Block]:
    """What stands below a message: rows, and words of the newer layout; a section's button in a row of its own."""
    rowed: set[int] = set()
    for part in walk(components):
        if part.get("type") == ROW:
            below = part.get("components")
            inside = [one for one in (below if isinstance(below, list) else []) if isinstance(one, dict)]
            rowed.update(map(id, inside))
            yield Block(controls=tuple(map(_control, inside)))
        elif part.get("type") == WORDS:
            yield Block(html=marked.html(str(part.get("content", ""))))
        elif part.get("type") in {BUTTON, MENU} and id(part) not in rowed:
            yield Block(controls=(_control(part),))


def _control(part: Json) -> Control:
    name, off = str(part.get("custom_id") or ""), part.get("disabled") is True
    if part.get("type") != BUTTON:
        return Control(kind="menu", name=name, hint=str(part.get("placeholder") or ""), disabled=off,
                       most=_whole(part.get("max_values"), 1), choices=_choices(part))  # fmt: skip
    emoji = part.get("emoji")
    sign = str(emoji.get("name") or "") if isinstance(emoji, dict) else ""
    label = " ".join(word for word in (sign, str(part.get("label") or "")) if word)
    style = STYLES.get(_whole(part.get("style"), 2), "secondary")
    url = str(part.get("url") or "")
    safe = url if url.startswith(("https://", "http://")) else ""
    return Control(kind="button", name=name, label=label, style=style, url=safe, disabled=off)


def ballot(poll: Poll, viewer: int) -> Ballot:
    """A native poll as somebody sees it."""
    counts = {answer.id: len(poll.voters(answer.id)) for answer in poll.answers}
    total, most = sum(counts.values()), max(counts.values(), default=0)
    mine = poll.votes.get(viewer, frozenset())
    answers = tuple(
        Answer(
            number=answer.id,
            text=" ".join(filter(None, (str((answer.emoji or {}).get("name") or ""), answer.text))),
            votes=counts[answer.id],
            share=round(100 * counts[answer.id] / total) if total else 0,
            mine=answer.id in mine,
            ahead=counts[answer.id] == most > 0,
        )
        for answer in poll.answers
    )
    return Ballot(question=poll.question, answers=answers, several=poll.multiple, total=total, voted=bool(mine),
                  over=poll.closed_at is not None, closes_at=poll.closed_at or poll.expires_at)  # fmt: skip


def form(shown: Json) -> Form:
    """The form that a program has opened, field by field."""
    components = shown.get("components")
    return Form(title=str(shown.get("title", "")),
                fields=tuple(_fields(components if isinstance(components, list) else [])))  # fmt: skip


def _fields(parts: Sequence[object], label: str = "", hint: str = "") -> Iterator[Control]:
    for part in parts:
        if not isinstance(part, dict):
            continue
        below = part.get("components")
        if part.get("type") == ROW and isinstance(below, list):
            yield from _fields(below)
        elif part.get("type") == LABEL:
            yield from _fields([part.get("component")], str(part.get("label", "")), str(part.get("description") or ""))
        elif part.get("type") == WORDS:
            yield Control(kind="words", name="", label=str(part.get("content", "")))
        else:
            yield _field(part, label or str(part.get("label") or part.get("placeholder") or ""), hint)


def _field(part: Json, label: str, hint: str) -> Control:
    kinds = {4: "paragraph" if part.get("style") == 2 else "line", 21: "radio", 22: "ticks", 23: "tick"}
    return Control(
        kind=kinds.get(_whole(part.get("type"), 4), "menu"),
        name=str(part.get("custom_id") or ""),
        label=label,
        hint=hint or str(part.get("placeholder") or ""),
        value=str(part.get("value") or ""),
        needed=part.get("required") is not False,
        most=_whole(part.get("max_values"), 1),
        longest=_whole(part.get("max_length"), 4000),
        choices=_choices(part),
    )


def entered(shown: Form, given: Mapping[str, Sequence[str]]) -> dict[str, str | list[str] | bool]:
    """What was filled in, as the world takes it; ``given`` are the fields of the page's form, each ``f-`` its name."""
    values: dict[str, str | list[str] | bool] = {}
    for one in shown.fields:
        said = list(given.get(f"f-{one.name}", ()))
        if one.kind == "tick":
            values[one.name] = bool(said)
        elif one.kind in {"menu", "ticks"}:
            values[one.name] = said
        elif one.kind != "words" and said:
            values[one.name] = said[0]
    return values


def commands(bot: Bot, channel: Channel, allowed: int, locale: str, kind: int = 1) -> Iterator[Command]:
    """The commands of one kind that the application shows somebody here, in their language."""
    place = 1 if channel.kind is Kind.DM else 0
    for shelf in dict.fromkeys((channel.guild, None)):
        for command in bot.commands.get(shelf, {}).values():
            contexts, needed = command.get("contexts"), command.get("default_member_permissions")
            here = not isinstance(contexts, list) or place in contexts
            may = needed is None or not int(str(needed)) & ~allowed
            if command.get("type", 1) == kind and here and may and allowed & permissions.USE_APPLICATION_COMMANDS:
                yield from _entries(command, locale, ())


def _entries(command: Json, locale: str, above: tuple[Json, ...]) -> Iterator[Command]:
    path = (*above, command)
    listed = command.get("options")
    options = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]
    below = [one for one in options if one.get("type") in {SUBCOMMAND, GROUP}]
    for one in below:
        yield from _entries(one, locale, path)
    if not below:
        yield Command(
            name=" ".join(str(one["name"]) for one in path),
            label=" ".join(_said(one, "name", locale) for one in path),
            description=_said(command, "description", locale),
            fields=tuple(_option(one, locale) for one in options),
        )


def _option(option: Json, locale: str) -> Control:
    listed = option.get("choices")
    offered = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]
    choices = tuple(Choice(value=str(one["value"]), label=_said(one, "name", locale)) for one in offered)
    kind = "menu" if choices else "tick" if option.get("type") == 5 else "line"
    return Control(kind=kind, name=str(option["name"]), label=_said(option, "name", locale), choices=choices,
                   hint=_said(option, "description", locale), needed=option.get("required") is True,
                   style="number" if option.get("type") in {4, 10} else "",
                   longest=_whole(option.get("max_length"), 6000))  # fmt: skip


def _said(part: Json, name: str, locale: str) -> str:
    """A name or a description in this language, if there is one."""
    translated = part.get(f"{name}_localizations")
    if isinstance(translated, dict) and translated.get(locale):
        return str(translated[locale])
    return str(part.get(name) or "")


def _choices(part: Json) -> tuple[Choice, ...]:
    listed = part.get("options")
    return tuple(
        Choice(value=str(one.get("value")), label=str(one.get("label")), description=str(one.get("description") or ""),
               chosen=one.get("default") is True)
        for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)
    )  # fmt: skip


def _whole(value: object, usual: int) -> int:
    return value if isinstance(value, int) else usual
