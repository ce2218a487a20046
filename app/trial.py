"""A campaign shown to the staff before anybody else: each message in the channels of the staff, and nowhere else.

Made by the words and the planner of calls that publish, for the networks on which the staff has a channel. It is marked
as a test; no button and no poll of it can be used, nothing is pinned, and the ledger knows nothing of it.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.accounts import introduction, platform_of
from app.clock import SystemClock
from app.settings import Account, Settings
from campaigns.files import read
from campaigns.preview import message_of
from campaigns.public_holidays import days_off
from core.audience import StaffChannel
from core.campaign import Campaign, Step
from core.capabilities import Capabilities, without_native_poll
from core.delivery import Urgency
from core.errors import ParvisError, PlatformError
from core.identifiers import AccountName, Locale
from core.messages import Delivered, PollReminder, ResultsPublished, Thanks
from core.ports.platform import Platform
from core.ports.words import Words
from core.post import Post, Receipt
from core.richtext import RichText
from core.staff_messages import TrialShown
from core.timetable import Timetable
from templates.render import JinjaWords

SUBSCRIBERS = "subscribers"


class NothingToShow(ParvisError):
    """There is nobody to show it to, or no such step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One message as one kind of reader gets it, and above it what it is."""

    said: Delivered
    mark: TrialShown
    locale: Locale


async def show(
    settings: Settings, file: Path, known: Mapping[AccountName, str], *, step: str | None
) -> tuple[str, ...]:
    """Show the steps of a campaign, or one, to the staff; a line for each message. Raises NothingToShow.

    ``known`` is what each account learnt when it was last opened.
    """
    names = tuple(channel.name for channel in settings.town.channels)
    campaign = await asyncio.to_thread(read, file, channels=names, start=SystemClock().now())
    steps = [each for each in campaign.steps if step is None or each.name == step]
    rooms = [
        room for room in settings.town.staff_channels if any(room.account == each.name for each in settings.accounts)
    ]
    if not steps:
        raise NothingToShow(f"the campaign {campaign.id} has no step «{step}» (see: parvis campaign show)")
    if not rooms:
        raise NothingToShow("name a channel of the staff first, in a table [[staff.channels]]")
    words = await asyncio.to_thread(JinjaWords, town=settings.town.name, pictures=settings.pictures)
    await asyncio.to_thread(days_off, campaign.place)
    lines: list[str] = []
    for account in settings.accounts:
        theirs = [room for room in rooms if room.account == account.name]
        trials = list(_trials(settings, campaign, steps, account)) if theirs else []
        if trials:
            lines += await _on(account, settings, theirs, trials, words=words, known=known.get(account.name))
    return tuple(lines) or (f"Nothing of {campaign.id} goes to a network on which the staff has a channel.",)


def _trials(settings: Settings, campaign: Campaign, steps: list[Step], account: Account) -> Iterator[Trial]:
    """Every message of these steps, once for each language that the account speaks in."""
    timetable = Timetable(campaign, SystemClock().now(), is_holiday=days_off(campaign.place))
    polls = {poll.id: poll for poll in timetable.polls()}
    readers: list[tuple[str, Locale]] = [
        (each.name, each.locale)
        for each in settings.town.channels
        if each.account == account.name and each.name in campaign.audience.channels
    ]
    readers += [(SUBSCRIBERS, locale) for locale in Locale] if campaign.audience.subscribers else []
    for each in steps:
        message = message_of(campaign, each, polls)
        shown: set[Locale] = set()
        for place, locale in readers:
            if message is None or locale in shown:
                continue
            shown.add(locale)
            mark = TrialShown(
                campaign=campaign.title,
                step=each.name,
                place=place,
                at=next(iter(timetable.of(each))).at,
                zone=campaign.zone.key,
                poll=each.subject in polls,
                example=isinstance(message, PollReminder | ResultsPublished | Thanks),
            )
            yield Trial(said=message, mark=mark, locale=locale)


async def _on(
    account: Account,
    settings: Settings,
    rooms: list[StaffChannel],
    trials: list[Trial],
    *,
    words: Words,
    known: str | None,
) -> list[str]:
    platform = await asyncio.to_thread(platform_of, account, settings, SystemClock())
    try:
        await platform.open(await asyncio.to_thread(introduction), known=known)
        return [await _shown(platform, room, trial, words) for trial in trials for room in rooms]
    finally:
        await platform.close()


async def _shown(platform: Platform, room: StaffChannel, trial: Trial, words: Words) -> str:
    where = f"{trial.mark.step}, for {trial.mark.place}: {room.account}"
    try:
        post = framed(words, trial, platform.capabilities)
        before: list[Receipt] = []
        for part in platform.plan(post, room.address):
            async with platform.turn(room.address, Urgency.ANSWER):
                before += await platform.send(part, key="", before=before)
    except PlatformError as error:
        return f"{where}: NOT SHOWN, {error.detail}"
    return f"{where}: shown"


def framed(words: Words, trial: Trial, on: Capabilities) -> Post:
    """The post with its mark above and its buttons as words below; nothing of it can be pressed or pinned."""
    mark = words.post(trial.mark, trial.locale, on)
    post = words.post(trial.said, trial.locale, without_native_poll(on))
    labels = "\n".join(f"[ {button.label} ]" for row in post.buttons for button in row)
    below = RichText.of(f"\n\n{labels}" if labels else "")
    return replace(post, text=mark.text + RichText.of("\n\n") + post.text + below, buttons=(), pinned=False)
