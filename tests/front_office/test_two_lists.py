"""Two desks at one list: what another wrote of the same entry is refused, of another one it isn't.

Each list whose entries are written by a small form is opened at two desks, on both engines.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pms.base.money import Money
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import packages, rates
from pms.hotel.rooms.packaging import Per
from tests import forms_read, make
from tests.conftest import BOTH, fresh_database
from tests.front_office.conftest import Clerk, House
from tests.front_office.test_two_desks import a_tax
from tests.hotel.people import make_people
from tests.hotel.stays import allotted
from tests.web.conftest import EMAIL, sign_in

Typed = dict[str, str]
Makes = Callable[[Any, Hotel], tuple[str, Typed, Typed]]
"""Makes what a page is about; returns its address, and which entry is meant, and another one."""

STALE = "meanwhile. Here are the new values"


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database, on each engine in turn: what stands is locked before it is compared."""
    yield from fresh_database(request, tmp_path)


@dataclass(frozen=True)
class Entries:
    """A list, the form that writes one entry of it, and what two people write."""

    makes: Makes
    action: str
    first: Typed
    second: Typed
    more: Typed = field(default_factory=dict)


def upgrades(session: Any, hotel: Hotel) -> tuple[str, Typed, Typed]:
    ids = [make.room_type(session, hotel, code, rank=n).id for n, code in enumerate("XYZ", 5)]
    pairs = [(ids[0], ids[1]), (ids[0], ids[2])]
    one, other = ({"from_type": str(a), "to_type": str(b)} for a, b in pairs)
    return "/house-rules", one, other


def currencies(_session: Any, _hotel: Hotel) -> tuple[str, Typed, Typed]:
    return "/cashier/rates", {"currency": "USD"}, {"currency": "GBP"}


def _a_plan(session: Any, hotel: Hotel) -> str:
    make.plan(session, hotel)
    return f"/rates/plans/{rates.plans(session, hotel)[0].id}"


def agreements(session: Any, hotel: Hotel) -> tuple[str, Typed, Typed]:
    by = make.by(session, hotel)
    for code in ("ACME", "ZETA"):
        companies.enter(session, hotel, code=code, name=code.title(), by=by)
    return _a_plan(session, hotel), {"company": "acme"}, {"company": "ZETA"}


def brought(session: Any, hotel: Hotel) -> tuple[str, Typed, Typed]:
    ids = []
    for code in ("BKF", "GAR"):
        paid_as = make.charge_code(session, hotel, code)
        what = packages.Details(code.title(), paid_as, Per.PERSON, Money(1500, hotel.currency))
        made = packages.add(session, hotel, code=code, details=what, by=make.by(session, hotel))
        ids.append(str(made.id))
    return _a_plan(session, hotel), {"package": ids[0]}, {"package": ids[1]}


def group_prices(session: Any, hotel: Hotel) -> tuple[str, Typed, Typed]:
    ids = [make.room_type(session, hotel, code).id for code in ("AAA", "BBB")]
    found = allotted.group(session, hotel)
    return f"/groups/{found.id}", {"room_type": str(ids[0])}, {"room_type": str(ids[1])}


def payroll_numbers(session: Any, hotel: Hotel) -> tuple[str, Typed, Typed]:
    who = make_people.employed(session, hotel).employee
    return f"/people/{who.id}/do/payroll", {"system": "gusto"}, {"system": "adp_run"}


def deposit_taxes(_session: Any, _hotel: Hotel) -> tuple[str, Typed, Typed]:
    one, other = ({"deposit-from_day": day} for day in ("2026-12-01", "2027-01-01"))
    return "/invoicing", one, other


def tax_rates(session: Any, hotel: Hotel) -> tuple[str, Typed, Typed]:
    one, other = ({"from_day": day} for day in ("2026-12-01", "2027-01-01"))
    return a_tax(session, hotel), one, other


LISTS = {
    "upgrades": Entries(upgrades, "{page}/upgrades", {"amount": "10.00"}, {"amount": "20.00"}),
    "rates": Entries(currencies, "{page}", {"rate": "0.91"}, {"rate": "0.85"}),
    "agreements": Entries(
        agreements, "{page}/companies", {"last": "2026-12-31"}, {"last": "2027-03-31"}
    ),
    "packages": Entries(brought, "{page}/packages", {"way": "included"}, {"way": "added"}),
    "group prices": Entries(group_prices, "{page}/price", {"price": "80.00"}, {"price": "90.00"}),
    "payroll numbers": Entries(payroll_numbers, "{page}", {"number": "1"}, {"number": "2"}),
    "deposit taxes": Entries(
        deposit_taxes, "{page}/deposits",
        {"deposit-due": "on_receipt"}, {"deposit-due": "on_invoice"},
    ),
    "tax": Entries(tax_rates, "{page}", {"rate": "8"}, {"rate": "9"}, {"do": "set"}),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_only_what_was_written_of_the_same_entry_is_refused(
    name: str, clerk: Clerk, hotel: House
) -> None:
    entries, other = LISTS[name], clerk.app.test_client()
    sign_in(other, EMAIL)
    page, mine, theirs = hotel.does(entries.makes)
    action = entries.action.format(page=page)
    desks = (clerk.client, other)
    opened, there = (forms_read.on(each.get(page).text, action, page) for each in desks)
    first, second = entries.more | entries.first, entries.more | entries.second

    beside = forms_read.send(other, action, there, **{**first, **theirs})
    free = forms_read.send(clerk.client, action, opened, **{**first, **mine})
    stale = forms_read.send(other, action, there, **{**second, **mine})

    assert 'role="alert"' not in beside.text
    assert STALE not in free.text
    assert free.status_code == 200, free.text
    assert STALE in stale.text
    assert stale.status_code == 422
    again = forms_read.on(stale.text, action, page)
    assert {key: again[key][0] for key in second | mine if key != "do"} == {
        key: value for key, value in (second | mine).items() if key != "do"
    }
    knowing = forms_read.send(other, action, again, **entries.more)
    assert STALE not in knowing.text
    assert knowing.status_code == 200
