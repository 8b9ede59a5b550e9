"""The command that explains the others."""

import click


@click.command("help")
@click.argument("name", metavar="[COMMAND]", required=False)
@click.pass_context
def help_command(ctx: click.Context, name: str | None) -> None:
    """Explain a command, or list all of them."""
    parent = ctx.parent
    assert parent is not None
    if name is None:
        click.echo(parent.get_help())
        return
    assert isinstance(parent.command, click.Group)
    command = parent.command.get_command(parent, name)
    if command is None:
        raise click.UsageError(f"No such command {name!r}.", parent)
    explained = click.Context(command, parent, name)
    click.echo(command.get_help(explained))
