"""Policies: what a plan asks of who books it, and what it costs not to come.

A guarantee, a deposit, a deadline by the hotel's own clock, and fees. A policy's terms are written
in ink: who booked under them keeps them. A change is a new policy of the same code, for bookings
made from then on.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock, dates, ink
from pms.base.db import Base, OfHotel, choice, lock, new_id, upsert, within_hotel
from pms.base.money import Money, total
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.pricing import POINTS
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.tariff import fee_codes, versions
from pms.hotel.tariff.charges import ChargeCode

MOST_NIGHTS, MOST_DAYS = 99, 365


class Asks(enum.StrEnum):
    """What guarantee a plan asks for; any of them, or a certain one."""

    NONE = "none"
    ANY = "any"
    CARD = "card"
    DEPOSIT = "deposit"
    COMPANY = "company"


class By(enum.StrEnum):
    """How an amount is reckoned: nights of the stay, a share of it (hundredths of a percent),
    or an amount in minor units.
    """

    NONE = "none"
    NIGHTS = "nights"
    PERCENT = "percent"
    AMOUNT = "amount"


def _fits(name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"({name}_by = 'none' AND {name}_value = 0)"
        f" OR ({name}_by = 'nights' AND {name}_value BETWEEN 1 AND {MOST_NIGHTS})"
        f" OR ({name}_by = 'percent' AND {name}_value BETWEEN 1 AND {POINTS})"
        f" OR ({name}_by = 'amount' AND {name}_value > 0)",
        name=f"{name}_can_be_reckoned",
    )


class Policy(OfHotel, Base):
    """The terms of a plan; without `cancel_days` it is never free to cancel.

    `deposit_days` before arrival the deposit is due, or at booking; until `cancel_at` on the day
    `cancel_days` before arrival it is free to cancel, by the clocks of the hotel.
    """

    __tablename__ = "policies"
    __table_args__ = (
        within_hotel("fee_code_id", "charge_codes"),
        _fits("deposit"),
        _fits("cancel"),
        _fits("no_show"),
        sa.CheckConstraint(
            f"cancel_days BETWEEN 0 AND {MOST_DAYS} AND deposit_days BETWEEN 0 AND {MOST_DAYS}",
            name="days_in_reason",
        ),
        sa.Index(
            "uq_policies_standing",
            "hotel_id",
            "code",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    code: Mapped[str]
    name: Mapped[str]
    asks: Mapped[Asks] = mapped_column(choice(Asks))
    deposit_by: Mapped[By] = mapped_column(choice(By, "deposit_by"))
    deposit_value: Mapped[int]
    deposit_days: Mapped[int | None]
    cancel_days: Mapped[int | None]
    cancel_at: Mapped[time]
    cancel_by: Mapped[By] = mapped_column(choice(By, "cancel_by"))
    cancel_value: Mapped[int]
    no_show_by: Mapped[By] = mapped_column(choice(By, "no_show_by"))
    no_show_value: Mapped[int]
    fee_code_id: Mapped[int]
    ended_at: Mapped[datetime | None]


ink.guard(
    "policies_keep_their_terms",
    table="policies",
    when="UPDATE OF code, asks, deposit_by, deposit_value, deposit_days, cancel_days, cancel_at, "
    "cancel_by, cancel_value, no_show_by, no_show_value, fee_code_id",
    refuse_if="1 = 1",
    message="terms that were agreed are written in ink",
)


class PlanPolicy(Base):
    """The policy that bookings of a plan are made under."""

    __tablename__ = "plan_policies"
    __table_args__ = (
        within_hotel("plan_id", "rate_plans"),
        within_hotel("policy_id", "policies"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    policy_id: Mapped[int]


class PolicyCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a policy {code} already. Choose another code.", field="code")


class PolicyEnded(Refusal):
    def __init__(self, policy: Policy) -> None:
        super().__init__(f"{policy.name} was changed meanwhile. Reload the page.")


@dataclass(frozen=True, slots=True)
class Amount:
    """A fee or a deposit before it is reckoned: how, and how much of it."""

    by: By = By.NONE
    value: int = 0

    def of(self, nights: Sequence[Money], currency: str) -> Money:
        """Reckon it from what the guest pays a night, first to last; never more than the stay."""
        whole = total(nights, currency)
        if self.by is By.NIGHTS:
            return total(nights[: self.value], currency)
        if self.by is By.PERCENT:
            return Money(_half_up(whole.minor * self.value, POINTS), currency)
        if self.by is By.AMOUNT:
            return min(Money(self.value, currency), whole)
        return Money.zero(currency)

    def __bool__(self) -> bool:
        return self.by is not By.NONE


def _half_up(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed: reckoned without a database."""

    asks: Asks
    deposit: Amount
    deposit_days: int | None
    cancel_days: int | None
    cancel_at: time
    cancel: Amount
    no_show: Amount

    def free_until(self, arrival: date, zone: str) -> datetime | None:
        """Return until when cancelling is free, by the clocks of the hotel; None: it never is."""
        if self.cancel_days is None:
            return None
        wall = datetime.combine(arrival - timedelta(days=self.cancel_days), self.cancel_at)
        return dates.instant(wall, zone)

    def is_late(self, arrival: date, zone: str, at: datetime) -> bool:
        """Tell whether cancelling at that moment costs the fee; the deadline itself is free."""
        until = self.free_until(arrival, zone)
        return bool(self.cancel) and (until is None or at > until)

    def deposit_due(self, booked_on: date, arrival: date) -> date | None:
        """Return the day the deposit is due, or None where none is asked for."""
        if not self.deposit:
            return None
        if self.deposit_days is None:
            return booked_on
        return max(booked_on, arrival - timedelta(days=self.deposit_days))


