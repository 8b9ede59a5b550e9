"""Configure the application."""


class Config:
    APP_NAME = "Host"
    MAX_CONTENT_LENGTH = 2**20
    SESSION_COOKIE_SAMESITE = "Lax"
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 5, "connect_args": {"application_name": "host"}}
    MIGRATION_LOCK_TIMEOUT = "5s"
    MIGRATION_WAIT = 60.0


class Development(Config):
    SECRET_KEY = "not secret"
    LOCAL_DATABASE = "host_dev"


class Testing(Config):
    TESTING = True
    SECRET_KEY = "not secret"
    LOCAL_DATABASE = "host_test"


class Production(Config):
    SESSION_COOKIE_SECURE = True
