"""The window: which days and rooms a chart shows, as its address says."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from pms.base import dates

LEAST, MOST, USUAL = 7, 62, 14
WIDTHS = (7, 14, 21, 31, 62)
BEFORE = timedelta(days=1)  # a chart begins with yesterday: who leaves today came before
LONGEST_ID, LARGEST_ID = 19, 2**63 - 1
BY_TYPE, BY_FLOOR = "type", "floor"


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` on, the rooms of one type or floor or all, grouped by the one or other."""

    today: date
    first: date
    days: int
    by: str = BY_TYPE
    type_id: int | None = None
    floor: str | None = None

    @property
    def last(self) -> date:
        """The last day shown."""
        return self.first + timedelta(days=self.days - 1)

    @property
    def shown(self) -> list[date]:
        """The days, each a column of two halves."""
        return list(dates.days(self.first, self.last))

    def half(self, day: date) -> int:
        """Return where the midday of a day is, in half days from the chart's edge."""
        return 2 * (day.toordinal() - self.first.toordinal()) + 1

    @property
    def spoken(self) -> dict[str, Any]:
        """What its address says, without what goes without saying."""
        said = {
            "first": self.first.isoformat() if self.first != self.today - BEFORE else None,
            "days": self.days if self.days != USUAL else None,
            "by": self.by if self.by != BY_TYPE else None,
            "type": self.type_id,
            "floor": self.floor,
        }
        return {name: value for name, value in said.items() if value is not None}

    def address(self, endpoint: str = "tape_chart.tape_chart", **other: Any) -> str:
        """Return the address of this window, with something else in it."""
        said = {name: value for name, value in (self.spoken | other).items() if value is not None}
        return url_for(endpoint, **said)

    def moved(self, days: int) -> str:
        """Return the address of the same rooms some days on, or back."""
        return self.address(first=(self.first + timedelta(days=days)).isoformat())


def asked(args: MultiDict[str, str], today: date) -> Window:
    """Read a window out of an address; what can't be read is as usual."""
    return Window(
        today=today,
        first=_day(args.get("first", "")) or today - BEFORE,
        days=min(MOST, max(LEAST, args.get("days", USUAL, type=int))),
        by=BY_FLOOR if args.get("by") == BY_FLOOR else BY_TYPE,
        type_id=number(args.get("type")),
        floor=args.get("floor") or None,
    )


def number(text: str | None) -> int | None:
    """Read an id or a number out of an address; what no database keeps is none."""
    typed = (text or "").strip()
    if not typed.isdecimal() or len(typed) > LONGEST_ID:
        return None
    return min(int(typed), LARGEST_ID)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None
