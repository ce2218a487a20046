"""The file of a case: everything that was done about it, in order, added to and never changed.

Its pages are the entries of the audit log about the case, so that one chain of digests holds for both. The log holds
nobody's words: what a moderator or an author wrote is sealed beside it, and its entry holds the digest of what is
sealed. When the case is forgotten its words are, and the chain still stands.

The first page and every decision say what they are about, also when the case itself is forgotten: its *ground*.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from core.audit import Deed, Entry, of_case
from core.identifiers import AccountName, Address, CaseNumber, MemberKey, MessageId
from core.moderation import Case, CaseState
from core.ports.store import Books
from core.ports.vault import Vault
from core.staff import Act

MEASURES = frozenset({Act.MUTE, Act.BAN, Act.LIMIT, Act.SUSPEND})
PROPOSALS = frozenset({Act.PROPOSE_BAN, Act.PROPOSE_SUSPENSION})
DECISIONS = frozenset({Act.REMIND, Act.WARN, Act.REMOVE_MESSAGE, Act.HIDE_MESSAGE, *MEASURES})
NO_ARTICLE = "-"  # of a case about which nobody said yet what it goes against


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One thing that was done. ``content`` is what the log says of it, ``words`` what was written, if anything."""

    number: int
    at: datetime
    by: MemberKey
    act: Act
    content: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a message stood, and against what it was thought to go; ``told``: whether its author is told."""

    account: str
    article: str
    charter: str
    told: bool = True


def ground_of(case: Case, *, told: bool = True) -> Ground:
    """That of a case."""
    return Ground(account=case.account, article=case.article, charter=case.charter, told=told)


def written(ground: Ground) -> str:
    """As the log says it."""
    return json.dumps([ground.account, ground.article, ground.charter, ground.told], ensure_ascii=False)


def read(content: str) -> Ground:
    """It again. Raises ValueError for what is none."""
    account, article, charter, told = json.loads(content)
    return Ground(account=account, article=article, charter=charter, told=told)


def add(books: Books, case: CaseNumber, act: Act, *, by: MemberKey, at: datetime, content: str = "") -> Entry:
    """Add a page without words."""
    return books.audit.record(Deed(who=by, at=at, act=act, about=of_case(case), content=content))


def put_down(
    books: Books, vault: Vault, case: CaseNumber, act: Act, words: str, *, by: MemberKey, at: datetime
) -> Entry:
    """Add a page with the words of somebody, sealed."""
    sealed = vault.seal(words)
    entry = add(books, case, act, by=by, at=at, content=sha256(sealed).hexdigest())
    books.cases.keep(case, entry.number, sealed)
    return entry


def case_about(books: Books, account: AccountName, chat: Address, message: MessageId) -> Case | None:
    """The case of a message, or the one that it joined."""
    joining = books.cases.joining(account, chat, message)
    return books.cases.at(account, chat, message) or (None if joining is None else books.cases.get(joining.case))


def words_joined(books: Books, vault: Vault, case: CaseNumber, state: CaseState) -> tuple[str, ...]:
    """The words of the messages that joined a case and stand so, in order. Raises StorageError as ``pages``."""
    kept = books.cases.words(case)
    return tuple(vault.unseal(kept[each.entry]) for each in books.cases.joined(case) if each.state is state)


def decided(books: Books, case: Case, act: Act, *, by: MemberKey, at: datetime, told: bool = True) -> Entry:
    """Add what was decided, and on which ground."""
    return add(books, case.number, act, by=by, at=at, content=written(ground_of(case, told=told)))


def decisions(books: Books, case: CaseNumber) -> tuple[Deed, ...]:
    """All that was decided, newest first."""
    return tuple(entry.deed for entry in books.audit.about(of_case(case)) if entry.deed.act in DECISIONS)


def last_decisions(books: Books, case: CaseNumber, acts: Collection[Act] = DECISIONS) -> tuple[Deed, ...]:
    """The last decision of these, newest first with what was decided together with it."""
    deeds = decisions(books, case)
    at = next((deed.at for deed in deeds if deed.act in acts), None)
    return tuple(deed for deed in deeds if deed.at == at)


def pages(books: Books, vault: Vault, case: CaseNumber) -> tuple[Page, ...]:
    """The whole file, the oldest page first. Raises StorageError when the town's key is another."""
    kept = books.cases.words(case)
    return tuple(
        Page(
            number=entry.number,
            at=entry.deed.at,
            by=entry.deed.who,
            act=entry.deed.act,
            content="" if entry.number in kept else entry.deed.content,
            words=vault.unseal(kept[entry.number]) if entry.number in kept else "",
        )
        for entry in reversed(books.audit.about(of_case(case)))
    )


def reason_of(file: tuple[Page, ...]) -> str:
    """What the author is told of the reasons: the last that was written."""
    return next((page.words for page in reversed(file) if page.act is Act.EXPLAIN_CASE), "")
