"""The desk itself: one blueprint, shared by its views."""

from flask import Blueprint, url_for

from pms.hotel.stays.groups import Group

bp = Blueprint("groups", __name__)


def of(group: Group) -> str:
    """Return the address of a group."""
    return url_for("groups.group", group_id=group.id)
