"""A small handwritten application, which is all that plumbing/ knows of a project."""

from flask import Flask

import plumbing
from host import config, models
from host.extensions import db, migrate


def create_app(config_name: str = "default") -> Flask:
    app = Flask(__name__)
    plumbing.configure(app, config, config_name)
    db.init_app(app)
    migrate.init_app(app, db)
    plumbing.init_app(app, models)
    return app
