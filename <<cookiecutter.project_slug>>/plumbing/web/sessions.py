"""Flask's cookie sessions, without their cost for requests that have no session.

Flask creates the object that verifies cookies for every request, even if there is no cookie.
"""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class SessionInterface(SecureCookieSessionInterface):
    """Skips the work on sessions that do not exist."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a request."""
        cookies = request.environ.get("HTTP_COOKIE", "")
        if app.secret_key and self.get_cookie_name(app) not in cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set, refresh or delete the cookie, if there is a session or something has looked for it."""
        if session or session.accessed or session.modified:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Install it, unless the application has a session interface of its own."""
    if type(app.session_interface) is SecureCookieSessionInterface:
        app.session_interface = SessionInterface()
