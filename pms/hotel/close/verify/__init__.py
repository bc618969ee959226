"""Verify: every invariant recomputed from first principles; each finds no row, or says which."""

from typing import Any

from sqlalchemy.orm import Session

from pms.hotel.close.verify import (
    accounts,
    arrivals,
    books,
    cashiers,
    checkout,
    concierge,
    desk,
    groups,
    guests_side,
    house,
    keeping,
    night,
    papers,
    payroll,
    people,
    reception,
    requests,
    routing,
    selling,
    shape,
)
from pms.hotel.close.verify.check import Check, Rule
from pms.hotel.house.hotels import Hotel

__all__ = ["RULES", "Check", "Rule", "as_dict", "broken", "checks", "of_rows"]

RULES: tuple[Rule, ...] = (
    *books.RULES,
    *routing.RULES,
    *house.RULES,
    *arrivals.RULES,
    *night.RULES,
    *requests.RULES,
    *reception.RULES,
    *concierge.RULES,
    *selling.RULES,
    *groups.RULES,
    *keeping.RULES,
    *desk.RULES,
    *papers.RULES,
    *accounts.RULES,
    *payroll.RULES,
    *people.RULES,
    *guests_side.RULES,
    *checkout.RULES,
    *cashiers.RULES,
)


def checks(session: Session, hotel: Hotel) -> list[Check]:
    """Recompute everything that must hold of a hotel; looks only."""
    return [*of_rows(session, hotel), *shape.of_the_database(session, hotel)]


def of_rows(session: Session, hotel: Hotel) -> list[Check]:
    """Recompute what verbs could break: all but what the database keeps by itself."""
    return [
        *(rule.check(session, hotel) for rule in RULES),
        *payroll.checks(session, hotel),
        *cashiers.checks(session, hotel),
        *shape.checks(session, hotel),
    ]


def broken(session: Session, hotel: Hotel) -> list[str]:
    """Recompute everything, and return the names of what doesn't hold."""
    return [check.name for check in checks(session, hotel) if not check.ok]


def as_dict(found: list[Check]) -> dict[str, Any]:
    """Return the checks as `pms verify --json` says them."""
    return {"ok": all(check.ok for check in found), "checks": [each.as_dict() for each in found]}
