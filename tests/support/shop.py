"""Build a shop: a table with rows, pages that use it, and docs/database.md's migrations for a live table."""

import random

from lessons.replay import blocks
from tests.support.bake import Project
from tests.support.load import add_pages

UPGRADE = ("python", "db_manage.py", "upgrade")
ROWS = 50_000
MODEL = """
from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Order(BaseModel):
    __tablename__ = "orders"
    __table_args__ = {"schema": "shop"}

    customer: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
"""
PAGES = """
import os

from flask import Blueprint

from app.extensions import db
from app.models.order import Order

blueprint = Blueprint("pages", __name__)


@blueprint.get("/orders/<int:number>")
def show(number):
    assert db.session.get_one(Order, number).amount >= 0
    return str(os.getpid())


@blueprint.post("/orders/<int:number>")
def change(number):
    db.session.get_one(Order, number).amount += 1
    db.session.commit()
    return "changed"


@blueprint.post("/orders")
def place():
    db.session.add(Order(customer="anna", amount=1))
    db.session.commit()
    return "placed"
"""
FILL = "INSERT INTO shop.orders (customer, amount) SELECT 'customer ' || n, n % 100 FROM generate_series(1, {}) n"
REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = "{after}"


"""


def ask(chance: random.Random) -> tuple[str, str]:
    method, path = chance.choice([("GET", "/orders/{}"), ("POST", "/orders/{}"), ("POST", "/orders")])
    return method, path.format(chance.randint(1, ROWS))


def step(number: int) -> str:
    return f"{number:04}_step"


def write(project: Project, bodies: list[str]) -> list[str]:
    """Write migrations after 0002; return their names."""
    names = ["0002_orders", *(step(number) for number in range(3, 3 + len(bodies)))]
    for after, name, body in zip(names, names[1:], bodies, strict=False):
        path = project.path / "migrations/versions" / f"{name}.py"
        path.write_text(REVISION.format(name=name, after=after) + body)
    return names[1:]


def chapter(project: Project) -> str:
    text = (project.path / "docs" / "database.md").read_text()
    return text.partition("\n## Changing a live table\n")[2].partition("\n## ")[0]


def recipes(project: Project) -> list[str]:
    """Return the migrations that the page shows."""
    found = [block.body for block in blocks(chapter(project)) if block.language == "python"]
    assert len(found) == 4
    return found


def add_orders(project: Project) -> None:
    """Give a project a table with rows, and pages that read and write it."""
    (project.path / "app/models/order.py").write_text(MODEL)
    project.ok("python", "db_manage.py", "migrate", "orders")
    project.ok(*UPGRADE)
    project.sql(FILL.format(ROWS))
    add_pages(project, PAGES)
