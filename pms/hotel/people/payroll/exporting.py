"""Exporting: files of a locked period for payroll systems, kept as they were made."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import exports
from pms.hotel.people.employees import Employee, PayrollNumber, PayrollSystem, Position, pay
from pms.hotel.people.exports import Earning, File, Left, Person, Settings, Target, Told
from pms.hotel.people.pay import PayKind
from pms.hotel.people.payroll import figures
from pms.hotel.people.payroll.by_itself import of_period
from pms.hotel.people.payroll.refusals import NotLocked
from pms.hotel.people.payroll.tables import ExportSettings, PayExport, PayPeriod, PeriodState

# Under whose number a target knows people; the others know them by the house's.
SYSTEM = {
    Target.ADP_WORKFORCE_NOW: PayrollSystem.ADP_WORKFORCE_NOW,
    Target.ADP_TEMPLATE: PayrollSystem.ADP_WORKFORCE_NOW,
    Target.ADP_RUN: PayrollSystem.ADP_RUN,
    Target.PAYCHEX_FLEX: PayrollSystem.PAYCHEX_FLEX,
    Target.GUSTO: PayrollSystem.GUSTO,
    Target.GUSTO_TEMPLATE: PayrollSystem.GUSTO,
    Target.QUICKBOOKS: PayrollSystem.QUICKBOOKS,
    Target.DATEV_LODAS: PayrollSystem.DATEV_LODAS,
}


def settings_of(session: Session, hotel: Hotel, target: Target) -> Settings:
    """Return how a target knows the hotel: what was set, else its usual codes."""
    kept = session.get(ExportSettings, {"hotel_id": hotel.id, "target": target})
    data = kept.data if kept else {}
    opened = datetime.combine(hotel.opened_on, time(), UTC)
    codes = {PayKind(kind): code for kind, code in data.get("codes", {}).items()}
    return Settings(
        company=data.get("company", ""),
        client=data.get("client", ""),
        batch=data.get("batch", ""),
        codes={**exports.CODES[target], **codes},
        jobs=data.get("jobs", {}),
        company_created=int(opened.timestamp()),
    )


def set_settings(
    session: Session,
    hotel: Hotel,
    target: Target,
    *,
    company: str,
    client: str = "",
    batch: str = "",
    codes: Mapping[PayKind, str],
    jobs: Mapping[str, str] | None = None,
    by: Staff,
) -> ExportSettings:
    """Write down how a target knows the hotel; files that were made stay as they are."""
    require(by, Permission.RUN_PAYROLL, hotel.id)
    day = business_day.hold(session, hotel)
    key = {"hotel_id": hotel.id, "target": target}
    kept = session.get(ExportSettings, key)
    if kept is None:
        kept = ExportSettings(**key, version=0)
        session.add(kept)
    kept.data = {
        "company": company.strip(),
        "client": client.strip(),
        "batch": batch.strip(),
        "codes": {kind.value: code.strip() for kind, code in codes.items() if code.strip()},
        "jobs": {
            job.strip().upper(): word.strip() for job, word in (jobs or {}).items() if word.strip()
        },
    }
    kept.version += 1
    session.flush()
    line = logbook.line(
        "set payroll export", "hotels", hotel.id, hotel.id, by=by, day=day, after={"target": target}
    )
    logbook.write(session, [line])
    return kept


def export(session: Session, period: PayPeriod, target: Target, *, by: Staff) -> PayExport:
    """Make the file of a target from a locked period, or give the one back that was made.

    The same period under the same settings is the same bytes. Refuses what the target can't take,
    all of it at once, with names.
    """
    require(by, Permission.RUN_PAYROLL, period.hotel_id)
    require(by, Permission.SEE_PAY, period.hotel_id)
    hotel = session.get_one(Hotel, period.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, period)
    if not period.is_final:
        raise NotLocked
    file = exports.write(target, _told(session, period, target), earnings(session, period, target))
    made = _kept(session, period, target, file, by=by)
    period.state = PeriodState.EXPORTED
    session.flush()
    logbook.record(
        session,
        "exported",
        period,
        by=by,
        day=day,
        target=target,
        file=file.name,
        sha256=made.sha256[:12],
    )
    return made


def wanted(session: Session, period: PayPeriod, target: Target) -> tuple[Refusal, ...]:
    """Return everything that a target's file of a locked period wants and hasn't got, one by one.

    Nothing, where the file can be made.
    """
    try:
        exports.write(target, _told(session, period, target), earnings(session, period, target))
    except exports.MuchMissing as much:
        return much.each
    except Refusal as no:
        return (no,)
    return ()


def left_out(session: Session, period: PayPeriod, target: Target) -> list[Left]:
    """Return what a target's file of a locked period leaves to be paid otherwise; log the look."""
    told = _told(session, period, target)
    return exports.left_out(told, earnings(session, period, target))


