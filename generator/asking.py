"""Asks again at the prompt, where an answer is wrong: cookiecutter itself would stop, and forget the others."""

import shlex
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import click
from cookiecutter.exceptions import FailedHookException

from generator import errors

Checked = TypeVar("Checked")


def checked(question: str, answers: dict[str, Any], check: Callable[[Any], Checked]) -> Checked:
    """Return what a check makes of an answer; at the prompt, ask until it accepts one.

    Cookiecutter derives a variable that begins with `__` as soon as it has the answer before, and from the very
    dictionary that it fills.  So the answer that the check accepts is put there.
    """
    while True:
        try:
            return check(answers[question])
        except FailedHookException as error:
            if not is_prompting():
                raise
            answers[question] = asked_again(question, answers, str(error))


def is_prompting() -> bool:
    """Return whether cookiecutter was started as a command that asks."""
    command = click.get_current_context(silent=True)
    if command is None or "no_input" not in command.params:
        return False
    given = command.params
    return not (given["no_input"] or given.get("replay") or given.get("replay_file"))


def asked_again(question: str, answers: dict[str, Any], mistakes: str) -> str:
    """Show the mistakes and return another answer.  At a terminal, the wrong one can be edited.

    Raises FailedHookException if there is no further answer, with the command that has all of them.
    """
    answer = answers[question]
    click.echo(mistakes)
    if "\n" not in answer:  # a line can hold it
        with prefilled(answer), suppress(EOFError, KeyboardInterrupt):
            return input(f"{question}: ")
        click.echo()
    errors.fail("", "Correct this command and run it:", command_with(answers))


class prefilled:
    """A context in which input() starts with a text, if it has an editor of lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __enter__(self) -> None:
        with suppress(ImportError):
            import readline

            readline.set_startup_hook(lambda: readline.insert_text(self.text))

    def __exit__(self, *_: object) -> None:
        with suppress(ImportError):
            import readline

            readline.set_startup_hook(None)


def command_with(answers: dict[str, Any]) -> str:
    """Return the command that gives the answers so far, quoted for a shell."""
    template = click.get_current_context().params["template"]
    given = [f"{name}={answer}" for name, answer in answers.items() if not name.startswith("_")]
    return shlex.join(["cookiecutter", template, *given])
