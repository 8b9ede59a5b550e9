"""The application for `flask` and for WSGI servers."""

import sys

from app import create_app
from plumbing.errors import ConfigError

try:
    app = create_app()
except ConfigError as error:
    sys.exit(f"Error: {error}")
