"""Planned: a party's days, as the concierge arranged them."""

from itertools import groupby

from flask.typing import ResponseReturnValue

from pms.guest_side.my_stay.desk import mine, page, place
from pms.hotel.service import itineraries
from pms.hotel.service.itineraries import Happens
from pms.web.database import session
from pms.web.guest_pages.visiting import of_a_stay


@place("/plans")
@of_a_stay
def plans() -> ResponseReturnValue:
    """Show what is arranged, day by day, by the hotel's clock."""
    my = mine()
    items = itineraries.of_party(session(), my.hotel, my.reservation)
    by_day = groupby(items, key=lambda each: my.t.local(each.at).date())
    days = [(day, list(some)) for day, some in by_day]
    return page("plans", my, days=days, CALL=Happens.CALL)
