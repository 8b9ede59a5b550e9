"""Merges lists, tuples, dictionaries and calls: element by element."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from plumbing.merging.expressions import Group, Item, Leaf
from plumbing.merging.reading import read_statement
from plumbing.merging.sequence import merged_order, merged_value
from plumbing.merging.source import CannotTakeApart, Piece

TABLE_ARGUMENTS = "__table_args__"
MERGED_IF_BOTH_ADDED = (TABLE_ARGUMENTS, "__all__")
Keyed = dict[tuple[str, int], Item]
"""Items by their key and how many before them have it."""


def merge_elements(base: Piece | None, ours: Piece, theirs: Piece) -> tuple[str, ...]:
    """Return the lines of an assignment that both sides changed.

    Raises CannotTakeApart if it is nothing of this kind, or if both changed the same part of it.
    """
    name = str(ours.key[1])
    if base is None and name not in MERGED_IF_BOTH_ADDED:
        raise CannotTakeApart("added by both")
    own = read_statement(ours.lines)
    new = read_statement(theirs.lines)
    old = read_statement(base.lines) if base is not None else None
    before = old.value if old else None
    if name == TABLE_ARGUMENTS:
        value = merge_table_arguments(before, own.value, new.value)
    else:
        value = merge_groups(before or replace(own.value, items=()), own.value, new.value)
    prefix = merge_prefixes(old.prefix if old else None, own.prefix, new.prefix)
    return own._replace(prefix=prefix, value=value).lines()


def merge_prefixes(base: str | None, ours: str, theirs: str) -> str:
    """Return what comes before the value: the name, and the annotation of the side that changed it."""
    if ours != theirs and base not in (None, ours, theirs):
        raise CannotTakeApart("both changed the annotation")
    return merged_value(base, ours, theirs) or ours


def without_base(base: Piece, ours: Piece) -> tuple[str, ...]:
    """Return the lines of arguments of a table from which the template has removed all its own.

    Raises CannotTakeApart if it is something else, or if nothing of the owner's is left.
    """
    if ours.key != ("name", TABLE_ARGUMENTS):
        raise CannotTakeApart("removed and changed")
    own = read_statement(ours.lines)
    before = read_statement(base.lines).value
    value = merge_table_arguments(before, own.value, Group("", "(", ()))
    if not value.items:
        raise CannotTakeApart("nothing is left")
    return own._replace(value=value).lines()


# The arguments of a table


def merge_table_arguments(base: Group | None, ours: Group, theirs: Group) -> Group:
    """Merge constraints, and the dictionary that is alone or the last of them."""
    empty = Group("", "(", ())
    constraints, options = zip(*map(halves, (base or empty, ours, theirs)), strict=True)
    merged = merge_groups(*constraints)
    merged_options = merge_groups(*options)
    if not merged_options.items:
        return merged
    if not merged.items:
        return merged_options
    last = next((item for item in ours.items if item.value == merged_options), None)
    return replace(merged, items=(*merged.items, last or Item("", merged_options)))


def halves(arguments: Group) -> tuple[Group, Group]:
    """Return the constraints, and the dictionary, each of which may be empty."""
    no_options = Group("", "{", ())
    if arguments.bracket == "{":
        return Group("", "(", ()), arguments
    if not arguments.is_tuple:
        raise CannotTakeApart("arguments of a table in another form")
    last = arguments.items[-1].value if arguments.items else None
    if isinstance(last, Group) and last.bracket == "{" and not last.head:
        return replace(arguments, items=arguments.items[:-1]), last
    return arguments, no_options


# Groups


def merge_groups(base: Group, ours: Group, theirs: Group) -> Group:
    """Merge the items of three groups of one kind: those with a name by it, others by their text."""
    kinds = {(group.head, group.bracket) for group in (base, ours, theirs)}
    if len(kinds) > 1:
        raise CannotTakeApart("values of different kinds")
    if base.is_call and has_star(base) != has_star(theirs) and arguments(base) != arguments(ours):
        raise CannotTakeApart("arguments have other positions")
    before, own, new = (keyed(group) for group in (base, ours, theirs))
    order = merged_order(before, own, new)
    if all(is_sorted(group) for group in (base, ours, theirs)):
        order.sort()
    items = []
    for key in order:
        item = merge_item(before.get(key), own.get(key), new.get(key))
        if item is not None:
            items.append(item)
    had_comma = base.has_last_comma == ours.has_last_comma
    has_last_comma = theirs.has_last_comma if had_comma else ours.has_last_comma
    return replace(ours, items=tuple(items), has_last_comma=has_last_comma)


def has_star(group: Group) -> bool:
    return any(item.prefix == "*" for item in group.items)


def arguments(group: Group) -> list[str]:
    """Return the arguments without a name."""
    return [item.flat for item in group.items if not item.prefix]


def keyed(group: Group) -> Keyed:
    """Return the items of a group by the name of each, or by its text; arguments by their position."""
    seen: Counter[str] = Counter()
    found: Keyed = {}
    for item in group.items:
        is_named = item.prefix.strip("*") != ""
        is_argument = group.is_call and not item.prefix
        key = item.prefix if is_named else "" if is_argument else item.flat
        found[key, seen[key]] = item
        seen[key] += 1
    return found


def is_sorted(group: Group) -> bool:
    """Return whether a group is a sorted list of strings or names."""
    texts = [item.flat for item in group.items]
    if group.head or any(isinstance(item.value, Group) or item.prefix for item in group.items):
        return False
    return all(first <= second for first, second in pairwise(texts))


def merge_item(base: Item | None, ours: Item | None, theirs: Item | None) -> Item | None:
    """Return one item merged, or None if one side has removed it."""
    if ours is None:
        return theirs if base is None else None
    if theirs is None:
        if base is None:
            return ours
        if base.flat == ours.flat:
            return None
        raise CannotTakeApart("removed and changed")
    if ours.flat == theirs.flat or (base is not None and base.flat == theirs.flat):
        return ours
    if base is not None and base.flat == ours.flat:
        return replace(ours, value=theirs.value)
    return replace(ours, value=merge_values(base, ours, theirs))


def merge_values(base: Item | None, ours: Item, theirs: Item) -> Group | Leaf:
    """Merge what both sides changed: a group within a group."""
    groups = [item.value for item in (base, ours, theirs) if item is not None]
    before, own, new = (None, *groups) if len(groups) == 2 else groups
    if isinstance(before, Group) and isinstance(own, Group) and isinstance(new, Group):
        return merge_groups(before, own, new)
    raise CannotTakeApart("changed by both")
