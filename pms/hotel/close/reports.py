"""Reports: the figures of a day or a span of days, as rows that print the same wherever they go.

No guest's name stands in them: reservations, folios and rooms are named by their numbers, so that
an archived report can outlive an erased profile.
"""

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money, round_half_up
from pms.base.refusal import Refusal
from pms.hotel.books import ledger
from pms.hotel.books.ledger import Account, AccountDay, Entry, Ledger, Line
from pms.hotel.close import statistics
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.inventory import HouseNight, NightChange
from pms.hotel.stays.reservations.promise import ReservationNight

Value = str | int | None


class DayNotClosed(Refusal):
    """The day hasn't been lived yet, or was before the hotel opened."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"{day:%a %d %b %Y} has no figures. Choose a closed day, or today.", field="date"
        )


@dataclass(frozen=True)
class Report:
    """A table: its columns, and rows of text and whole numbers, amounts written out."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]

    def as_csv(self) -> bytes:
        """Return the report as CSV (RFC 4180, UTF-8); what a spreadsheet would run is quoted."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.columns)
        writer.writerows([[harmless(value) for value in row] for row in self.rows])
        return text.getvalue().encode()

    def as_json(self) -> bytes:
        """Return the report as a JSON list of objects; amounts are text, so no cent is lost."""
        return orjson.dumps([dict(zip(self.columns, row, strict=True)) for row in self.rows])

    def as_bytes(self, form: str) -> bytes:
        """Return the report as `csv` or `json`."""
        return self.as_csv() if form == "csv" else self.as_json()


FORMS = ("csv", "json")
_FORMULA = {"=", "+", "-", "@", "\t", "\r"}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def harmless(value: Value) -> Value:
    """Keep a spreadsheet from running a text as a formula (ASVS 1.2.10); numbers stay."""
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value[:1] in _FORMULA else value


# --- nights ---------------------------------------------------------------------------------------


def nightly(session: Session, hotel: Hotel, first: date, last: date) -> Report:
    """Return rooms, revenue and the three ratios of each night, first to last.

    A night's rooms are those somebody was in when it closed (a shared room once); its revenue is
    the room charges for that night, whenever they were posted, before taxes. Occupancy is rooms
    occupied / rooms available, out of order included (USALI); ADR = revenue / occupied;
    RevPAR = revenue / available; each rounded half up.
    """
    occupied = _occupied(session, hotel, first, last)
    revenue = _revenue_by_night(session, hotel, first, last)
    available = _available(session, hotel, first, last)
    rows: list[tuple[Value, ...]] = [
        (
            night.isoformat(),
            occupied.get(night, 0),
            _amount(revenue.get(night, 0), hotel),
            available.get(night, 0),
            *_ratios(hotel, occupied.get(night, 0), available.get(night, 0), revenue.get(night, 0)),
        )
        for night in dates.days(first, last)
    ]
    columns = (
        "date",
        "rooms_occupied",
        "room_revenue",
        "available",
        "occupancy_pct",
        "adr",
        "revpar",
    )
    return Report("nightly", columns, rows)


def _ratios(hotel: Hotel, occupied: int, available: int, revenue: int) -> tuple[str, str, str]:
    return (
        percent(occupied, available),
        _amount(share(revenue, occupied), hotel),
        _amount(share(revenue, available), hotel),
    )


def _occupied(session: Session, hotel: Hotel, first: date, last: date) -> dict[date, int]:
    rows = session.execute(
        statistics.nights_joined_stays()
        .add_columns(ReservationNight.night, sa.func.count(sa.distinct(ReservationNight.room_id)))
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.night.between(first, last),
            statistics.here_at_close(),
        )
        .group_by(ReservationNight.night)
    )
    return {night: int(rooms) for night, rooms in rows}


def _revenue_by_night(session: Session, hotel: Hotel, first: date, last: date) -> dict[date, int]:
    rows = session.execute(
        sa.select(Entry.service_night, sa.func.sum(Line.amount))
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Entry.hotel_id == hotel.id,
            Entry.service_night.between(first, last),
            Entry.rule == "room",
            Account.ledger == Ledger.REVENUE,
            ledger.standing(),
        )
        .group_by(Entry.service_night)
    )
    return {night: -int(amount) for night, amount in rows if night is not None}


def _available(session: Session, hotel: Hotel, first: date, last: date) -> dict[date, int]:
    rows = session.execute(
        sa.select(HouseNight.night, HouseNight.rooms).where(
            HouseNight.hotel_id == hotel.id, HouseNight.night.between(first, last)
        )
    )
    return {row[0]: row[1] for row in rows}


def on_the_books(session: Session, hotel: Hotel, as_of: date) -> Report:
    """Return what stood on the books after a day's audit, its own night included, by month.

    A sum of `night_changes` and nothing else; a reservation counts once in each month it has a
    night in.
    """
    rows = session.execute(
        sa.select(
            NightChange.night,
            NightChange.reservation_id,
            sa.func.sum(NightChange.rooms),
            sa.func.sum(NightChange.amount),
        )
        .where(
            NightChange.hotel_id == hotel.id,
            NightChange.business_day <= as_of,
            NightChange.night >= as_of,
        )
        .group_by(NightChange.night, NightChange.reservation_id)
    )
    nights: defaultdict[str, int] = defaultdict(int)
    amounts: defaultdict[str, int] = defaultdict(int)
    bookings: defaultdict[str, set[int]] = defaultdict(set)
    for night, reservation_id, rooms, amount in rows:
        if not rooms and not amount:
            continue
        month = f"{night:%Y-%m}"
        nights[month] += int(rooms)
        amounts[month] += int(amount)
        bookings[month].add(reservation_id)
    return Report(
        "on-the-books",
        ("stay_month", "room_nights", "room_revenue", "bookings"),
        [
            (month, nights[month], _amount(amounts[month], hotel), len(bookings[month]))
            for month in sorted(bookings)
        ],
    )


# --- the books ------------------------------------------------------------------------------------


def trial_balance(session: Session, hotel: Hotel, day: date) -> Report:
    """Return each account's day and, after each ledger's accounts, their sum (account `total`).

    The guest ledger lists every folio window that stood or moved. Today's is as it stands now.
    """
    accounts = _sealed(session, hotel, day) or _standing_now(session, hotel, day)
    rows: list[tuple[Value, ...]] = []
    for of_ledger in Ledger:
        mine = accounts.get(of_ledger, [])
        rows += [
            (of_ledger.value, code, *(_amount(value, hotel) for value in values))
            for code, *values in sorted(mine)
        ]
        sums = [sum(column) for column in zip(*(row[1:] for row in mine), strict=True)] or [0] * 4
        rows.append((of_ledger.value, "total", *(_amount(value, hotel) for value in sums)))
    return Report(
        "trial-balance", ("ledger", "account", "opening", "debits", "credits", "closing"), rows
    )


_Accounts = dict[Ledger, list[tuple[str, int, int, int, int]]]


def _sealed(session: Session, hotel: Hotel, day: date) -> _Accounts:
    found: defaultdict[Ledger, list[tuple[str, int, int, int, int]]] = defaultdict(list)
    rows = session.execute(
        sa.select(
            Account.ledger,
            Account.code,
            AccountDay.opening,
            AccountDay.debits,
            AccountDay.credits,
            AccountDay.closing,
        )
        .join(
            AccountDay,
            sa.and_(AccountDay.hotel_id == Account.hotel_id, AccountDay.account_id == Account.id),
        )
        .where(AccountDay.hotel_id == hotel.id, AccountDay.day == day)
    )
    for row in rows:
        found[row[0]].append((row[1], row[2], row[3], row[4], row[5]))
    return dict(found)


def _standing_now(session: Session, hotel: Hotel, day: date) -> _Accounts:
    """Return the open day's accounts; a closed day on which nothing stood or moved has none."""
    today = business_day.today(session, hotel)
    if not hotel.opened_on <= day <= today:
        raise DayNotClosed(day)
    if day < today:
        return {}
    moved = {
        move.code: (move.debits, move.credits) for move in ledger.movements(session, hotel, day)
    }
    found: defaultdict[Ledger, list[tuple[str, int, int, int, int]]] = defaultdict(list)
    ledgers = {move.code: move.ledger for move in ledger.movements(session, hotel, day)}
    closings: dict[str, int] = dict.fromkeys(moved, 0)
    for of_ledger in Ledger:
        for code, closing in ledger.open_balances(session, hotel, of_ledger).items():
            closings[code], ledgers[code] = closing, of_ledger
    for code, closing in closings.items():
        debits, credits = moved.get(code, (0, 0))
        found[ledgers[code]].append((code, closing - debits + credits, debits, credits, closing))
    return dict(found)


