"""Two desks at one form: whoever sends second is shown what the first wrote, and writes nothing.

Each page that changes what stands is opened at two desks, through the real app, on both engines.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from lxml import html

from pms.base.money import Money
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import packages, rates
from pms.hotel.rooms.packaging import Per
from pms.hotel.stays import queueing
from pms.hotel.tariff.taxes import Tax, TaxClass, TaxKind
from tests import forms_read, make
from tests.conftest import BOTH, fresh_database
from tests.front_office.conftest import Clerk, House
from tests.web.conftest import EMAIL, sign_in

ISSUER = {
    "name": "Hotel Post GmbH",
    "street": "Am Markt 1",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE",
}
UNIT = {"code": "123456789", "establishment": "0"}
BILLED = {"direct_bill": "y"}
Makes = Callable[[Any, Hotel], str]
"""Makes what a page is about, and returns the page's address."""


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database, on each engine in turn: what stands is locked before it is compared."""
    yield from fresh_database(request, tmp_path)


@dataclass(frozen=True)
class Sheet:
    """A form that changes what stands, and a field in which two people write different things."""

    page: str | Makes
    field: str
    first: str = ""  # as it is typed and shown; nothing: another choice than the one that stands
    second: str = ""
    action: str = "{page}"
    more: dict[str, str] = field(default_factory=dict)  # what has to be typed besides


def a_policy(session: Any, hotel: Hotel) -> str:
    return f"/rates/policies/{make.policy(session, hotel).id}"


def a_package(session: Any, hotel: Hotel) -> str:
    code, price = make.charge_code(session, hotel, "BKF"), Money(1500, hotel.currency)
    details = packages.Details("Breakfast", code, Per.PERSON, price)
    made = packages.add(session, hotel, code="BKF", details=details, by=make.by(session, hotel))
    return f"/packages/{made.id}"


def a_plan(session: Any, hotel: Hotel) -> str:
    make.policy(session, hotel)
    make.policy(session, hotel, "FLEX")
    return f"/rates/plans/{rates.plans(session, hotel)[0].id}"


def a_tax(session: Any, hotel: Hotel) -> str:
    make.taxed_code(session, hotel)
    share = session.query(Tax).filter_by(hotel_id=hotel.id, kind=TaxKind.PERCENT).first()
    return f"/taxes/{share.id}"


def a_tax_class(session: Any, hotel: Hotel) -> str:
    make.taxed_code(session, hotel)
    return f"/taxes/classes/{session.query(TaxClass).filter_by(hotel_id=hotel.id).first().id}"


def a_company(session: Any, hotel: Hotel) -> str:
    by = make.by(session, hotel)
    return f"/companies/{companies.enter(session, hotel, code='ACME', name='Acme', by=by).id}"


def an_effort(session: Any, hotel: Hotel) -> str:
    return f"/housekeeping/standards/{make.room(session, hotel, '101').type_id}/departure"


def who_waits(session: Any, hotel: Hotel) -> str:
    coming = make.reservation(session, hotel, surname="Waiting")
    queueing.put(session, coming, waits_at="Bar", by=make.by(session, hotel))
    return f"/check-in/{coming.id}/queue"


def a_quiet_party(session: Any, hotel: Hotel) -> str:
    return f"/reception/privacy/{make.reservation(session, hotel, surname='Quiet').id}"


SHEETS = {
    "policy": Sheet(a_policy, "name", "Semi-flexible", "Very strict"),
    "fees": Sheet("/rates/policies", "cancellation", action="{page}/fee-codes"),
    "package": Sheet(a_package, "price", "17.00", "19.00"),
    "plan's policy": Sheet(a_plan, "policy", action="{page}/policy"),
    "who pays more": Sheet(a_plan, "adults_1", "-5.00", "-9.00", action="{page}/supplements"),
    "tax": Sheet(a_tax, "rate", "8", "9", more={"do": "set"}),
    "tax class": Sheet(a_tax_class, "name", "Food", "Drinks"),
    "letterhead": Sheet("/letterhead", "phone", "+49 1", "+49 2"),
    "before arrival": Sheet("/letterhead", "days", "3", "5", action="{page}/before-arrival"),
    "web page": Sheet("/web-sales", "greeting", "Good day", "Hello there"),
    "house rules": Sheet("/house-rules", "least_age", "19", "21"),
    "work rules": Sheet("/people/rules", "rest", "665", "670"),
    "payroll": Sheet("/payroll/settings/gusto", "company", "A1", "B2"),
    "cashier rules": Sheet("/cashier/rates", "usual_float", "150.00", "250.00", "/cashier/rules"),
    "limits": Sheet("/adjustment-limits", "front_desk", "50.00", "70.00"),
    "online payment": Sheet("/online-payment", "mode", "practice", "test"),
    "issuer": Sheet(
        "/invoicing", "bank", "Sparkasse", "Volksbank", more=ISSUER | {"country": "DE"}
    ),
    "identity papers": Sheet("/identity-papers", "cards", "400", "500"),
    "police unit": Sheet("/police/unit", "town", "Faro", "Lagos", more=UNIT),
    "queue": Sheet(who_waits, "waits_at", "Garden", "Lobby"),
    "keys": Sheet("/lock-system", "system"),
    "credit": Sheet(a_company, "credit_limit", "1000.00", "2000.00", "{page}/credit", BILLED),
    "company": Sheet(a_company, "name", "Acme Ltd", "Acme plc"),
    "write-offs": Sheet("/city-ledger", "limit", "20.00", "30.00", action="{page}/limit"),
    "housekeeping": Sheet("/housekeeping/standards", "linen_every", "4", "5"),
    "effort": Sheet(an_effort, "minutes", "31", "41"),
    "mails": Sheet("/sign-ins", "to", "a@x.example", "b@x.example"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_whoever_sends_second_sees_what_the_first_wrote(
    name: str, clerk: Clerk, hotel: House
) -> None:
    sheet, other = SHEETS[name], clerk.app.test_client()
    sign_in(other, EMAIL)
    page = hotel.does(sheet.page) if callable(sheet.page) else sheet.page
    action = sheet.action.format(page=page)
    opened = clerk.get(page).text
    mine = forms_read.on(opened, action, page)
    theirs = forms_read.on(other.get(page).text, action, page)
    first, second = sheet.first, sheet.second
    if not first:
        first, second, *_ = forms_read.others(opened, action, page, sheet.field) * 2

    kept = forms_read.send(other, action, theirs, **{**sheet.more, sheet.field: first})
    stale = forms_read.send(clerk.client, action, mine, **{**sheet.more, sheet.field: second})

    assert kept.status_code == 200, kept.text
    assert "meanwhile" not in kept.text
    assert "meanwhile. Here are the new values" in stale.text
    said = "Yours is kept" if first != second else ""
    assert said in stale.text
    assert written(other, page, action, sheet.field) == first
    again = forms_read.on(stale.text, action, page)
    assert again[sheet.field][0].strip() == second
    knowing = forms_read.send(clerk.client, action, again, **sheet.more)
    assert "meanwhile. Here are" not in knowing.text
    assert written(other, page, action, sheet.field) == second


def written(client: Any, page: str, action: str, field: str) -> str:
    """What stands in a field for whoever opens the page now."""
    [value] = forms_read.on(client.get(page).text, action, page)[field]
    return value.strip()


def test_of_two_who_send_at_once_only_one_is_kept(clerk: Clerk) -> None:
    page, both = "/letterhead", [clerk.client, clerk.app.test_client()]
    sign_in(both[1], EMAIL)
    sent = [forms_read.on(client.get(page).text, page, page) for client in both]
    ready, said = Barrier(2), [0, 0]

    def send(no: int) -> None:
        ready.wait()
        answer = both[no].post(page, data={**sent[no], "phone": f"+49 {no}"})
        said[no] = answer.status_code

    threads = [Thread(target=send, args=[no]) for no in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(said) == [302, 422]
    assert written(both[0], page, page, "phone") == f"+49 {said.index(302)}"


SEASON = {"name": "Summer", "first": "2026-12-01", "last": "2026-12-10"}


def test_a_season_that_somebody_changed_is_shown_beside_what_was_typed(
    clerk: Clerk, hotel: House
) -> None:
    page = hotel.does(a_plan)
    action = f"{page}/seasons"

    def put(client: Any, sent: dict[str, Any], **typed: str) -> Any:
        looked = forms_read.send(client, action, {**sent, **typed})
        if "seen" not in looked.text:
            return looked
        return forms_read.send(client, action, forms_read.on(looked.text, action, page))

    kinds = re.findall(r'name="(price-\d+)"', clerk.get(page).text)
    prices = dict.fromkeys(kinds, "100.00")
    put(clerk.client, forms_read.on(clerk.get(page).text, action, page), **SEASON, **prices)
    older = forms_read.on(clerk.get(page).text, action, page)
    put(clerk.client, older, **{kinds[0]: "120.00"})

    stale = put(clerk.client, older, **{kinds[0]: "140.00"})

    assert "meanwhile. Here are the new values" in stale.text
    assert "Yours is kept. Meanwhile: “120.00”" in stale.text
    assert forms_read.on(stale.text, action, page)[kinds[0]] == ["140.00"]
    knowing = put(clerk.client, forms_read.on(stale.text, action, page))
    assert "Summer is set" in knowing.text
    assert forms_read.on(clerk.get(page).text, action, page)[kinds[0]] == ["140.00"]


def test_a_name_that_two_translate_is_kept_once(clerk: Clerk, hotel: House) -> None:
    hotel.does(a_plan)
    older = forms_read.on(clerk.get("/names").text, "/names", "/names")
    cell, other, *_ = [name for name in older if name.startswith("de:")]
    forms_read.send(clerk.client, "/names", older, **{cell: "Zimmer"})

    stale = forms_read.send(clerk.client, "/names", older, **{cell: "Stube", other: "Haus"})

    assert "meanwhile. Here are the new values" in stale.text
    assert "Yours is kept. Meanwhile: “Zimmer”" in stale.text
    page = html.fromstring(stale.text)
    [about] = page.xpath(f"//*[@name='{cell}']/@aria-describedby")
    assert "Zimmer" in page.get_element_by_id(about).text_content()
    assert not page.xpath(f"//*[@name='{other}']/@aria-describedby")
    assert written(clerk.client, "/names", "/names", cell) == "Zimmer"
    again = forms_read.on(stale.text, "/names", "/names")
    assert (again[cell], again[other]) == (["Stube"], ["Haus"])
    forms_read.send(clerk.client, "/names", again)
    assert written(clerk.client, "/names", "/names", cell) == "Stube"


def test_a_switch_does_what_its_button_said(clerk: Clerk, hotel: House) -> None:
    hotel.does(a_package)
    [stop] = re.findall(r"/packages/\d+/sell\?sold=no", clerk.get("/packages").text)

    clerk.press(stop, "/packages")
    twice = clerk.press(stop, "/packages")

    assert "is sold no more" in twice.text
    assert "Sell again" in twice.text
