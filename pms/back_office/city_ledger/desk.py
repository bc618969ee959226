"""The desk of the city ledger: its blueprint, which its views fill."""

from flask import Blueprint

bp = Blueprint("city_ledger", __name__)