# --- the manager's flash --------------------------------------------------------------------------

_COUNTS = (
    ("rooms", "rooms_available"),
    ("out_of_order", "rooms_out_of_order"),
    ("occupied", "rooms_occupied"),
    ("complimentary", "rooms_complimentary"),
    ("house_use", "rooms_house_use"),
    ("group_rooms", "rooms_group"),
    ("day_use", "day_use"),
    ("adults", "adults_in_house"),
    ("children", "children_in_house"),
    ("arrivals", "arrivals"),
    ("arrival_persons", "arrivals_persons"),
    ("departures", "departures"),
    ("departure_persons", "departures_persons"),
    ("walk_ins", "walk_ins"),
    ("no_shows", "no_shows"),
    ("cancellations", "cancellations_made"),
    ("cancelled_arrivals", "cancelled_arrivals"),
    ("reservations_made", "reservations_made"),
    ("nights_reserved", "room_nights_reserved"),
)
_AMOUNTS = (
    ("room_revenue", "room_revenue"),
    ("food_and_beverage", "food_and_beverage_revenue"),
    ("other_revenue", "other_revenue"),
    ("tips", "tips_owed_to_staff"),
    ("taxes", "taxes"),
    ("payments", "payments"),
)


def flash(session: Session, hotel: Hotel, day: date) -> Report:
    """Return the manager's flash: the day, its month and its year to date.

    Occupancy comes in three variants (FIELD 9.3): of all rooms; without complimentary and house
    use; and with out of order taken off the rooms as well. Today's is as it stands now.
    """
    spans = [
        _figures(session, hotel, first, day)
        for first in (day, day.replace(day=1), day.replace(month=1, day=1))
    ]
    columns = [_flash_column(hotel, figures) for figures in spans]
    rows: list[tuple[Value, ...]] = [
        (name, *(column[name] for column in columns)) for name in columns[0]
    ]
    return Report("flash", ("figure", "day", "month_to_date", "year_to_date"), rows)


