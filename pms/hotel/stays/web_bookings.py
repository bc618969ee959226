"""Web bookings: stays that a guest promised themselves, at the price and terms they were shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, clock, dates, ink
from pms.base.db import Base, OfHotel, new_id, within_hotel
from pms.base.money import Money, total
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests import guests
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory, quotes, web_sales
from pms.hotel.rooms.policies import Asks, Terms
from pms.hotel.rooms.quotes import Quote
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.web_sales import Shop
from pms.hotel.stays import arrival_details, reservations
from pms.hotel.stays.reservations import Guarantee, Origin, Reservation, Wishes

CHANNEL = "own page"
LONGEST_TERMS = 4_000
MOST_ROOMS = 5  # of one booking; who comes with more writes to the hotel


class WebClosed(Refusal):
    def __init__(self) -> None:
        super().__init__("The hotel takes no bookings on the web now. Call it, please.")


class NotSoldNow(Refusal):
    """What was chosen went, or was closed, while the guest was typing."""

    def __init__(self) -> None:
        super().__init__("That room isn't free at that rate any more. Choose another.")


class PriceIsAnother(Refusal):
    """The price isn't the one the guest was shown."""

    def __init__(self, now: Money) -> None:
        super().__init__(f"It costs {now.said} now. Look again, then decide.")
        self.now = now


class NotTogether(Invalid):
    """The rooms of one booking are for the same nights, and not more than the page takes."""

    def __init__(self) -> None:
        super().__init__(
            f"One booking here has 1 to {MOST_ROOMS} rooms, all for the same nights. "
            "Write to the hotel for more.",
            most=MOST_ROOMS,
        )


class TermsNotAccepted(Invalid):
    def __init__(self) -> None:
        super().__init__("The terms are to be accepted.", field="agrees")


class WebBooking(OfHotel, Base):
    """What a guest was shown and accepted: the total, and the terms in the guest's language."""

    __tablename__ = "web_bookings"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        sa.UniqueConstraint("hotel_id", "reservation_id"),
        sa.CheckConstraint("total >= 0", name="costs_something_or_nothing"),
    )

    reservation_id: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(2))
    total: Mapped[int]
    terms: Mapped[str]
    agreed_at: Mapped[datetime]


ink.append_only("web_bookings")


@dataclass(frozen=True, slots=True)
class Asked:
    """A stay as it is looked for; children by their ages."""

    arrival: date
    departure: date
    adults: int
    ages: tuple[int, ...] = ()

    @property
    def nights(self) -> tuple[date, date]:
        """The arrival and the departure."""
        return self.arrival, self.departure

    @property
    def heads(self) -> int:
        """How many come."""
        return self.adults + len(self.ages)


