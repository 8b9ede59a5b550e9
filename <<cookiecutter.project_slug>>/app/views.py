"""The pages of the application.

As long as none of them is at /, development shows a welcome page there.
"""
<% set page = page() %>

from flask import Blueprint, render_template
<% if page %>
from sqlalchemy import select

from app.extensions import db
from app.models import << page.model.name >>
<% endif %>

blueprint = Blueprint("main", __name__)


<% if page %>
@blueprint.get("/<< page.view >>")
def << page.view >>() -> str:
    """Show the << page.plural >>, twenty to a page."""
<< page.query >>
    return render_template("<< page.view >>.html", page=db.paginate(query))
<% else %>
@blueprint.get("/hello")
def hello() -> str:
    """Greet the visitor."""
    return render_template("hello.html")
<% endif %>
