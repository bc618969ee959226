"""The deeds of a desk, each a whole transaction on a small hotel, the same every time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock, db
from pms.base.db import transaction
from pms.base.gateway import Heard, Mode, Stand
from pms.base.money import Money
from pms.hotel.books import folios, payments
from pms.hotel.books.payments import Method
from pms.hotel.close import verify
from pms.hotel.guests.guests import Guest
from pms.hotel.house import documents, hotels
from pms.hotel.house.documents import Kind
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import rates, rooms
from pms.hotel.service import checkout
from pms.hotel.service.checkout import Intent, intending, parts, settling
from pms.hotel.service.checkout.parts import RoomOwes
from pms.hotel.stays import reservations, settlements, stays
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation
from tests import make

Verb = Callable[[Session, Hotel], object]


def furnish(engine: Engine) -> None:
    """Four rooms; Here is in 101, Leaving in 102 and paid up, Coming is due and has paid 50."""
    with session_at_noon(engine) as session, transaction(session):
        hotel = make.furnished(session)
        by = make.by(session, hotel)
        for number, name in (("101", "Here"), ("102", "Leaving")):
            party = make.reservation(session, hotel, surname=name)
            stays.check_in(session, party, room=make.room(session, hotel, number), by=by)
        folio = settlements.folio_of(session, party, by=by)
        payments.pay(session, folio, amount=money("100.00"), method=Method.CASH, by=by)
        coming = make.reservation(session, hotel, surname="Coming")
        settlements.take_deposit(session, coming, amount=money("50.00"), method=Method.CASH, by=by)
        folio = settlements.folio_of(session, of(session, hotel, "Here"), by=by)
        bar = make.charge_code(session, hotel, "BAR")
        folios.charge(session, folio, code=bar, amount=money("12.00"), window=1, by=by)
        make.guest(session, hotel, "New")
        pay_together(session, hotel, by)


def pay_together(session: Session, hotel: Hotel, by: Staff) -> None:
    """Here's guest booked another room, and is at the gateway's page to pay for both."""
    checkout.set_mode(session, hotel, Mode.PRACTICE, by=by)
    here = of(session, hotel, "Here")
    in_ten_days = make.DAY + timedelta(days=10)
    later = make.reservation(
        session, hotel, surname="Later", arrival=in_ten_days, with_booking=here
    )
    owes = [
        RoomOwes(reservation=here, amount=money("12.00"), folio_id=here.folio_id),
        RoomOwes(reservation=later, amount=money("30.00")),
    ]
    request = parts.ask(
        session, hotel, here, owes, language="en", expires_at=clock.now() + timedelta(days=1),
        by=by,
    )  # fmt: skip
    intending.pay(session, request, words="Rooms", consent=None, by=by)


@contextmanager
def session_at_noon(engine: Engine) -> Iterator[Session]:
    """A session at noon of the hotel's first day."""
    with clock.set_to(make.NOON), Session(engine, expire_on_commit=False) as session:
        yield session


def the_hotel(session: Session) -> Hotel:
    """The hotel, read afresh."""
    hotel = hotels.by_code(session, "TEST")
    assert hotel is not None
    return hotel


def money(text: str) -> Money:
    """Euros."""
    return Money.parse(text, "EUR")


def of(session: Session, hotel: Hotel, surname: str) -> Reservation:
    """The party of that name."""
    return session.scalars(
        sa.select(Reservation)
        .join(Guest, sa.and_(Guest.chain_id == Reservation.chain_id,
                             Guest.id == Reservation.guest_id))
        .where(Reservation.hotel_id == hotel.id, Guest.surname == surname)
    ).one()  # fmt: skip


def stay_of(session: Session, hotel: Hotel, surname: str) -> Stay:
    """The stay of that party."""
    stay = stays.of(session, of(session, hotel, surname))
    assert stay is not None
    return stay


def room(session: Session, hotel: Hotel, number: str) -> rooms.Room:
    """The room of that number."""
    found = rooms.by_number(session, hotel, number)
    assert found is not None
    return found


# --- the verbs ------------------------------------------------------------------------------------


def check_in(session: Session, hotel: Hotel) -> object:
    by = make.by(session, hotel)
    return stays.check_in(
        session, of(session, hotel, "Coming"), room=room(session, hotel, "103"), by=by
    )


def check_out(session: Session, hotel: Hotel) -> object:
    by = make.by(session, hotel)
    leaving = stay_of(session, hotel, "Leaving")
    return stays.check_out(session, leaving, charge_tonight=True, by=by)


def move(session: Session, hotel: Hotel) -> object:
    by = make.by(session, hotel)
    return stays.move(
        session, stay_of(session, hotel, "Here"), room=room(session, hotel, "104"),
        reason="Quieter", by=by,
    )  # fmt: skip


def book(session: Session, hotel: Hotel) -> object:
    plan = rates.by_code(session, hotel, "BAR")
    assert plan is not None
    return reservations.book(
        session,
        hotel,
        guest=session.scalars(sa.select(Guest).where(Guest.surname == "New")).one(),
        room_type=make.room_type(session, hotel),
        plan=plan,
        arrival=make.DAY + timedelta(days=3),
        departure=make.DAY + timedelta(days=6),
        adults=2,
        by=make.by(session, hotel),
    )


def cancel(session: Session, hotel: Hotel) -> object:
    return reservations.cancel(
        session, of(session, hotel, "Coming"), reason="Snow", by=make.by(session, hotel)
    )


def pay(session: Session, hotel: Hotel) -> object:
    by = make.by(session, hotel)
    folio = settlements.folio_of(session, of(session, hotel, "Here"), by=by)
    return payments.pay(session, folio, amount=money("20.00"), method=Method.CASH, by=by)


def settle_rooms(session: Session, hotel: Hotel) -> object:
    [intent] = session.scalars(sa.select(Intent).where(Intent.hotel_id == hotel.id))
    heard = Heard(
        object_id="cs_1", payment="pi_1", stand=Stand.PAID, live=False, amount=money("42.00")
    )
    return settling.settle(session, intent, heard)


def issue(session: Session, hotel: Hotel) -> object:
    return documents.issue(
        session, hotel, kind=Kind.INVOICE, title="Invoice", content=b"paper",
        media_type="text/plain", data={"total": "20.00"}, by=make.by(session, hotel),
    )  # fmt: skip


VERBS: dict[str, Verb] = {
    "check in": check_in,
    "check out": check_out,
    "move": move,
    "book": book,
    "cancel": cancel,
    "pay": pay,
    "settle one payment for two rooms": settle_rooms,
    "issue a document": issue,
}


def whole(verb: Verb) -> Callable[[Engine], None]:
    """Return the verb as a desk does it: found, then done in one transaction."""

    def work(engine: Engine) -> None:
        with session_at_noon(engine) as session:
            hotel = the_hotel(session)
            with transaction(session):
                verb(session, hotel)

    return work


def do(url: str, work: Callable[[Engine], None]) -> None:
    """Do some work on a database."""
    engine = db.connect(url)
    try:
        work(engine)
    finally:
        engine.dispose()


def everything_holds(engine: Engine) -> None:
    """Recount everything there is to recount."""
    with Session(engine) as session:
        wrong = [check for check in verify.checks(session, the_hotel(session)) if not check.ok]
    assert wrong == []
