"""The Jinja extension of this template: checks the answers and prepares them for the files."""

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

from hooks import clashes, code, declaration, diagram, layout, seeds

PROJECT = Path(__file__).resolve().parents[1] / "<<cookiecutter.project_slug>>"
SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class Answers(Extension):
    """What the files of the template may use."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        marks = [m for m in vars(environment) if m.endswith(("_start_string", "_end_string"))]
        self.plain = Environment(**{mark: getattr(environment, mark) for mark in marks})
        environment.filters.update(
            name=name,
            slug=slug,
            checked_slug=checked_slug,
            python=layout.literal,
            markdown=markdown,
        )
        environment.globals.update(
            models=models,
            code=code,
            seeds=seeds,
            diagram=diagram,
            import_from=layout.import_from,
            import_models=layout.import_models,
            list_of=layout.list_of,
        )

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Stop with one line at an answer that Jinja cannot read; cookiecutter renders answers, too."""
        if name is not None or filename is not None:  # a file of the template
            return source
        try:
            self.plain.parse(source)
        except TemplateSyntaxError as error:
            line = source.splitlines()[error.lineno - 1].strip()
            fail(f"cookiecutter takes << <% <# for its own: write <<'<<'>> for << in {line!r}")
        return source


def fail(message: str) -> NoReturn:
    """Stop cookiecutter with one line and exit status 1, before it writes anything."""
    raise FailedHookException(message)


@pass_context
def models(context: Context) -> list[declaration.Model]:
    """Return the declared models."""
    text = context["cookiecutter"].get("models")
    if not isinstance(text, str):
        fail("models: write them as one text, a model a line (in YAML: models: |)")
    return declared(text)


@cache
def declared(text: str) -> list[declaration.Model]:
    """Return the models of a declaration.  Raises FailedHookException, which is one line."""
    result = declaration.parse(text)
    clashes.check(result)
    return result


def name(answer: Any) -> str:
    """Return the project's name on one line."""
    text = " ".join(str("" if answer is None else answer).split())
    if not text:
        fail("project_name is empty: type a name")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        fail("project_name has a control character or is no UTF-8: type a plain name")
    return text


def slug(answer: Any) -> str:
    """Return what a name suggests as its slug: "Café 9" gives "cafe_9"."""
    text = name(answer).replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", ascii_text.lower())
    result = re.sub(r"^[^a-z]+", "", words)[:40].rstrip("_")
    if not result:
        return "flask_project"
    return f"{result[:32]}_project" if result in forbidden_slugs() else result


def checked_slug(answer: Any) -> str:
    """Return a valid slug as it is."""
    text = str(answer)
    if not SLUG.fullmatch(text):
        fail(f"project_slug {text!r} must match [a-z][a-z0-9_]{{0,39}}, as in book_shop")
    if text in forbidden_slugs():
        fail(f"project_slug {text!r} is a keyword or a package that the project needs: add a word")
    return text


@cache
def forbidden_slugs() -> set[str]:
    """Return the names of keywords and of the packages that a project installs."""
    requirements = PROJECT.joinpath("requirements.txt"), PROJECT.joinpath("requirements-dev.txt")
    text = "".join(path.read_text(encoding="utf-8") for path in requirements)
    packages = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    return {*kwlist, *(re.sub(r"[-.]+", "_", package.lower()) for package in packages)}


def markdown(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|&])", r"\\\1", text)
