"""The record of a project's origin: .template.json with the answers, .template.files with the files."""

import json
import re
from dataclasses import dataclass, field
from hashlib import sha1
from pathlib import Path
from typing import Any

from plumbing.errors import UserError

RECORD = ".template.json"
FILES = ".template.files"
QUESTIONS = ("project_name", "project_slug", "models", "api")


@dataclass(frozen=True)
class Record:
    """The answers that a project was generated from, a text each, and the version of the template."""

    answers: dict[str, str]
    version: str | None = None
    template: str | None = None
    """The address of the template, if it was generated from one."""
    files: dict[str, str] = field(default_factory=dict)
    """The object id that git gives to each file of the fresh project."""
    commit: str = ""
    """The commit in which the record was written."""

    @property
    def page(self) -> str:
        """The first page of the project, which stays when there are more models."""
        pages = [
            re.fullmatch(r"app/templates/(?!base\.|api\.)(\w+)\.html", path) for path in self.files
        ]
        return next((match[1] for match in pages if match), "")


def parse(record: str, files: dict[str, str] | None = None) -> Record:
    """Return the record with the content of .template.json.  Raises UserError."""
    try:
        content = json.loads(record)
        answers = texts(content["answers"])
        version = str(content["version"])
        if not {"project_slug", "models"} <= answers.keys():
            raise KeyError("answers")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(
            f"{RECORD} is not JSON with a version and answers: correct it, or restore it from git."
        ) from None
    return Record(answers, version, content.get("template"), files or {})


def parse_files(text: str) -> dict[str, str] | None:
    """Return the object ids in .template.files; None if it is not as it was written.

    That is so if git has merged two of them.
    """
    total, _, lines = text.partition("\n")
    if sha1(lines.encode(), usedforsecurity=False).hexdigest() != total:
        return None
    files = {}
    for line in lines.splitlines():
        name, path = line.split(" ", 1)
        files[path] = name
    return files


def texts(answers: dict[str, Any]) -> dict[str, str]:
    """Return answers as texts; models may be a list of lines."""
    given = {}
    for question, answer in answers.items():
        if isinstance(answer, list):
            given[question] = "\n".join(answer)
        else:
            given[question] = {True: "yes", False: "no"}.get(answer, str(answer))
    return given


def read_answers(file: Path) -> dict[str, str] | None:
    """Return the answers in a file, or None if it is a configuration for cookiecutter, in YAML.

    Else it is JSON: a record, a file that cookiecutter has kept for --replay, or an object with the answers.
    Raises UserError.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise UserError(f"{file} cannot be read: {error}") from None
    if re.search(r"^default_context:", text, re.MULTILINE):
        return None
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    answers = {}
    if isinstance(content, dict):
        given = content.get("answers") or content.get("cookiecutter") or content
        answers = {question: given[question] for question in QUESTIONS if question in given}
    if not answers:
        raise UserError(
            f"{file} has no answers: it must be a file for cookiecutter's --config-file, or JSON with"
            f" {', '.join(QUESTIONS)}."
        )
    return texts(answers)


def version_key(version: str) -> tuple[int, ...]:
    """Return what orders versions such as 0.10.1."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def keep_address(folder: Path, old: Record) -> None:
    """Write the address of the template into the record of a fresh project, if it comes from elsewhere."""
    path = folder / RECORD
    content = json.loads(path.read_text(encoding="utf-8"))
    if old.template and "template" not in content:
        content = {"version": content["version"], "template": old.template, **content}
        text = json.dumps(content, indent=2, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
