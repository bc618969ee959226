"""Night charges: each night in house charged once, with its packages, by whoever and whenever.

A night's charge names its reservation, its night, the rule it is charged by and the turn (how often
it was reversed and posted again); the database takes each of them once. So a guest who leaves
before the audit has paid, one who arrives after it is charged that night, and none twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from pms.base import dates
from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.stays import package_charges, recurring, settlements, tax_refunds
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import agreed
from pms.hotel.stays.reservations.promise import Purpose, Reservation, ReservationNight
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode

Asked = sa.Select[*tuple[Any, ...]]

ROOM = "room"
DAY_USE = "day-use"


@dataclass(frozen=True, slots=True)
class Due:
    """A charge that is due for a night: what, for whom, and for the how-manieth time."""

    reservation_id: int
    number: int
    folio_id: int | None
    night: date
    rule: str
    charge_code_id: int
    price: int
    quantity: int
    persons: int
    arrival: date
    taxed: bool
    turn: int
    children: taxes.Children = ()
    is_fee: bool = False

    @property
    def night_no(self) -> int:
        """The how-manieth night of the stay it is."""
        return (self.night - self.arrival).days + 1

    @property
    def key(self) -> str:
        """The charge's name in the books."""
        return f"night/{self.number}/{self.night.isoformat()}/{self.rule}/{self.turn}"


# --- what is due --------------------------------------------------------------------------------


def due(
    session: Session,
    hotel: Hotel,
    night: date,
    *,
    limit: int | None = None,
    reservation_ids: Sequence[int] | None = None,
) -> list[Due]:
    """Return what parties in house are still to be charged for a night, rooms and what recurs.

    Two queries, in the order of the reservations' numbers; of one night the packages come before
    the room, so that a batch never leaves the room charged without them. A complimentary or
    house-use night is due at nothing: that it was given is a fact of the books too.
    """
    party = _in_house(hotel, night)
    if reservation_ids is not None:
        party = party.where(Reservation.id.in_(reservation_ids))
    return _read(session, hotel, _all(session, hotel, night, party), limit)


def expected(session: Session, hotel: Hotel, reservation: Reservation, night: date) -> list[Due]:
    """Return what a party will be charged for a night that wasn't yet, come or still to come."""
    party = _of_night(hotel, night).where(Reservation.id == reservation.id)
    return _read(session, hotel, _all(session, hotel, night, party))


def _nights(hotel: Hotel, slot: Slot) -> Asked:
    return (
        sa.select(
            Reservation.id.label("reservation_id"),
            Reservation.number,
            Reservation.folio_id,
            Reservation.purpose,
            Reservation.shares_with_id,
            Reservation.arrival,
            Reservation.departure,
            ReservationNight.night,
            ReservationNight.price,
            ReservationNight.adults,
            ReservationNight.plan_id,
            RatePlan.charge_code_id,
        )
        .join(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Reservation.hotel_id,
                ReservationNight.reservation_id == Reservation.id,
            ),
        )
        .join(
            RatePlan,
            sa.and_(
                RatePlan.hotel_id == ReservationNight.hotel_id,
                RatePlan.id == ReservationNight.plan_id,
            ),
        )
        .where(Reservation.hotel_id == hotel.id, ReservationNight.slot == slot)
    )


def _of_night(hotel: Hotel, night: date) -> Asked:
    return _nights(hotel, Slot.NIGHT).where(ReservationNight.night == night, ReservationNight.live)


def _in_house(hotel: Hotel, night: date) -> Asked:
    return _of_night(hotel, night).join(
        Stay,
        sa.and_(
            Stay.hotel_id == Reservation.hotel_id,
            Stay.reservation_id == Reservation.id,
            Stay.state == Presence.IN_HOUSE,
        ),
    )


def _rooms(party: sa.CTE | sa.Subquery, rule: str, carved: sa.Subquery | None = None) -> Asked:
    """Return the nights as charges to be, less what is carved out of them for packages."""
    given = party.c.purpose != Purpose.PAYING
    taken = 0 if carved is None else sa.func.coalesce(carved.c.amount, 0)
    rooms = sa.select(
        party.c.reservation_id,
        party.c.number,
        party.c.folio_id,
        party.c.night,
        sa.literal(rule).label("rule"),
        party.c.charge_code_id,
        sa.case((given, 0), else_=party.c.price - taken).label("price"),
        sa.literal(1, sa.BigInteger).label("quantity"),
        party.c.adults.label("persons"),
        party.c.arrival,
        (~given).label("taxed"),
    )
    if carved is None:
        return rooms
    whose = carved.c.reservation_id == party.c.reservation_id
    return rooms.select_from(party.outerjoin(carved, whose))


