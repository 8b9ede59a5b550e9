"""Test `python db_manage.py reflect`: from a database dump to a project, and back to the database."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.bake import ROOT, Baker, Project
from tests.support.judge import Judge
from tests.support.servers import drop_database

DUMPS = ROOT / "tests" / "dumps"

# A database that a declaration can describe exactly, except that its names and keys are not the template's.
OLD_DATABASE = """
    CREATE SCHEMA shop;
    CREATE TABLE customers (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email varchar(120) NOT NULL UNIQUE,
        invited_by_id integer REFERENCES customers ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX index_customers_on_invited_by_id ON customers (invited_by_id);
    CREATE TABLE shop.goods (
        id bigserial PRIMARY KEY,
        code varchar(20) NOT NULL,
        price numeric(10,2) NOT NULL DEFAULT 0,
        tags text[] NOT NULL DEFAULT '{}',
        details jsonb,
        motto text NOT NULL DEFAULT '<< 5 % {{ off }} >>',
        state varchar(32) NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'sold out')),
        created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
        updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE UNIQUE INDEX goods_code ON shop.goods (code);
    CREATE INDEX goods_details ON shop.goods USING gin (details);
    CREATE TABLE orders (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        customer_id integer NOT NULL REFERENCES customers ON DELETE CASCADE,
        number integer NOT NULL,
        placed_on date NOT NULL DEFAULT CURRENT_DATE,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT one_number UNIQUE (customer_id, number)
    );
    CREATE TABLE orders_goods (
        order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
        goods_id bigint NOT NULL REFERENCES shop.goods ON DELETE CASCADE,
        PRIMARY KEY (order_id, goods_id)
    );
    CREATE INDEX idx_goods ON orders_goods (goods_id);
    INSERT INTO customers (email) VALUES ('anna@example.com'), ('ben@example.com');
    INSERT INTO shop.goods (code) VALUES ('tea');
    INSERT INTO orders (customer_id, number) VALUES (1, 1);
    INSERT INTO orders_goods SELECT id, 1 FROM orders;
"""
READ = """\
# The comments below a model and after a field say what the database has instead, or as well.

Customer
    email:string(120):unique
    invited_by:Customer?:setnull

Order
    id:uuid=uuid
    customer:Customer:cascade
    number:integer
    placed_on:date=now
    goods:shop.Goods[]
    unique(customer,number)

shop.Goods
    id:bigint
    code:string(20):unique  # a unique index
    price:numeric(10,2)=0
    tags:text[]='{}'
    details:json?:index
    motto:text='<<'<<'>> 5 % {{ off }} >>'
    state:enum(new|'sold out')=new
"""
TABLES = ("customers", "shop.goods", "orders", "orders_goods")
# Includes the transaction that wrote each row.
ROWS = [f"SELECT ctid, xmin, * FROM {table} ORDER BY ctid" for table in TABLES]


@pytest.mark.parametrize("name", ["cinema", "traders", "records", "oddities"])
def test_a_dump(project: Project, tmp_path: Path, judge: Judge, name: str) -> None:
    """It gives the declaration that one would write by hand, and a project can be generated from it."""
    text = (DUMPS / f"{name}.txt").read_text()
    result = project.run("python", "db_manage.py", "reflect", str(DUMPS / f"{name}.sql"))
    assert result.stdout == text
    assert result.stderr == ""
    judge(Baker(tmp_path / "reflected").bake(models=text))


def test_the_whole_way(project: Project, tmp_path: Path, database: Callable[[], str]) -> None:
    """After reading, generating and stamping, `check` finds no difference, and no row has been rewritten."""
    old = {"DATABASE_URL": database()}
    project.ok("python", "db_manage.py", "create", **old)
    project.sql(OLD_DATABASE, **old)
    rows = project.sql(*ROWS, **old)
    assert "anna@example.com" in rows
    text = project.run("python", "db_manage.py", "reflect", old["DATABASE_URL"]).stdout
    assert text == READ
    reflected = Baker(tmp_path / "reflected").bake(models=text)
    reflected.variables |= old
    assert reflected.ok("python", "db_manage.py", "stamp", "0001_initial") == "Stamping: 0001_initial\n"
    checked = reflected.ok("python", "db_manage.py", "check")
    assert checked == "Checked: one head, nothing pending, models and diagram match\n"
    assert reflected.ok("python", "db_manage.py", "migrate", "again") == "No changes in schema detected.\n"
    assert project.sql(*ROWS, **old) == rows
    assert reflected.run("python", "db_manage.py", "reflect").stdout == READ
    drop_database(old["DATABASE_URL"])
