"""Asks again at the prompt after a wrong answer: cookiecutter itself would stop, and lose all answers."""

import re
import shlex
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import click
from click.core import ParameterSource
from cookiecutter.exceptions import FailedHookException

from generator import errors

Checked = TypeVar("Checked")


def checked(question: str, answers: dict[str, Any], check: Callable[[Any], Checked]) -> Checked:
    """Return the checked answer; at the prompt, ask until the check accepts one.

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
    errors.fail("", "Correct this command and run it:", *command_with(answers).split("\n"))


class prefilled:
    """A context in which input() starts with a text that can be edited, where readline is available."""

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
    """Return the command that was typed, quoted for a shell, with the answers so far as well."""
    context = click.get_current_context()
    asked = {name: literal(answer) for name, answer in answers.items() if not name.startswith("_")}
    given = asked | {
        name: answer for name, answer in (context.params["extra_context"] or {}).items() if name not in asked
    }
    words = [f"{name}={answer}" for name, answer in given.items()]
    return shlex.join(["cookiecutter", *typed_options(context), context.params["template"], *words])


def typed_options(context: click.Context) -> list[str]:
    """Return the options of the command, such as --output-dir with its folder."""
    words = []
    for option in context.command.params:
        is_typed = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if isinstance(option, click.Option) and is_typed:
            words.append(option.opts[-1])
            if not option.is_flag:
                words.append(str(context.params[option.name or ""]))
    return words


def literal(answer: Any) -> str:
    """Return an answer as a command must give it: cookiecutter renders what is not typed at its prompts."""
    return re.sub("<<|<%|<#", r"<<'\g<0>'>>", str(answer))
