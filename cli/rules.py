"""``parvis rules``: the charter, tried on its own examples and on any message."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal import advancing, config_of, in_office, local, plain, table
from core.journal import KEPT
from core.moderation import Action, Enforcement, Rule

if TYPE_CHECKING:
    from bots.replaying import Replay


@click.group(epilog="Example: parvis rules test")
def rules() -> None:
    """Try the articles of the charter before they bind anybody."""


@rules.command(epilog="Example: parvis rules test 'Quel 1diot !'")
@click.argument("messages", nargs=-1)
@click.pass_context
def test(context: click.Context, messages: tuple[str, ...]) -> None:
    """Judge the examples beside each article, or the MESSAGES given: which article, which words, read how."""
    from app.moderation import way
    from app.settings import load
    from core.moderation import judge
    from core.rules.context import Context

    town = load(config_of(context)).town  # a charter whose examples fail is refused here, with its cure
    charter, around = town.charter, Context(town=(town.name.fr, town.name.en))
    for message in messages:
        verdict = judge(message, charter.rules, around)
        told = "breaks no article"
        if verdict is not None:
            rule = verdict.rule
            seen = way(verdict.sign, verdict.reading)
            does = _does(verdict.enforcement, verdict.action)
            told = f"article {rule.article} ({does}): «{verdict.found}», {seen}"
        click.echo(plain(f"{message}: {told}"))
    if not messages:
        rows: list[tuple[object, ...]] = [row for rule in charter.rules for row in _rows(rule)]
        columns = ("article", "severity", "rule", "enforcement", "hits", "misses")
        table(f"Charter {charter.version}", columns, rows, empty="No article.")
        click.echo("Every example is judged as it says.")


def _rows(rule: Rule) -> Iterator[tuple[object, ...]]:
    weight = rule.severity.value
    yield rule.article, weight, "words", _does(rule.enforcement, rule.action), len(rule.hits), len(rule.misses)
    for clause in rule.clauses:
        does = _does(clause.enforcement, clause.action)
        yield rule.article, weight, clause.name, does, len(clause.hits), len(clause.misses)


def _does(enforcement: Enforcement, action: Action) -> str:
    """Whether it acts, and what it would do."""
    return f"{enforcement.value}: {action.value}" if enforcement is Enforcement.ENFORCE else enforcement.value


@rules.command(epilog="Example: parvis rules page --out charter.html")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@click.pass_context
def page(context: click.Context, out: Path) -> None:
    """Write the charter into a page for everybody, in both languages, as /rules shows it."""
    from app.settings import load
    from bots.rules import shown
    from templates.charter import page as written

    town = load(config_of(context)).town
    out.write_text(written(town.name, shown(town), contact=town.contact), encoding="utf-8")
    click.echo(f"The charter {town.charter.version} is in {out}.")


@rules.command(epilog="Example: parvis rules history 2026-11")
@click.argument("version", required=False)
@click.pass_context
def history(context: click.Context, version: str | None) -> None:
    """List the charters that were in force here, or show the articles of the VERSION that a case cites."""
    from app.charters import Edition, editions
    from app.office import Office

    async def found(office: Office) -> tuple[str, tuple[Edition, ...]]:
        return office.settings.town.zone, await office.store.read(editions)

    zone, known = in_office(context, found)
    for each in (each for each in known if each.version == version):
        rows: list[tuple[object, ...]] = list(each.articles)
        title = f"Charter {each.version}, in force since {local(each.since, zone)}"
        table(title, ("article", "severity", "French", "English"), rows, empty="No article.")
    if version is None:
        listed: list[tuple[object, ...]] = [
            (each.version, local(each.since, zone), len(each.articles)) for each in known
        ]
        table("Charters", ("version", "in force since", "articles"), listed, empty="No charter was in force yet.")
    elif not any(each.version == version for each in known):
        raise click.UsageError(f"no charter {version} was in force here (see: parvis rules history)")


@rules.command(epilog="Example: parvis rules replay --days 7 --charter draft.toml")
@click.option("--days", type=click.IntRange(1, KEPT.days), default=KEPT.days, show_default=True, help="How many.")
@click.option(
    "--charter",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Another charter file than the one in force.",
)
@click.option("--examples", type=click.IntRange(0, 100), default=3, show_default=True, help="How many of each rule.")
@click.pass_context
def replay(context: click.Context, days: int, charter: Path | None, examples: int) -> None:
    """Judge again what was said in the last days, and say what each rule would have hit. Does nothing else."""
    from app.charter import charter as written
    from app.office import Office
    from app.replay import replayed

    given = written(charter) if charter is not None else None

    async def played(office: Office) -> "tuple[str, str, Replay]":
        town = office.settings.town
        tried = given or town.charter
        return town.zone, tried.version, await replayed(office, tried, days, most=examples, told=told)

    with advancing("Judging what was said") as told:
        zone, version, found = in_office(context, played)
    if not found.played:
        click.echo("Nothing was said in the debates, or nothing of it is in the journal yet.")
    else:
        _show(f"Charter {version} on {found.played} messages since {local(found.first, zone)}", found, zone)
    if found.unreadable:
        click.echo(f"Messages that cannot be read, for they were sealed with another key: {found.unreadable}.")


def _show(title: str, found: "Replay", zone: str) -> None:
    from app.moderation import way

    rows: list[tuple[object, ...]] = [
        (each.article, each.rule, each.enforcement.value, len(each.hit), each.regulars, len(each.people))
        for each in found.tried
    ]
    columns = ("article", "rule", "enforcement", "would have hit", "of these by regulars", "people")
    table(title, columns, rows, empty="No rule.")
    for each in found.tried:
        for example in each.examples:
            said, verdict = example.said, example.verdict
            why = f"«{verdict.found}», {way(verdict.sign, verdict.reading)}"
            click.echo(plain(f"article {each.article}, {each.rule}: {why}; {local(said.at, zone)} in {said.chat}:"))
            click.echo(plain(f"    {said.text}".replace("\n", "\n    ")))
    click.echo("Nothing was done about any message. Regulars: a month of the town's news, no message removed.")
