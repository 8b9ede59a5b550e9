"""Read a diagram as Mermaid 11.5 to 12 does.

Its grammar is packages/mermaid/src/diagrams/er/parser/erDiagram.jison.  Before 11.16, types could not contain
commas or dots, and names could not be in backticks.  A single such word made Mermaid draw nothing at all.
"""

import re

HEAD = re.compile(r"%%\{init: \{.*\}\}%%\nerDiagram\n(    direction LR\n)?")
BOX = re.compile(r'    "[^"%\\\n]+" \{\n((?:        .*\n)*)    \}\n')
COLUMN = re.compile(
    r"        [^\W\d][\w\[\]()-]*"  # type
    r" (?![pfu]k\b)[*]?[^\W\d][\w-]*"  # name
    r"( [PFU]K(, [PFU]K)*)?"
    r'( "[^"~]*")?'
)
LINE = re.compile(r'    "[^"%\\\n]+" (?:\|\||\|o|\}o)--(?:\|\||o\||o\{) "[^"%\\\n]+" : "[^"\n]*"\n')


def diagram(page: str) -> str:
    """Return the diagram of docs/models.md.  Raises AssertionError if Mermaid would not draw it."""
    (found,) = re.findall(r"^```mermaid\n(.*)^```$", page, re.MULTILINE | re.DOTALL)
    text: str = found
    assert HEAD.match(text)
    for columns in BOX.findall(text):
        for column in columns.splitlines():
            assert COLUMN.fullmatch(column), column
    assert not LINE.sub("", BOX.sub("", HEAD.sub("", text)))
    return text
