"""What every page has: health checks, error pages, headers, the log; and pages for developers."""

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from plumbing.web import errors, health, requests, sessions

# The templates and style sheets of this package.
files = Blueprint(
    "plumbing",
    __name__,
    template_folder="templates",
    static_folder="static",
    url_prefix="/_plumbing",
)


def init_app(app: Flask) -> None:
    """Add all of it to an application."""
    app.register_blueprint(files)
    app.register_blueprint(health.blueprint)
    sessions.init_app(app)
    requests.init_app(app)
    trust_proxies(app)
    errors.init_app(app)
    if app.config["ENVIRONMENT"] == "development":
        from plumbing.web import development  # most of this package, never in production

        development.init_app(app)


def trust_proxies(app: Flask) -> None:
    """Trust the X-Forwarded-* headers of the PROXY_HOPS nearest reverse proxies.

    X-Forwarded-Host is trusted only with PROXY_SETS_HOST, because many proxies pass on what a client
    has sent in it.
    """
    hops = app.config["PROXY_HOPS"]
    if hops:
        host = 1 if app.config["PROXY_SETS_HOST"] else 0
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=host)
        app.wsgi_app = proxied  # type: ignore[method-assign]
