"""Test the first page of a fresh project, as a browser gets it."""

import json
import re

from tests.support.bake import Project

GET = """
import json, sys
from app import create_app
client = create_app().test_client()
responses = [client.get(path) for path in sys.argv[1:]]
print(json.dumps([(response.status_code, response.text) for response in responses]))
"""


def get(project: Project, *paths: str) -> list[tuple[int, str]]:
    """Return the status and text of each path."""
    output = project.ok("python", "-c", GET, *paths)
    return [(status, text) for status, text in json.loads(output.splitlines()[-1])]


def links(page: str) -> list[tuple[str, str]]:
    """Return the address and text of each link between pages of the list."""
    (nav,) = re.findall('<nav aria-label="Pages">(.*)</nav>', page, re.DOTALL)
    return re.findall('<a href="([^"]+)">([^<]+)</a>', nav)


def test_pages_of_a_list(filled: Project) -> None:
    """Three posts are shown on three pages."""
    found = get(filled, *(f"/posts?per_page=1&page={number}" for number in range(5)))
    assert [status for status, _ in found] == [404, 200, 200, 200, 404]
    pages = [text for _, text in found[1:4]]
    assert [re.findall("<li>(.*)</li>", page) for page in pages] == [["Post 1"], ["Post 2"], ["Post 3"]]
    previous, following = ("/posts?page=1", "Previous"), ("/posts?page=3", "Next")
    assert links(pages[1]) == [previous, following]
    assert links(pages[0]) == [("/posts?page=2", "Next")]
    assert links(pages[2]) == [("/posts?page=2", "Previous")]
    assert all(f"Page {number} of 3" in page for number, page in enumerate(pages, start=1))
    assert all("Posts (3)" in page for page in pages)


def test_a_short_list(filled: Project) -> None:
    ((status, page),) = get(filled, "/posts")
    assert status == 200
    assert "<nav" not in page


def test_files_of_the_frame(ready: Project) -> None:
    """The files that base.html names exist and come from the application, as the content policy requires."""
    ((_, page),) = get(ready, "/posts")
    files = re.findall('<link [^>]*href="([^"]+)"', page)
    assert len(files) == 2
    assert [status for status, _ in get(ready, *files)] == [200, 200]
    assert not re.search("style=|<style|<script| on[a-z]+=|https?:", page)
