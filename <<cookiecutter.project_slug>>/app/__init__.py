"""The application factory."""

from flask import Flask

import plumbing
from app import config, models, views
from app.extensions import db, migrate


def create_app(config_name: str = "default") -> Flask:
    """Return a new application.

    `config_name` is "development", "testing" or "production"; "default" leaves the choice to the
    environment variables APP_ENV and FLASK_ENV.
    """
    app = Flask(__name__)
    plumbing.configure(app, config, config_name)
    db.init_app(app)
    migrate.init_app(app, db)
    app.register_blueprint(views.blueprint)
    plumbing.init_app(app, models)
    return app
