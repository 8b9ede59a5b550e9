"""Configure the application."""


class Testing:
    TESTING = True
    SECRET_KEY = "only for tests"
    LOCAL_DATABASE = "draft_test"
