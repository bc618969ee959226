"""The demo's payroll: rules, a tip pool, a week that is locked and exported, and the open one."""

from datetime import date, time, timedelta

import sqlalchemy as sa

from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.books import folios
from pms.hotel.books.folios import FolioKind
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.people import hours, pay, payroll, tips
from pms.hotel.people.employees import Employee, Position
from pms.hotel.people.exports import Frequency, Target
from pms.hotel.people.pay import ExtraKind
from pms.hotel.people.tips import PoolKind, SharedBy
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import Department

WEEK, ONE_DAY = timedelta(days=7), timedelta(days=1)
APPROVED = 2 * ONE_DAY  # the crew's hours are approved until so long ago
PAID_AFTER = timedelta(days=5)
TIPPED = {"SERVER": 3, "AGENT": 1}  # points of the pool


def live(house: House, *, today: date) -> None:
    """Pay the week that is approved, and open the one that runs; nothing where nobody worked."""
    last = today - APPROVED
    first = last - WEEK + ONE_DAY
    with house.at(today, time(9)) as hotel:
        if not hours.approved_hours(house.session, hotel, first, last):
            return
        _set_rules(house, hotel, since=first - WEEK)
        _pool(house, hotel, since=today)
        _reward(house, hotel, on=last)
        _pay(house, hotel, first, last)


def _set_rules(house: House, hotel: Hotel, *, since: date) -> None:
    payroll.set_rules(
        house.session, hotel, "DE", pay.germany(), valid_from=since, by=house.who(Role.MANAGER)
    )


def _pool(house: House, hotel: Hotel, *, since: date) -> None:
    """Open a pool of tips, and put two into it."""
    session, by = house.session, house.who(Role.MANAGER)
    code = charges.by_code(session, hotel, "TIP") or charges.add(
        session, hotel, code="TIP", name="Tip", department=Department.OTHER, by=by
    )
    pool = tips.open_pool(
        session,
        hotel,
        name="Restaurant and desk",
        kind=PoolKind.TIPS,
        shared_by=SharedBy.POINTS,
        charge_code=code,
        begins_on=since,
        by=by,
    )
    held = sa.select(Position).where(Position.hotel_id == hotel.id, Position.code.in_(TIPPED))
    for position in session.scalars(held.order_by(Position.code)):
        tips.put_position(session, pool, position, points=TIPPED[position.code], by=by)
    bill = folios.open_folio(
        session, hotel, kind=FolioKind.PASSER_BY, name="Terrace, table 4", by=by
    )
    for amount in (1_250, 800):
        folios.charge(session, bill, code=code, amount=Money(amount, hotel.currency), by=by)


def _reward(house: House, hotel: Hotel, *, on: date) -> None:
    """Give who was hired first a bonus."""
    session = house.session
    wanted = sa.select(Employee).where(Employee.hotel_id == hotel.id).order_by(Employee.id)
    employee = session.scalars(wanted.limit(1)).one()
    payroll.give_bonus(
        session,
        employee,
        on=on,
        kind=ExtraKind.EARNED_BONUS,
        amount=Money(4_000, hotel.currency),
        words="Ten upgrades sold",
        by=house.who(Role.MANAGER),
    )


def _pay(house: House, hotel: Hotel, first: date, last: date) -> None:
    session = house.session
    accountant, manager = house.who(Role.ACCOUNTANT), house.who(Role.MANAGER)
    paid, running = (
        payroll.open_period(
            session,
            hotel,
            first=begins,
            last=begins + WEEK - ONE_DAY,
            pays_on=begins + WEEK + PAID_AFTER,
            frequency=Frequency.WEEKLY,
            by=accountant,
        )
        for begins in (first, first + WEEK)
    )
    payroll.review(session, paid, by=accountant)
    payroll.approve(session, paid, by=manager)
    payroll.lock_period(session, paid, by=accountant)
    payroll.export(session, paid, Target.GENERIC, by=accountant)
    payroll.declare_tips(
        session,
        session.scalars(sa.select(Employee).where(Employee.hotel_id == hotel.id).limit(1)).one(),
        on=running.first,
        amount=Money(1_500, hotel.currency),
        by=accountant,
    )
