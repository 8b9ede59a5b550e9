"""The application factory."""

import os

from flask import Flask

from app import config, database, models, views, web
from app.extensions import db, migrate


def create_app(config_name: str = "default") -> Flask:
    """Return a new application.

    `config_name` is "development", "testing" or "production"; "default" leaves the
    choice to APP_ENV and FLASK_ENV.  No connection is made here.  Raises ConfigError.
    """
    app = Flask(__name__)
    app.config.from_mapping(config.load(config_name))
<% if cookiecutter.__sqlite %>
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    sqlite = url.get_backend_name() == "sqlite"
    database.check_models(url, models.BaseModel.metadata)
<% else %>
    database.check_models(models.BaseModel.metadata)
<% endif %>
    db.init_app(app)
    migrate.init_app(
        app,
        db,
        # Relative, because Alembic cannot read a path with a % in it.
        directory=os.path.relpath(config.ROOT / "migrations"),
<% if cookiecutter.__sqlite %>
        render_as_batch=sqlite,  # which alters few things
        version_table_schema=None if sqlite else "public",  # whatever the search path says
<% else %>
        render_as_batch=False,  # which is for SQLite
        version_table_schema="public",  # whatever the search path says
<% endif %>
    )
    app.register_blueprint(views.blueprint)
    web.init_app(app)
    return app
