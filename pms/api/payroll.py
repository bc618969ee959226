"""Payroll for machines: locked pay periods, their lines and files; every look is written down."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa
from flask import request
from pydantic import Field
from typing_extensions import TypedDict

from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import AnyRow, Paged, after, behind, page
from pms.api.door import bearer, opens
from pms.api.problems import NotHere
from pms.api.shapes import Amount, Body, amount, id_of
from pms.base.db import transaction
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.people import payroll as periods
from pms.hotel.people.employees import Employee, Position, pay
from pms.hotel.people.exports import Target
from pms.hotel.people.pay import PayKind
from pms.hotel.people.payroll import PayExport, PayPeriod, PeriodState, figures
from pms.hotel.people.payroll.refusals import NotLocked
from pms.web.database import session

_PERIODS = "/hotels/<code>/pay-periods"
_FILES = "/hotels/<code>/payroll-files"
_OF_PERIOD = (
    PayPeriod.id,
    PayPeriod.first,
    PayPeriod.last,
    PayPeriod.pays_on,
    PayPeriod.state,
    PayPeriod.fingerprint,
)


class PeriodRead(TypedDict):
    """A pay period; `fingerprint` is that of its figures, once they were reviewed."""

    id: str
    first: date
    last: date
    pays_on: date
    state: PeriodState
    fingerprint: str | None


class PeriodsRead(TypedDict):
    """A page of pay periods, the earliest first."""

    periods: list[PeriodRead]
    next_cursor: str | None


class LineRead(TypedDict):
    """One line of somebody's pay with its reason; `corrects` names an earlier period."""

    employee: str
    day: date
    kind: PayKind
    position: str | None
    minutes: int
    rate: Amount | None
    amount: Amount
    because: str
    source: str
    corrects: str | None


class LinesRead(TypedDict):
    """Everybody's lines of a locked period."""

    period: PeriodRead
    lines: list[LineRead]


class FileBrief(TypedDict):
    """A file that was made of a period."""

    id: str
    target: Target
    name: str
    media_type: str
    sha256: str
    made_at: datetime


class FilesRead(TypedDict):
    """The files of a period, the newest first."""

    files: list[FileBrief]


class FileRead(FileBrief):
    """A file with its bytes in base64."""

    content: str


class FileAsked(Body):
    """For which payroll system the file is."""

    target: Annotated[Target, Field(strict=False)]


@look(_PERIODS, asks=Paged, answers=PeriodsRead)
@opens(Scope.PAYROLL)
def pay_periods(hotel: Hotel, asked: Paged) -> PeriodsRead:
    """List the pay periods, the earliest first; no pay stands there."""
    query = sa.select(*_OF_PERIOD).where(PayPeriod.hotel_id == hotel.id)
    reached = after(asked.cursor, date)
    if reached is not None:
        query = query.where(behind((PayPeriod.first,), reached))
    rows = session().execute(query.order_by(PayPeriod.first).limit(asked.limit + 1)).all()
    rows, cursor = page(rows, asked.limit, "first")
    return {"periods": [_period(row) for row in rows], "next_cursor": cursor}


@look(f"{_PERIODS}/<period_id>/lines", answers=LinesRead)
@opens(Scope.PAYROLL)
def pay_lines(hotel: Hotel, period_id: str) -> LinesRead:
    """Return what a locked period paid, line by line; refuses one whose figures may change."""
    found = _find(hotel, period_id)
    if not found.is_final:
        raise NotLocked
    _note(hotel, f"pay period {found.first.isoformat()}, by machine")
    here, currency = session(), hotel.currency
    numbers = _named(sa.select(Employee.id, Employee.number).where(Employee.hotel_id == hotel.id))
    codes = _named(sa.select(Position.id, Position.code).where(Position.hotel_id == hotel.id))
    return {
        "period": _period(found),
        "lines": [
            {
                "employee": numbers[each.employee_id],
                "day": each.day,
                "kind": each.kind,
                "position": codes.get(each.position_id or 0),
                "minutes": each.minutes,
                "rate": None if each.rate is None else amount(each.rate, currency),
                "amount": amount(each.amount, currency),
                "because": each.because,
                "source": each.source,
                "corrects": None if each.corrects_id is None else str(each.corrects_id),
            }
            for each in figures.kept(here, found)
        ],
    }


@look(f"{_PERIODS}/<period_id>/files", answers=FilesRead)
@opens(Scope.PAYROLL)
def pay_files(hotel: Hotel, period_id: str) -> FilesRead:
    """List the files that were made of a period."""
    made = periods.files(session(), _find(hotel, period_id))
    return {"files": [_brief(each) for each in made]}


@deed(f"{_PERIODS}/<period_id>/files", asks=FileAsked, answers=FileBrief, status=201)
@opens(Scope.PAYROLL)
def make_pay_file(hotel: Hotel, asked: FileAsked, *, period_id: str, by: Staff) -> Made:
    """Make the file of a locked period for a payroll system, or find the same one again."""
    made = periods.export(session(), _find(hotel, period_id), asked.target, by=by)
    return Made(_brief(made), f"{PREFIX}/hotels/{hotel.code}/payroll-files/{made.id}")


@look(f"{_FILES}/<file_id>", answers=FileRead)
@opens(Scope.PAYROLL)
def pay_file(hotel: Hotel, file_id: str) -> FileRead:
    """Return a file as it was made, to the byte."""
    number = id_of(file_id)
    made = session().get(PayExport, (hotel.id, number)) if number else None
    if made is None:
        raise NotHere("file")
    with _written_down():
        content = periods.reprint(session(), made, by=_machine())
    return {**_brief(made), "content": b64encode(content).decode()}


@contextmanager
def _written_down() -> Iterator[None]:
    """Open the turn in which a look is written down, and from where it came."""
    with logbook.coming_from(f"api {request.remote_addr}"), transaction(session()):
        yield


def _note(hotel: Hotel, what: str) -> None:
    """Write down that pay is looked at, before it is: nobody sees it without that line."""
    with _written_down():
        pay.note_look(session(), hotel, what=what, by=_machine())


def _machine() -> Staff:
    holder = bearer()
    key = {"chain_id": holder.chain_id, "id": holder.staff_id}
    return session().get_one(Staff, key)


def _find(hotel: Hotel, period_id: str) -> PayPeriod:
    number = id_of(period_id)
    found = session().get(PayPeriod, (hotel.id, number)) if number else None
    if found is None:
        raise NotHere("pay period")
    return found


def _named(query: sa.Select[int, str]) -> dict[int, str]:
    return {row[0]: row[1] for row in session().execute(query)}


def _period(found: PayPeriod | AnyRow) -> PeriodRead:
    return {
        "id": str(found.id),
        "first": found.first,
        "last": found.last,
        "pays_on": found.pays_on,
        "state": found.state,
        "fingerprint": found.fingerprint,
    }


def _brief(made: PayExport) -> FileBrief:
    return {
        "id": str(made.id),
        "target": made.target,
        "name": made.name,
        "media_type": made.media_type,
        "sha256": made.sha256,
        "made_at": made.made_at,
    }
