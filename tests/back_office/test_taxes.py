"""The tax pages: a rate, limits and ages from a day on, seen before, refused, and taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pms.base.db import transaction
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.rooms import rates
from pms.hotel.stays import night_charges, settlements, stays
from pms.hotel.tariff import taxes, versions
from pms.hotel.tariff.fee_codes import FeeCode, FeeOf
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEXT = make.DAY + timedelta(days=1)
AGES = {"child_age_1": "5", "child_1": "0", "child_age_2": "15", "child_2": "1"}
STAY = {"price": "100", "nights": "9", "adults": "2", "ages": "4, 9"}


@pytest.fixture
def city(app: Flask, house: int) -> str:
    """The address of the city tax's page, of a hotel whose rooms bear it."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        rates.by_code(session, hotel, "BAR").charge_code_id = make.taxed_code(session, hotel).id  # type: ignore[union-attr]
        versions.renew(session, hotel.id)
    client = sign_in(app.test_client())
    found = re.search(r'href="(/taxes/\d+)" aria-label="Open City tax"', client.get("/taxes").text)
    assert found
    return found.group(1)


def test_a_rate_with_ages_is_seen_before_it_is_set_and_taken_back(
    desk: Any, send: Send, city: str
) -> None:
    asked = {"from_day": NEXT, "rate": "2.50", "most_nights": "7", **AGES, **STAY}
    seen = send(city, **asked, do="show")
    unset = desk.get(city).text
    done = send(city, **asked, do="set")
    page = desk.get(city).text

    assert seen.status_code == 200
    assert "Nights 1 to 7" in seen.text
    assert "2 x €2.50, 1 child up to 15 x €1.00, 1 child up to 5 free is €6.00" in seen.text
    assert "€42.00" in seen.text  # seven nights of 6.00; now nine of 4.00
    assert "€36.00" in seen.text
    assert "to come" not in unset
    assert done.status_code == 302
    assert "€2.50 a person and night, children up to 5 free, up to 15 €1.00" in page
    assert "for the first 7 nights" in desk.get("/taxes").text
    assert "Set tax rate" in page
    assert "€2.00 a person and night → €2.50 a person and night, children up to 5 free" in page
    assert 'value="15"' in page  # what stands tomorrow is what the form begins with
    assert send(f"{city}/{NEXT}/off").status_code == 302
    assert "to come" not in desk.get(city).text
    assert send(f"{city}/{NEXT}/off").status_code == 404


def test_rates_that_were_written_down_as_figures_are_read_as_words(
    app: Flask, desk: Any, city: str, house: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        tax = session.get_one(taxes.Tax, (house, int(city.rpartition("/")[2])))
        logbook.record(
            session, "set tax rate", tax, by=make.by(session, hotel), day=make.DAY,
            code="CITY", rate=175, from_day=NEXT, most_nights=7, children=[[5, 0]],
        )  # fmt: skip

    says = (
        "€1.75 a person and night, children up to 5 free; for the first 7 nights, from Sat 21 Nov"
    )
    assert says in desk.get(city).text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"rate": "much"}, "is not an amount"),
        ({"rate": "2.50", "child_age_1": "5"}, "Say both the age and what it bears"),
        ({"rate": "2.50", "refunds": "y"}, "Say from which length of stay it goes back."),
        ({"rate": "2.50", "exempt_from": "1"}, "An exempt stay is of 2 nights or longer."),
        ({"rate": "2.50", "from_day": make.DAY - timedelta(days=1)}, "is closed. Choose a day"),
        ({"rate": "2.50", "from_day": "soon"}, "This is not a day."),
    ],
)
def test_what_cant_be_is_said_beside_its_field(
    send: Send, city: str, typed: dict[str, Any], says: str
) -> None:
    answer = send(city, **{"from_day": NEXT, **STAY, **typed}, do="set")

    assert answer.status_code == 422
    assert says in answer.text


def test_each_line_of_a_familys_night_explains_itself_on_the_folio(
    app: Flask, desk: Any, send: Send, city: str, house: int
) -> None:
    send(city, from_day=make.DAY, rate="2.50", **AGES, **STAY, do="set")
    with app.app_context(), transaction(db.session()) as session:
        hotel, by = session.get_one(Hotel, house), make.by(session, session.get_one(Hotel, house))
        make.room_type(session, hotel).sleeps = 5
        party = make.reservation(session, hotel, surname="Family", children=2, child_ages=(4, 9))
        stays.check_in(session, party, room=make.room(session, hotel, "103"), by=by)
        night_charges.charge_nights(session, hotel, party, [make.DAY], by=by)
        folio = settlements.folio_of(session, party, by=by).id
    grid = f"/book?arrival={NEXT}&departure={NEXT + timedelta(days=1)}&adults=2&ages=4,9"

    says = "2 x €2.50, 1 child up to 15 x €1.00, 1 child up to 5 free is €6.00"
    assert says in desk.get(f"/folios/{folio}").text
    kind = re.search(r'name="offer"[^>]*value="([^"]+)"', desk.get(grid).text)
    assert kind
    assert says in desk.get(f"{grid}&offer={kind.group(1)}").text


NEW = {
    "name": "Resort fee", "code": "resort", "kind": "percent", "rate": "5", "levy": "levy",
    "inclusive": "on_top", "from_day": NEXT, **STAY,
}  # fmt: skip


def boxes_of(page: str, name: str) -> dict[str, str]:
    """The boxes of a page's field: the word beside each, and what it sends."""
    found = re.findall(rf'name="{name}" type="checkbox" value="(\d+)"> ([^<]+)<', page)
    return {word: value for value, word in found}


