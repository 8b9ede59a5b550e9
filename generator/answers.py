"""The Jinja extension of the template: checks the answers, and gives the files what they need."""

import json
import re
import shlex
import unicodedata
from collections.abc import Callable
from functools import cache
from keyword import kwlist
from pathlib import Path
from typing import Any

from jinja2 import Environment, Undefined, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context

from generator import (
    asking,
    clashes,
    diagram,
    first_page,
    language,
    layout,
    migration_file,
    model_file,
    output,
    seeds,
)
from generator import record as records
from generator.errors import fail
from generator.model import Field, Model
from generator.word import Mistakes

TEMPLATE = Path(__file__).resolve().parents[1]
PROJECT = TEMPLATE / "<<cookiecutter.project_slug>>"
SETTINGS = json.loads(TEMPLATE.joinpath("cookiecutter.json").read_text(encoding="utf-8"))
TEXTS = {
    "project_name": 'one text, as in "Book Shop"',
    "project_slug": 'one text, as in "book_shop"',
    "models": "one text with a model on each line (in YAML: models: |)",
}
"""The questions, and what must answer each."""
YES = ("yes", "y", "true")
NO = ("no", "n", "false")
SLUG_LENGTH = 40
SLUG = re.compile(rf"[a-z][a-z0-9_]{{0,{SLUG_LENGTH - 1}}}", re.ASCII)
SUFFIX = "_project"
DELIMITER = re.compile(
    r"""
    << \s* (?:'[^'\\]*' | "[^"\\]*") \s* >>    # a text in quotes, which stands for itself
    | (?P<other><<|<%|<\#)
    """,
    re.VERBOSE,
)


class Answers(Extension):
    """The filters and globals that the files of the template use."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(
            name=name,
            slug=slug,
            python=layout.literal,
            markdown=markdown,
            written=output.written,
            with_env=output.with_env,
        )
        environment.globals.update(
            checked=checked,
            project_folder=project_folder,
            models=models,
            key=key,
            with_api=with_api,
            api_needs=api_needs,
            model_file=model_file,
            migration_file=migration_file,
            seeds=seeds,
            diagram=diagram,
            page=page,
            record=record,
            list_files=list_files,
            quoted_folder=quoted_folder,
            import_from=layout.import_from,
            import_models=layout.import_models,
            list_of=layout.list_of,
        )

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Check what cookiecutter is about to render besides files: answers, and the name of the folder."""
        is_file = name is not None or filename is not None
        if is_file:
            return source
        if source == PROJECT.name:
            return "<<project_folder()>>"
        if source not in own_sources():
            check_answer(source)
        return source


@cache
def own_sources() -> set[str]:
    """Return what cookiecutter renders of this template besides files: defaults, checks and the hook."""
    defaults = {value for value in SETTINGS.values() if isinstance(value, str)}
    hooks = {path.read_text(encoding="utf-8") for path in TEMPLATE.glob("hooks/*.py")}
    return defaults | hooks


def check_answer(answer: str) -> None:
    """Stop at a delimiter in an answer: cookiecutter would run what it encloses."""
    for match in DELIMITER.finditer(answer):
        if match["other"]:
            start = answer.rfind("\n", 0, match.start()) + 1
            line = answer[start:].split("\n")[0].strip()
            fail(f"<< <% <# are delimiters of this template: write <<'<<'>> for << in {line!r}")


@pass_context
def project_folder(context: Context) -> str:
    """Return the name of the project's folder, or stop.

    Cookiecutter asks for it before it creates anything.  All is checked here once more, because a replay file
    is not checked before, and may say anything.
    """
    answers = context["cookiecutter"]
    if "_output_dir" not in answers:  # an answer that is the name of the template's folder
        check_answer(PROJECT.name)
    check_settings(answers)
    given = context.get("_cookiecutter") or {}
    for question in TEXTS:
        is_choice = isinstance(given.get(question), list)  # of which cookiecutter takes the first
        text_of(question, None if is_choice else answers.get(question))
    name(answers["project_name"])
    folder_name = checked_slug(answers["project_slug"])
    models(context)
    with_api(context)
    output.check(output.folder(context))
    return folder_name


@pass_context
def checked(context: Context, question: str) -> Any:
    """Return an answer as its check gives it, or ask for it again."""
    answers = context["cookiecutter"]
    if question not in answers:
        return ""  # cookiecutter completes a replay file; project_folder() checks the answers in it
    return asking.checked(question, answers, CHECKS[question])


def check_settings(answers: dict[str, Any]) -> None:
    """Stop if an answer replaces what cookiecutter.json says about the template itself."""
    for key in SETTINGS:
        is_setting = key.startswith("_") and not key.startswith("__")
        if is_setting and answers.get(key) != SETTINGS.get(key):
            fail(f"{key} belongs to the template: leave it out of the answers")


