"""What a bookings file comes to, reckoned apart from the house: csv, dates and Decimal only.

It follows the definitions of the published data and shares no line with `pms`.
"""

import csv
import gzip
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September"]
_MONTHS += ["October", "November", "December"]
CENT = Decimal("0.01")


class Row:
    """One row of the file."""

    def __init__(self, fields: dict[str, str]) -> None:
        year, month = int(fields["arrival_date_year"]), fields["arrival_date_month"]
        day = int(fields["arrival_date_day_of_month"])
        self.arrival = date(year, _MONTHS.index(month) + 1, day)
        count = int(fields["stays_in_weekend_nights"]) + int(fields["stays_in_week_nights"])
        self.nights = [self.arrival + timedelta(days=n) for n in range(count)]
        self.booked_on = self.arrival - timedelta(days=int(fields["lead_time"]))
        self.rate = Decimal(fields["adr"])
        self.assigned = fields["assigned_room_type"]
        self.status = fields["reservation_status"]
        ended = date.fromisoformat(fields["reservation_status_date"])
        self.ended = {"Canceled": ended, "No-Show": self.arrival}.get(self.status)


def rows(file: Path) -> list[Row]:
    """Read the file."""
    with gzip.open(file, "rt", newline="") as text:
        return [Row(fields) for fields in csv.DictReader(text)]


def rooms(file: list[Row]) -> dict[str, int]:
    """Return the most rooms of each type ever occupied in one night."""
    occupied: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in file:
        for night in row.nights if row.status == "Check-Out" else []:
            occupied[row.assigned][night] += 1
    return {kind: max(nights.values()) for kind, nights in occupied.items()}


def nightly(file: list[Row]) -> list[str]:
    """Return the lines of the nightly report, first night to last."""
    there = sum(rooms(file).values())
    occupied: dict[date, int] = defaultdict(int)
    revenue: dict[date, Decimal] = defaultdict(Decimal)
    for row in file:
        for night in row.nights if row.status == "Check-Out" else []:
            occupied[night] += 1
            revenue[night] += row.rate
    night, lines = min(occupied), []
    while night <= max(occupied):
        count, amount = occupied[night], revenue[night].quantize(CENT)
        share = _half_up(Decimal(100 * count) / there)
        adr = _half_up(amount / count) if count else Decimal("0.00")
        lines.append(f"{night},{count},{amount},{there},{share},{adr},{_half_up(amount / there)}")
        night += timedelta(days=1)
    return lines


def on_the_books(file: list[Row], as_of: date) -> list[str]:
    """Return the lines of what stands on the books after a day's audit."""
    nights: dict[str, int] = defaultdict(int)
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    bookings: dict[str, int] = defaultdict(int)
    for row in file:
        if row.booked_on > as_of or (row.ended is not None and row.ended <= as_of):
            continue
        to_come = [night for night in row.nights if night >= as_of]
        for night in to_come:
            nights[f"{night:%Y-%m}"] += 1
            revenue[f"{night:%Y-%m}"] += row.rate
        for month in {f"{night:%Y-%m}" for night in to_come}:
            bookings[month] += 1
    return [
        f"{month},{nights[month]},{revenue[month].quantize(CENT)},{bookings[month]}"
        for month in sorted(nights)
    ]


def _half_up(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)
