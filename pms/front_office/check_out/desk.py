"""The desk itself: one blueprint, shared by its views."""

from flask import Blueprint

bp = Blueprint("check_out", __name__)
