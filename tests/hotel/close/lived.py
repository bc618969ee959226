"""A little hotel on its second night, with one of everything the audit meets."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios, payments
from pms.hotel.books.payments import CardSlip, Method
from pms.hotel.close import night_audit
from pms.hotel.close.night_audit import Choice, Rules
from pms.hotel.guests import identity
from pms.hotel.guests.identity import IdentityKind, Seen
from pms.hotel.house import documents, hotels
from pms.hotel.house.documents import Kind
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import blocks, inventory, rooms
from pms.hotel.rooms.blocks import Block
from pms.hotel.stays import (
    correspondence,
    police,
    recurring,
    registration,
    reservations,
    settlements,
    stays,
)
from pms.hotel.stays import parties as stays_parties
from pms.hotel.stays.correspondence import LetterWords, Tells
from pms.hotel.stays.reservations import Guarantee, Purpose
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import TaxKind
from tests import make

FIRST = make.DAY
SECOND = FIRST + timedelta(days=1)
RULES = Rules(due_outs=Choice.EXTEND, charge_no_shows=True)
SLIP = CardSlip(brand="visa", last_four="4242", authorisation="A1", terminal="T1", batch="7")


def at(day: date, hour: int = 3, minute: int = 0) -> datetime:
    """An instant of the night that follows a business day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) + timedelta(days=1)


@contextmanager
def night_of(day: date):
    """Let it be three in the morning after a business day."""
    with clock.set_to(at(day)):
        yield


def close(session: Session, hotel: Hotel, **details: object) -> night_audit.Audit:
    """Close the hotel's open day in its night."""
    with night_of(hotel.business_date):
        return night_audit.audit(
            session, hotel, by=make.by(session, hotel), **({"rules": RULES} | details)
        )


def plain(session: Session, *, parties: int = 2, rooms: int = 4, **details: object) -> Hotel:
    """A furnished hotel on its first day, with parties in house for five nights."""
    with clock.set_to(make.NOON), transaction(session):
        hotel = make.furnished(session, rooms=rooms, **details)
        for n in range(parties):
            arrive(session, hotel, str(101 + n), nights=5)
    return hotel


def arrive(session: Session, hotel: Hotel, number: str, **details: object):
    """A party that books and takes its room at once."""
    booked = make.reservation(session, hotel, **details)
    room = rooms.by_number(session, hotel, number)
    return stays.check_in(session, booked, room=room, by=make.by(session, hotel))


def busy(session: Session) -> Hotel:
    """The hotel on its second night, about to be closed by `RULES` and by decisions."""
    with clock.set_to(make.NOON), transaction(session):
        hotel = make.furnished(session, rooms=16)
        inventory.extend(session, hotel, until=FIRST + timedelta(days=800))
        _tax(session, hotel)
        _first_day(session, hotel)
    close(session, hotel)
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        _second_day(session, hotel)
    return hotel


def closed(session: Session) -> Hotel:
    """That hotel, its second night closed."""
    hotel = busy(session)
    close(session, hotel)
    return hotel


def _tax(session: Session, hotel: Hotel) -> None:
    by = make.by(session, hotel)
    vat = taxes.add(
        session, hotel, code="VAT", name="VAT", kind=TaxKind.PERCENT, rate=70_000,
        inclusive=True, by=by,
    )  # fmt: skip
    city = taxes.add(
        session, hotel, code="CITY", name="City tax", kind=TaxKind.PER_PERSON_NIGHT, rate=250,
        inclusive=False, children=((5, 0), (15, 100)), by=by,
    )  # fmt: skip
    lodging = taxes.add_class(
        session, hotel, code="LODGING", name="Lodging", taxes=[vat, city], by=by
    )
    make.charge_code(session, hotel).tax_class_id = lodging.id
    make.charge_code(session, hotel, "PARKING").price = 1_500
    session.flush()


def _first_day(session: Session, hotel: Hotel) -> None:
    by = make.by(session, hotel)
    family = arrive(session, hotel, "101", nights=4, surname="Paying")
    recurring.add(
        session, family.reservation, code=make.charge_code(session, hotel, "PARKING"), by=by
    )
    sharer = make.reservation(
        session, hotel, nights=4, surname="Sharing", adults=1, shares_with=family.reservation
    )
    stays.check_in(session, sharer, room=family.room, by=by)
    arrive(session, hotel, "102", nights=3, surname="Given", purpose=Purpose.COMPLIMENTARY)
    arrive(session, hotel, "103", nights=3, surname="House", purpose=Purpose.HOUSE_USE)
    for n, name in enumerate(("Stayson", "Settled", "Skipper")):
        arrive(session, hotel, str(104 + n), nights=1, surname=name)
    deposit = make.reservation(session, hotel, nights=2, arrival=SECOND, surname="Deposit")
    settlements.take_deposit(
        session, deposit, amount=_money("80.00"), method=Method.CARD, card=SLIP, by=by
    )
    inventory.hold(
        session, hotel, room_type=make.room_type(session, hotel), arrival=SECOND,
        departure=SECOND + timedelta(days=2), rooms=2, by=by,
    )  # fmt: skip
    blocks.block(
        session, rooms.by_number(session, hotel, "116"), Block.OUT_OF_ORDER, first=FIRST,
        until=SECOND + timedelta(days=1), reason="Burst pipe", by=by,
    )  # fmt: skip


