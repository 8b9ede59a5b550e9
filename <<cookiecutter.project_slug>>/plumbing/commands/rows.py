"""The commands that lose rows, and the one that inserts them."""

from typing import TYPE_CHECKING

import click

from plumbing.commands.project import Project, pass_project, with_app
from plumbing.commands.questions import confirm_loss, database_option, lost_rows, yes_option

if TYPE_CHECKING:
    from plumbing.migrations.ownership import TableName


@click.command("reset")
@yes_option
@database_option
@with_app
def reset_command(yes: bool, named: str | None) -> None:
    """Drop this project's tables and apply all migrations again."""
    from plumbing import database, migrations, rows
    from plumbing.migrations import history

    database.require_postgresql("reset")
    database.guard("reset", named, asks=not yes)
    history.require_one_head()  # an error now, before the question
    question = (
        f"Drop these in database {database.described()}, with everything that depends on them,"
        " and apply all migrations again?"
    )
    confirmed = confirm_loss(lost_rows(rows.rows_to_drop()), question, yes)
    for schema in rows.drop_tables(confirmed):
        click.echo(f"Dropping: schema {schema}")
    migrations.upgrade()


@click.command("reset-schema")
@click.argument("name")
@yes_option
@database_option
@with_app
def reset_schema_command(name: str, yes: bool, named: str | None) -> None:
    """Empty the tables of schema NAME and those that refer to them."""
    from plumbing import database, rows

    database.require_postgresql("reset-schema")
    database.guard("reset-schema", named, asks=not yes)
    empty(rows.tables_of_schema(name), yes)


@click.command("reset-table")
@click.argument("name")
@yes_option
@database_option
@with_app
def reset_table_command(name: str, yes: bool, named: str | None) -> None:
    """Empty table NAME and the tables that refer to it."""
    from plumbing import database, rows

    database.require_postgresql("reset-table")
    database.guard("reset-table", named, asks=not yes)
    empty([rows.table_named(name)], yes)


def empty(tables: list["TableName"], yes: bool) -> None:
    """Empty tables and those that refer to them, after a question."""
    from plumbing import database, rows

    lost = rows.rows_to_empty(tables)
    question = f"Empty these tables in database {database.described()}?"
    confirmed = confirm_loss(lost_rows(lost), question, yes)
    rows.empty(lost, confirmed)
    unit = "table" if len(lost) == 1 else "tables"
    click.echo(f"Emptying: {len(lost)} {unit}")


@click.command("seed")
@database_option
@with_app
@pass_project
def seed_command(project: Project, named: str | None) -> None:
    """Insert the rows of app/seeds.py if their tables are empty."""
    from plumbing import rows

    try:
        inserted = rows.seed(project.load_seeds(), named)
    except rows.TablesNotEmpty as reason:
        click.echo(str(reason))
        return
    for model, number in inserted.items():
        click.echo(f"Inserting: {number} of {model}")
