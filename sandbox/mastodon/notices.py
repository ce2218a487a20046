"""Who is told what: notifications, and the policy that hides some of them (``app/services/notify_service.rb``)."""

from dataclasses import replace
from datetime import timedelta

from sandbox.journal import Journal
from sandbox.mastodon.errors import NobodyThere
from sandbox.mastodon.places import Places
from sandbox.mastodon.profiles import MASTODON, Profile
from sandbox.mastodon.shapes import Shapes, moment
from sandbox.mastodon.streams import Streams
from sandbox.mastodon.values import Account, Change, Json, Notification, Report, Status
from sandbox.real_clock import Clock

NEW = timedelta(days=30)
CHOICES = frozenset({"accept", "filter", "drop"})
# db/schema.rb notification_policies: what holds until somebody says otherwise
DEFAULTS = {
    "for_not_following": "accept",
    "for_not_followers": "accept",
    "for_new_accounts": "accept",
    "for_private_mentions": "filter",
    "for_limited_accounts": "filter",
    "for_bots": "accept",
}
NEVER_FILTERED = frozenset({"poll", "moderation_warning", "severed_relationships", "update", "admin.report"})


class Notices(Places):
    """Tells accounts of this server, on their lists and on their streams."""

    def __init__(self, *, clock: Clock, journal: Journal, profile: Profile = MASTODON, domain: str) -> None:
        super().__init__(clock=clock, journal=journal, profile=profile, domain=domain)
        self.shape = Shapes(self)
        self.streams = Streams()
        self.policies: dict[str, dict[str, str]] = {}
        self.permitted: set[tuple[str, str]] = set()
        self.handed: dict[str, str] = {}

    def policy(self, account: str) -> dict[str, str]:
        """What happens to notifications of which kind; nothing is filtered where servers have no policies."""
        if not self.profile.policies:
            return dict.fromkeys(DEFAULTS, "accept")
        return self.policies.setdefault(account, dict(DEFAULTS))

    def notify(self, recipient: str, kind: str, sender: str, status: Status | None = None) -> None:
        """Tell somebody of this server, unless they do not want to know."""
        if self.accounts[recipient].domain is not None or self._unwanted(recipient, sender, kind):
            return
        verdict = self._verdict(recipient, kind, self.accounts[sender], status)
        if verdict == "drop":
            return
        self._add(
            Notification(
                id=self.ids.next(),
                account=recipient,
                kind=kind,
                sender=sender,
                status=None if status is None else status.id,
                at=self.clock.now(),
                filtered=verdict == "filter",
            )
        )

    def inject(self, bot: Account, raw: Json) -> str:
        """Notify exactly as given, well formed or not, under the next number unless it has one; the number."""
        given = raw.get("id")
        number = given if isinstance(given, str) else self.ids.next()
        self.note("injected", bot=bot.id, update=raw, number=number)
        self._add(Notification(id=number, account=bot.id, kind=str(raw.get("type")), sender=bot.id, status=None,
                               at=self.clock.now(), raw=raw))  # fmt: skip
        return number

    def file(self, report: Report) -> None:
        """Somebody is reported, and the staff of the server hears of it: whom, by whom, and why."""
        self.reports.append(report)
        raw: Json = {
            "type": "admin.report",
            "created_at": moment(report.at),
            "account": self.shape.account(self.accounts[report.by]),
            "report": self.shape.report(report),
        }
        for account in sorted(self.staff):
            self._add(
                Notification(
                    id=self.ids.next(),
                    account=account,
                    kind="admin.report",
                    sender=report.by,
                    status=None,
                    at=report.at,
                    raw=raw,
                )
            )

    def requests(self, account: str) -> dict[str, list[Notification]]:
        """The filtered notifications of an account, by sender."""
        waiting: dict[str, list[Notification]] = {}
        for notification in self.notifications.get(account, ()):
            if notification.filtered:
                waiting.setdefault(notification.sender, []).append(notification)
        return waiting

    def accept(self, account: str, sender: str) -> None:
        """Let what was filtered through, and what is to come from this sender."""
        self.permitted.add((account, sender))
        mine = self.notifications.get(account, [])
        mine[:] = [replace(one, filtered=False) if one.sender == sender else one for one in mine]
        self.activity += 1
        self.streams.send(account, ("user", "user:notification"), "notifications_merged", "1")

    def dismiss(self, account: str, sender: str) -> None:
        """Forget what was filtered."""
        mine = self.notifications.get(account, [])
        mine[:] = [one for one in mine if not (one.filtered and one.sender == sender)]

    def pending(self, account: str) -> int:
        """How many notifications were never handed out."""
        last = self.handed.get(account)
        fresh = [one for one in self.notifications.get(account, ()) if not one.filtered]
        return len(fresh) if last is None else sum((len(one.id), one.id) > (len(last), last) for one in fresh)

    def the_request(self, account: str, number: str) -> str:
        """The sender of a notification request, which has the number of its first one. Raises ``NobodyThere``."""
        for sender, waiting in self.requests(account).items():
            if waiting[0].id == number:
                return sender
        raise NobodyThere(f"no request {number}")

    def _add(self, notification: Notification) -> None:
        self.notifications.setdefault(notification.account, []).append(notification)
        self.announce(Change(kind="notification", message=notification.status, user=notification.sender))
        account = notification.account
        if not notification.filtered and self.streams.listens(account):
            shown = self.shape.notification(notification)
            self.streams.send(account, ("user", "user:notification"), "notification", shown)

    def _unwanted(self, recipient: str, sender: str, kind: str) -> bool:
        if recipient == sender:
            return kind != "poll"
        mute = self.mute_of(recipient, sender)
        return (recipient, sender) in self.blocks or (mute is not None and mute.notifications)

    def _verdict(self, recipient: str, kind: str, sender: Account, status: Status | None) -> str:
        """Accept, filter or drop: the strictest of what the policy says to this."""
        if kind in NEVER_FILTERED or (recipient, sender.id) in self.permitted:
            return "accept"
        follows = (recipient, sender.id) in self.follows
        cases = {
            "for_not_following": not follows,
            "for_not_followers": (sender.id, recipient) not in self.follows,
            "for_new_accounts": not follows and sender.created_at > self.clock.now() - NEW,
            "for_private_mentions": not follows and self._is_private(recipient, status),
            "for_limited_accounts": not follows and sender.silenced,
            "for_bots": not follows and sender.bot,
        }
        policy = self.policy(recipient)
        said = {policy[name] for name, holds in cases.items() if holds}
        return "drop" if "drop" in said else "filter" if "filter" in said else "accept"

    def _is_private(self, recipient: str, status: Status | None) -> bool:
        """Whether it is a private mention that does not answer one of the recipient's own to this sender."""
        if status is None or status.visibility != "direct":
            return False
        above = self.statuses.get(status.reply_to or "")
        while above is not None:
            if above.account == recipient and above.visibility == "direct" and status.account in above.mentions:
                return False
            above = self.statuses.get(above.reply_to or "")
        return True