def _told(session: Session, period: PayPeriod, target: Target) -> Told:
    hotel = session.get_one(Hotel, period.hotel_id)
    return Told(
        hotel=hotel.name,
        first=period.first,
        last=period.last,
        pays_on=period.pays_on,
        frequency=period.frequency,
        currency=hotel.currency,
        settings=settings_of(session, hotel, target),
    )


def _kept(
    session: Session, period: PayPeriod, target: Target, file: File, *, by: Staff
) -> PayExport:
    """Keep a target's file, once: the same bytes are the file that was made before."""
    sha256 = hashlib.sha256(file.content).hexdigest()
    made = session.scalar(
        sa.select(PayExport).where(
            PayExport.hotel_id == period.hotel_id,
            PayExport.period_id == period.id,
            PayExport.target == target,
            PayExport.sha256 == sha256,
        )
    )
    if made is None:
        made = PayExport(
            hotel_id=period.hotel_id,
            id=new_id(),
            period_id=period.id,
            target=target,
            name=file.name,
            media_type=file.media_type,
            content=file.content,
            sha256=sha256,
            staff_id=by.id,
            made_at=clock.now(),
        )
        session.add(made)
    return made


def earnings(session: Session, period: PayPeriod, target: Target) -> list[Earning]:
    """Return what a locked period tells a target: a row for each line.

    What corrects an earlier period is told with the same day of the week of this one.
    """
    lines = figures.kept(session, period)
    people = _people(session, period, target)
    positions = {
        each.id: each
        for each in session.scalars(sa.select(Position).where(Position.hotel_id == period.hotel_id))
    }
    by_itself = of_period(session, period, lines)
    found = []
    for each in lines:
        position = positions.get(each.position_id or 0)
        premium = each.employee_id, each.kind
        found.append(
            Earning(
                person=people[each.employee_id],
                kind=each.kind,
                day=_within(period, each.day),
                minutes=each.minutes,
                amount=each.amount,
                rate=each.rate,
                position=position.title if position else "",
                department=position.department.words if position else "",
                cost_center=position.cost_center if position else None,
                job=position.code if position else "",
                by_itself=by_itself.pop(premium, 0) if each.minutes else 0,
            )
        )
    return found


def _within(period: PayPeriod, day: date) -> date:
    """Return the same day of the week in a period; its first day where it has none."""
    if day >= period.first:
        return day
    shifted = period.first + timedelta(days=(day - period.first).days % 7)
    return shifted if shifted <= period.last else period.first


def files(session: Session, period: PayPeriod) -> Sequence[PayExport]:
    """Return the files of a period without their bytes, the newest first."""
    return session.scalars(
        sa.select(PayExport)
        .where(PayExport.hotel_id == period.hotel_id, PayExport.period_id == period.id)
        .order_by(PayExport.id.desc())
    ).all()


def reprint(session: Session, made: PayExport, *, by: Staff) -> bytes:
    """Return a file's bytes as they were made; who takes it is written down."""
    require(by, Permission.SEE_PAY, made.hotel_id)
    day: date = business_day.hold(session, session.get_one(Hotel, made.hotel_id))
    logbook.record(
        session, "took file", made, by=by, day=day, file=made.name, sha256=made.sha256[:12]
    )
    wanted = sa.select(PayExport.content).where(
        PayExport.hotel_id == made.hotel_id, PayExport.id == made.id
    )
    return session.scalars(wanted).one()


def _people(session: Session, period: PayPeriod, target: Target) -> dict[int, Person]:
    hotel_id = period.hotel_id
    known_as: dict[int, str] = {}
    if target in SYSTEM:
        rows = session.scalars(
            sa.select(PayrollNumber).where(
                PayrollNumber.hotel_id == hotel_id, PayrollNumber.system == SYSTEM[target]
            )
        )
        known_as = {row.employee_id: row.number for row in rows}
    hotel = session.get_one(Hotel, hotel_id)
    known_at = period.locked_at or clock.now()
    base_rates = pay.base_rates(session, hotel, period.last, known_at=known_at)
    return {
        each.id: Person(
            *(each.number, each.first_name, each.last_name, known_as.get(each.id), each.email),
            base_rate=base_rates.get(each.id),
        )
        for each in session.scalars(sa.select(Employee).where(Employee.hotel_id == hotel_id))
    }
