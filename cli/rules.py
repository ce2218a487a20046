"""``parvis rules``: the charter, tried on its own examples and on any message."""

from pathlib import Path

import click

from cli.terminal import config_of, plain, table


@click.group(epilog="Example: parvis rules test")
def rules() -> None:
    """Try the articles of the charter before they bind anybody."""


@rules.command(epilog="Example: parvis rules test 'Quel 1diot !'")
@click.argument("messages", nargs=-1)
@click.pass_context
def test(context: click.Context, messages: tuple[str, ...]) -> None:
    """Judge the examples beside each article, or the MESSAGES given: which article, which words, read how."""
    from app.settings import load
    from core.moderation import judge

    charter = load(config_of(context)).town.charter  # a charter whose examples fail is refused here, with its cure
    for message in messages:
        verdict = judge(message, charter.rules)
        told = "breaks no article"
        if verdict is not None:
            rule = verdict.rule
            told = f"article {rule.article} ({rule.enforcement.value}): «{verdict.found}», {verdict.reading.value}"
        click.echo(plain(f"{message}: {told}"))
    if not messages:
        rows: list[tuple[object, ...]] = [
            (rule.article, rule.severity.value, rule.enforcement.value, len(rule.hits), len(rule.misses))
            for rule in charter.rules
        ]
        columns = ("article", "severity", "enforcement", "hits", "misses")
        table(f"Charter {charter.version}", columns, rows, empty="No article.")
        click.echo("Every example is judged as it says.")


@rules.command(epilog="Example: parvis rules page --out charter.html")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@click.pass_context
def page(context: click.Context, out: Path) -> None:
    """Write the charter into a page for everybody, in both languages, as /rules shows it."""
    from app.settings import load
    from bots.rules import shown
    from templates.charter import page as written

    town = load(config_of(context)).town
    out.write_text(written(town.name, shown(town.charter)), encoding="utf-8")
    click.echo(f"The charter {town.charter.version} is in {out}.")
