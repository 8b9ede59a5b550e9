"""The pages of the application.

As long as none of them is at /, development shows a welcome page there.
"""

from flask import Blueprint

blueprint = Blueprint("main", __name__)