def _second_day(session: Session, hotel: Hotel) -> None:
    by = make.by(session, hotel)
    family, settled, skipper = (
        _party(session, hotel, name) for name in ("Paying", "Settled", "Skipper")
    )
    folio = settlements.folio_of(session, family, by=by)
    minibar = folios.charge(
        session, folio, code=make.charge_code(session, hotel, "MINIBAR"), amount=_money("9.00"),
        by=by,
    )  # fmt: skip
    folios.void(session, minibar, reason="wrong room", by=by)
    parking = folios.charge(session, folio, code=make.charge_code(session, hotel, "PARKING"), by=by)
    folios.open_window(session, folio, no=2, by=by)
    folios.transfer(session, parking, to_folio=folio, to_window=2, by=by)
    payments.pay(session, folio, amount=_money("50.00"), method=Method.CASH, by=by)
    documents.issue(
        session, hotel, kind=Kind.RECEIPT, title="Receipt", content=b"50.00",
        media_type="text/plain", data={"amount": "50.00"}, by=by,
    )  # fmt: skip
    _papers(session, hotel, family)
    _pay_off(session, settled)
    for party, choice in ((settled, Choice.CHECK_OUT), (skipper, Choice.CHECK_OUT_WITH_BALANCE)):
        night_audit.decide(session, hotel, party, choice, by=by)
    _arrivals(session, hotel)


def _papers(session: Session, hotel: Hotel, family: reservations.Reservation) -> None:
    """A family with its documents, a card signed on screen, and a letter."""
    by, wife = make.by(session, hotel), make.guest(session, hotel, "Wife")
    stays_parties.add(session, family, wife, by=by)
    seen = Seen(
        IdentityKind.PASSPORT, "L898902C3", "UTO", "UTO", "Wife",
        birth_date=date(1974, 8, 12), expires_on=date(2030, 4, 15), lives_in="Visby",
    )  # fmt: skip
    wife.country = "SWE"
    identity.keep(session, wife, seen, hotel=hotel, by=by)
    picture = registration.PNG + b"\0" * 200
    registration.sign(session, family, paper=b"%PDF card", picture=picture, by=by)
    police.set_up(session, hotel, police.Unit(code="121212121"), by=by)
    police.export(session, hotel, by=by)
    words = LetterWords(Tells.CONFIRMATION, "en", "Your booking", "Dear", "<p>Dear</p>")
    correspondence.mail(session, family, words, to="ana@mail.example", by=by)


def _arrivals(session: Session, hotel: Hotel) -> None:
    by = make.by(session, hotel)
    make.reservation(session, hotel, surname="Nobody")
    make.reservation(session, hotel, surname="Guaranteed", guarantee=Guarantee.CARD)
    kept, rolled, late = (
        make.reservation(session, hotel, nights=3, surname=name)
        for name in ("Kept", "Rolled", "Late")
    )
    stays.assign(session, late, room=rooms.by_number(session, hotel, "110"), by=by)
    for party, choice in (
        (kept, Choice.KEEP),
        (rolled, Choice.NO_SHOW_KEEP_NIGHTS),
        (late, Choice.CHECK_IN),
        (_party(session, hotel, "Deposit"), Choice.KEEP),
    ):
        night_audit.decide(session, hotel, party, choice, by=by)


def _pay_off(session: Session, party: reservations.Reservation) -> None:
    by = make.by(session, session.get_one(Hotel, party.hotel_id))
    folio = settlements.folio_of(session, party, by=by)
    for window, balance in folios.balance_of(session, folio).items():
        payments.pay(
            session, folio, window=window, amount=balance, method=Method.CARD, card=SLIP, by=by
        )


def _party(session: Session, hotel: Hotel, surname: str) -> reservations.Reservation:
    return next(each for each in all_parties(session, hotel) if each.guest.surname == surname)


def party(session: Session, surname: str) -> reservations.Reservation:
    """The party of that name in the only hotel there is."""
    return _party(session, the_hotel(session), surname)


def all_parties(session: Session, hotel: Hotel) -> list[reservations.Reservation]:
    """Every reservation of a hotel."""
    return (
        session.query(reservations.Reservation)
        .filter_by(hotel_id=hotel.id)
        .order_by(reservations.Reservation.number)
        .all()
    )


def the_hotel(session: Session) -> Hotel:
    """The hotel of the test, read afresh."""
    hotel = hotels.by_code(session, "TEST")
    assert hotel is not None
    return hotel


def _money(text: str) -> Money:
    return Money.parse(text, "EUR")
