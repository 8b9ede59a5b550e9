"""Which names a piece of code uses, and which it defines."""

import ast
from collections.abc import Iterable, Iterator


def used_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that code reads: in expressions, in annotations in quotes, in `__all__`."""
    names: set[str] = set()
    for node in nodes:
        for child in ast.walk(node):
            if isinstance(child, ast.Name):
                names.add(child.id)
            for expression in places_of_quoted_names(child):
                names |= quoted_names(expression)
    return names


def places_of_quoted_names(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions of a node in which a string is a type, or the name of an export."""
    match node:
        case ast.AnnAssign(annotation=annotation):
            yield annotation
        case ast.arg(annotation=ast.expr() as annotation):
            yield annotation
        case ast.FunctionDef(returns=ast.expr() as returns):
            yield returns
        case ast.AsyncFunctionDef(returns=ast.expr() as returns):
            yield returns
        case ast.Call(func=ast.Name(id="cast") | ast.Attribute(attr="cast"), args=[first, *_]):
            yield first
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
            yield value
        case ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value):
            yield value
        case ast.AugAssign(target=ast.Name(id="__all__"), value=value):
            yield value


def quoted_names(expression: ast.expr) -> set[str]:
    """Return the names in the strings of an expression."""
    names: set[str] = set()
    for child in ast.walk(expression):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            try:
                tree = ast.parse(child.value, mode="eval")
            except (SyntaxError, ValueError):
                continue
            names |= used_names([tree])
    return names


def defined_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that statements of a module give to functions, classes and values."""
    names: set[str] = set()
    for node in nodes:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Assign() | ast.AnnAssign():
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names
