"""Names in other languages: all on one page, what is missing said, and typed words kept."""

import re
from typing import Any

from flask import Flask

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, sign_in
from tests.web.test_query_counts import queries


def missing(page: str, language: str) -> int:
    found = re.search(rf"{language}: <b>(\d+) missing", page)
    return int(found.group(1)) if found else 0


def test_names_are_typed_at_a_glance_and_what_is_missing_is_said(desk: Any, send: Send) -> None:
    before = desk.get("/names").text
    done = send("/names", **{"fr:Dbl room": "Chambre double", "de:Dbl room": "x" * 601})
    refused = done.text
    send("/names", **{"fr:Dbl room": "Chambre double"})
    send("/names", **{"fr:Dbl room": "", "es:Dbl room": "Doble"})  # a page opened before that
    after = desk.get("/names").text

    assert 'aria-label="Room types"' in before
    assert "Dbl room: </span>Français" in before
    assert done.status_code == 422
    assert "Dbl room in Deutsch is too long" in refused
    assert 'value="Chambre double"' in refused
    assert 'name="fr:Dbl room"' in after
    assert 'value="Chambre double"' in after
    assert missing(after, "Français") == missing(before, "Français") - 1
    assert 'value="Doble"' in after
    assert missing(after, "Deutsch") == missing(before, "Deutsch")


def test_only_who_sets_up_comes_here_and_more_names_ask_no_more_queries(
    app: Flask, desk: Any, house: int
) -> None:
    few = queries(app, desk, "/names")
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        for code in ("SUITE", "TWIN", "ROOF"):
            make.room_type(session, hotel, code)
            make.charge_code(session, hotel, code)

    assert queries(app, desk, "/names") == few
    assert sign_in(app.test_client(), Role.FRONT_DESK).get("/names").status_code == 403
