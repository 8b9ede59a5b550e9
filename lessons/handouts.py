"""Turn the lessons into pages to print or read offline: build/handouts/NAME.html, and index.html

python -m lessons.handouts                without the solutions of exercises and the answers to questions
python -m lessons.handouts --solutions    with them
"""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from lessons.names import renamed
from lessons.replay import LESSONS, commands

FOLDED = re.compile(r"^<details>\n.*?^</details>\n", re.MULTILINE | re.DOTALL)
GOALS = re.compile(r"(?<=^After this lesson you can\n\n)(\* .+\n)+", re.MULTILINE)
ICON = LESSONS.parent / "<<cookiecutter.project_slug>>" / "plumbing" / "web" / "static" / "icon.svg"
STYLES = {"light": "xcode", "dark": "github-dark"}
INTRODUCTION = """# Lessons

Below each title you see what you can do after that lesson. In the lessons, type what follows `$` and `>`. The other
lines of such a block show what your terminal prints.
"""
PROMPT = '<span class="prompt">{} </span>'


@dataclass
class Page:
    """A lesson as HTML: its title, its body, and the (anchor, heading) of each section."""

    name: str
    title: str
    body: str
    contents: list[tuple[str, str]]


def highlighted(code: str, language: str, _: object = None) -> str:
    """Return the HTML of a code block in its colors; in a session also of what `cat` shows of a Python file."""
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
            anchor = re.sub(r"[^\w -]", "", content.content.lower()).replace(" ", "-")  # like code hosts
            heading.attrSet("id", anchor)
            contents.append((anchor, markdown.renderInline(content.content)))
    body = markdown.renderer.render(tokens, markdown.options, {})
    for wide in ("pre", "table"):  # so that the arrow keys can scroll it
        body = body.replace(f"<{wide}>", f'<{wide} tabindex="0">')
    return Page(name, title, re.sub(r'href="([\w-]+)\.md', r'href="\1.html', body), contents)


def index(lessons: dict[str, str]) -> Page:
    """Return the page that says what each lesson teaches, given as Markdown."""
    text = INTRODUCTION
    for number, (name, lesson) in enumerate(lessons.items(), 1):
        title = lesson.partition("\n")[0].removeprefix("# ")
        goals = GOALS.search(lesson)
        text += f"\n## {number}. [{title}]({name}.md)\n\n{goals[0] if goals else ''}"
    made = page("index", text)
    made.contents = []  # the list next to every page already has the lessons
    return made


def write(folder: Path, solutions: bool = False, project_name: str = "") -> list[Page]:
    """Write the index and a page for each lesson to a folder, and return these pages."""
    templates = Environment(
        loader=FileSystemLoader(LESSONS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = templates.get_template("handout.html")
    lessons = {path.stem: renamed(path.read_text(), project_name) for path in sorted(LESSONS.glob("*.md"))}
    if not solutions:
        lessons = {name: FOLDED.sub("", text) for name, text in lessons.items()}
    pages = [index(lessons), *(page(name, text) for name, text in lessons.items())]
    folder.mkdir(parents=True, exist_ok=True)
    colors = {scheme: HtmlFormatter(style=style).get_style_defs("pre") for scheme, style in STYLES.items()}
    icon = ICON.read_text()
    for each in pages:
        html = template.render(page=each, pages=pages, colors=colors, icon=icon)
        (folder / f"{each.name}.html").write_text(html)
    return pages


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m lessons.handouts", description="Turn the lessons into pages."
    )
    parser.add_argument("--solutions", action="store_true", help="include solutions and answers")
    parser.add_argument("--project-name", default="", help="another name for the projects")
    arguments = parser.parse_args()
    folder = Path("build", "handouts")
    pages = write(folder, arguments.solutions, arguments.project_name)
    print(f"Ready: {folder / 'index.html'}, {len(pages)} pages")


if __name__ == "__main__":
    main()
