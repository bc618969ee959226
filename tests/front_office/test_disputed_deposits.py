"""What the desk sees of a deposit that is disputed, and of links that ended with their booking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.service import checkout
from pms.hotel.service.checkout import Purpose, disputes, following, payouts
from pms.hotel.stays.reservations import Reservation
from pms.web import database as db
from tests.front_office.conftest import Clerk, House
from tests.hotel.service.paying import Till


@contextmanager
def till_of(app: Any, hotel: House, surname: str) -> Iterator[tuple[Any, Reservation]]:
    """The house's gateway, and a party of the house that is coming."""
    party = hotel.party(surname)
    with app.app_context():
        session = db.session()
        till = Till(session, house=session.get_one(Hotel, hotel.hotel_id))  # type: ignore[no-untyped-call]
        yield till, session.get_one(Reservation, (hotel.hotel_id, party.id))
        till.practice.store.close()


def heard(till: Any) -> None:
    for event in till.news():
        till.hears(event)
    till.works()


def test_a_disputed_deposit_is_said_with_what_to_do(clerk: Clerk, hotel: House, app: Any) -> None:
    with till_of(app, hotel, "Yamada") as (till, party):
        address = f"/reservations/{party.id}"
        paid = till.pays(till.asks(reservation=party))
        assert "isput" not in clerk.get(address).text
        opened = till.stripe.open_dispute(paid.payment, 7_000)
        heard(till)

        page = clerk.get(address).text
        assert "€70.00 of it disputed" in page
        assert "the bank has taken €70.00 of what was paid online (fraudulent)" in page
        assert "Answer in the gateway’s own pages, by" in page
        assert "€70.00 of it can’t be given back or put on the bill" in (
            clerk.get(f"{address}/deposit").text
        )
        listed = clerk.get("/payment-requests/disputes").text
        assert "To be answered" in listed
        assert f'href="{address}">Ana Yamada, {party.number}</a>' in listed
        till.stripe.close_dispute(opened["id"], won=False)
        heard(till)

    page = clerk.get(address).text
    assert "of it disputed" not in page
    assert "the bank gave €70.00 of what was paid online back to the guest" in page


def test_a_payouts_lines_lead_to_what_they_are_and_back(
    clerk: Clerk, as_role: Callable[[Role], Clerk], hotel: House, app: Any
) -> None:
    with till_of(app, hotel, "Yamada") as (till, party):
        deposit, number = f"/reservations/{party.id}/deposit", party.number
        paid = till.pays(till.asks(reservation=party))
        till.stripe.open_dispute(paid.payment, 7_000)
        heard(till)
        here = till.books(surname="Okonkwo")
        till.arrives(here, "104")
        folio = till.charges(here, 5_000)
        till.pays(till.asks(Purpose.BALANCE, 5_000, folio=folio))
        bill = f"/folios/{folio.id}"
        assert "payout of" not in clerk.get(bill).text
        till.stripe.pay_out()
        following.fetch_payouts(till.session, till.house, till.gateways)
        payout = f"/payment-requests/payouts/{payouts.listed(till.session, till.house)[0].id}"
        dispute = disputes.listed(till.session, till.house)[0].id

    assert f'href="{payout}"' in clerk.get("/payment-requests/payouts").text
    page = clerk.get(payout).text
    assert f'href="{deposit}">Ana Yamada, deposit of {number}</a>' in page
    assert f'href="{bill}">' in page
    assert f'href="/payment-requests/disputes#dispute-{dispute}">Dispute</a>' in page
    for back in (deposit, bill, "/payment-requests/disputes"):
        assert f'href="{payout}">payout of' in clerk.get(back).text
    attendant = as_role(Role.FRONT_DESK)
    assert "payout of" not in attendant.get(bill).text  # who reads no reports isn't led there
    assert attendant.get(payout).status_code == 403


def test_links_are_spoken_of_only_where_they_ended_with_the_booking(
    clerk: Clerk, hotel: House, app: Any
) -> None:
    said = "The link they were to pay by ended with the booking: ask anew."
    party = hotel.party("Yamada")
    with till_of(app, hotel, "Yamada") as (till, coming):
        withdrawn = till.asks(minor=5_000, reservation=coming)
        with transaction(till.session):
            checkout.withdraw(till.session, withdrawn, reason="Wrong amount", by=till.by)
    assert said not in cancelled_and_back(clerk, party).text

    with till_of(app, hotel, "Yamada") as (till, coming):
        till.asks(minor=5_000, reservation=coming)
    assert said in cancelled_and_back(clerk, party).text
    assert said not in cancelled_and_back(clerk, party).text


def cancelled_and_back(clerk: Clerk, party: Reservation) -> Any:
    clerk.send(f"/reservations/{party.id}/cancel", reason="Ill")
    return clerk.send(f"/reservations/{party.id}/reinstate")
