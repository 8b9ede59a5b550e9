"""Refuses cross-site requests, so that forms need no tokens.

Browsers say in Sec-Fetch-Site where a request comes from, and no page can change that.  Where they do
not (old browsers, and http:// other than localhost), Origin names the page that sends the request.
Clients that send neither, such as curl, do not have a visitor's cookies.

https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from flask import abort, current_app, request

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def check_origin() -> None:
    """Answer 403 to a request that may change something and comes from another site."""
    if request.method not in SAFE_METHODS and not is_trusted():
        abort(403, "This request comes from another site. Open the page here, and try again.")


def is_trusted() -> bool:
    """Return whether a request comes from a page of this application, or from no page."""
    origin = request.origin
    if origin in current_app.config["CSRF_TRUSTED_ORIGINS"]:
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or origin.partition("://")[2] == request.host
