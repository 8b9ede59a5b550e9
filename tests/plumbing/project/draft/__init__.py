"""A small application to which tests add faulty models."""

from flask import Flask

import plumbing
from draft import config, models
from draft.extensions import db, migrate


def create_app(config_name: str = "testing") -> Flask:
    app = Flask(__name__)
    plumbing.configure(app, config, config_name)
    db.init_app(app)
    migrate.init_app(app, db)
    plumbing.init_app(app, models)
    return app
