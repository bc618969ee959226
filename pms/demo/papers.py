"""The demo's papers: a letterhead, confirmations on their way, documents seen, cards signed."""

from contextlib import suppress
from datetime import date, time, timedelta
from itertools import count

import sqlalchemy as sa

from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.books import papers, receivables
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.books.papers import Issuer, issuers
from pms.hotel.books.payments import Method
from pms.hotel.guests import guests, identity
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.identity import IdentityKind, Seen, Sex
from pms.hotel.house import letterheads
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import Head
from pms.hotel.house.staff import Role, Staff
from pms.hotel.stays import billing, parties, police, registration, settlements, stays
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Purpose
from pms.web import letters

CONFIRMED, REGISTERED, INVOICED = 6, 8, 5
PREPAID_AHEAD = 3
HEAD = Head(
    address="Lindenallee 14\n10115 Berlin",
    phone="+49 30 901820",
    email="desk@lantern.example",
    language="de",
    rules="Quiet after 22:00.\nNo smoking in the rooms.\nLeave the key at the desk.",
)

ISSUER = Issuer(
    name="Lantern House Hotelbetrieb GmbH",
    street="Lindenallee 14",
    postcode="10115",
    city="Berlin",
    country="DE",
    tax_number="DE136695976",
    registration="HRB 210044 B, Amtsgericht Charlottenburg",
    bank="Berliner Bank",
    iban="DE89370400440532013000",
    closing_words="Vielen Dank für Ihren Besuch.",
)
UNIT = police.Unit(code="900000001", short_name="LANTERN", town="Berlin", contact="Front desk")


def set_up(house: House, *, today: date) -> None:
    """Write the letterhead, then what the papers of such a day are."""
    with house.at(today, time(15, 20)) as hotel:
        letterheads.write(house.session, hotel, HEAD, by=house.who(Role.MANAGER))
        by = house.who(Role.FRONT_DESK)
        for reservation in house.due(hotel, today + timedelta(days=1))[:CONFIRMED]:
            if reservation.guest.email:
                letters.tell(house.session, hotel, reservation, tells=Tells.CONFIRMATION, by=by)
        _register(house, hotel, by=by)
        police.set_up(house.session, hotel, UNIT, by=house.who(Role.MANAGER))
        _invoice(house, hotel, by=by)
        if any(each.stand is police.Stand.DUE for each in police.register(house.session, hotel)):
            police.export(house.session, hotel, by=by)


def _register(house: House, hotel: Hotel, *, by: Staff) -> None:
    """Note documents and signatures of parties that came today."""
    serial = count(4_418_207, 7_919)
    came = [each for each in stays.in_house(house.session, hotel) if _is_new(each, hotel)]
    for stay in came[:REGISTERED]:
        reservation = stay.reservation
        _show(house, hotel, reservation.guest, next(serial), by=by)
        if reservation.adults > 1:
            with_them = guests.welcome(
                house.session,
                hotel,
                surname=reservation.guest.surname,
                given_name="Alex",
                country=reservation.guest.country,
                by=by,
            )
            parties.add(house.session, reservation, with_them, by=by)
            _show(house, hotel, with_them, next(serial), by=by)
        registration.sign_on_paper(house.session, reservation, by=by)


def _invoice(house: House, hotel: Hotel, *, by: Staff) -> None:
    """Issue invoices of bills that were paid, and credit one of them again."""
    issuers.write(house.session, hotel, ISSUER, by=house.who(Role.MANAGER))
    paid = house.session.scalars(
        sa.select(Folio)
        .where(Folio.hotel_id == hotel.id, Folio.state == FolioState.CLOSED)
        .order_by(Folio.number.desc())
        .limit(INVOICED)
    ).all()
    issued = []
    for folio in paid:
        choices = billing.choices(house.session, hotel, folio, window=1)
        to = choices[0].to if choices else papers.Addressee(name=folio.name, language="de")
        about = billing.about(house.session, folio, window=1)
        with suppress(papers.NothingToInvoice, papers.LessThanNothing):
            issued.append(papers.invoice(house.session, folio, to=to, about=about, by=by))
    paid_at_the_desk = [each for each in issued if not receivables.claims(house.session, each)]
    for paper in paid_at_the_desk[:1]:
        reason = "Made out to the firm"
        receivables.credit(house.session, paper, reason=reason, by=house.who(Role.MANAGER))
    _prepaid(house, hotel, by=by)


def _prepaid(house: House, hotel: Hotel, *, by: Staff) -> None:
    """Take a deposit of a party that comes soon, with its VAT, and issue its invoice."""
    soon = house.due(hotel, hotel.business_date + timedelta(days=PREPAID_AHEAD))
    for party in [each for each in soon if each.purpose is Purpose.PAYING][:1]:
        taken = settlements.take_deposit(
            house.session, party, amount=Money(15_000, hotel.currency), method=Method.TRANSFER,
            by=by,
        )  # fmt: skip
        [to, *_] = [each.to for each in billing.choices_for_payment(house.session, hotel, taken)]
        about = billing.about_payment(house.session, taken)
        papers.deposit_invoice(house.session, taken, to=to, about=about, by=by)


def _is_new(stay: stays.Stay, hotel: Hotel) -> bool:
    return stay.arrived_on == hotel.business_date


def _show(house: House, hotel: Hotel, guest: Guest, serial: int, *, by: Staff) -> None:
    """Let a guest show a passport."""
    country = (guest.country or "UTO")[:3]
    born = date(1950 + serial % 50, 1 + serial % 12, 1 + serial % 28)
    seen = Seen(
        kind=IdentityKind.PASSPORT,
        number=f"C{serial}",
        issuing_country=country,
        nationality=country,
        surname=guest.surname,
        given_name=guest.given_name,
        birth_date=born,
        sex=Sex.UNSPECIFIED,
        expires_on=hotel.business_date + timedelta(days=400 + serial % 2_000),
        lives_in="" if serial % 3 == 0 else "At home",  # some didn't say
        from_lines=True,
    )
    identity.keep(house.session, guest, seen, hotel=hotel, by=by)
