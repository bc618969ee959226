"""Reading: a file of bookings, each row taken as it is or refused with its line and its reason.

The shape is that of Antonio, de Almeida and Nunes, "Hotel booking demand datasets", Data in
Brief 22 (2019): one row is one room. `NULL`, `NA`, `Undefined` and padding are part of it.
"""

import csv
import enum
import gzip
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.rooms.inventory.availability import LONGEST_STAY

_NAMES_OF_MONTHS = """
january february march april may june july august september october november december
"""
_MONTHS = {name: number for number, name in enumerate(_NAMES_OF_MONTHS.split(), start=1)}
_NOTHING = frozenset({"", "NULL", "NA", "N/A", "NONE"})
NEEDED = (
    "lead_time",
    "arrival_date_year",
    "arrival_date_month",
    "arrival_date_day_of_month",
    "stays_in_weekend_nights",
    "stays_in_week_nights",
    "adults",
    "reserved_room_type",
    "assigned_room_type",
    "adr",
    "reservation_status",
    "reservation_status_date",
)
_MOST_GUESTS = 1_000
_LONGEST_LEAD = 3_660


class Outcome(enum.StrEnum):
    """What became of a booking."""

    CHECKED_OUT = "Check-Out"
    CANCELLED = "Canceled"
    NO_SHOW = "No-Show"


class NotABookingsFile(Invalid):
    """The file hasn't the columns of a bookings file."""

    def __init__(self, file: Path, missing: list[str]) -> None:
        super().__init__(
            f"{file.name} has no column {', '.join(missing)}. "
            "Give a CSV file (or .csv.gz) in the shape of the hotel booking demand data.",
            field="file",
        )


@dataclass(frozen=True, slots=True)
class Booking:
    """One row: a room booked, and what became of it. `rate` is minor units for each night."""

    line: int
    booked_on: date
    arrival: date
    departure: date
    adults: int
    children: int
    booked_type: str
    assigned_type: str
    rate: int
    market: str
    source: str
    channel: str
    country: str | None
    deposit: str
    company: str | None
    outcome: Outcome
    cancelled_on: date | None

    @property
    def nights(self) -> int:
        """How many nights it is booked for; none is day use."""
        return (self.departure - self.arrival).days


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that can't be lived, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class File:
    """A file read whole: its digest names it, so that a replay can be continued."""

    digest: str
    bookings: list[Booking]
    refused: list[Refused] = field(default_factory=list)

    def key(self, booking: Booking) -> str:
        """Return the channel's reference of a booking: the same row has it in every run."""
        return f"{self.digest}:{booking.line}"

    def last_departure(self) -> date:
        """Return the day the last party leaves."""
        return max(booking.departure for booking in self.bookings)


