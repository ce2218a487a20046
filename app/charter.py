"""The charter file: articles that people can read, what each forbids, and examples that show it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.rule_tables import (
    CopiesTable,
    CrowdsTable,
    FloodsTable,
    InvitationsTable,
    LinksTable,
    LookalikesTable,
    MediaTable,
    RuleTable,
)
from campaigns.shape import Length
from campaigns.tables import Table, WordingTable, table_of
from core import tomlfile
from core.admission import Requests
from core.arrivals import Waves
from core.citizen_report import Reporting
from core.errors import Finding, Misconfigured
from core.lexicon import lexicon
from core.moderation import Action, Charter, Enforcement, Rule, Severity, failures
from core.rules.clause import Clause
from core.sanction import LONGEST_AUTOMATIC


class ExamplesTable(Table):
    """Messages that break an article, and messages that only look so."""

    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


class ArticleTable(Table):
    """One article of the charter."""

    number: str
    text: WordingTable
    forbidden: tuple[str, ...] = ()
    enforcement: Enforcement = Enforcement.ENFORCE
    action: Action = Action.REMOVE
    severity: Severity = Severity.SERIOUS
    examples: ExamplesTable = ExamplesTable()
    links: LinksTable | None = None
    lookalikes: LookalikesTable | None = None
    invitations: InvitationsTable | None = None
    floods: FloodsTable | None = None
    crowds: CrowdsTable | None = None
    copies: CopiesTable | None = None
    media: MediaTable | None = None

    def value(self) -> Rule:
        """The article as the rest of the program sees it."""
        return Rule(
            article=self.number,
            wording=self.text.value(),
            forbidden=self.forbidden,
            enforcement=self.enforcement,
            action=self.action,
            severity=self.severity,
            hits=self.examples.hits,
            misses=self.examples.misses,
            clauses=tuple(self._clauses()),
        )

    def _clauses(self) -> Iterator[Clause]:
        for name, field in self:
            if isinstance(field, RuleTable):
                yield field.value(name)


class ReportsTable(Table):
    """How many people have a message hidden until a moderator has looked."""

    hide_after: int | None = Field(default=None, ge=2)
    within: Length = timedelta(hours=1)

    def value(self) -> Reporting:
        """The core's value."""
        return Reporting(hide_after=self.hide_after, within=self.within)


class JoinsTable(Table):
    """How many people may come into a discussion at once, what follows when more do, and who answers those who ask."""

    enforcement: Enforcement = Enforcement.OFF
    most: int = Field(default=20, ge=2)
    within: Length = timedelta(minutes=5)
    pause: Length = timedelta(seconds=30)
    lasts: Length = timedelta(hours=1)
    requests: Requests = Requests.OFF

    @model_validator(mode="after")
    def _is_possible(self) -> "JoinsTable":
        if not self.within or not self.pause or not self.lasts or self.lasts > LONGEST_AUTOMATIC:
            raise PydanticCustomError("joins", "needs times that last, and no measure of a rule for more than 24 h")
        return self

    def value(self) -> Waves:
        """The core's value."""
        return Waves(
            enforcement=self.enforcement,
            most=self.most,
            within=self.within,
            pause=self.pause,
            lasts=self.lasts,
            requests=self.requests,
        )


class CharterFile(Table):
    """A charter file."""

    version: str
    articles: tuple[ArticleTable, ...]
    reports: ReportsTable = ReportsTable()
    joins: JoinsTable = JoinsTable()


def charter(path: Path) -> Charter:
    """Read a charter file. Raises Misconfigured, also when an example is not judged as it says."""
    document = tomlfile.read(path)
    file = table_of(CharterFile, document)
    read = Charter(
        version=file.version,
        rules=tuple(article.value() for article in file.articles),
        reporting=file.reports.value(),
        waves=file.joins.value(),
    )
    wrong = [flaw for rank, rule in enumerate(read.rules) for flaw in _flaws(document, rank, rule)]
    if wrong:
        raise Misconfigured(*wrong)
    return read


def _flaws(document: tomlfile.Document, rank: int, rule: Rule) -> Iterator[Finding]:
    place: tuple[str | int, ...] = ("articles", rank)
    try:
        lexicon(rule.forbidden)
    except ValueError as error:
        yield _finding(document, (*place, "forbidden"), f"{error}: write its forms out")
        return
    for name, example in failures(rule):
        said = (rule.hits if name == "hits" else rule.misses)[example]
        problem = f"article {rule.article} {_FAILED[name]}: «{said}»; change the example or «forbidden»"
        yield _finding(document, (*place, "examples", name, example), problem)
    for clause in rule.clauses:
        for name, example in clause.failures():
            said = (clause.hits if name == "hits" else clause.misses)[example].text
            problem = (
                f"«{clause.name}» of article {rule.article} {_FAILED[name]}: «{said}»; change the example or the rule"
            )
            yield _finding(document, (*place, clause.name, "examples", name, example), problem)


_FAILED = {"hits": "does not catch this example", "misses": "catches this example, and should not"}


def _finding(document: tomlfile.Document, place: tuple[str | int, ...], problem: str) -> Finding:
    return Finding(
        file=document.path, line=tomlfile.line_of(document, place), key=".".join(map(str, place)), problem=problem
    )
