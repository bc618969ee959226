"""A list that is shown again where a form on it was refused: its pager leads to the list."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from lxml import html

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.books import cashiers
from pms.hotel.books.cashiers import CashierShift, ShiftState
from pms.hotel.house.hotels import Hotel
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send


def test_the_pager_of_a_refused_form_leads_to_the_list(
    app: Flask, send: Send, desk: Any, house: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by, at = make.by(session, hotel), clock.now()
        for n in range(51):
            on = hotel.business_date + timedelta(days=n)
            cashiers.set_rate(
                session, hotel, currency="USD", rate=Decimal("1.08"), from_day=on, by=by
            )
            session.add(
                CashierShift(
                    hotel_id=house, chain_id=hotel.chain_id, number=n + 1, staff_id=by.id,
                    state=ShiftState.CLOSED, opening_float=0, opened_on=hotel.business_date,
                    opened_at=at, closed_on=hotel.business_date, closed_at=at,
                )
            )  # fmt: skip

    for address, place in (
        ("/cashier/rules", "/cashier/rates"),
        ("/cashier/safe", "/cashier/shifts"),
    ):
        refused = html.fromstring(send(address, usual_float="x", amount="x").text)
        [further] = refused.xpath("//a[@rel='next']/@href")
        assert further == f"{place}?page=2"
        assert "51 to 51" in desk.get(further).text
