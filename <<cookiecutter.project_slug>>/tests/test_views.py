<% set page = first_page(models()) %>
"""The pages of app/views.py."""

from flask.testing import FlaskClient
<% if page %>
<% if page.text %>
from markupsafe import escape
<% endif %>

<< import_from("app.models", ["BaseModel", page.model.name]) >>


def test_<< page.view >>(client: FlaskClient, rows: list[BaseModel]) -> None:
    page = client.get("/<< page.view >>?per_page=100").text
    for row in rows:
        if isinstance(row, << page.model.name >>):
<% if page.text %>
            assert escape(row.<< page.column >>) in page
<% else %>
            assert f"<< page.singular | capitalize >> {row.id}<" in page
<% endif %>


def test_no_<< page.view >>(client: FlaskClient) -> None:
    assert "There are no << page.plural >> yet." in client.get("/<< page.view >>").text
<% else %>


def test_hello(client: FlaskClient) -> None:
    assert "Hello, world!" in client.get("/hello").text
<% endif %>