def _all(session: Session, hotel: Hotel, night: date, nights: Asked) -> sa.CompoundSelect[Any]:
    """Return rooms, packages and what recurs."""
    party = nights.cte("party")
    recurs = recurring.due(session, hotel, night, party)
    shares = package_charges.shares(session, hotel, night, party)
    if shares is None:
        return sa.union_all(_rooms(party, ROOM), recurs)
    rooms = _rooms(party, ROOM, package_charges.carved(shares))
    return sa.union_all(rooms, recurs, package_charges.due(hotel, party, shares, room=ROOM))


def _read(
    session: Session,
    hotel: Hotel,
    wanted: sa.CompoundSelect[Any] | Asked,
    limit: int | None = None,
) -> list[Due]:
    asked = wanted.subquery("asked")
    undoing = aliased(Entry)
    same = (
        Entry.hotel_id == hotel.id,
        Entry.subject_id == asked.c.reservation_id,
        Entry.service_night == asked.c.night,
        Entry.rule == asked.c.rule,
    )
    undone = sa.exists().where(undoing.hotel_id == hotel.id, undoing.reverses_id == Entry.id)
    turn = sa.select(sa.func.count()).where(*same).correlate(asked).scalar_subquery()
    rows = session.execute(
        sa.select(asked, turn.label("turn"))
        .where(~sa.exists().where(*same, ~undone.correlate(Entry)).correlate(asked))
        .order_by(asked.c.number, asked.c.rule)
        .limit(limit)
    )
    return [Due(*row) for row in rows]


# --- posting ------------------------------------------------------------------------------------


def post(session: Session, hotel: Hotel, rows: Sequence[Due], *, by: Staff) -> int:
    """Charge what is due and return how many were new: any number in a handful of statements.

    Each goes where its folio's routing says, in parts where several pay, and home to window 1 where
    that is closed; a folio that was closed too early is opened again, since whoever slept here owes
    the night.

    There is no logbook line: the entries themselves say who posted them and when.
    """
    require(by, Permission.POST, hotel.id)
    if not rows:
        return 0
    homes = _homes(session, hotel, rows, by=by)
    codes = _codes(session, hotel, {row.charge_code_id for row in rows})
    rules = {
        night: taxes.rules(session, hotel.id, {code.tax_class_id for code in codes.values()}, night)
        for night in {row.night for row in rows}
    }
    ways = folios.routes(session, hotel.id, set(homes.values()))
    if ways.closed or ways.is_limited:
        rows = _still_due(session, hotel, rows)
    _reopen(session, hotel, ways.closed & {homes[row.reservation_id] for row in rows}, by=by)
    rows = _with_children(session, hotel, rows, rules)
    charged = [
        (row, code, _taxed(hotel, row, rules[row.night][code.tax_class_id]))
        for row in rows
        for code in [codes[row.charge_code_id]]
    ]
    accounts = ledger.accounts(session, hotel, _wanted(charged))
    drafts, parted, exempt = [], [], []
    for row, code, taxed in charged:
        parts = ways.parts(homes[row.reservation_id], code, row.night, taxed)
        parted.append((row.night, parts))
        exempt.append((row, parts, rules[row.night][code.tax_class_id]))
        drafts.append(
            ledger.Draft(
                kind=Kind.CHARGE,
                key=row.key,
                text=code.name,
                subject_id=row.reservation_id,
                service_night=row.night,
                rule=row.rule,
                turn=row.turn,
                lines=folios.sides(parts, accounts, code, taxed, row.quantity),
            )
        )
    posted = ledger.post(session, hotel, drafts, by=by)
    fresh = zip(posted, parted, strict=True)
    folios.write_down(
        session, hotel.id, [(each.entry_id, *of_night) for each, of_night in fresh if each.fresh]
    )
    ledger.post(session, hotel, tax_refunds.drafts(session, hotel, exempt), by=by)
    return sum(each.fresh for each in posted)


def _with_children(
    session: Session, hotel: Hotel, rows: Sequence[Due], rules: Mapping[date, taxes.ByClass]
) -> Sequence[Due]:
    """Return the charges with the children of their nights, where a tax minds them."""
    if not any(each.children for of in rules.values() for some in of.values() for each in some):
        return rows
    who = {row.reservation_id for row in rows}
    come = agreed.children_by_night(session, hotel, who, rules.keys())
    return [replace(row, children=come.get((row.reservation_id, row.night), ())) for row in rows]


