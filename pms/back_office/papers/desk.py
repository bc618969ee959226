"""The desk of papers: its blueprint, which its views fill."""

from flask import Blueprint

bp = Blueprint("papers", __name__)
