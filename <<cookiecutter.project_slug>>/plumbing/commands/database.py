"""The commands for the database as a whole: create it, drop it, its schemas and its roles."""

import click

from plumbing.commands.project import with_app
from plumbing.commands.questions import confirm_loss, database_option, yes_option


@click.command("create")
@with_app
def create_command() -> None:
    """Create the database if it does not exist."""
    create_database()


def create_database() -> None:
    """Create the database, and say whether it existed."""
    from plumbing import database

    verb = "Creating" if database.create() else "Exists"
    click.echo(f"{verb}: database {database.name()}")


@click.command("schemas")
@click.option("--owner", metavar="ROLE", help="Create them for a role that will migrate.")
@with_app
def schemas_command(owner: str | None) -> None:
    """Create the schemas of the models if they do not exist."""
    from plumbing import roles

    for name, created in roles.create_schemas(owner).items():
        verb = "Creating" if created else "Exists"
        click.echo(f"{verb}: schema {name}")
    if owner:
        click.echo(f"Granting: CREATE on schema public to {owner}")


@click.command("grant")
@click.argument("role")
@with_app
def grant_command(role: str) -> None:
    """Let ROLE read and write rows, and nothing else."""
    from plumbing import roles

    roles.grant(role)
    click.echo(f"Granting: {roles.ROWS} to {role}")


@click.command("drop")
@yes_option
@database_option
@with_app
def drop_command(yes: bool, named: str | None) -> None:
    """Drop the database."""
    from plumbing import database

    database.require_postgresql("drop")
    database.guard("drop", named, asks=not yes)
    confirmed = confirm_loss(
        [], f"Drop database {database.described()}, and everything in it?", yes
    )
    verb = "Dropping" if database.drop(confirmed) else "Missing"
    click.echo(f"{verb}: database {database.name()}")