@dataclass(frozen=True, slots=True)
class Booker:
    """Who books: no more than the hotel needs to welcome them."""

    surname: str
    given_name: str
    email: str
    phone: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a guest chose, the total they were shown, and the terms they accepted."""

    asked: Asked
    type_code: str
    plan_code: str
    total: Money
    terms: str
    eta: time | None = None
    words: str | None = None


def guarantee_for(
    terms: Terms | None, *, arrival: date, today: date, pays_online: bool
) -> Guarantee | None:
    """Return what guarantees a booking; None where its plan asks for what can't be given here.

    Who arrives today guarantees nothing. A card or a deposit is given online, where the hotel
    takes money there; without that, a deposit that is due later is asked for by the hotel.
    """
    if terms is None or terms.asks is Asks.NONE or arrival <= today:
        return Guarantee.NONE
    due = terms.deposit_due(today, arrival)
    later = due is not None and due > today
    if terms.asks in {Asks.ANY, Asks.DEPOSIT} and (later or (due is not None and pays_online)):
        return Guarantee.DEPOSIT
    return Guarantee.CARD if terms.asks in {Asks.ANY, Asks.CARD} and pays_online else None


def offered(
    session: Session, hotel: Hotel, shop: Shop, asked: Asked, *, pays_online: bool
) -> list[Quote]:
    """Return what everybody can book of a stay on the web, plain to best.

    Refuses dates that aren't a stay, and nights that aren't open for sale.
    """
    today = business_day.today(session, hotel)
    quoted = quotes.quote(
        session,
        hotel,
        asked.arrival,
        asked.departure,
        adults=asked.adults,
        children=len(asked.ages),
        ages=asked.ages,
    )
    return [
        each
        for each in quoted
        if each.room_type.type_id in shop.types
        and each.plan.id in shop.plans
        and not each.closed_to(asked.heads)
        and guarantee_for(each.terms, arrival=asked.arrival, today=today, pays_online=pays_online)
        is not None
    ]


def find(found: Sequence[Quote], type_code: str, plan_code: str) -> Quote | None:
    """Return the offer of a type and plan by their codes."""
    return next(
        (
            each
            for each in found
            if each.room_type.code == type_code and each.plan.code == plan_code
        ),
        None,
    )


def book(
    session: Session,
    hotel: Hotel,
    wanted: Wanted,
    booker: Booker,
    *,
    pays_online: bool = False,
    by: Staff,
) -> Reservation:
    """Promise a guest the stay they chose; refuses what `book_rooms` refuses."""
    [made] = book_rooms(session, hotel, [wanted], booker, pays_online=pays_online, by=by)
    return made


def book_rooms(
    session: Session,
    hotel: Hotel,
    wanted: Sequence[Wanted],
    booker: Booker,
    *,
    pays_online: bool = False,
    by: Staff,
) -> list[Reservation]:
    """Promise a guest the rooms they chose, all of them or none, on one booking.

    What they were shown and accepted is kept of each. They get a profile of their own: nobody is
    taken for somebody known because of a mail address. Refuses a closed page, too many rooms or
    other nights, what isn't sold any more (counted over all rooms together), another price than
    the one shown, and terms that weren't accepted.
    """
    require(by, Permission.RESERVE, hotel.id)
    today = business_day.hold(session, hotel)
    card_numbers.refuse(phone=booker.phone, words=wanted[0].words if wanted else None)
    chosen = _chosen(session, hotel, wanted, pays_online=pays_online)
    guest = _welcomed(session, hotel, booker, by=by)
    made: list[Reservation] = []
    for each, quote in zip(wanted, chosen, strict=True):
        given = guarantee_for(
            quote.terms, arrival=each.asked.arrival, today=today, pays_online=pays_online
        )
        made.append(
            _promise(session, hotel, guest, each, quote, given or Guarantee.NONE, made, by=by)
        )
        _keep(session, made[-1], each, booker, by=by)
        logbook.record(
            session, "accepted terms", made[-1], by=by, day=today,
            total=each.total, language=booker.language,
        )  # fmt: skip
    return made


def _promise(
    session: Session,
    hotel: Hotel,
    guest: Guest,
    wanted: Wanted,
    quote: Quote,
    guarantee: Guarantee,
    before: Sequence[Reservation],
    *,
    by: Staff,
) -> Reservation:
    """Promise one room, on the booking of those promised before it and priced as if beside none."""
    asked = wanted.asked
    return reservations.book(
        session,
        hotel,
        guest=guest,
        room_type=session.get_one(RoomType, (hotel.id, quote.room_type.type_id)),
        plan=quote.plan,
        arrival=asked.arrival,
        departure=asked.departure,
        adults=asked.adults,
        children=len(asked.ages),
        child_ages=asked.ages,
        guarantee=guarantee,
        origin=Origin(channel=CHANNEL),
        wishes=Wishes(eta=wanted.eta, notes=wanted.words),
        with_booking=before[0] if before else None,
        beside=len(before),
        by=by,
    )


def _chosen(
    session: Session, hotel: Hotel, wanted: Sequence[Wanted], *, pays_online: bool
) -> list[Quote]:
    """Return what the guest chose as it is sold now; refuses what isn't as they were shown it."""
    if len({each.asked.nights for each in wanted}) != 1 or len(wanted) > MOST_ROOMS:
        raise NotTogether
    shop = web_sales.of(session, hotel)
    if not shop.is_open:
        raise WebClosed
    if not all(each.terms.strip() for each in wanted):
        raise TermsNotAccepted
    if len(wanted) > 1:
        _lock(session, hotel, wanted)
    offers = {
        asked: offered(session, hotel, shop, asked, pays_online=pays_online)
        for asked in {each.asked for each in wanted}
    }
    found = []
    for each in wanted:
        quote = find(offers[each.asked], each.type_code, each.plan_code)
        if quote is None:
            raise NotSoldNow
        found.append(quote)
    counted = Counter(quote.room_type for quote in found)
    if any(count > kind.rooms for kind, count in counted.items()):
        raise NotSoldNow
    if [quote.total for quote in found] != [each.total for each in wanted]:
        raise PriceIsAnother(total((quote.total for quote in found), hotel.currency))
    return found


def _lock(session: Session, hotel: Hotel, wanted: Sequence[Wanted]) -> None:
    """Lock the nights of all rooms before they are counted.

    What is free for all of them, and what that costs, still is when the last one is promised.
    """
    codes = {each.type_code for each in wanted}
    types = session.scalars(
        sa.select(RoomType.id).where(RoomType.hotel_id == hotel.id, RoomType.code.in_(codes))
    ).all()
    nights = dates.nights(*wanted[0].asked.nights)
    inventory.lock_nights(session, hotel, {(night, kind) for night in nights for kind in types})


def _welcomed(session: Session, hotel: Hotel, booker: Booker, *, by: Staff) -> Guest:
    return guests.welcome(
        session,
        hotel,
        surname=booker.surname,
        given_name=booker.given_name,
        email=booker.email,
        phone=booker.phone,
        language=booker.language,
        by=by,
    )


def _keep(
    session: Session, reservation: Reservation, wanted: Wanted, booker: Booker, *, by: Staff
) -> None:
    """Keep what the guest accepted, in ink, and what they wish for, where it can be erased."""
    session.add(
        WebBooking(
            hotel_id=reservation.hotel_id,
            id=new_id(),
            reservation_id=reservation.id,
            language=booker.language if booker.language in LANGUAGES else "en",
            total=wanted.total.minor,
            terms=wanted.terms[:LONGEST_TERMS],
            agreed_at=clock.now(),
        )
    )
    session.flush()
    if wanted.words:
        arrival_details.tell(
            session, reservation, eta=wanted.eta, transport=None, words=wanted.words, by=by
        )
