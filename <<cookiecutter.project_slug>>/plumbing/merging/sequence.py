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

    Where only theirs has changed the order of the base, its order counts: in app/seeds.py, a list
    must come before those that refer to it.
    An addition follows its predecessor of theirs, so it is before the owner's additions at the
    same place, except for those that `comes_first(addition of ours, addition of theirs)` names.
    What theirs has removed is still among them.
    """
    old, order, new = list(base), list(ours), list(theirs)
    known = set(old)
    if is_moved(old, new) and not is_moved(old, order):
        order = with_order_of(new, order, known)
    own = set(order) - known
    before: list[Key] = []
    for key in new:
        if key not in known and key not in order:
            position = position_after(before, order)
            while position < len(order) and is_passed(order[position], key, own, comes_first):
                position += 1
            order.insert(position, key)
        before.append(key)
    return order


def is_moved(base: list[Key], other: list[Key]) -> bool:
    """Return whether what both have is in another order."""
    common = [key for key in base if key in set(other)]
    return common != [key for key in other if key in set(base)]


def with_order_of(theirs: list[Key], ours: list[Key], known: set[Key]) -> list[Key]:
    """Return ours with what is in the base as well in the order of theirs.

    What stands between follows what is before it, and what is last stays last.
    """
    places = {key: place for place, key in enumerate(theirs) if key in known}
    start: list[Key] = []
    chunks: list[list[Key]] = []
    for key in ours:
        if key in places:
            chunks.append([key])
        else:
            (chunks[-1] if chunks else start).append(key)
    end: list[Key] = []
    if chunks:
        end = chunks[-1][1:]
        del chunks[-1][1:]
    chunks.sort(key=lambda chunk: places[chunk[0]])
    return start + [key for chunk in chunks for key in chunk] + end


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
