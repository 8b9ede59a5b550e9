"""The order of models that may refer to each other, and the references that complete a circle.

Two rows that refer to each other cannot both be inserted first, and neither can two tables.  So one reference of
each circle may be NULL and is added last: SQLAlchemy's `use_alter` for the tables, `post_update` for the rows.
"""

from graphlib import CycleError, TopologicalSorter

from generator.model import Field, Model

Graph = dict[str, list[str]]
"""The names of models, and those of the models that each refers to."""


def mark(models: list[Model]) -> None:
    """Set `closes_circle` of the references that complete a circle.

    Of a circle's references that may be NULL, that is one to a model below, if there is one.
    Raises Mistake at a circle without any.
    """
    pairs = [pair for model in models for pair in references(model)]
    if not circle(graph_of(pairs)):
        return  # the usual case
    graph = graph_of([pair for pair in pairs if not pair[0].nullable])
    if names := circle(graph):
        fail_at(names, pairs)
    places = {model.name: place for place, model in enumerate(models)}
    optional = [pair for pair in pairs if pair[0].nullable]
    for field, target in sorted(optional, key=lambda pair: places[pair[1].name] > places[pair[0].model.name]):
        field.closes_circle = leads(graph, target.name, field.model.name)
        if not field.closes_circle:
            graph.setdefault(field.model.name, []).append(target.name)


def references(model: Model) -> list[tuple[Field, Model]]:
    """Return the references to other models, each with its target."""
    return [(field, field.target) for field in model.references if field.target and field.target is not model]


def graph_of(pairs: list[tuple[Field, Model]]) -> Graph:
    graph: Graph = {}
    for field, target in pairs:
        graph.setdefault(field.model.name, []).append(target.name)
    return graph


def circle(graph: Graph) -> list[str]:
    """Return the names of a circle, which begin and end with the same, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        names: list[str] = error.args[1]
        return names[::-1]  # each refers to the next
    return []


def fail_at(names: list[str], pairs: list[tuple[Field, Model]]) -> None:
    """Report a circle of required references at the last of them."""
    steps = set(zip(names, names[1:], strict=False))
    fields = [
        field for field, target in pairs if (field.model.name, target.name) in steps and not field.nullable
    ]
    last = fields[-1]
    last.word.fail(
        f"{last.word.text!r} completes a circle of references that cannot be NULL ({', '.join(names)}), so no row"
        f" could be the first: write {last.type}? here, or ? at another one"
    )


def leads(graph: Graph, start: str, end: str) -> bool:
    """Return whether references lead from one model to another."""
    seen = {start}
    pending = [start]
    while pending:
        name = pending.pop()
        if name == end:
            return True
        new = [other for other in graph.get(name, []) if other not in seen]
        seen.update(new)
        pending += new
    return False


def ordered(models: list[Model]) -> list[Model]:
    """Return the models, each behind those that it refers to, but for references that complete a circle.

    Otherwise they stay in the order of the declaration.
    """
    places = {model.name: place for place, model in enumerate(models)}
    result: dict[str, Model] = {}
    for model in models:
        pending = [model]
        while pending:
            last = pending[-1]
            missing = [target for target in needed(last) if target.name not in result]
            if missing:
                pending += sorted(missing, key=lambda target: -places[target.name])
            else:
                result.setdefault(last.name, last)
                pending.pop()
    return list(result.values())


def needed(model: Model) -> list[Model]:
    """Return the models whose tables and rows must exist before those of a model."""
    return [target for field, target in references(model) if not field.closes_circle]
