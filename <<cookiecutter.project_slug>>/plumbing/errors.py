"""Errors that a user can fix.  Their message is one line that says how."""

# Codes of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
CHECK_VIOLATION = "23514"
DEPENDENT_OBJECTS_STILL_EXIST = "2BP01"
DUPLICATE_DATABASE = "42P04"
EXCLUSION_VIOLATION = "23P01"
FEATURE_NOT_SUPPORTED = "0A000"
FOREIGN_KEY_VIOLATION = "23503"
INSUFFICIENT_PRIVILEGE = "42501"
NOT_NULL_VIOLATION = "23502"
UNIQUE_VIOLATION = "23505"


class UserError(RuntimeError):
    """An error that a user can fix.

    It is a RuntimeError because those are what `flask db` prints as one line.
    """


class ConfigError(UserError):
    """The application cannot start with this configuration."""


class PostgresError(UserError):
    """The local PostgreSQL cannot be started or stopped."""


def sqlstate(error: Exception) -> str:
    """Return PostgreSQL's code of a SQLAlchemy error, or nothing if the server did not raise it."""
    original = getattr(error, "orig", None)
    return getattr(original, "sqlstate", None) or ""