def read(path: Path, *, currency: str) -> File:
    """Read a CSV file, plain or gzipped; refuses one without the columns or without a booking."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    file = File(digest=hashlib.sha256(content).hexdigest()[:8], bookings=[])
    for line, fields in _rows(path, content):
        try:
            if fields is None:
                raise ValueError("has not as many fields as the heading")
            file.bookings.append(_booking(line, fields, currency))
        except ValueError as problem:
            file.refused.append(Refused(line, str(problem)))
        except Invalid as problem:
            file.refused.append(Refused(line, problem.sentence))
    if not file.bookings:
        why = f" Line {file.refused[0].line}: {file.refused[0].reason}." if file.refused else ""
        raise Invalid(f"{path.name} has no booking that can be lived.{why}", field="file")
    return file


def _rows(path: Path, content: bytes) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Yield each row's line number in the file with its fields, or with nothing if misshapen."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=""))
    heading = [name.strip() for name in next(lines, [])]
    missing = [name for name in NEEDED if name not in heading]
    if missing:
        raise NotABookingsFile(path, missing)
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        fits = len(cells) == len(heading)
        plain = (cell.strip() for cell in cells)
        yield lines.line_num, dict(zip(heading, plain, strict=True)) if fits else None


def _booking(line: int, fields: Mapping[str, str], currency: str) -> Booking:
    arrival = _arrival(fields)
    nights = sum(_count(fields, name, at_most=LONGEST_STAY) for name in _NIGHTS)
    if nights > LONGEST_STAY:
        raise ValueError(f"stays {nights} nights, more than {LONGEST_STAY}")
    booked_on = arrival - timedelta(days=_count(fields, "lead_time", at_most=_LONGEST_LEAD))
    booked_type = _type(fields, "reserved_room_type")
    outcome = _outcome(fields)
    agent, company = _text(fields, "agent"), _text(fields, "company")
    return Booking(
        line=line,
        booked_on=booked_on,
        arrival=arrival,
        departure=arrival + timedelta(days=nights),
        adults=_count(fields, "adults"),
        children=_some(fields, "children") + _some(fields, "babies"),
        booked_type=booked_type,
        assigned_type=_type(fields, "assigned_room_type", otherwise=booked_type),
        rate=_rate(fields["adr"], currency),
        market=_text(fields, "market_segment") or "Undefined",
        source=f"agent {agent}" if agent else f"company {company}" if company else "guest",
        channel=_text(fields, "distribution_channel") or "Undefined",
        country=(_text(fields, "country") or "")[:3] or None,
        deposit=_text(fields, "deposit_type") or "No Deposit",
        company=company,
        outcome=outcome,
        cancelled_on=_cancelled(fields, booked_on, arrival) if outcome in _CANCELLED else None,
    )


_NIGHTS = ("stays_in_weekend_nights", "stays_in_week_nights")
_CANCELLED = {Outcome.CANCELLED}


def _text(fields: Mapping[str, str], name: str) -> str | None:
    value = fields.get(name, "")
    return None if value.upper() in _NOTHING else value[:80]


def _count(fields: Mapping[str, str], name: str, *, at_most: int = _MOST_GUESTS) -> int:
    """Read a whole number; the published file writes some of them as `2.0`."""
    whole, _, rest = fields[name].partition(".")
    if not (whole.isascii() and whole.isdigit()) or rest.strip("0") or len(whole) > 9:
        raise ValueError(f"{name} is “{fields[name][:20]}”, not a number from 0 on")
    if int(whole) > at_most:
        raise ValueError(f"{name} is {whole}, more than {at_most}")
    return int(whole)


def _some(fields: Mapping[str, str], name: str) -> int:
    """Read a whole number that may be missing: then there is none."""
    return _count(fields, name) if _text(fields, name) else 0


def _arrival(fields: Mapping[str, str]) -> date:
    year = _count(fields, "arrival_date_year", at_most=9_000)
    month = _MONTHS.get(fields["arrival_date_month"].lower())
    day = _count(fields, "arrival_date_day_of_month", at_most=31)
    try:
        if month is None or year < 1900:
            raise ValueError
        return date(year, month, day)
    except ValueError:
        words = f"{day} {fields['arrival_date_month'][:20]} {year}"
        raise ValueError(f"arrives on {words}, which is no date") from None


def _type(fields: Mapping[str, str], name: str, *, otherwise: str | None = None) -> str:
    value = _text(fields, name) or otherwise
    if value is None:
        raise ValueError(f"{name} is missing")
    if len(value) > 16:
        raise ValueError(f"{name} is longer than 16 characters")
    return value


def _rate(text: str, currency: str) -> int:
    if text.upper() in _NOTHING:
        raise ValueError("adr is missing")
    return Money.parse(text, currency).minor


def _outcome(fields: Mapping[str, str]) -> Outcome:
    try:
        return Outcome(fields["reservation_status"])
    except ValueError:
        raise ValueError(
            f"reservation_status is “{fields['reservation_status'][:20]}”, "
            "not Check-Out, Canceled or No-Show"
        ) from None


def _cancelled(fields: Mapping[str, str], booked_on: date, arrival: date) -> date:
    text = fields["reservation_status_date"]
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"reservation_status_date is “{text[:20]}”, not a date") from None
    if day < booked_on:
        raise ValueError(f"is cancelled on {day}, before it was booked on {booked_on}")
    if day > arrival:
        raise ValueError(f"is cancelled on {day}, after its arrival on {arrival}")
    return day
