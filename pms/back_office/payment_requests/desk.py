"""The desk itself: one blueprint, shared by its views."""

from flask import Blueprint

bp = Blueprint("payment_requests", __name__)
