"""Meals: who eats what on a day, to read, to print and as a file."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pms.base import dates
from pms.hotel.house.staff import Permission
from pms.hotel.rooms.packaging import MEALS
from pms.hotel.stays import meals
from pms.web.asked import handed_out
from pms.web.auth import allows, here
from pms.web.database import session

bp = Blueprint("meals", __name__)


@bp.get("/meals")
@allows(Permission.LOOK)
def meal_list() -> ResponseReturnValue:
    """Show who has which meal on a day; tomorrow, unless another is asked for."""
    day = _day()
    found = meals.covers(session(), here(), day)
    by_meal = {meal: [each for each in found if each.meal == meal] for meal in MEALS}
    return render_template(
        "meals/meal_list.html",
        day=day,
        tomorrow=here().business_date + dates.ONE_DAY,
        by_meal={meal: rows for meal, rows in by_meal.items() if rows},
    )


@bp.get("/meals.csv")
@allows(Permission.LOOK)
def meal_file() -> ResponseReturnValue:
    """Give the list of a day as a file."""
    day = _day()
    content = meals.as_csv(meals.covers(session(), here(), day))
    return handed_out(content, f"meals-{day.isoformat()}.csv", "text/csv", saved=True)


def _day() -> date:
    return dates.read(request.args.get("day")) or here().business_date + dates.ONE_DAY
