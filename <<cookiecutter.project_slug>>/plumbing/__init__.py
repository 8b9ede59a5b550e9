"""The machinery of this project: configuration, migrations, commands, health checks, the server.

It came with the template, and an update replaces this folder as a whole: keep your own code in
app/, where nothing is touched.  Nothing in here imports app/; what this package needs to know
about the application, the application and the scripts beside it pass in.

    configure()  reads the configuration when an application is created
    init_app()   adds health checks, error pages, security headers and the log of requests
"""

from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.2.0"


def configure(app: "Flask", config: ModuleType, name: str = "default") -> None:
    """Fill `app.config` from the classes in `config` and from the environment variables.

    `name` is "development", "testing" or "production"; "default" leaves the choice to the
    environment variables.  Raises ConfigError.
    """
    from plumbing import settings  # late, so that `python db_manage.py help` need not load Flask

    app.config.from_mapping(settings.load(app, config, name))


def init_app(app: "Flask", models: ModuleType) -> None:
    """Load every module of the package `models`, and set up migrations and web pages.

    Call it last: extensions and pages of your own come before.  Raises UserError, or what a
    mistake in a model raises.
    """
    from plumbing import database, discovery, migrations, shell, web

    discovery.import_modules(models)
    discovery.check_models(app)
    discovery.check_tables(app)
    database.init_app(app)
    migrations.init_app(app)
    shell.init_app(app)
    web.init_app(app)
