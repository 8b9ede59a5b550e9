"""Define edits that owners make to model files, and check what a merge must keep of them."""

import ast
import re
from collections.abc import Callable, Collection, Iterator

Edit = Callable[[str], str]


def class_of(text: str) -> ast.ClassDef:
    return next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))


def insert(text: str, line: int, new: str) -> str:
    lines = text.splitlines()
    lines[line:line] = new.splitlines()
    return "\n".join(lines) + "\n"


def last_line(text: str, function: str) -> int:
    """Return the last line of the columns or relationships, or of the settings before them."""
    body = class_of(text).body
    calls = [node for node in body if f" = {function}(" in ast.unparse(node)]
    settings = [node for node in body if ast.unparse(node).startswith("__")]
    columns = [node for node in body if " = mapped_column(" in ast.unparse(node)]
    return (calls or columns or settings)[-1].end_lineno or 0


def with_imports(text: str, *lines: str) -> str:
    """Insert imports above the first one; ruff sorts them."""
    first = next(n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom))
    return insert(text, first.lineno - 1, "\n".join(lines))


def add_column(text: str) -> str:
    gap = "" if " = mapped_column(" in text else "\n"
    text = insert(
        text, last_line(text, "mapped_column"), f"{gap}    own: Mapped[str | None] = mapped_column(Text)"
    )
    return with_imports(
        text, "from sqlalchemy import Text", "from sqlalchemy.orm import Mapped, mapped_column"
    )


def add_commented_column(text: str) -> str:
    column = (
        "    # In grams.\n"
        '    own_weight: Mapped[int] = mapped_column(SmallInteger, index=True, server_default="0")'
    )
    gap = "" if " = mapped_column(" in text else "\n"
    text = insert(text, last_line(text, "mapped_column"), gap + column)
    return with_imports(
        text, "from sqlalchemy import SmallInteger", "from sqlalchemy.orm import Mapped, mapped_column"
    )


def add_method(text: str) -> str:
    method = '\n    @property\n    def shout(self) -> str:\n        """Say\n\n    it\n        loudly."""\n        return "!"'
    return text + f"{method}\n"


def add_validator(text: str) -> str:
    method = '\n    @validates("own")\n    def check(self, key: str, value: str) -> str:\n        return re.sub(" ", "", value)'
    return with_imports(text + f"{method}\n", "import re", "from sqlalchemy.orm import validates")


def add_relationship(text: str) -> str:
    line = '    own_posts: Mapped[list["Own"]] = relationship(viewonly=True)'
    gap = "" if " = relationship(" in text else "\n"
    text = insert(text, last_line(text, "relationship"), gap + line)
    text = with_imports(
        text, "from typing import TYPE_CHECKING", "from sqlalchemy.orm import Mapped, relationship"
    )
    guard = "if TYPE_CHECKING:"
    if guard in text:
        return text.replace(guard, f"{guard}\n    from app.models.own import Own")
    last = max(n.end_lineno or 0 for n in ast.parse(text).body if isinstance(n, ast.ImportFrom))
    return insert(text, last, f"\n{guard}\n    from app.models.own import Own\n")


def add_import(text: str) -> str:
    text = with_imports(text, "from app.extensions import db", "import os")
    return text + "\n    def save(self) -> None:\n        db.session.add(os.getcwd())\n"


def add_docstring(text: str) -> str:
    node = class_of(text)
    return insert(text, node.lineno, '    """What it is for."""\n')


def add_module_docstring(text: str) -> str:
    return '"""What is in it."""\n\n' + text


def add_constant(text: str) -> str:
    node = class_of(text)
    return insert(
        text,
        node.lineno - 1,
        "# The largest.\nLIMIT = 3\n\n\ndef double(x: int) -> int:\n    return 2 * x\n\n",
    )


def add_table_arguments(text: str) -> str:
    node = class_of(text)
    new = 'CheckConstraint("id > 0", name="own")'
    for statement in node.body:
        if ast.unparse(statement).startswith("__table_args__"):
            assert isinstance(statement, ast.Assign)
            lines = text.splitlines()
            value = ast.unparse(statement.value).replace("'", '"')
            value = f"({new}, {value})" if value.startswith("{") else f"({new}, {value[1:]}"
            lines[statement.lineno - 1 : statement.end_lineno] = [f"    __table_args__ = {value}"]
            text = "\n".join(lines) + "\n"
            break
    else:
        text = insert(text, node.body[0].end_lineno or 0, f"    __table_args__ = ({new},)")
    return with_imports(text, "from sqlalchemy import CheckConstraint")


