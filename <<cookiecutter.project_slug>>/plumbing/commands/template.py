"""The commands that merge what the template generates today into the project."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from plumbing.commands.output import echo
from plumbing.commands.project import Project, pass_project

if TYPE_CHECKING:
    from plumbing.updating import Outcome, Request

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WORDS = {"A": "Adding", "M": "Changing", "D": "Removing", "T": "Changing"}
PLUMBING = "plumbing/"
REQUIREMENTS = "requirements-dev.txt"

check_option = click.option(
    "--check", "is_trial", is_flag=True, help="List the files only; exit with 1 if there are any."
)
checkout_option = click.option("--checkout", metavar="TAG", help="A branch, tag or commit of it.")


@click.command("update")
@click.argument("template", required=False)
@check_option
@checkout_option
@click.option(
    "--answers",
    type=EXISTING_FILE,
    metavar="FILE",
    help="The answers, for a project from version 0.1.0.",
)
@pass_project
def update_command(
    project: Project,
    template: str | None,
    is_trial: bool,
    checkout: str | None,
    answers: Path | None,
) -> None:
    """Merge a newer TEMPLATE: a folder, a git address or a zip file."""
    from plumbing.updating import Request

    run(Request(project.root, template, checkout, answers, is_trial=is_trial))


@click.command("declare")
@click.argument("models", required=False)
@click.option("--file", "file", type=EXISTING_FILE, metavar="FILE", help="All models, instead.")
@click.option("--template", metavar="TEMPLATE", help="Where the template is, as for update.")
@checkout_option
@check_option
@pass_project
def declare_command(
    project: Project,
    models: str | None,
    file: Path | None,
    template: str | None,
    checkout: str | None,
    is_trial: bool,
) -> None:
    """Add MODELS to the declaration and merge them, or print it."""
    from plumbing.updating import Request, declaration

    if models is not None and file:
        raise click.UsageError("MODELS and --file exclude each other", click.get_current_context())
    if models is None and not file:
        click.echo(declaration(project.root))
        return

    def declare(recorded: str) -> str:
        if file:
            return read_models(file)
        return f"{recorded}\n{models}".strip("\n")

    run(Request(project.root, template, checkout, declare=declare, is_trial=is_trial))


def read_models(file: Path) -> str:
    """Return the declaration in a file."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise click.ClickException(f"{file} cannot be read: {error}") from None


def run(request: "Request") -> None:
    """Merge, and print what has changed and what comes next."""
    from plumbing.updating import update

    outcome = update(request)
    if not outcome.changes and not outcome.conflicts:
        click.echo(f"Nothing to do: the project is up to date with template {outcome.new_version}.")
        return
    if outcome.new_version != outcome.old_version:
        click.echo(f"Template: {outcome.old_version} -> {outcome.new_version}")
    for line in lines(outcome):
        echo(line)
    if outcome.conflicts and not request.is_trial:
        stop(outcome)
    if request.is_trial:
        raise click.exceptions.Exit(1)
    if REQUIREMENTS in outcome.changes:
        click.echo(f"Next: pip install -r {REQUIREMENTS}")
    if outcome.message:
        click.echo(f'Next: python db_manage.py migrate "{outcome.message}"')


def lines(outcome: "Outcome") -> list[str]:
    """Return a line for each file: first those with conflicts.  The files of plumbing/ are counted."""
    result = [f"Conflict: {path}" for path in outcome.conflicts]
    machinery = 0
    for path, status in outcome.changes.items():
        if path in outcome.conflicts:
            continue
        if path.startswith(PLUMBING):
            machinery += 1
        elif not path.startswith(".template."):
            result.append(f"{WORDS[status]}: {path}")
    if machinery:
        result.append(f"Changing: {PLUMBING} ({machinery} files)")
    return result


def stop(outcome: "Outcome") -> NoReturn:
    """Say how to go on after conflicts, and exit with 1."""
    names = " ".join(map(shlex.quote, outcome.conflicts))
    echo(
        "Error: Your changes and those of the template conflict. Edit the files, then run:"
        f" git add {names} && git merge --continue. To cancel, run: git merge --abort",
        err=True,
    )
    raise click.exceptions.Exit(1)
