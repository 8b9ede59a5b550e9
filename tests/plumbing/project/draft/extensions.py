"""Create the extensions, with a naming convention that names every check."""

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from plumbing.naming import constraint_name
from plumbing.queries import query_property


class Base(DeclarativeBase):
    query = query_property()
    metadata = MetaData(
        naming_convention={
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "constraint_name": constraint_name,
        }
    )


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
