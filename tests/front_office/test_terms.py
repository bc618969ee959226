"""Terms at the desk and in letters: what giving up costs is said before, charged, or waived."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pms.base import clock
from pms.base.gateway import Mode
from pms.hotel.house.staff import Role
from pms.hotel.rooms import policies, rates
from pms.hotel.service.checkout import Purpose, asking, modes
from pms.hotel.stays import fees
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Guarantee, Reservation, State
from pms.web import letters
from tests import make
from tests.front_office.conftest import Clerk, House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The clock stands at noon of the hotel's day: what is free of charge is free until an hour."""
    with clock.set_to(make.NOON):
        yield


def under(hotel: House, surname: str = "Bound", **terms: Any) -> Reservation:
    """A party to come that booked under a policy."""

    def bound(session: Any, house: Any) -> None:
        policy = make.policy(session, house, **terms)
        bar = rates.by_code(session, house, "BAR")
        policies.attach(session, bar, policy, by=make.by(session, house))
        arrival = house.business_date + timedelta(days=3)
        make.reservation(session, house, arrival=arrival, surname=surname, guarantee=Guarantee.CARD)

    hotel.does(bound)
    return hotel.party(surname)


def test_what_cancelling_costs_is_shown_charged_and_taken_back(clerk: Clerk, hotel: House) -> None:
    party = under(hotel)
    place = f"/reservations/{party.id}/cancel"
    page = clerk.get(place).text

    assert "By the terms of Strict it costs €100.00" in page
    assert "never free: 1 night, €100.00" in page
    stale = clerk.send(place, reason="ill", fee="charge", expected="0")
    assert "It costs €100.00 by now." in stale.text
    silent = clerk.send(place, reason="ill", fee="waive", waive_reason="", expected="10000")
    assert "kept with its reason" in silent.text
    done = clerk.send(place, reason="ill", fee="charge", expected="10000")
    assert "€100.00 is charged." in done.text
    assert hotel.party("Bound").state is State.CANCELLED
    back = clerk.press(f"/reservations/{party.id}/take-back")
    assert "The fee of €100.00 is taken back." in back.text
    assert hotel.party("Bound").state is State.BOOKED
    waived = clerk.send(place, reason="ill", fee="waive", waive_reason="regular", expected="10000")
    assert "is charged" not in waived.text

    def standing(session: Any, house: Any) -> str | None:
        found = fees.standing(session, session.get_one(Reservation, (house.id, party.id)))
        return found.waived_why if found else None

    assert hotel.does(standing) == "regular"


def test_who_may_not_waive_is_not_asked(as_role: Any, hotel: House) -> None:
    party = under(hotel)
    page = as_role(Role.FRONT_DESK).get(f"/reservations/{party.id}/cancel").text

    assert "Charge it" in page
    assert "Waive it" not in page


def test_before_the_deadline_it_costs_nothing(clerk: Clerk, hotel: House) -> None:
    party = under(hotel, cancel_days=0)

    page = clerk.get(f"/reservations/{party.id}/cancel").text

    assert "It costs nothing until" in page
    done = clerk.send(f"/reservations/{party.id}/cancel", reason="ill", expected="0")
    assert "The cancellation number is" in done.text
    assert "is charged" not in done.text


def test_a_reservation_says_what_deposit_is_due_and_asked(clerk: Clerk, hotel: House) -> None:
    half = policies.Amount(policies.By.PERCENT, 5_000)
    party = under(hotel, deposit=half, deposit_days=3)
    page = f"/reservations/{party.id}"

    def ask(session: Any, house: Any) -> None:
        modes.set_mode(session, house, Mode.PRACTICE, by=make.by(session, house))
        asking.ask(
            session, house, purpose=Purpose.DEPOSIT, amount=make.Money(10_000, "EUR"),
            reservation=session.get_one(Reservation, (house.id, party.id)), language="en",
            expires_at=clock.now() + timedelta(days=2), by=make.by(session, house),
        )  # fmt: skip

    due = clerk.get(page).text
    hotel.does(ask)
    asked = clerk.get(page).text

    assert re.search(r"€100.00 is\s+<span class=\"t-warn\">due today", due)
    assert ">Take the deposit</a>" in due
    assert "€100.00 requested by link, not opened yet." in asked


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "en",
            [
                "22 November 2026, 18:00 (local time of the hotel)",
                "we charge the first night",
                "50% of the",
            ],
        ),
        ("de", ["bis Sonntag, 22. November 2026, 18:00 Uhr", "die erste Nacht", "Anzahlung"]),
        ("fr", ["jusqu'au dimanche 22 novembre 2026", "la première nuit", "en acompte"]),
        ("es", ["hasta el domingo, 22 de noviembre de 2026", "la primera noche", "depósito"]),
    ],
)
def test_the_confirmation_says_what_was_agreed(
    clerk: Clerk, hotel: House, language: str, says: list[str]
) -> None:
    half = policies.Amount(policies.By.PERCENT, 5_000)
    party = under(hotel, cancel_days=1, deposit=half, deposit_days=2)

    def write(session: Any, house: Any) -> tuple[str, str]:
        found = session.get_one(Reservation, (house.id, party.id))
        paper = letters.written(session, house, found, tells=Tells.CONFIRMATION, language=language)
        return paper.text, paper.html

    for told in hotel.does(write):
        plain = re.sub(r"\s+", " ", told).replace("50 %", "50%").replace("&#39;", "'")
        assert [words for words in says if words not in plain] == []


def test_a_stay_is_read_with_its_taxes(clerk: Clerk, hotel: House) -> None:
    def taxed(session: Any, house: Any) -> None:
        code = make.taxed_code(session, house, "ROOM7")
        plan = rates.add_plan(
            session, house, code="TAX", name="Taxed", market="m", charge_code=code,
            by=make.by(session, house),
        )  # fmt: skip
        kind = make.room_type(session, house)
        bar = make.reservation(session, house, surname="Gross", nights=1)
        price = {bar.arrival: make.Money(10_000, "EUR")}
        rates.set_prices(session, plan, kind, price, by=make.by(session, house))
        make.reservations.amend(
            session, bar, make.reservations.Wanted(plan=plan), reprice=True,
            by=make.by(session, house),
        )  # fmt: skip

    hotel.does(taxed)
    party = hotel.party("Gross")

    page = clerk.get(f"/reservations/{party.id}").text
    assert page.count("€104.00") == 2  # 100.00 and 2.00 a head and night: the night, and the total
    assert "With taxes" in page
    assert "€104.00" in clerk.get(f"/check-in/{party.id}").text
