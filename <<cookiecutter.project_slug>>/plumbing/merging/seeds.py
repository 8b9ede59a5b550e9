"""Merges the rows of app/seeds.py: call by call, and in a call keyword by keyword."""

from collections.abc import Iterator
from dataclasses import replace

from plumbing.merging.elements import merge_groups, merge_item
from plumbing.merging.expressions import Group, Item
from plumbing.merging.reading import read_statement
from plumbing.merging.sequence import merged_order
from plumbing.merging.source import CannotTakeApart, Piece


def merge_rows(base: Piece | None, ours: Piece, theirs: Piece) -> tuple[str, ...]:
    """Return the lines of a list of calls that both sides changed.

    Raises CannotTakeApart if it is something else, or if both changed the same value.
    """
    if base is None:
        raise CannotTakeApart("added by both")
    statements = [read_statement(piece.lines) for piece in (base, ours, theirs)]
    before, own, new = (statement.value for statement in statements)
    if not all(is_list_of_calls(value) for value in (before, own, new)):
        raise CannotTakeApart("no rows")
    value = replace(own, items=tuple(merge_calls(before, own, new)))
    return statements[1]._replace(value=value).lines()


def is_list_of_calls(value: Group) -> bool:
    is_list = value.bracket == "[" and not value.head
    return is_list and all(is_call(item) for item in value.items)


def is_call(item: Item) -> bool:
    return isinstance(item.value, Group) and bool(item.value.head) and not item.prefix


def merge_calls(base: Group, ours: Group, theirs: Group) -> Iterator[Item]:
    """Yield the rows: the same one in each version has the number that it has in the base."""
    size = len(base.items)
    own_numbers = numbered(base, ours, first_new=size)
    new_numbers = numbered(base, theirs, first_new=size + len(ours.items))
    before = dict(enumerate(base.items))
    own = dict(zip(own_numbers, ours.items, strict=True))
    new = dict(zip(new_numbers, theirs.items, strict=True))
    for number in merged_order(before, own, new):
        merged = merge_row(before.get(number), own.get(number), new.get(number))
        if merged is not None:
            yield merged


def merge_row(base: Item | None, ours: Item | None, theirs: Item | None) -> Item | None:
    """Return one row merged, or None if one side has removed it."""
    values = [item.value for item in (base, ours, theirs) if item is not None]
    if len(values) < 3:
        return merge_item(base, ours, theirs)
    before, own, new = values
    assert ours is not None
    assert isinstance(before, Group) and isinstance(own, Group) and isinstance(new, Group)
    if new.flat == before.flat:
        return ours
    if own.flat == before.flat:
        return replace(ours, value=new)
    gone = {item.prefix for item in before.items} - {item.prefix for item in new.items}
    # The template removed the field, so its value goes too, even if the owner wrote it.
    own = replace(own, items=tuple(item for item in own.items if item.prefix not in gone))
    before = replace(before, items=tuple(i for i in before.items if i.prefix not in gone))
    return replace(ours, value=merge_groups(before, own, new))


# Which row is which


def numbered(base: Group, other: Group, first_new: int) -> list[int]:
    """Return for each row of a version its number in the base, or a new number.

    Rows keep their order, and those that have most in common are the same.
    """
    rows, columns = len(base.items), len(other.items)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            pair = likeness(base.items[row], other.items[column]) + best[row + 1][column + 1]
            best[row][column] = max(pair, best[row + 1][column], best[row][column + 1])
    numbers = []
    row = column = 0
    while column < columns:
        like = likeness(base.items[row], other.items[column]) if row < rows else 0.0
        if like and best[row][column] == like + best[row + 1][column + 1]:
            numbers.append(row)
            row += 1
            column += 1
        elif row < rows and best[row][column] == best[row + 1][column]:
            row += 1
        else:
            numbers.append(first_new + column)
            column += 1
    return numbers


def likeness(first: Item, second: Item) -> float:
    """Return 0 for rows of different models, else 1 and more for what they have in common."""
    left, right = first.value, second.value
    assert isinstance(left, Group) and isinstance(right, Group)
    if left.head != right.head:
        return 0
    common = {item.flat for item in left.items} & {item.flat for item in right.items}
    return 1 + 10 * len(common) / max(len(left.items), len(right.items), 1)