def terms_of(policy: Policy) -> Terms:
    """Return a policy's terms as a value."""
    return Terms(
        asks=policy.asks,
        deposit=Amount(policy.deposit_by, policy.deposit_value),
        deposit_days=policy.deposit_days,
        cancel_days=policy.cancel_days,
        cancel_at=policy.cancel_at,
        cancel=Amount(policy.cancel_by, policy.cancel_value),
        no_show=Amount(policy.no_show_by, policy.no_show_value),
    )


# --- setting ------------------------------------------------------------------------------------


def add(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    terms: Terms,
    fee_code: ChargeCode,
    by: Staff,
) -> Policy:
    """Add a policy; refuses a code in use, amounts that can't be, and taxes on top of the fee."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    code = code.strip().upper()
    if not code or len(code) > 24 or not name.strip():
        raise Invalid("A policy has a code of 1 to 24 characters, and a name.", field="code")
    if by_code(session, hotel, code) is not None:
        raise PolicyCodeTaken(code)
    policy = _write(session, hotel, code, name, terms, fee_code)
    logbook.record(session, "added policy", policy, by=by, day=day, code=code, terms=_words(policy))
    return policy


def in_place_of(session: Session, policy: Policy) -> Policy:
    """Return the policy that stands where one stood that may have been changed since."""
    standing = session.scalar(
        sa.select(Policy).where(
            Policy.hotel_id == policy.hotel_id,
            Policy.code == policy.code,
            Policy.ended_at.is_(None),
        )
    )
    return standing or policy


def change(
    session: Session,
    policy: Policy,
    *,
    name: str,
    terms: Terms,
    fee_code: ChargeCode,
    by: Staff,
) -> Policy:
    """Change a policy for bookings made from now on; who booked before keeps what was agreed.

    Returns the policy that stands in its place, for the same plans.
    """
    require(by, Permission.SET_UP, policy.hotel_id)
    hotel = session.get_one(Hotel, policy.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    if lock(session, policy).ended_at is not None:
        raise PolicyEnded(policy)
    before = _words(policy)
    policy.ended_at = clock.now()
    session.flush()
    fresh = _write(session, hotel, policy.code, name or policy.name, terms, fee_code)
    session.execute(
        sa.update(PlanPolicy)
        .where(PlanPolicy.hotel_id == hotel.id, PlanPolicy.policy_id == policy.id)
        .values(policy_id=fresh.id)
    )
    versions.renew(session, hotel.id)
    logbook.record(
        session,
        "changed policy",
        fresh,
        by=by,
        day=day,
        before={"terms": before},
        terms=_words(fresh),
    )
    return fresh


def attach(session: Session, plan: RatePlan, policy: Policy | None, *, by: Staff) -> None:
    """Let a plan be booked under a policy, or (None) under that of the plan it follows."""
    require(by, Permission.SET_UP, plan.hotel_id)
    hotel = session.get_one(Hotel, plan.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    if policy is not None and policy.ended_at is not None:
        raise PolicyEnded(policy)
    if policy is None:
        session.execute(sa.delete(PlanPolicy).filter_by(hotel_id=hotel.id, plan_id=plan.id))
    else:
        row = {"hotel_id": hotel.id, "plan_id": plan.id, "policy_id": policy.id}
        upsert(session, PlanPolicy, [row], key=("hotel_id", "plan_id"))
    versions.renew(session, hotel.id)
    code = policy.code if policy else None
    logbook.record(session, "set policy of plan", plan, by=by, day=day, policy=code)


def _write(
    session: Session,
    hotel: Hotel,
    code: str,
    name: str,
    terms: Terms,
    fee_code: ChargeCode,
) -> Policy:
    _check(session, hotel, terms, fee_code)
    policy = Policy(
        hotel_id=hotel.id,
        id=new_id(),
        code=code,
        name=name.strip(),
        asks=terms.asks,
        deposit_by=terms.deposit.by,
        deposit_value=terms.deposit.value,
        deposit_days=terms.deposit_days,
        cancel_days=terms.cancel_days,
        cancel_at=terms.cancel_at,
        cancel_by=terms.cancel.by,
        cancel_value=terms.cancel.value,
        no_show_by=terms.no_show.by,
        no_show_value=terms.no_show.value,
        fee_code_id=fee_code.id,
    )
    session.add(policy)
    versions.renew(session, hotel.id)
    return policy


def _check(session: Session, hotel: Hotel, terms: Terms, fee_code: ChargeCode) -> None:
    for field, amount in (
        ("deposit_value", terms.deposit),
        ("cancel_value", terms.cancel),
        ("no_show_value", terms.no_show),
    ):
        most = {By.NONE: 0, By.NIGHTS: MOST_NIGHTS, By.PERCENT: POINTS}.get(amount.by)
        least = 0 if amount.by is By.NONE else 1
        if amount.value < least or (most is not None and amount.value > most):
            raise Invalid("Say a number of nights, 1 to 100 percent, or an amount.", field=field)
    for field, days in (("cancel_days", terms.cancel_days), ("deposit_days", terms.deposit_days)):
        if days is not None and not 0 <= days <= MOST_DAYS:
            raise Invalid(f"Say 0 to {MOST_DAYS} days before arrival.", field=field)
    fee_codes.refuse_taxes_on_top(session, hotel, fee_code)


def by_code(session: Session, hotel: Hotel, code: str) -> Policy | None:
    """Return the hotel's policy of that code, as it stands."""
    return session.scalar(
        sa.select(Policy).where(
            Policy.hotel_id == hotel.id, Policy.code == code, Policy.ended_at.is_(None)
        )
    )


def standing(session: Session, hotel: Hotel) -> list[Policy]:
    """Return the hotel's policies that can be booked under, by name."""
    return list(
        session.scalars(
            sa.select(Policy)
            .where(Policy.hotel_id == hotel.id, Policy.ended_at.is_(None))
            .order_by(Policy.name)
        )
    )


def attached(session: Session, hotel: Hotel) -> dict[int, int]:
    """Return each plan's own policy, by id."""
    rows = session.execute(
        sa.select(PlanPolicy.plan_id, PlanPolicy.policy_id).where(PlanPolicy.hotel_id == hotel.id)
    )
    return {row[0]: row[1] for row in rows}


def _words(policy: Policy) -> dict[str, object]:
    names = [
        each.name for each in fields(Terms) if each.name not in {"deposit", "cancel", "no_show"}
    ]
    said: dict[str, object] = {name: getattr(policy, name) for name in names}
    for name in ("deposit", "cancel", "no_show"):
        said[name] = f"{getattr(policy, f'{name}_by').value} {getattr(policy, f'{name}_value')}"
    return {name: str(value) for name, value in said.items()}
