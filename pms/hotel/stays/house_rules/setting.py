"""How strict the house is: read at each check-in, set by a manager."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import upsert
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.house_rules.tables import Check, HouseRule, Severity

OLD_ENOUGH = 18
AGES = (1, 30)

# What a hotel does that has said nothing.
USUAL: dict[Check, Severity] = {
    Check.UNWANTED: Severity.BLOCKS,
    Check.DOCUMENT: Severity.WARNS,
    Check.CONTACT: Severity.SILENT,
    Check.AGE: Severity.WARNS,
    Check.CARD: Severity.WARNS,
    Check.GUARANTEE: Severity.WARNS,
    Check.DEPOSIT: Severity.WARNS,
    Check.OTHER_BALANCE: Severity.WARNS,
    Check.INSPECTED: Severity.SILENT,
    Check.VIP_ROOM: Severity.WARNS,
    Check.ALERT: Severity.SILENT,
    Check.TRACE: Severity.WARNS,
    Check.OWING: Severity.WARNS,
    Check.LATE_FEE: Severity.WARNS,
    Check.KEYS_OUT: Severity.SILENT,
    Check.ALERT_OUT: Severity.SILENT,
    Check.TRACE_OUT: Severity.WARNS,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """A hotel's rules: how strict it is about each check, and from what age one checks in."""

    severities: dict[Check, Severity]
    least_age: int

    def of(self, check: Check) -> Severity:
        """Return how strict the hotel is about a check."""
        return self.severities[check]


_READ = sa.select(HouseRule.rule, HouseRule.severity, HouseRule.least_age).where(
    HouseRule.hotel_id == sa.bindparam("hotel")
)


def read(session: Session, hotel: Hotel) -> Rules:
    """Return a hotel's rules, the usual ones where it has said nothing: one question."""
    said, least_age = dict(USUAL), OLD_ENOUGH
    for row in session.execute(_READ, {"hotel": hotel.id}):
        said[row.rule] = row.severity
        least_age = row.least_age or least_age
    return Rules(said, least_age)


def set_rule(
    session: Session,
    hotel: Hotel,
    check: Check,
    severity: Severity,
    *,
    least_age: int | None = None,
    by: Staff,
) -> Rules:
    """Say how strict the house is about a check from now on; `least_age` goes with that of age."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    before = read(session, hotel)
    age = None
    if check is Check.AGE:
        age = before.least_age if least_age is None else least_age
        if not AGES[0] <= age <= AGES[1]:
            raise Invalid(f"An age is {AGES[0]} to {AGES[1]} years.", field="least_age")
    if before.of(check) is severity and age in (None, before.least_age):
        return before
    row = {"hotel_id": hotel.id, "rule": check, "severity": severity, "least_age": age}
    upsert(session, HouseRule, [row], key=("hotel_id", "rule"))
    line = logbook.line(
        "set house rule",
        HouseRule.__tablename__,
        hotel.id,
        hotel.id,
        by=by,
        day=day,
        before={"severity": before.of(check).value, "least_age": before.least_age},
        after={"rule": check.value, "severity": severity.value, "least_age": age},
    )
    logbook.write(session, [line])
    return read(session, hotel)
