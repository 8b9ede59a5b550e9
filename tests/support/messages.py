"""Lists the lines that the product can print, for a reader to go through: `make messages`.

They are found in the source: every string that reads as prose, and is neither a docstring nor code, SQL, a
pattern or a list of words.  `{...}` stands for what is filled in when the line is printed.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.bake import ROOT, TEMPLATE

PAGE = ROOT / "docs" / "messages.md"
INTRODUCTION = """\
# Messages

Every line that the template and the projects made with it can print, in the order of the source. A line says what
happened, why, and what to type. `{...}` is filled in; some lines are parts of longer ones. `make messages` writes this
page, and a test compares it with the source.
"""
PARTS = (
    ("The template, when it generates a project", ("generator", "hooks", "update.py")),
    ("`db_manage.py` and the application", (f"{TEMPLATE.name}/plumbing",)),
)
WITHOUT_MESSAGES = {
    *("nouns.py", "samples.py", "reserved.py", "model_file.py", "migration_file.py", "layout.py", "seeds.py"),
    *("first_page.py", "lookup.py", "ownership.py", "replacement.py", "rules.py", "queries.py", "types.py"),
}
"""Modules whose strings are words, or parts of generated files and statements."""
INTERNAL = {"CannotTakeApart", "compile", "join_lines"}
"""Calls whose strings nobody sees: a merge that gives up falls back to git."""
CODE = re.compile(
    r"\(\?|\\[a-z.(]|\.\*|[\^$|]\S|^\s*[<{]%|^\s*<|^@|^(from|import|op\.|sa\.|git |python |gunicorn|flask )|\w\(\{|^\S+=|"
    r"\b(SELECT|CREATE|ALTER|INSERT|UPDATE|DELETE|TRUNCATE|INITIALLY|PRIMARY KEY|NOT NULL|ON DELETE)\b.*[{(]",
)
PROSE = re.compile(r"[a-z]{2,},? [a-z]{2,}|^[A-Z][a-z]+: |^[A-Z][a-z ]+\.$")
SMALL_WORDS = re.compile(r"\b(a|an|and|as|has|is|it|no|of|or|that|the|to)\b")


def messages(source: str) -> list[str]:
    """Return the lines that a module can print."""
    tree = ast.parse(source)
    found = dict.fromkeys(text.strip("\n") for text in strings(tree, docstrings(tree)))
    return [text.strip() if "\n" not in text else text for text in found if is_prose(text)]


def is_prose(text: str) -> bool:
    """Return whether a string reads as prose, not as code, a pattern or a list of words."""
    words = re.sub(r"\{[^}]*\}", "{}", text)
    if CODE.search(text) or not PROSE.search(words):
        return False
    return bool(re.match(r"\W*[A-Z{]", words) or SMALL_WORDS.search(words) and len(words.split()) > 3)


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """Return the strings that are statements of their own."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def strings(node: ast.AST, leave_out: set[ast.expr]) -> Iterator[str]:
    """Yield the strings of a tree; what is put together by + or in an f-string is one."""
    if isinstance(node, ast.expr) and node in leave_out and isinstance(node, ast.Constant):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in INTERNAL:
        return
    text = whole(node)
    if text is None:
        for child in ast.iter_child_nodes(node):
            yield from strings(child, leave_out)
    else:
        yield text


def whole(node: ast.AST) -> str | None:
    """Return a string with `{...}` for what is filled in, or None if the node is not a string."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else filled_in(part) for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = whole(node.left), whole(node.right)
        if parts != (None, None):
            return "".join("{...}" if part is None else part for part in parts)
    return None


def filled_in(part: ast.expr) -> str:
    """Return the name of what is filled in, if it has one."""
    value = part.value if isinstance(part, ast.FormattedValue) else part
    name = ast.unparse(value)
    return f"{{{name}}}" if re.fullmatch(r"[\w.]+", name) else "{...}"


def modules(places: tuple[str, ...]) -> list[Path]:
    paths = [ROOT / place for place in places]
    found = (sorted(path.rglob("*.py")) if path.is_dir() else [path] for path in paths)
    return [path for files in found for path in files if path.name not in WITHOUT_MESSAGES]


def page() -> str:
    """Return the page with all messages."""
    lines = [INTRODUCTION]
    for title, places in PARTS:
        lines.append(f"## {title}\n")
        for path in modules(places):
            if found := messages(path.read_text()):
                name = path.relative_to(ROOT).as_posix().removeprefix(f"{TEMPLATE.name}/")
                lines += [f"### {name}\n", "```text", *found, "```\n"]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page())
