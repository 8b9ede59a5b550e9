"""Options and questions of the commands that lose rows."""

import click

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
database_option = click.option(
    "--database", "named", metavar="NAME", help="The database that is meant, as production asks."
)


def confirm_loss(rows: dict[tuple[str, str], int], question: str, yes: bool) -> None:
    """Print how many rows would be lost, and ask unless --yes was given.  Raises click.Abort."""
    for (schema, table), number in rows.items():
        unit = "row" if number == 1 else "rows"
        click.echo(f"Losing: {schema}.{table}, {number} {unit}")
    if not yes:
        click.confirm(question, abort=True)
