"""The application factory."""

import os

from flask import Flask

from app import config, database, models, views
from app.extensions import db, migrate


def create_app(config_name: str = "default") -> Flask:
    """Return a new application.

    `config_name` is "development", "testing" or "production"; "default" leaves the
    choice to APP_ENV and FLASK_ENV.  No connection is made here.  Raises ConfigError.
    """
    app = Flask(__name__)
    app.config.from_mapping(config.load(config_name))
    database.check_backend(app.config["SQLALCHEMY_DATABASE_URI"], db.metadata)
    db.init_app(app)
    # A relative path, because Alembic cannot read one with a % in it.
    migrate.init_app(app, db, directory=os.path.relpath(config.ROOT / "migrations"))
    app.register_blueprint(views.blueprint)
    app.shell_context_processor(lambda: {"db": db, **models.by_name()})
    return app
