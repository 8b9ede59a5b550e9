"""Lines for the terminal."""

import os

import click

COLORS = {
    "[x]": "green",
    "[ ]": "yellow",
    "Checked:": "green",
    "Pending:": "yellow",
    "Changed:": "yellow",
    "Outdated:": "yellow",
    "Heads:": "yellow",
    "Losing:": "yellow",
    "Conflict:": "red",
    "Error:": "red",
}


def echo(line: str, err: bool = False) -> None:
    """Print a line, and color its first word on a terminal.

    There is no color in a file or pipe, nor if NO_COLOR is set (https://no-color.org).
    """
    for word, color in COLORS.items():
        if line.startswith(word):
            line = click.style(word, fg=color) + line.removeprefix(word)
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    click.echo(line, err=err, color=False if plain else None)
