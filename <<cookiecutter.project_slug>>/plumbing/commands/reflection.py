"""The command that reads a database which exists already."""

import click

from plumbing.commands.project import with_app


@click.command("reflect")
@click.argument("source", required=False)
@with_app
def reflect_command(source: str | None) -> None:
    """Print the models of a database; SOURCE is a URL or SQL file."""
    from plumbing.reflection.reading import reflect

    click.echo(reflect(source))