def _figures(session: Session, hotel: Hotel, first: date, day: date) -> dict[str, int]:
    closed = statistics.stored(session, hotel, first, day) or dict.fromkeys(statistics.FIGURES, 0)
    if day < business_day.today(session, hotel):
        if statistics.stored(session, hotel, day, day) is None:
            raise DayNotClosed(day)
        return closed
    if day > business_day.today(session, hotel):
        raise DayNotClosed(day)
    so_far = statistics.collect(session, hotel, day)
    return {name: closed[name] + so_far[name] for name in closed}


def _flash_column(hotel: Hotel, of: dict[str, int]) -> dict[str, Value]:
    given = of["complimentary"] + of["house_use"]
    revenue = of["room_revenue"] + of["food_and_beverage"] + of["other_revenue"]
    column: dict[str, Value] = {name: of[key] for key, name in _COUNTS}
    column["occupancy_pct"] = percent(of["occupied"], of["rooms"])
    column["occupancy_pct_paying"] = percent(of["occupied"] - given, of["rooms"])
    column["occupancy_pct_paying_in_order"] = percent(
        of["occupied"] - given, of["rooms"] - of["out_of_order"]
    )
    column |= {name: _amount(of[key], hotel) for key, name in _AMOUNTS}
    column["total_revenue"] = _amount(revenue, hotel)
    column["adr"] = _amount(share(of["room_revenue"], of["occupied"]), hotel)
    column["adr_paying"] = _amount(share(of["room_revenue"], of["occupied"] - given), hotel)
    column["revpar"] = _amount(share(of["room_revenue"], of["rooms"]), hotel)
    column["trevpar"] = _amount(share(revenue, of["rooms"]), hotel)
    return column


# --- writing figures ------------------------------------------------------------------------------


def _amount(minor: int, hotel: Hotel) -> str:
    """Write minor units out in the hotel's currency: 1234.50, without thousands."""
    return str(Money(minor, hotel.currency))


def share(amount: int, parts: int) -> int:
    """Divide minor units, half up; nothing is shared among nobody."""
    return round_half_up(Fraction(amount, parts)) if parts > 0 else 0


def percent(part: int, whole: int) -> str:
    """Write part / whole as a percentage with two decimals, half up."""
    hundredths = round_half_up(Fraction(part * 10_000, whole)) if whole > 0 else 0
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"
