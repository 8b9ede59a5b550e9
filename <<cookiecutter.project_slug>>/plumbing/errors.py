"""The errors that a user can fix.  The message of each is one line, and says how."""


class UserError(RuntimeError):
    """Something that a user can fix.

    It is a RuntimeError because those are what `flask db` prints as one line.
    """


class ConfigError(UserError):
    """The application cannot start with this configuration."""


class PostgresError(UserError):
    """The local PostgreSQL cannot be started or stopped."""
