"""Operations of our own for migrations.  Importing this package registers them.

Alembic's way to add operations: https://alembic.sqlalchemy.org/en/latest/api/operations.html
"""

from plumbing.migrations.operations import enums as enums
from plumbing.migrations.operations import schemas as schemas
