"""The order of what is merged: that of the owner, with the additions of the template in between."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def never(present: Key, new: Key) -> bool:
    """Return that nothing of the owner's comes before an addition of the template at its place."""
    return False


def merged_order(
    base: Iterable[Key],
    ours: Iterable[Key],
    theirs: Iterable[Key],
    comes_first: Callable[[Key, Key], bool] = never,
) -> list[Key]:
    """Return the keys of ours, with those that theirs has added to the base.

    An addition follows its predecessor of theirs, so it is before the owner's additions at the
    same place, except for those that `comes_first(addition of ours, addition of theirs)` names.
    What theirs has removed is still among them.
    """
    known = set(base)
    order = list(ours)
    own = set(order) - known
    before: list[Key] = []
    for key in theirs:
        if key not in known and key not in order:
            position = position_after(before, order)
            while position < len(order) and is_passed(order[position], key, own, comes_first):
                position += 1
            order.insert(position, key)
        before.append(key)
    return order


def position_after(before: list[Key], order: list[Key]) -> int:
    """Return the position in `order` behind the last of the keys `before` that is in it."""
    for key in reversed(before):
        if key in order:
            return order.index(key) + 1
    return 0


def is_passed(
    present: Key, new: Key, own: set[Key], comes_first: Callable[[Key, Key], bool]
) -> bool:
    return present in own and comes_first(present, new)


def merged_value(base: Key | None, ours: Key | None, theirs: Key | None) -> Key | None:
    """Return the value of the side that changed it; ours if both did."""
    return theirs if ours == base else ours
