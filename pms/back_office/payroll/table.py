"""The table of a period: each person's hours and money by what they are for, and the sums."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from pms.hotel.people.pay import ABSENT, PAID, PayKind
from pms.hotel.people.payroll import Owed

_PREMIUMS = frozenset(
    {PayKind.OVERTIME_PREMIUM, PayKind.DOUBLE_TIME_PREMIUM}
    | {PayKind.NIGHT, PayKind.SUNDAY, PayKind.HOLIDAY}
)
_BESIDE = frozenset({PayKind.BONUS, PayKind.MAKE_UP, PayKind.SERVICE_CHARGE})

# Which kinds of line a figure is the sum of, so that it can open its explanation.
KINDS_OF = {
    "regular": frozenset({PayKind.REGULAR}),
    "overtime": frozenset({PayKind.OVERTIME}),
    "double_time": frozenset({PayKind.DOUBLE_TIME}),
    "absent": ABSENT,
    "premiums": _PREMIUMS,
    "beside": _BESIDE,
    "tips": frozenset({PayKind.TIPS}),
    "cash_tips": frozenset({PayKind.CASH_TIPS}),
}
_OF_HOURS = frozenset({"regular", "overtime", "double_time", "absent"})
_FIGURE_OF = {kind: name for name, kinds in KINDS_OF.items() for kind in kinds}


@dataclass(slots=True)
class Sums:
    """Minutes by class and minor units by kind; tips in cash are had already, not in `total`."""

    regular: int = 0
    overtime: int = 0
    double_time: int = 0
    absent: int = 0
    premiums: int = 0
    beside: int = 0
    tips: int = 0
    cash_tips: int = 0
    corrected: int = 0
    total: int = 0

    def add(self, each: Owed) -> None:
        """Add a line; what corrects an earlier period counts in the total and by itself."""
        if each.kind in PAID:
            self.total += each.amount
        if each.corrects_id is not None:
            self.corrected += each.amount
            return
        name = _FIGURE_OF.get(each.kind)
        if name is not None:
            more = each.minutes if name in _OF_HOURS else each.amount
            setattr(self, name, getattr(self, name) + more)


@dataclass(frozen=True, slots=True)
class Row:
    """One person's sums."""

    employee_id: int
    name: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Table:
    """Everybody's rows by name, and what they come to together."""

    rows: list[Row]
    whole: Sums


def of(owed: Iterable[Owed], names: Mapping[int, str]) -> Table:
    """Return the table of what is owed."""
    found: dict[int, Sums] = defaultdict(Sums)
    whole = Sums()
    for each in owed:
        found[each.employee_id].add(each)
        whole.add(each)
    rows = [Row(who, names.get(who, "Somebody"), sums) for who, sums in found.items()]
    return Table(sorted(rows, key=lambda row: row.name), whole)


COLUMNS = (
    ("regular", "Hours", True),
    ("overtime", "Overtime", True),
    ("double_time", "Double time", True),
    ("absent", "Absent", True),
    ("premiums", "Premiums", False),
    ("beside", "Beside", False),
    ("tips", "Tips", False),
    ("corrected", "Corrected", False),
    ("total", "To pay", False),
    ("cash_tips", "Cash tips, had", False),
)


def columns(whole: Sums) -> list[tuple[str, str, bool]]:
    """Return the columns that hold something: name, head, whether of hours; always the total."""
    always = {"regular", "overtime", "total"}
    filled = {each.name for each in fields(whole) if getattr(whole, each.name)}
    return [each for each in COLUMNS if each[0] in filled | always]


def explained(owed: Iterable[Owed]) -> list[tuple[str, str, list[Owed]]]:
    """Return one person's lines by the figure that they are in: its name, head and lines."""
    lines = sorted(owed, key=lambda each: (each.day, each.kind))
    groups = []
    for name, head, _ in COLUMNS:
        if name == "corrected":
            of_figure = [each for each in lines if each.corrects_id is not None]
        else:
            kinds = KINDS_OF.get(name, frozenset())
            of_figure = [each for each in lines if each.corrects_id is None and each.kind in kinds]
        if of_figure:
            groups.append((name, head, of_figure))
    return groups
