"""Commissions: what each agent earned with the stays that ended in a month."""

from datetime import timedelta
from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pms.base import dates
from pms.base.money import total
from pms.hotel.house.staff import Permission
from pms.hotel.stays import commissions
from pms.web.auth import allows, here
from pms.web.database import session

bp = Blueprint("commissions", __name__)


@bp.get("/commissions")
@allows(Permission.REPORTS)
def commission_list() -> ResponseReturnValue:
    """Show what each agent earned with the stays that ended in a month."""
    asked = dates.read(f"{request.args.get('month', '')}-01")
    first = asked or here().business_date.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    rows = commissions.earned(session(), here(), first, after - timedelta(days=1))
    by_agent = {
        agent: list(each)
        for agent, each in groupby(rows, key=lambda row: (row.agent, row.agent_id))
    }
    return render_template(
        "companies/commission_list.html",
        by_agent=by_agent,
        total=total((row.amount for row in rows), here().currency),
        sums={agent: total((row.amount for row in each), here().currency)
              for agent, each in by_agent.items()},
        first=first,
        before=(first - timedelta(days=1)).strftime("%Y-%m"),
        after=after.strftime("%Y-%m"),
    )  # fmt: skip
