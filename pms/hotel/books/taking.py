"""Taking: which charges a rule takes and how much of them, as it is said, kept and read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books.folios import EVERY_DAY, WHOLE, Taking
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff import charge_sets, taxes
from pms.hotel.tariff.charge_sets import ChargeSet, ChargeSetRetired
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.hotel.tariff.taxes import Levies

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class LeviesStay(Refusal):
    """No tax of those charges can be paid by somebody else than who pays the charge."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "Nothing that is chosen bears a levy on top, such as a city tax. VAT, and what is "
            "inside a price, stays with its charge: an invoice shows the two together.",
            field="levies",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """Which charges a rule takes, and how much of them; unless said otherwise, all of all.

    Charges of one `code`, of several `codes`, of a set or of a department; their `levies` go along,
    are left, or go alone. `weekdays` has a bit for each, Monday lowest; `percent` is in hundredths
    of a percent of what it takes of a charge, with its taxes. Limits are with taxes too: of a
    night's charges, and of all of them.
    """

    code: ChargeCode | None = None
    codes: tuple[ChargeCode, ...] = ()
    charge_set: ChargeSet | None = None
    department: Department | None = None
    levies: Levies = Levies.ALONG
    first_night: date | None = None
    last_night: date | None = None
    weekdays: int = EVERY_DAY
    percent: int = WHOLE
    night_limit: Money | None = None
    total_limit: Money | None = None

    def words(self) -> dict[str, Any]:
        """Return what the logbook says of it: which charges, and what bounds them."""
        said: dict[str, Any] = {"what": self._what()}
        if self.levies is not Levies.ALONG:
            said["levies"] = self.levies.value
        for name in ("first_night", "last_night", "night_limit", "total_limit"):
            if (value := getattr(self, name)) is not None:
                said[name] = value
        if self.weekdays != EVERY_DAY:
            ticked = (day for no, day in enumerate(_WEEKDAYS) if self.weekdays & 1 << no)
            said["weekdays"] = " ".join(ticked)
        if self.percent != WHOLE:
            said["percent"] = f"{self.percent / 100:g} %"
        return said

    @property
    def every_code(self) -> tuple[ChargeCode, ...]:
        """The codes that are named, one or several."""
        return tuple(dict.fromkeys(each for each in (self.code, *self.codes) if each is not None))

    def _what(self) -> str:
        if self.charge_set is not None:
            return str(self.charge_set.name)
        if self.department is not None:
            return self.department.value
        return ", ".join(code.code for code in self.every_code) or "all"


EVERYTHING = Takes()


def refuse_odd(hotel: Hotel, takes: Takes) -> None:
    """Refuse what no rule can take."""
    if sum(map(bool, (takes.every_code, takes.charge_set, takes.department))) > 1:
        raise Invalid(
            "Route codes, a set of them or a department: one of the three.", field="department"
        )
    first, last = takes.first_night, takes.last_night
    if first is not None and last is not None and first > last:
        raise Invalid("The last night isn't before the first.", field="last_night")
    if not 1 <= takes.weekdays <= EVERY_DAY:
        raise Invalid("Choose at least one weekday.", field="weekdays")
    if not 1 <= takes.percent <= WHOLE:
        raise Invalid("A part is more than nothing, and 100 % at most.", field="percent")
    for field in ("night_limit", "total_limit"):
        limit: Money | None = getattr(takes, field)
        if limit is not None and (limit.minor <= 0 or limit.currency != hotel.currency):
            raise Invalid(f"A limit is above zero, in {hotel.currency}.", field=field)


def refuse_levies(session: Session, hotel: Hotel, takes: Takes, *, day: date) -> None:
    """Refuse to part levies from charges none of which bears one by itself on a day."""
    if takes.levies is not Levies.ALONG and not _bears_a_levy(session, hotel, takes, day):
        raise LeviesStay


def refuse_retired(takes: Takes) -> None:
    """Refuse a set that the house offers no more."""
    if takes.charge_set is not None and not takes.charge_set.active:
        raise ChargeSetRetired(takes.charge_set)


