"""The tape chart: the page, and its grid alone for those who have it open."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.tape_chart import asking, reading
from pms.front_office.tape_chart.chart import chart
from pms.front_office.tape_chart.desk import bp
from pms.front_office.tape_chart.drawing import Pen
from pms.front_office.tape_chart.window import WIDTHS, asked, number
from pms.hotel.house.staff import Permission
from pms.hotel.stays import reservations
from pms.web.auth import allows, here, may
from pms.web.database import session
from pms.web.saying import say_so

__all__ = ["asking", "bp"]


@bp.get("/tape-chart")
@allows(Permission.LOOK)
def tape_chart() -> ResponseReturnValue:
    """Show rooms by days."""
    window = asked(request.args, here().business_date)
    return render_template(
        "tape_chart/tape_chart.html",
        chart=chart(session(), here(), window),
        window=window,
        pen=Pen(),
        widths=WIDTHS,
        may_change=may(Permission.RESERVE),
    )


@bp.get("/tape-chart/grid")
@allows(Permission.LOOK)
def grid() -> ResponseReturnValue:
    """Answer with the grid alone, or 304 where nobody changed anything since it was asked for."""
    mark = reading.mark(session(), here())
    if request.if_none_match.contains(mark):
        answer = make_response("", 304)
    else:
        window = asked(request.args, here().business_date)
        laid_out = chart(session(), here(), window)
        mark = laid_out.mark
        page = render_template("tape_chart/grid.html", chart=laid_out, window=window, pen=Pen())
        answer = make_response(page)
    answer.set_etag(mark)
    return answer


@bp.get("/tape-chart/find")
@allows(Permission.RESERVE)
def find_party() -> ResponseReturnValue:
    """Open the change of a booking by its number: what a hand drags, a form can say."""
    wanted = number(request.args.get("number"))
    found = None if wanted is None else reservations.by_number(session(), here(), wanted)
    if found is None:
        say_so("No booking has that number.")
        return redirect(url_for("tape_chart.tape_chart"))
    return redirect(url_for("tape_chart.change", reservation_id=found.id))
