"""The application factory."""

from flask import Flask

import plumbing
<% if with_api() %>
from app import api, config, models, views
<% else %>
from app import config, models, views
<% endif %>
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
<% if with_api() %>
    api.init_app(app)  # after every model has been loaded
<% endif %>
    return app
<% if with_api() %>
<% filter written("api.py") %><% include "api/app.py" %><% endfilter %>
<% filter written("static/api.css") %><% include "api/api.css" %><% endfilter %>
<% filter written("templates/api.html") %><% include "api/api.html" %><% endfilter %>
<% filter written("../plumbing/api.py") %><% include "api/plumbing.py" %><% endfilter %>
<% filter written("../tests/test_api.py") %><% include "api/tests.py" %><% endfilter %>
<% endif %>
