"""Turn the lessons into pages to print or to read without a network: build/handouts/NAME.html

python -m lessons.handouts
"""

import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from lessons.replay import LESSONS, commands

PROMPT = '<span class="prompt">{} </span>'


@dataclass
class Page:
    """A lesson as HTML: its title, its body, and the (anchor, heading) of each section."""

    name: str
    title: str
    body: str
    contents: list[tuple[str, str]]


def highlighted(code: str, language: str, _: object = None) -> str:
    """Return the HTML of a code block in its colours; in a session also of what `cat` shows of a Python file."""
    if language != "console":
        return str(highlight(code, get_lexer_by_name(language, stripnl=False), HtmlFormatter(nowrap=True)))
    parts = []
    for command, output, status in commands(code):
        typed = highlighted(command, "bash").rstrip("\n").replace("\n", "\n" + PROMPT.format("&gt;"))
        shown = (
            highlighted(output, "python" if re.fullmatch(r"cat \S+\.py", command) else "text")
            if output
            else ""
        )
        shown += f"[{status}]\n" if status else ""
        parts.append(f'{PROMPT.format("$")}{typed}\n<span class="output">{shown}</span>')
    return "".join(parts)


def page(name: str, text: str) -> Page:
    """Return the page of a lesson."""
    markdown = MarkdownIt("commonmark", {"highlight": highlighted}).enable("table")
    tokens = markdown.parse(text)
    title, contents = name, []
    for heading, content in zip(tokens, tokens[1:], strict=False):
        if heading.type == "heading_open" and heading.tag == "h1":
            title = content.content
        elif heading.type == "heading_open" and heading.tag == "h2":
            anchor = re.sub(r"[^\w -]", "", content.content.lower()).replace(" ", "-")  # as code hosts do
            heading.attrSet("id", anchor)
            contents.append((anchor, markdown.renderInline(content.content)))
    body = markdown.renderer.render(tokens, markdown.options, {})
    return Page(name, title, re.sub(r'href="([\w-]+)\.md', r'href="\1.html', body), contents)


def write(folder: Path) -> list[Page]:
    """Write the page of each lesson into a folder, and return the pages."""
    templates = Environment(
        loader=FileSystemLoader(LESSONS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = templates.get_template("handout.html")
    pages = [page(path.stem, path.read_text()) for path in sorted(LESSONS.glob("*.md"))]
    folder.mkdir(parents=True, exist_ok=True)
    colours = HtmlFormatter(style="default").get_style_defs("pre")
    for each in pages:
        html = template.render(page=each, pages=pages, colours=colours)
        (folder / f"{each.name}.html").write_text(html)
    return pages


if __name__ == "__main__":
    folder = Path("build", "handouts")
    print(f"Ready: {folder}, {len(write(folder))} pages")
