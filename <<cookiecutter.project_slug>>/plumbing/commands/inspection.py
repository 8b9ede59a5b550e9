"""The commands that look at the database and change nothing in it."""

import json

import click

from plumbing.commands.output import echo
from plumbing.commands.project import with_app


@click.command("status")
@click.option("--check", is_flag=True, help="Exit with 1 if a migration is pending.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_app
@click.pass_context
def status_command(ctx: click.Context, check: bool, as_json: bool) -> None:
    """Show which migrations are applied and which are pending."""
    from plumbing.status import describe, status

    found = status()
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        for line in describe(found):
            echo(line)
    if check and found["pending"]:
        ctx.exit(1)


@click.command("check")
@with_app
@click.pass_context
def check_command(ctx: click.Context) -> None:
    """Exit with 1 unless models, database and diagram agree."""
    from plumbing import binds, diagram, status

    for line in binds.left_alone():
        click.echo(line)
    found = status.differences() + diagram.differences()
    if found:
        for line in found:
            echo(line)
        ctx.exit(1)
    echo("Checked: one head, nothing pending, models and diagram match")


@click.command("diagram")
@with_app
def diagram_command() -> None:
    """Update the diagram in docs/models.md."""
    from plumbing import diagram

    click.echo(f"Drawing: {diagram.write()}")
