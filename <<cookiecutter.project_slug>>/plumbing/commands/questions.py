"""Options and questions of the commands that lose rows."""

import click

from plumbing.commands.output import echo

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
database_option = click.option(
    "--database",
    "named",
    metavar="[HOST/]NAME",
    help="Name the database; required in production and for other servers.",
)


def lost_rows(rows: dict[tuple[str, str], int]) -> list[str]:
    """Return a line for each table whose rows would be lost."""
    lines = []
    for names, number in rows.items():
        unit = "row" if number == 1 else "rows"
        lines.append(f"Losing: {dotted(names)}, {number} {unit}")
    return lines


def lost_values(values: dict[tuple[str, str, str], int]) -> list[str]:
    """Return a line for each column whose values would be lost."""
    lines = []
    for names, number in values.items():
        unit = "value" if number == 1 else "values"
        lines.append(f"Losing: {dotted(names)}, {number} {unit}")
    return lines


def dotted(names: tuple[str, ...]) -> str:
    """Return a name with those of its table and its schema, if it has one."""
    return ".".join(name for name in names if name)


def confirm_loss(lost: list[str], question: str, yes: bool) -> str:
    """Print what would be lost, and ask; with --yes, only say which database it is.

    Returns the name of the confirmed database.  Raises click.Abort.
    """
    from plumbing import database

    if yes:
        click.echo(f"Database: {database.described()}")
    for line in lost:
        echo(line)
    if not yes:
        click.confirm(question, abort=True)
    return database.target().name_to_type
