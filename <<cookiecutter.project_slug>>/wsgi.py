"""The application for `flask` and for WSGI servers."""

from plumbing.mistakes import load_app

app = load_app("app:create_app")
