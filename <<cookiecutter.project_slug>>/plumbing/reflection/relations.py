"""Decisions that need all models: circles, the names of other sides, the order, the common key."""

from collections import Counter
from collections.abc import Iterable, Iterator

from plumbing.reflection.models import Field, Model
from plumbing.reflection.names import BASE_COLUMNS, COLUMNS, LONGEST, is_name, is_reserved

DEFAULT_KEY = "integer"


def open_circles(models: list[Model]) -> None:
    """Let a reference be NULL where required ones form a circle: no row could be the first."""
    done: set[str] = set()
    path: list[str] = []

    def visit(model: Model) -> None:
        path.append(model.name)
        for field in model.fields:
            target = field.target
            if target is None or field.is_link or field.nullable or target.name in done:
                continue
            if target.name in path:
                field.nullable = True
                field.notes.append("NOT NULL")
            else:
                visit(target)
        path.pop()
        done.add(model.name)

    for model in models:
        if model.name not in done:
            visit(model)


def mark_circles(models: list[Model]) -> None:
    """Find the references that complete a circle, as the template does: it names their other sides."""
    places = {model.name: place for place, model in enumerate(models)}
    graph: dict[str, set[str]] = {}
    optional = []
    for field, source, target in other_references(models):
        if field.nullable:
            optional.append((field, source, target))
        else:
            graph.setdefault(source, set()).add(target)
    optional.sort(key=lambda each: places[each[2]] > places[each[1]])
    for field, source, target in optional:
        field.closes_circle = leads(graph, target, source)
        if not field.closes_circle:
            graph.setdefault(source, set()).add(target)


def other_references(models: list[Model]) -> Iterator[tuple[Field, str, str]]:
    """Yield each reference to another model, with the names of both."""
    for model in models:
        for field in model.fields:
            if field.target and field.target is not model and not field.is_link:
                yield field, model.name, field.target.name


def leads(graph: dict[str, set[str]], start: str, end: str) -> bool:
    """Return whether references lead from one model to another."""
    seen = {start}
    pending = [start]
    while pending:
        name = pending.pop()
        if name == end:
            return True
        new = graph.get(name, set()) - seen
        seen |= new
        pending += new
    return False


def name_other_sides(models: list[Model]) -> None:
    """Name the other side of a reference where the name that it has otherwise is taken or refused."""
    for model in models:
        taken = {*BASE_COLUMNS, *(name for field in model.fields for name in field.attributes)}
        for field in sorted(model.referrers, key=lambda field: position(field, models)):
            name = field.default_other_side()
            if name in taken or is_reserved(name, COLUMNS):
                name = field.other_side = other_name(field, taken)
            taken.add(name)


def position(field: Field, models: list[Model]) -> tuple[int, int]:
    """Return where a field is in the declaration."""
    assert field.model is not None
    return models.index(field.model), field.model.fields.index(field)


def other_name(field: Field, taken: set[str]) -> str:
    """Return a name for the other side that is free."""
    assert field.model is not None
    rows = field.model.module if "unique" in field.flags else field.model.plural
    candidates = [f"{field.name}_{rows}", f"{field.name}_of", f"{rows}_by_{field.name}"]
    candidates += [f"{rows[:50]}_{number}" for number in range(2, 1000)]
    for candidate in candidates:
        name = candidate[:LONGEST].rstrip("_")
        if name not in taken and is_name(name, COLUMNS):
            return name
    raise AssertionError(field.name)


def in_order(models: list[Model]) -> list[Model]:
    """Return the models schema by schema, each after those of its schema that it refers to."""
    result: list[Model] = []
    visited: set[str] = set()

    def visit(model: Model) -> None:
        if model.name in visited:
            return
        visited.add(model.name)
        targets = {field.target.name: field.target for field in model.fields if field.target}
        for name in sorted(targets):
            if targets[name].schema == model.schema:
                visit(targets[name])
        result.append(model)

    for model in sorted(models, key=lambda model: (model.schema, model.table_name)):
        visit(model)
    return sorted(result, key=lambda model: model.schema)


def common_key(models: Iterable[Model]) -> str:
    """Return the key of the project: the one that most models have."""
    counts = Counter(model.key.type for model in models if model.key.type)
    for key, number in counts.most_common(1):
        if number * 2 > counts.total():
            return key
    return DEFAULT_KEY