def _taxed(hotel: Hotel, row: Due, rules: Sequence[taxes.Rule]) -> taxes.TaxedAmount:
    """Tax a night; what is given away bears none."""
    return taxes.split(
        Money(row.price * row.quantity, hotel.currency),
        (taxes.of_a_fee(rules) if row.is_fee else rules) if row.taxed else (),
        persons=row.persons,
        children=row.children,
        night_no=row.night_no,
    )


def _homes(session: Session, hotel: Hotel, rows: Sequence[Due], *, by: Staff) -> dict[int, int]:
    """Return each reservation's folio; one that has none yet gets it now."""
    homes = {row.reservation_id: row.folio_id for row in rows if row.folio_id is not None}
    homeless = {row.reservation_id for row in rows} - homes.keys()
    parties = session.scalars(
        sa.select(Reservation)
        .where(Reservation.hotel_id == hotel.id, Reservation.id.in_(homeless))
        .options(joinedload(Reservation.guest))
        .order_by(Reservation.number)
    ).all()
    for reservation in parties:
        homes[reservation.id] = settlements.folio_of(session, reservation, by=by).id
    return homes


def _codes(session: Session, hotel: Hotel, ids: Iterable[int]) -> dict[int, ChargeCode]:
    rows = session.scalars(
        sa.select(ChargeCode).where(ChargeCode.hotel_id == hotel.id, ChargeCode.id.in_(set(ids)))
    )
    return {code.id: code for code in rows}


def _still_due(session: Session, hotel: Hotel, rows: Sequence[Due]) -> Sequence[Due]:
    """Return the charges that nobody posted while we waited for the folios.

    Theirs have closed the folio, or used up the limits by which ours would be parted.
    """
    posted = set(
        session.scalars(
            sa.select(Entry.key).where(
                Entry.hotel_id == hotel.id, Entry.key.in_([row.key for row in rows])
            )
        )
    )
    return [row for row in rows if row.key not in posted]


def _reopen(session: Session, hotel: Hotel, homes: Iterable[int], *, by: Staff) -> None:
    for folio_id in sorted(homes):
        folio = session.get_one(Folio, {"hotel_id": hotel.id, "id": folio_id})
        folios.reopen(session, folio, reason="A night is due", by=by)


def _wanted(charged: Iterable[tuple[Due, ChargeCode, taxes.TaxedAmount]]) -> list[ledger.Wanted]:
    wanted = {folios.revenue_account(code) for _, code, _ in charged}
    wanted |= {folios.tax_account(tax.rule) for _, _, taxed in charged for tax in taxed.taxes}
    return sorted(wanted)


# --- one party ----------------------------------------------------------------------------------


def charge_nights(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    nights: Iterable[date],
    *,
    by: Staff,
) -> int:
    """Charge a party in house for nights not charged yet, rooms and what recurs.

    For who leaves before the audit, and who arrives after it; returns how many charges were new.
    """
    posted = 0
    for night in sorted(nights):
        rows = due(session, hotel, night, reservation_ids=[reservation.id])
        posted += post(session, hotel, rows, by=by)
    return posted


def charge_last_packages(
    session: Session, hotel: Hotel, reservation: Reservation, *, by: Staff
) -> int:
    """Charge what is due on a stay's last night, when the one before turned out to be it.

    Nothing that was charged that night and taken off the bill is charged again.
    """
    night = reservation.departure - dates.ONE_DAY
    rows = due(session, hotel, night, reservation_ids=[reservation.id])
    fresh = [row for row in rows if row.rule.startswith(package_charges.PACKAGE) and not row.turn]
    return post(session, hotel, fresh, by=by)


def charge_day_use(session: Session, hotel: Hotel, reservation: Reservation, *, by: Staff) -> int:
    """Charge a party for the day it had the room; returns 0 when it was charged before."""
    party = _nights(hotel, Slot.DAY).where(Reservation.id == reservation.id, ReservationNight.live)
    rows = _read(session, hotel, _rooms(party.subquery("party"), DAY_USE))
    return post(session, hotel, rows, by=by)


def no_show_fee(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    nights: Mapping[date, Money],
    *,
    code: ChargeCode,
    by: Staff,
) -> int:
    """Charge a party that didn't come so much for each night; returns how many were new.

    It is a fee by its code, with that one's taxes; but under the room's own rule, so that a party
    that comes after all never pays that night again.
    """
    party = _nights(hotel, Slot.NIGHT).where(
        Reservation.id == reservation.id, ReservationNight.night.in_(list(nights))
    )
    rows = _read(session, hotel, _rooms(party.subquery("party"), ROOM))
    fees = [
        replace(row, charge_code_id=code.id, price=nights[row.night].minor, taxed=True, is_fee=True)
        for row in rows
    ]
    return post(session, hotel, fees, by=by)