MODEL_EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        add_column,
        add_commented_column,
        add_method,
        add_validator,
        add_relationship,
        add_import,
        add_docstring,
        add_module_docstring,
        add_constant,
        add_table_arguments,
    )
}


def add_seed_lines(text: str) -> str:
    return with_imports(text, "import os") + "    if os.environ:\n        yield from ()\n"


def add_row(text: str) -> str:
    """Add a row to the end of the first list, on the lines of the last row."""
    lists = lists_of_rows(text)
    return with_row(text, next(iter(lists.values()))) if lists else text


def lists_of_rows(text: str) -> dict[str, ast.List]:
    """Return each model's list of rows."""
    found = {}
    function = ast.parse(text).body[-1]
    assert isinstance(function, ast.FunctionDef)
    for statement in function.body:
        match statement:
            case ast.Assign(targets=[ast.Name()], value=ast.List(elts=[*_, ast.Call(func=model)]) as rows):
                found[ast.unparse(model)] = rows
    return found


OWN_KEYS = {'"': '"own"', "U": "UUID(int=99)"}
"""The key of an owner's row, by the prefix of the other rows' keys."""


def with_row(text: str, rows: ast.List) -> str:
    """Return the text with the last row of a list copied; a row with a key gets a new one."""
    row = ast.get_source_segment(text, rows.elts[-1])
    lines = text.splitlines()
    assert row
    row = re.sub(r'\bid=("[^"]*"|UUID\(.*?\))', lambda match: f"id={OWN_KEYS[match[1][0]]}", row)
    assert rows.end_lineno and rows.end_col_offset
    line = lines[rows.end_lineno - 1].encode()[: rows.end_col_offset - 1].decode().rstrip().removesuffix(",")
    rest = lines[rows.end_lineno - 1].encode()[rows.end_col_offset - 1 :].decode()
    if not line:
        lines[rows.end_lineno - 2] = lines[rows.end_lineno - 2].removesuffix(",")
    lines[rows.end_lineno - 1] = f"{line}, {row}{rest}"
    return "\n".join(lines) + "\n"


def add_export(text: str) -> str:
    text = with_imports(text, "from app.models.own import Own")
    return text.replace("__all__ = [", '__all__ = ["Own", ') + "\nDEFAULT = Own\n"


def add_constant_to_init(text: str) -> str:
    return text + "\nCOUNT = len(__all__)\n"


# What a merge must keep


def check_statements(base: str, ours: str, theirs: str, merged: str) -> None:
    """Assert that nothing is lost and that nothing appears that neither side has."""
    before, own, new, found = (set(parts(ast.parse(text))) for text in (base, ours, theirs, merged))
    assert own - before <= found, merged
    assert new - before <= found, merged
    assert found <= own | new, merged
    assert not (before - new) & found, merged


def check_rows(base: str, ours: str, theirs: str, merged: str, models: Collection[str]) -> None:
    """Assert that all the template's and the owner's rows are there, each with the template's fields."""
    before, own, new, found = (rows_of(text, models) for text in (base, ours, theirs, merged))
    for model, rows in new.items():
        added = len(own.get(model, [])) - len(before.get(model, []))
        assert len(found[model]) == len(rows) + added, merged
        assert {frozenset(row) for row in found[model]} == {frozenset(row) for row in rows}, merged


def rows_of(text: str, models: Collection[str]) -> dict[str, list[list[str]]]:
    """Return the keywords of every row, grouped by model."""
    found: dict[str, list[list[str]]] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in models:
            found.setdefault(node.func.id, []).append([word.arg or "" for word in node.keywords])
    return found


def parts(tree: ast.Module) -> Iterator[str]:
    """Yield the statements of a module and its classes except imports, and the elements of lists."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.If):
            continue
        inner = node.body if isinstance(node, ast.ClassDef | ast.FunctionDef) else [node]
        for statement in inner:
            value = statement.value if isinstance(statement, ast.Assign) else None
            if isinstance(value, ast.List | ast.Tuple):
                # check_rows checks those of rows().
                is_row = isinstance(node, ast.FunctionDef)
                yield from () if is_row else map(ast.unparse, value.elts)
            elif isinstance(value, ast.Dict):
                yield ast.unparse(value)
            else:
                yield ast.unparse(statement)


def check_comments(base: str, ours: str, merged: str) -> None:
    """Assert that none of the owner's comments is lost."""
    before, own, found = (
        {line.strip() for line in text.splitlines() if line.lstrip().startswith("#")}
        for text in (base, ours, merged)
    )
    assert own - before <= found, merged
