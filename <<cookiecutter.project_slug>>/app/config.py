"""The configuration: a class of constants for each environment.

Secrets and URLs come from environment variables or the file .env: see docs/production.md.
"""


class Config:
    """What the environments share."""

    APP_NAME = << cookiecutter.project_name | name | python >>
    MAX_CONTENT_LENGTH = 2**20  # bytes in the body of a request
    SESSION_COOKIE_SAMESITE = "Lax"
    SQLALCHEMY_ENGINE_OPTIONS = {
        "pool_size": 5,  # connections for each worker
        "max_overflow": 0,
        # Seconds to wait for a connection, unless the database hangs: then it is one (plumbing/pool.py).
        "pool_timeout": 6,  # longer than a migration may lock a table
    }
    MIGRATION_LOCK_TIMEOUT = "5s"  # how long a migration waits for a table in use
    MIGRATION_WAIT = 60.0  # seconds that one run of migrations waits for another


class Development(Config):
    SECRET_KEY = "not secret: for developers"  # nosec B105 # as it says
    LOCAL_DATABASE = "<< cookiecutter.project_slug >>_dev"  # used when DATABASE_URL is not set


class Testing(Config):
    TESTING = True
    SECRET_KEY = "not secret: for tests only"  # nosec B105 # as it says
    LOCAL_DATABASE = "<< cookiecutter.project_slug >>_test"  # used when TEST_DATABASE_URL is not set


class Production(Config):
    SESSION_COOKIE_SECURE = True
