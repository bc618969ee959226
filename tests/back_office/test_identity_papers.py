"""Identity papers at the desk: how long they are kept, what is erased when, and what was."""

from datetime import timedelta
from typing import Any

from flask import Flask

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.stays import registration, stays
from pms.hotel.stays.presence import Stay
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, post, sign_in


def test_what_is_over_is_listed_and_erased(app: Flask, desk: Any, send: Send, house: int) -> None:
    assert "Nothing is kept." in desk.get("/identity-papers").text
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by, stay = make.by(session, hotel), session.query(Stay).one()
        picture = registration.PNG + bytes(200)
        registration.sign(session, stay.reservation, paper=b"%PDF", picture=picture, by=by)
        stays.check_out(session, stay, leave_owing="Test", by=by)
        hotel.business_date += timedelta(days=20)

    short = send("/identity-papers", cards="3", police="30")
    kept = send("/identity-papers", cards="10", police="30")

    assert "7 to 3,650 days" in short.text
    assert kept.status_code == 302
    page = desk.get("/identity-papers").text
    assert "Tonight" in page
    assert "Registration card" in page
    send("/identity-papers/erase")
    page = desk.get("/identity-papers").text
    assert "1 paper erased." in page
    assert "Erased on" in page
    client = sign_in(app.test_client(), Role.FRONT_DESK)
    assert client.get("/identity-papers").status_code == 403
    assert post(client, "/identity-papers/erase").status_code == 403
