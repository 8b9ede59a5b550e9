"""The Jinja extension of the template: checks the answers, and gives the files what they need."""

import re
import unicodedata
from functools import cache
from keyword import kwlist
from pathlib import Path
from typing import Any, NoReturn

from cookiecutter.exceptions import FailedHookException
from jinja2 import Environment, TemplateSyntaxError, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context

from generator import clashes, diagram, language, layout, migration_file, model_file, seeds
from generator.model import Model

PROJECT = Path(__file__).resolve().parents[1] / "<<cookiecutter.project_slug>>"
SLUG_LENGTH = 40
SLUG = re.compile(rf"[a-z][a-z0-9_]{{0,{SLUG_LENGTH - 1}}}", re.ASCII)
SUFFIX = "_project"
DELIMITERS = (
    "variable_start_string",
    "variable_end_string",
    "block_start_string",
    "block_end_string",
    "comment_start_string",
    "comment_end_string",
)


class Answers(Extension):
    """The filters and globals that the files of the template use."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        delimiters = {name: getattr(environment, name) for name in DELIMITERS}
        self.plain = Environment(**delimiters)
        environment.filters.update(
            name=name,
            slug=slug,
            checked_slug=checked_slug,
            python=layout.literal,
            markdown=markdown,
        )
        environment.globals.update(
            models=models,
            model_file=model_file,
            migration_file=migration_file,
            seeds=seeds,
            diagram=diagram,
            import_from=layout.import_from,
            import_models=layout.import_models,
            list_of=layout.list_of,
        )

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Stop with one line at an answer that is not valid Jinja: cookiecutter renders answers, too."""
        is_answer = name is None and filename is None
        if not is_answer:
            return source
        try:
            self.plain.parse(source)
        except TemplateSyntaxError as error:
            line = source.splitlines()[error.lineno - 1].strip()
            fail(f"<< <% <# are delimiters of this template: write <<'<<'>> for << in {line!r}")
        return source


def fail(message: str) -> NoReturn:
    """Stop cookiecutter with one line and exit status 1, before it writes anything."""
    raise FailedHookException(message)


# The data model


@pass_context
def models(context: Context) -> list[Model]:
    """Return the declared models."""
    text = context["cookiecutter"].get("models")
    if not isinstance(text, str):
        fail("models must be one text with a model on each line (in YAML: models: |)")
    return declared(text)


@cache
def declared(text: str) -> list[Model]:
    """Return the models of a declaration.

    Raises FailedHookException at the first mistake; its message is one line.
    """
    result = language.parse(text)
    clashes.check(result)
    return result


# The name and the slug of the project


def name(answer: Any) -> str:
    """Return the project's name on one line."""
    text = "" if answer is None else str(answer)
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
    text = str(answer)
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
    return re.sub(r"([\\`*_{}\[\]<>#|&])", r"\\\1", text)