def columns(
    session: Session, hotel: Hotel, takes: Takes, *, known: Taking | None = None
) -> dict[str, Any]:
    """Return the columns of a rule that takes so; several codes are a set of the rule's own.

    A `known` rule keeps the set it has where the codes are the same.
    """
    codes = takes.every_code
    set_id = takes.charge_set.id if takes.charge_set else None
    if len(codes) > 1:
        set_id = _own_set(session, hotel, codes, known=known)
    return {
        "charge_code_id": codes[0].id if len(codes) == 1 else None,
        "charge_set_id": set_id,
        "department": takes.department,
        "levies": takes.levies,
        "weekdays": takes.weekdays,
        "percent": takes.percent,
        "night_limit": takes.night_limit.minor if takes.night_limit else None,
        "total_limit": takes.total_limit.minor if takes.total_limit else None,
    }


def of_rules(session: Session, hotel: Hotel, rules: Sequence[Taking]) -> list[Takes]:
    """Return what each rule takes, in three questions however many there are."""
    sets = _by_id(session, hotel, ChargeSet, {rule.charge_set_id for rule in rules})
    in_sets = charge_sets.codes_of(session, hotel.id, sets.keys())
    own = {code_id for each in sets.values() if each.name is None for code_id in in_sets[each.id]}
    wanted = own | {rule.charge_code_id for rule in rules}
    codes = _by_id(session, hotel, ChargeCode, wanted)
    found = []
    for rule in rules:
        chosen = sets.get(rule.charge_set_id or 0)
        several: list[ChargeCode] = []
        if chosen is not None and chosen.name is None:
            several = sorted((codes[each] for each in in_sets[chosen.id]), key=lambda c: c.name)
        found.append(
            Takes(
                code=codes.get(rule.charge_code_id or 0),
                codes=tuple(several),
                charge_set=None if several else chosen,
                department=rule.department,
                levies=rule.levies,
                first_night=getattr(rule, "first_night", None),
                last_night=getattr(rule, "last_night", None),
                weekdays=rule.weekdays,
                percent=rule.percent,
                night_limit=_limit(hotel, rule.night_limit),
                total_limit=_limit(hotel, rule.total_limit),
            )
        )
    return found


Row = TypeVar("Row", ChargeCode, ChargeSet)


def _by_id(
    session: Session, hotel: Hotel, kind: type[Row], ids: Iterable[int | None]
) -> dict[int, Row]:
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    rows = session.scalars(sa.select(kind).where(kind.hotel_id == hotel.id, kind.id.in_(wanted)))
    return {row.id: row for row in rows}


def _limit(hotel: Hotel, minor: int | None) -> Money | None:
    return None if minor is None else Money(minor, hotel.currency)


def _own_set(
    session: Session, hotel: Hotel, codes: Sequence[ChargeCode], *, known: Taking | None
) -> int:
    if known is not None and known.charge_set_id is not None:
        has = charge_sets.codes_of(session, hotel.id, [known.charge_set_id])[known.charge_set_id]
        kept = session.get_one(ChargeSet, (hotel.id, known.charge_set_id))
        if kept.name is None and has == {code.id for code in codes}:
            return kept.id
    return charge_sets.own(session, hotel, codes).id


def _bears_a_levy(session: Session, hotel: Hotel, takes: Takes, day: date) -> bool:
    query = sa.select(ChargeCode.tax_class_id).where(ChargeCode.hotel_id == hotel.id).distinct()
    if takes.charge_set is not None:
        chosen = charge_sets.codes_of(session, hotel.id, [takes.charge_set.id])
        query = query.where(ChargeCode.id.in_(chosen[takes.charge_set.id]))
    elif takes.department is not None:
        query = query.where(ChargeCode.department == takes.department)
    elif takes.every_code:
        query = query.where(ChargeCode.id.in_({code.id for code in takes.every_code}))
    by_class = taxes.rules(session, hotel.id, session.scalars(query).all(), day)
    return any(taxes.by_themselves(rules) for rules in by_class.values())
