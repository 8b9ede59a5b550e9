"""Writes a declaration: the head of a model on a line of its own, its fields on indented lines."""

import re
from collections.abc import Iterator

from plumbing.reflection.catalogue import Table
from plumbing.reflection.models import Field, Group, Model
from plumbing.reflection.notes import lacks_times
from plumbing.reflection.relations import DEFAULT_KEY

INDENT = "    "
TIMES = (
    "# Every model has created_at and updated_at. After `stamp 0001_initial`, `migrate` adds those"
)
CAPITALS = "# Names with capital letters are written in snake_case: unitPrice is unit_price."
LEGEND = (
    "# The comments below a model and after a field say what the database has instead, or as well."
)
DELIMITERS = re.compile("<(?=[#%<])")  # of the template, which would read what follows
FIELDS = re.compile(r"(?<=\w):(?=[A-Za-z])")  # the template refuses comments that hide a field
OTHERS = {"v": "view", "m": "materialized view", "f": "foreign table"}


def declaration(models: list[Model], tables: list[Table], key: str, skipped: list[str]) -> str:
    """Return the text; `tables` are all of the database, `skipped` the statements that failed."""
    blocks = [comments(models, tables, skipped)]
    blocks.append([f"id:{key}"] if key != DEFAULT_KEY else [])
    blocks += [list(lines_of(model, key)) for model in models]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def comments(models: list[Model], tables: list[Table], skipped: list[str]) -> list[str]:
    """Return the comments before the first model."""
    lines = [f"# Left out: {line}" for line in skipped]
    for table in tables:
        if table.kind in OTHERS:
            lines.append(f"# Left out: {OTHERS[table.kind]} {table.full_name}")
    without = [model.table.full_name for model in models if lacks_times(model)]
    if without:
        tables_without = "every table" if len(without) == len(models) else ", ".join(without)
        lines.append(f"{TIMES} missing in {tables_without}.")
    if any(has_capitals(model) for model in models):
        lines.append(CAPITALS)
    if any(has_notes(model) for model in models):
        lines.append(LEGEND)
    return [comment_line(line) for line in lines]


def has_capitals(model: Model) -> bool:
    """Return whether a column has another name here only because of its capital letters."""
    names = [column.name for column in model.table.columns if column.name != model.key.column]
    return any(name != name.lower() for name in names)


def has_notes(model: Model) -> bool:
    groups = any(group.notes for group in model.groups)
    return bool(model.notes) or groups or any(field.notes for field in model.fields)


def lines_of(model: Model, key: str) -> Iterator[str]:
    """Yield the lines of a model."""
    yield from comment_lines(model.table.comment)
    yield model.head
    for note in model.notes:
        yield INDENT + comment_line(f"# {note}")
    if model.key.type and model.key.type != key:
        yield f"{INDENT}id:{model.key.type}"
    for field in sorted(model.fields, key=lambda field: field.is_link):
        yield from field_lines(field)
    for flag in ("unique", "index"):
        groups = [group for group in model.groups if group.flag == flag]
        for group in sorted(groups, key=lambda group: group.names):
            yield with_notes(group_text(group), group.notes)


def field_lines(field: Field) -> Iterator[str]:
    if field.column:
        for line in comment_lines(field.column.comment):
            yield INDENT + line
    yield with_notes(field_text(field), field.notes)


def field_text(field: Field) -> str:
    """Return a field as it is declared."""
    other_side = f"({field.other_side})" if field.other_side else ""
    array = "[]" if field.is_link else ""
    null = "?" if field.nullable else ""
    default = f"={field.default}" if field.default else ""
    flags = "".join(f":{flag}" for flag in field.flags)
    return escaped(f"{field.name}:{field.type}{other_side}{array}{null}{default}{flags}")


def group_text(group: Group) -> str:
    return f"{group.flag}({','.join(group.names)})"


def with_notes(text: str, notes: list[str]) -> str:
    if not notes:
        return INDENT + text
    return f"{INDENT}{text}  {comment_line('# ' + '; '.join(dict.fromkeys(notes)))}"


def comment_lines(comment: str | None) -> list[str]:
    """Return the comment of a table or a column as lines."""
    return [comment_line(f"# {line}") for line in (comment or "").splitlines() if line.strip()]


def comment_line(line: str) -> str:
    """Return a comment on one line, without what the template would read in it."""
    shown = "".join(character if character.isprintable() else " " for character in line)
    shown = FIELDS.sub(": ", shown)
    return DELIMITERS.sub("< ", shown).rstrip()


def escaped(text: str) -> str:
    """Return a field whose delimiters stand for themselves in an answer of the template."""
    opening = "<" + "<"
    closing = ">" + ">"

    def enclosed(match: re.Match[str]) -> str:
        return f"{opening}'{match[0]}'{closing}"

    return re.sub("<[#%<]", enclosed, text)