def test_a_new_tax_is_seen_added_borne_and_ended(
    app: Flask, desk: Any, send: Send, city: str, house: int
) -> None:
    page = desk.get("/taxes/new").text
    asked = {
        **NEW,
        "classes": boxes_of(page, "classes")["Lodging"],
        "on_top_of": boxes_of(page, "on_top_of")["City tax"],
    }

    seen = send("/taxes/new", **asked, do="show")
    assert seen.status_code == 200
    assert "5 % of €97.46 is €4.87" in seen.text  # 93.46 net of 7 % inside, and 4.00 of city tax
    done = send("/taxes/new", **asked, do="add")
    assert done.status_code == 302, done.text
    made = done.location
    shown = desk.get(made).text
    assert "5 % on top of the price" in shown
    assert "Added tax" in shown
    assert "Resort fee" in desk.get("/taxes").text
    with app.app_context():
        session = db.session()
        hotel = session.get_one(Hotel, house)
        lodging = make.taxed_code(session, hotel).tax_class_id
        today, tomorrow = (
            [rule.code for rule in taxes.rules(session, house, [lodging], day)[lodging]]
            for day in (make.DAY, NEXT)
        )
    assert (today, tomorrow) == (["VAT7", "CITY"], ["VAT7", "CITY", "RESORT"])

    later = NEXT + timedelta(days=30)
    past = send(f"{made}/end", from_day=make.DAY)
    assert 'id="from_day-refuses"' in past.text  # its rate begins tomorrow
    assert send(f"{made}/end", from_day=later).status_code == 302
    shown = desk.get(made).text
    assert "5 % on top of the price → ended" in shown
    assert "ends on" in send(f"{made}/end", from_day=later).text
    assert send(f"{made}/{later}/off").status_code == 302
    assert "ended → 5 % on top of the price" in desk.get(made).text


def test_a_tax_that_cant_be_is_refused_beside_its_field(
    app: Flask, desk: Any, send: Send, city: str, house: int
) -> None:
    lodging = boxes_of(desk.get("/taxes/new").text, "classes")["Lodging"]
    cases: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"code": "CITY"}, "code", "There is a tax CITY already."),
        ({"code": "a/b"}, "code", "letters and digits"),
        ({"name": ""}, "name", "Say its name."),
        ({"classes": []}, "classes", "Say which charges bear it."),
        ({"from_day": make.DAY - timedelta(days=1)}, "from_day", "is closed."),
        ({"rate": "120"}, "rate", "A percentage is 0 to 100"),
        ({"inclusive": "inside", "cap": "2"}, "cap", "on top of the price has a most"),
        ({"child_age_1": "4", "child_1": "1"}, "child_age_1", "Only a tax by head"),
        ({"levy": "vat"}, "classes", "a fee stays what was agreed"),
    )
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        fee = make.taxed_code(session, hotel)
        row = {"hotel_id": house, "of": FeeOf.NO_SHOW, "charge_code_id": fee.id}
        session.execute(sa.insert(FeeCode), [row])
    for typed, field, says in cases:
        answer = send("/taxes/new", **{**NEW, "classes": lodging, **typed}, do="add")

        assert answer.status_code == 422
        assert says in answer.text
        assert f'<a href="#{field}">' in answer.text


def test_a_new_class_takes_its_charges_along(
    app: Flask, desk: Any, send: Send, city: str, house: int
) -> None:
    page = desk.get("/taxes/classes/new").text
    asked = {
        "name": "Parking", "code": "park",
        "taxes": boxes_of(page, "taxes")["VAT 7 %"],
        "charges": boxes_of(page, "charges")["Lodging"],
    }  # fmt: skip

    done = send("/taxes/classes/new", **asked)
    again = send("/taxes/classes/new", **asked)

    assert done.status_code == 302
    assert "There is a tax class PARK already." in again.text
    with app.app_context():
        session = db.session()
        code = make.taxed_code(session, session.get_one(Hotel, house))
        rules = taxes.rules(session, house, [code.tax_class_id], make.DAY)[code.tax_class_id]
        assert [rule.code for rule in rules] == ["VAT7"]
        assert logbook.history(session, code)[0].verb == "changed tax class"
    assert "Parking" in desk.get("/taxes").text


def test_a_class_is_renamed_and_takes_more_charges(
    app: Flask, desk: Any, send: Send, city: str, house: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        drinks = taxes.add_class(session, hotel, code="D-1", name="Drinks", taxes=[], by=by).id
    page = f"/taxes/classes/{drinks}"

    refused = send(page, name=" ")
    done = send(page, name="Bar", charges=boxes_of(desk.get(page).text, "charges")["Lodging"])

    assert refused.status_code == 422
    assert done.status_code == 302
    assert "In it: Lodging" in desk.get(page).text
    assert ">Bar</a>" in desk.get("/taxes").text
    with app.app_context():
        found = db.session().get_one(taxes.TaxClass, (house, drinks))
        assert logbook.history(db.session(), found)[0].after == {"name": "Bar"}
    assert desk.get("/taxes/classes/77").status_code == 404


def test_only_who_sets_up_enters(app: Flask, city: str) -> None:
    clerk = sign_in(app.test_client(), Role.FRONT_DESK)

    for place in ("/taxes", "/taxes/new", "/taxes/classes/new", f"{city}/end"):
        assert clerk.get(place).status_code == 403
    assert post(clerk, city, rate="1").status_code == 403
