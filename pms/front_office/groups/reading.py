"""What the pages of a group show: the list with its sums, the grid, night by night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pms.base import dates
from pms.hotel.rooms import inventory, rooms
from pms.hotel.rooms.inventory import AllotmentNight, Allotted, TypeNight
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays.groups import Group, GroupTerms, Status
from pms.web.auth import here
from pms.web.database import session


@dataclass(frozen=True, slots=True)
class Sums:
    """Room nights of a group: agreed, picked up, still kept, given back."""

    agreed: int = 0
    picked: int = 0
    kept: int = 0
    released: int = 0

    @property
    def share(self) -> float:
        """How much of what was agreed is picked up."""
        return self.picked / self.agreed if self.agreed else 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One night of one type: what the group has, and what the house could still sell."""

    night: date
    row: Allotted | None
    free: int
    open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One type, night by night."""

    kind: RoomType
    cells: list[Cell]

    @property
    def is_used(self) -> bool:
        """Whether anything is agreed, or was picked up."""
        return any(cell.row and (cell.row.agreed or cell.row.picked) for cell in self.cells)


def coming(*, limit: int = 200) -> list[Group]:
    """Return the groups that are here or to come and aren't lost, the next first."""
    return list(
        session().scalars(
            sa.select(Group)
            .join(
                GroupTerms,
                sa.and_(GroupTerms.hotel_id == Group.hotel_id, GroupTerms.group_id == Group.id),
            )
            .where(
                Group.hotel_id == here().id,
                GroupTerms.departure >= here().business_date,
                GroupTerms.status != Status.LOST,
            )
            .order_by(GroupTerms.arrival, Group.code)
            .limit(limit)
        )
    )


def sums(ids: Sequence[int]) -> dict[int, Sums]:
    """Return the sums of many groups in one question."""
    a = AllotmentNight
    rows = session().execute(
        sa.select(
            a.holder_id,
            sa.func.sum(a.agreed),
            sa.func.sum(a.picked),
            sa.func.sum(a.kept),
            sa.func.sum(a.released),
        )
        .where(a.hotel_id == here().id, a.holder_id.in_(ids))
        .group_by(a.holder_id)
    )
    return {row[0]: Sums(*(int(each or 0) for each in row[1:])) for row in rows}


def nights_of(terms: GroupTerms) -> list[date]:
    """Return the group's nights."""
    return list(dates.nights(terms.arrival, terms.departure))


def grid(group: Group, terms: GroupTerms) -> list[Line]:
    """Return each type with its nights: three questions, whatever their number."""
    hotel = here()
    nights = nights_of(terms)
    rows = {row.key: row for row in inventory.allotted(session(), hotel, group.id)}
    t = TypeNight
    free = {
        (row[0], row[1]): row[2]
        for row in session().execute(
            sa.select(
                t.night, t.type_id, t.rooms - t.out_of_order + t.allowance - t.sold - t.held
            ).where(t.hotel_id == hotel.id, t.night.between(nights[0], nights[-1]))
        )
    }
    return [
        Line(
            kind,
            [
                Cell(
                    night,
                    rows.get((night, kind.id)),
                    max(0, free.get((night, kind.id), 0)),
                    night >= hotel.business_date and (night, kind.id) in free,
                )
                for night in nights
            ],
        )
        for kind in rooms.types(session(), hotel)
    ]


def totals(lines: Sequence[Line]) -> Sums:
    """Return the sums of a whole grid."""
    rows = [cell.row for line in lines for cell in line.cells if cell.row]
    return Sums(
        sum(row.agreed for row in rows),
        sum(row.picked for row in rows),
        sum(row.kept for row in rows),
        sum(row.released for row in rows),
    )
