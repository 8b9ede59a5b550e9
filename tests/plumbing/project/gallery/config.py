"""Configure the application."""


class Config:
    APP_NAME = "Gallery"
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 2, "max_overflow": 0, "pool_pre_ping": True}
    MIGRATION_LOCK_TIMEOUT = "5s"
    MIGRATION_WAIT = 60.0


class Development(Config):
    SECRET_KEY = "not secret"
    LOCAL_DATABASE = "gallery_dev"


class Testing(Config):
    TESTING = True
    SECRET_KEY = "not secret"
    LOCAL_DATABASE = "gallery_test"


class Production(Config):
    pass