def text_of(question: str, answer: Any) -> str:
    """Return an answer that is a text."""
    if not isinstance(answer, str):
        fail(f"{question} must be {TEXTS[question]}")
    return answer


# The data model


@pass_context
def models(context: Context) -> list[Model]:
    """Return the declared models."""
    return declared(context["cookiecutter"].get("models"))


@pass_context
def key(context: Context) -> Field:
    """Return the key of models that declare none."""
    return declaration(context["cookiecutter"]["models"]).id


def declared(answer: Any) -> list[Model]:
    """Return the models of a declaration.  Raises what declaration() raises."""
    return declaration(text_of("models", answer)).models


@cache
def declaration(text: str) -> language.Declaration:
    """Return what a text declares.

    Raises FailedHookException at mistakes, with a line for each.
    """
    mistakes = Mistakes()
    result = language.parse(text, mistakes)
    clashes.check(result.models, mistakes)
    mistakes.report()
    return result


@pass_context
def page(context: Context) -> first_page.FirstPage | None:
    """Return the first page.  An update asks for the one that the project has."""
    return first_page.first_page(models(context), context["cookiecutter"].get("__page"))


# The API


@pass_context
def with_api(context: Context) -> bool:
    """Return whether the project has an API."""
    return yes(context["cookiecutter"].get("api", "no"))


@pass_context
def api_needs(context: Context, package: str) -> str:
    """Return one more line of the packages in pyproject.toml, which is TOML before it is rendered, too."""
    return f'",\n  "{package}' if with_api(context) else ""


def yes(answer: Any) -> bool:
    """Return whether an answer is yes.  In YAML, yes is true."""
    word = str(answer).strip().lower()
    if word in NO:
        return False
    if word not in YES:
        message = f"api must be yes or no, not {word!r}"
        if re.match(r"\w+:\w", word):  # the second line of a declaration, pasted at the prompt
            message += "; at a prompt, the models are one line: give more in the command, or in a file"
        fail(message)
    return True


# The record


@pass_context
def record(context: Context) -> str:
    """Return the content of .template.json."""
    given = context["cookiecutter"]
    answers = {
        "project_name": name(given["project_name"]),
        "project_slug": checked_slug(given["project_slug"]),
        "models": given["models"],
        "api": "yes" if with_api(context) else "no",
    }
    return records.record(answers, given["_template"])


@pass_context
def list_files(context: Context) -> str:
    """Write .template.files, once all files are there.  Returns nothing."""
    return records.write_files(output.folder(context))


# What the hook prints


@pass_context
def quoted_folder(context: Context) -> str:
    """Return the path of the new project as a shell reads it, to be put in a string of Python."""
    path = shlex.quote(str(output.folder(context)))
    return path.encode("unicode_escape").decode().replace('"', r"\"")


# The name and the slug of the project


def name(answer: Any) -> str:
    """Return the project's name on one line."""
    if isinstance(answer, Undefined):
        return ""  # as in checked()
    text = text_of("project_name", "" if answer is None else answer)
    text = " ".join(text.split())
    if not text:
        fail("project_name is empty: type a name")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        fail("project_name has a control character or is not UTF-8: type a plain name")
    return text


def slug(answer: Any) -> str:
    """Return the slug that a name suggests: "Café 9" gives "cafe_9"."""
    text = name(answer)
    text = re.sub("['\N{RIGHT SINGLE QUOTATION MARK}]", "", text)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", text.lower())
    result = re.sub(r"^[^a-z]+", "", words)[:SLUG_LENGTH].rstrip("_")
    if not result:
        return "flask_project"
    if result in forbidden_slugs():
        return result[: SLUG_LENGTH - len(SUFFIX)] + SUFFIX
    return result


def checked_slug(answer: Any) -> str:
    """Return a valid slug unchanged."""
    text = text_of("project_slug", answer)
    if not SLUG.fullmatch(text):
        fail(f"project_slug {text!r} must match [a-z][a-z0-9_]{{0,{SLUG_LENGTH - 1}}}, as in book_shop")
    if text in forbidden_slugs():
        fail(f"project_slug {text!r} is a keyword or a package that the project needs: add a word")
    return text


@cache
def forbidden_slugs() -> set[str]:
    """Return the keywords of Python and the names of the packages that a project installs."""
    names = set(kwlist)
    for file in ("requirements.txt", "requirements-dev.txt"):
        text = PROJECT.joinpath(file).read_text(encoding="utf-8")
        for package in re.findall(r"^([\w.-]+)==", text, re.MULTILINE):
            names.add(re.sub(r"[-.]+", "_", package.lower()))
    return names


# Text


def markdown(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|&~$])", r"\\\1", text)


CHECKS: dict[str, Callable[[Any], Any]] = {
    "project_name": name,
    "project_slug": checked_slug,
    "models": declared,
    "api": yes,
}
"""What checks the answer to each question, and makes it what the files need."""
