"""The desk's blueprint, which its views share."""

from flask import Blueprint

bp = Blueprint("people", __name__)
