"""The pages of a booking: find, choose, say who comes, look once more, book; and their colour."""

from flask import Response, render_template

from pms.base import colours as of_colours
from pms.guest_side.booking import finding, promising
from pms.guest_side.booking.desk import bp, known
from pms.hotel.rooms import web_sales
from pms.web.auth import open_to_everyone
from pms.web.database import session

__all__ = ["bp", "finding", "promising"]


@bp.get("/<code>/colours.css")
@open_to_everyone
def colours(code: str) -> Response:
    """Return the hotel's colour as a style sheet: a page may have none of its own."""
    shades = of_colours.shades(web_sales.colour(session(), known(code)))
    sheet = render_template("web_booking/colours.css", shades=shades)
    return Response(sheet, mimetype="text/css")
