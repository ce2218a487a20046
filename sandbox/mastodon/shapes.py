"""Accounts, posts, polls and the rest as their JSON (``app/serializers/rest``), each for whoever looks."""

from datetime import datetime

from sandbox.mastodon.places import Places
from sandbox.mastodon.texts import profile_address
from sandbox.mastodon.values import Account, Media, Notification, Poll, Report, Scheduled, Status

Json = dict[str, object]
EMPTY_HASH = "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH"
TYPES = {"image": "image/png", "video": "video/mp4", "audio": "audio/ogg"}


def moment(at: datetime | None) -> str | None:
    """An instant as Mastodon writes it."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


class Shapes:
    """Makes JSON of what exists. ``address`` is where the server listens, for the addresses of files."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.address = f"https://{places.domain}"

    def account(self, account: Account) -> Json:
        """An account as everybody sees it."""
        page = profile_address(account, self._places.domain)
        count, last = self._places.statuses.count_by(account.id)
        picture = f"{self.address}/avatars/original/missing.png"
        return {
            "id": account.id,
            "username": account.username,
            "acct": account.acct,
            "display_name": account.display_name,
            "locked": account.locked,
            "bot": account.bot,
            "discoverable": account.discoverable,
            "indexable": False,
            "group": False,
            "created_at": account.created_at.strftime("%Y-%m-%dT00:00:00.000Z"),
            "note": f"<p>{account.note}</p>" if account.note else "",
            "url": page,
            "uri": page.replace("/@", "/users/"),
            "avatar": picture,
            "avatar_static": picture,
            "header": picture,
            "header_static": picture,
            "followers_count": sum(followed == account.id for _, followed in self._places.follows),
            "following_count": sum(follower == account.id for follower, _ in self._places.follows),
            "statuses_count": count,
            "last_status_at": (account.created_at if last is None else last.created_at).date().isoformat(),
            "hide_collections": None,
            "noindex": False,
            "emojis": [],
            "roles": [],
            "fields": [{"name": field.name, "value": field.value, "verified_at": None} for field in account.fields],
        } | ({"limited": True} if account.silenced else {})

    def own_account(self, account: Account, scopes: frozenset[str]) -> Json:
        """An account as its owner sees it."""
        source: Json = {
            "privacy": account.privacy,
            "sensitive": account.sensitive,
            "language": account.language,
            "note": account.note,
            "fields": [{"name": field.name, "value": field.value, "verified_at": None} for field in account.fields],
            "follow_requests_count": sum(followed == account.id for _, followed in self._places.requested),
        }
        role: Json = {"id": "-99", "name": "", "color": "", "permissions": "65536", "highlighted": False}
        if not scopes & {"read", "read:accounts"}:
            return self.account(account)
        return self.account(account) | {"source": source, "role": role}

    def status(self, status: Status, viewer: str | None) -> Json:
        """A post as somebody sees it."""
        places = self._places
        author = places.accounts[status.account]
        page = f"{profile_address(author, places.domain)}/{status.id}"
        boosted = places.statuses.get(status.boost_of or "")
        answered = places.statuses.get(status.reply_to or "")
        poll = places.polls.get(status.poll or "")
        return {
            "id": status.id,
            "created_at": moment(status.created_at),
            "in_reply_to_id": status.reply_to,
            "in_reply_to_account_id": None if answered is None else answered.account,
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler,
            "visibility": status.visibility,
            "language": status.language,
            "uri": page.replace("/@", "/users/").replace(f"/{status.id}", f"/statuses/{status.id}"),
            "url": page,
            "content": status.content,
            "edited_at": moment(status.edited_at),
            "account": self.account(author),
            "reblog": None if boosted is None else self.status(boosted, viewer),
            "application": {"name": "Parvis", "website": None} if status.account == viewer else None,
            "media_attachments": [self.media(places.media[number]) for number in status.media],
            "mentions": [self._mention(places.accounts[number]) for number in status.mentions],
            "tags": [{"name": tag, "url": f"https://{places.domain}/tags/{tag}"} for tag in status.tags],
            "emojis": [],
            "card": None,
            "poll": None if poll is None else self.poll(poll, viewer),
            **self._standing(status, viewer),
        }

    def _standing(self, status: Status, viewer: str | None) -> Json:
        """What others, and the viewer, did with a post."""
        places = self._places
        boosters = {boost.account for boost in places.boosts_of(status.id)}
        likers = places.favourites.get(status.id, {})
        counts: Json = {
            "replies_count": len(places.replies_to(status.id)),
            "reblogs_count": len(boosters),
            "favourites_count": len(likers),
            "quotes_count": 0,
        }
        if viewer is None:
            return counts
        mine: Json = {"pinned": status.id in places.pins.get(viewer, ())} if viewer == status.account else {}
        return counts | {
            "favourited": viewer in likers,
            "reblogged": viewer in boosters,
            "muted": False,
            "bookmarked": False,
            "filtered": [],
            **mine,
        }

    def poll(self, poll: Poll, viewer: str | None) -> Json:
        """A poll as somebody sees it: hidden totals are null until the end (``poll.rb show_totals_now?``)."""
        profile = self._places.profile
        expired = poll.expires_at <= self._places.clock.now()
        author = self._places.statuses[poll.status].account if poll.status in self._places.statuses else None
        shown = expired or not poll.hide_totals or (viewer == author and not profile.blind_author)
        voters = len(poll.votes) if profile.counts_voters or poll.multiple else None
        mine = poll.votes.get(viewer or "")
        return {
            "id": poll.id,
            "expires_at": moment(poll.expires_at),
            "expired": expired,
            "multiple": poll.multiple,
            "votes_count": sum(map(poll.count, range(len(poll.options)))),
            "voters_count": voters,
            "options": [
                {"title": title, "votes_count": poll.count(number) if shown else None}
                for number, title in enumerate(poll.options)
            ],
            "emojis": [],
        } | ({} if viewer is None else {"voted": mine is not None or viewer == author, "own_votes": list(mine or ())})

    def media(self, media: Media) -> Json:
        """Something uploaded; without an address while it is being processed."""
        ready = media.looks <= 0
        address = f"{self.address}/system/media/{media.id}" if ready else None
        focus = None if media.focus is None else {"x": media.focus[0], "y": media.focus[1]}
        return {
            "id": media.id,
            "type": media.kind,
            "url": address,
            "preview_url": address,
            "remote_url": None,
            "preview_remote_url": None,
            "text_url": None,
            "meta": {} if focus is None else {"focus": focus},
            "description": media.description,
            "blurhash": EMPTY_HASH if media.kind == "image" else None,
        }

    def notification(self, notification: Notification) -> Json:
        """A notification of an account."""
        if notification.raw is not None:
            return {"id": notification.id, **notification.raw}
        status = self._places.statuses.get(notification.status or "")
        words: Json = {} if status is None else {"status": self.status(status, notification.account)}
        return {
            "id": notification.id,
            "type": notification.kind,
            "group_key": f"ungrouped-{notification.id}",
            "created_at": moment(notification.at),
            "account": self.account(self._places.accounts[notification.sender]),
            **words,
        }

    def report(self, report: Report) -> Json:
        """A report, as whoever made it sees it, and as the notification of the staff holds it."""
        return {
            "id": report.id,
            "action_taken": report.resolved_at is not None,
            "action_taken_at": None if report.resolved_at is None else moment(report.resolved_at),
            "category": report.category,
            "comment": report.comment,
            "forwarded": report.forward,
            "created_at": moment(report.at),
            "status_ids": list(report.statuses),
            "rule_ids": None,
            "target_account": self.account(self._places.accounts[report.account]),
        }

    def scheduled(self, scheduled: Scheduled) -> Json:
        """A post that is still to be published."""
        attachments = [self.media(self._places.media[number]) for number in scheduled.draft.media]
        return {
            "id": scheduled.id,
            "scheduled_at": moment(scheduled.at),
            "params": scheduled.parameters,
            "media_attachments": attachments,
        }

    def relationship(self, viewer: str, other: str) -> Json:
        """How two accounts stand to each other."""
        places = self._places
        mute = places.mute_of(viewer, other)
        return {
            "id": other,
            "following": (viewer, other) in places.follows,
            "showing_reblogs": (viewer, other) in places.follows,
            "notifying": False,
            "languages": None,
            "followed_by": (other, viewer) in places.follows,
            "blocking": (viewer, other) in places.blocks,
            "blocked_by": (other, viewer) in places.blocks,
            "muting": mute is not None,
            "muting_notifications": mute is not None and mute.notifications,
            "muting_expires_at": moment(mute.until) if mute is not None else None,
            "requested": (viewer, other) in places.requested,
            "requested_by": (other, viewer) in places.requested,
            "domain_blocking": False,
            "endorsed": False,
            "note": "",
        }

    def _mention(self, account: Account) -> Json:
        page = profile_address(account, self._places.domain)
        return {"id": account.id, "username": account.username, "url": page, "acct": account.acct}
