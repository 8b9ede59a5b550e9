"""Arranges tables in layers, as Mermaid draws them.

It imports nothing of this package: the template runs this file alone for the diagram of a fresh project.
"""

from collections import Counter

SIDE_BY_SIDE = 2  # tables of one layer for which a page has room anyway


def layers_of(parents: dict[str, set[str]]) -> dict[str, int]:
    """Return the layer of each table.

    `parents` has the names of all tables, and of the others that each refers to.  A table is below
    these.  In a circle of tables, one has to come first.
    """
    missing = {name: set(others) for name, others in parents.items()}
    children: dict[str, list[str]] = {name: [] for name in parents}
    for name, others in parents.items():
        for other in others:
            children[other].append(name)
    layers: dict[str, int] = {}
    layer = [name for name, others in missing.items() if not others]
    for number in range(len(parents)):
        following = []
        for name in layer or sorted(missing)[:1]:
            layers[name] = number
            del missing[name]
            for child in children[name]:
                if child in missing:
                    missing[child].remove(name)
                    if not missing[child]:
                        following.append(child)
        layer = following
    return layers


def is_wide(layers: dict[str, int]) -> bool:
    """Return whether a layer has more tables than there are layers: then they go from left to right."""
    sizes = Counter(layers.values())
    return max(sizes.values(), default=0) > max(len(sizes), SIDE_BY_SIDE)
