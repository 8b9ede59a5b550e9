"""Make a project as Flask-Migrate's documentation does, with the models of our default project.

    python benchmarks/stock.py FOLDER

Run it with the packages of a project (build/project), with the URL of an empty database in
DATABASE_URL.  The tables are in the default schema, because Flask-Migrate would not create any other.
"""

import subprocess
import sys
from pathlib import Path

APP = """\
import datetime as dt
import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, ForeignKey, String, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.current_timestamp()
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True),
        server_default=func.current_timestamp(),
        onupdate=func.current_timestamp(),
    )


db = SQLAlchemy(model_class=Base)
migrate = Migrate()


class User(db.Model):
    __tablename__ = "users"

    username: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
    posts: Mapped[list["Post"]] = relationship(back_populates="user")


class Post(db.Model):
    __tablename__ = "posts"

    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user: Mapped["User"] = relationship(back_populates="posts")


def create_app():
    app = Flask(__name__)
    url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    migrate.init_app(app, db)
    return app
"""


def make(folder: Path) -> None:
    """Write the application to a new folder and let Flask-Migrate write everything else."""
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    for command in (["init"], ["migrate", "-m", "initial"]):
        subprocess.run([sys.executable, "-m", "flask", "db", *command], cwd=folder, check=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
