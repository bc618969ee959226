"""Acting: what the desks whose work goes by steps share: deeds that want words, and colleagues."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pms.hotel.house.staff import MAY, Permission, Role, Staff, StaffRole
from pms.web.auth import here
from pms.web.database import session
from pms.web.forms import Form


@dataclass(frozen=True, slots=True)
class Asking:
    """A deed that wants words: its form, its verb, what the verb is given, what is said then."""

    form: type[Form]
    verb: Callable[..., Any]
    details: Callable[[Any], dict[str, Any]]
    heading: str
    said: str


def reason(form: Any) -> dict[str, Any]:
    """Return why, as the verb is given it."""
    return {"reason": form.reason.data or ""}


def colleagues() -> list[Staff]:
    """Return the people who work here and may have a request or a work order, by name."""
    able = [
        role
        for role, allowed in MAY.items()
        if Permission.REQUEST in allowed and role is not Role.HOUSE
    ]
    return list(
        session().scalars(
            sa.select(Staff)
            .join(
                StaffRole,
                sa.and_(StaffRole.chain_id == Staff.chain_id, StaffRole.staff_id == Staff.id),
            )
            .where(
                StaffRole.hotel_id == here().id,
                StaffRole.role.in_(able),
                sa.not_(Staff.disabled),
                Staff.email.not_like("%.invalid"),  # machines, and the guest
            )
            .order_by(Staff.name)
            .limit(500)
        )
    )
