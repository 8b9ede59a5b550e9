"""Gives the owner's own rows in app/seeds.py the fields that the template has added to its rows."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from plumbing.merging.expressions import Group, Item, Leaf, Statement
from plumbing.merging.reading import read_statement
from plumbing.merging.seeds import is_list_of_calls
from plumbing.merging.source import Block, CannotTakeApart, Piece

NUMBER = re.compile(r"\d+")
INDEX = re.compile(r"\w\[")
LAST_DAY = 28  # of every month
LAST_HOUR = 23


@dataclass(frozen=True)
class Change:
    """What the template has changed in every row of a model."""

    added: dict[str, list[Item]]
    """The values of each new keyword, in the order of the rows."""
    removed: set[str]
    order: list[str]
    """The keywords of a row."""


def with_changed_fields(merged: Piece, base: Block, theirs: Block) -> Piece:
    """Return the merged function rows() with every row changed as the template has changed its own.

    `base` and `theirs` are the bodies of the function.  Rows that have a new keyword keep it, and
    those of the owner get the next value of a sequence such as "name 1", "name 2".
    """
    changes = changes_between(rows_of(base), rows_of(theirs))
    if not changes:
        return merged
    lines = list(merged.lines)
    numbers: Counter[tuple[str, str]] = Counter()
    edits: list[tuple[int, int, tuple[str, ...]]] = []
    for node in simple_statements(ast.parse(merged.code)):
        start, end = node.lineno - 1, node.end_lineno or node.lineno
        statement = statement_with_calls(node, lines[start:end], set(changes))
        if statement is None:
            continue
        changed = with_changes(statement.value, changes, numbers)
        if changed != statement.value:
            edits.append((start, end, statement._replace(value=changed).lines()))
    for start, end, new in reversed(edits):
        lines[start:end] = new
    return replace(merged, lines=tuple(lines))


# What has changed


def rows_of(body: Block) -> dict[str, list[Group]]:
    """Return the rows in the lists of a function, by the name of their model."""
    rows: dict[str, list[Group]] = {}
    for piece in body.pieces:
        if piece.key[0] != "name":
            continue
        try:
            value = read_statement(piece.lines).value
        except CannotTakeApart:
            continue
        for item in value.items if is_list_of_calls(value) else ():
            assert isinstance(item.value, Group)
            rows.setdefault(item.value.head, []).append(item.value)
    return rows


def changes_between(
    base: dict[str, list[Group]], theirs: dict[str, list[Group]]
) -> dict[str, Change]:
    """Return the changes of each model with rows in both."""
    changes = {}
    for model in base.keys() & theirs.keys():
        before, after = base[model], theirs[model]
        added = keywords_of_all(after) - keywords_of_any(before)
        removed = keywords_of_all(before) - keywords_of_any(after)
        order = [item.prefix for item in after[0].items]
        if added or removed:
            values = {
                name: [item_of(row, name) for row in after] for name in order if name in added
            }
            changes[model] = Change(values, removed, order)
    return changes


def keywords(row: Group) -> set[str]:
    return {item.prefix for item in row.items if item.prefix.endswith("=")}


def keywords_of_all(rows: Iterable[Group]) -> set[str]:
    return set.intersection(*map(keywords, rows))


def keywords_of_any(rows: Iterable[Group]) -> set[str]:
    return set.union(*map(keywords, rows))


def item_of(row: Group, keyword: str) -> Item:
    return next(item for item in row.items if item.prefix == keyword)


# The rows of the owner


def simple_statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements that have no others in them, in their order."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.stmt) and not hasattr(child, "body"):
            yield child
        else:
            yield from simple_statements(child)


def statement_with_calls(node: ast.stmt, lines: list[str], models: set[str]) -> Statement | None:
    """Return a statement taken apart if it makes rows of one of the models."""
    calls = [child.func for child in ast.walk(node) if isinstance(child, ast.Call)]
    if models.isdisjoint(func.id for func in calls if isinstance(func, ast.Name)):
        return None
    try:
        return read_statement(lines)
    except CannotTakeApart:
        return None


def with_changes(
    value: Group, changes: dict[str, Change], numbers: Counter[tuple[str, str]]
) -> Group:
    """Return an expression with all rows in it changed; `numbers` counts the values given so far."""
    items = []
    for item in value.items:
        if isinstance(item.value, Group):
            item = replace(item, value=with_changes(item.value, changes, numbers))
        items.append(item)
    change = changes.get(value.head)
    if change is None or any(item.prefix == "**" for item in items):
        return replace(value, items=tuple(items))
    items = [item for item in items if item.prefix not in change.removed]
    for keyword, values in change.added.items():
        present = [item.prefix for item in items]
        if keyword not in present:
            position = position_of(keyword, present, change.order)
            items.insert(position, next_item(values, numbers[value.head, keyword]))
            numbers[value.head, keyword] += 1
    return replace(value, items=tuple(items))


def position_of(keyword: str, present: list[str], order: list[str]) -> int:
    """Return where a new keyword goes: behind the one that it follows in the template's rows."""
    for name in reversed(order[: order.index(keyword)]):
        if name in present:
            return present.index(name) + 1
    return sum(1 for name in present if not name)  # arguments without a name come first


def next_item(values: list[Item], number: int) -> Item:
    """Return the value of a sequence after its last one, or after `number` more; else the first value."""
    first = Item(values[0].prefix, values[0].value)
    texts = [item.value.flat for item in values]
    if len(set(NUMBER.sub("0", text) for text in texts)) > 1 or INDEX.search(texts[0]):
        return first
    columns = list(zip(*(NUMBER.findall(text) for text in texts), strict=True))
    moving = [place for place, column in enumerate(columns) if len(set(column)) > 1]
    if len(moving) != 1:
        return first
    column = [int(digits) for digits in columns[moving[0]]]
    steps = {after - before for before, after in zip(column, column[1:], strict=False)}
    if len(steps) > 1:
        return first
    new = column[-1] + steps.pop() * (number + 1)
    if new < 0 or ("date" in texts[0] and new > LAST_DAY):
        return first
    if "time(" in texts[0] and new > LAST_HOUR:
        return first
    match = list(NUMBER.finditer(texts[-1]))[moving[0]]
    digits = str(new).zfill(len(match[0]))
    text = texts[-1][: match.start()] + digits + texts[-1][match.end() :]
    return Item(first.prefix, Leaf(text))
