"""An application with every kind of model that an owner may write."""

from flask import Flask

import plumbing
from gallery import config, models
from gallery.extensions import db, migrate


def create_app(config_name: str = "default") -> Flask:
    app = Flask(__name__)
    plumbing.configure(app, config, config_name)
    db.init_app(app)
    migrate.init_app(app, db)
    plumbing.init_app(app, models)
    return app
