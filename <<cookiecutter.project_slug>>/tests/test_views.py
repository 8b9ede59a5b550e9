<% set page = page() %>
"""The pages of app/views.py."""

from flask.testing import FlaskClient
<% if page %>
from markupsafe import escape

from app.extensions import Base
from app.models import << page.model.name >>


def test_<< page.view >>(client: FlaskClient, rows: list[Base]) -> None:
    page = client.get("/<< page.view >>?per_page=100").text
    for row in rows:
        if isinstance(row, << page.model.name >>):
            assert escape(<< page.tested >>) in page


def test_no_<< page.view >>(client: FlaskClient) -> None:
    page = client.get("/<< page.view >>").text
    assert "There are no << page.plural >> yet." in page
<% else %>


def test_hello(client: FlaskClient) -> None:
    assert "Hello, world!" in client.get("/hello").text
<% endif %>
