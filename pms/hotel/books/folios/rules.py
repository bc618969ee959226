"""Routing rules: which charges of a folio go where, and what each rule has sent."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_hotel
from pms.hotel.tariff.charge_sets import CodesOf
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.hotel.tariff.taxes import Levies

EVERY_DAY = 0b1111111  # Monday is the lowest bit
WHOLE = 10_000  # hundredths of a percent


class Taking:
    """Which charges a rule takes, and how much of each.

    Charges of a code, of a set of codes as it stands when they are posted, of a department, or all;
    their `levies`, such as a city tax, go along, are left, or go alone. `weekdays` has a bit for
    each, Monday lowest. It takes `percent` (hundredths of a percent) of a charge with its taxes,
    `night_limit` minor units of a night and `total_limit` of the stay at most.
    """

    charge_code_id: Mapped[int | None]
    charge_set_id: Mapped[int | None]
    department: Mapped[Department | None] = mapped_column(choice(Department))
    levies: Mapped[Levies] = mapped_column(choice(Levies), default=Levies.ALONG)
    weekdays: Mapped[int] = mapped_column(sa.SmallInteger, default=EVERY_DAY)
    percent: Mapped[int] = mapped_column(sa.SmallInteger, default=WHOLE)
    night_limit: Mapped[int | None]
    total_limit: Mapped[int | None]


def taking_checks() -> tuple[sa.CheckConstraint, ...]:
    """Return what the database checks of a rule's `Taking`."""
    return (
        sa.CheckConstraint(
            "charge_code_id IS NULL OR department IS NULL", name="code_or_department"
        ),
        sa.CheckConstraint(
            "charge_set_id IS NULL OR charge_code_id IS NULL AND department IS NULL",
            name="a_set_by_itself",
        ),
        sa.CheckConstraint(f"weekdays BETWEEN 1 AND {EVERY_DAY}", name="some_weekday"),
        sa.CheckConstraint(f"percent BETWEEN 1 AND {WHOLE}", name="some_percent"),
        sa.CheckConstraint("night_limit > 0", name="some_a_night"),
        sa.CheckConstraint("total_limit > 0", name="some_in_all"),
    )


class RoutingRule(Taking, OfHotel, Base):
    """Which charges of a folio go to another window, and how much of each.

    `first_night` and `last_night` bound it, both included. What it leaves goes to the next that
    fits, lowest `priority` first, and the rest to the guest. A rule that ended stays for what it
    sent. `default_id` is the default rule that laid it down. Guards keep that and `charge_set_id`
    to rows that are there: SQLite adds no foreign key to a table that is.
    """

    __tablename__ = "routing_rules"
    __table_args__ = (
        within_hotel("folio_id", "folios"),
        within_hotel("charge_code_id", "charge_codes"),
        sa.ForeignKeyConstraint(
            ["hotel_id", "to_folio_id", "to_window"],
            ["folio_windows.hotel_id", "folio_windows.folio_id", "folio_windows.no"],
        ),
        sa.CheckConstraint(
            "first_night IS NULL OR last_night IS NULL OR first_night <= last_night",
            name="from_first_to_last",
        ),
        *taking_checks(),
        sa.Index(None, "hotel_id", "folio_id"),
    )

    folio_id: Mapped[int]
    first_night: Mapped[date | None]
    last_night: Mapped[date | None]
    to_folio_id: Mapped[int]
    to_window: Mapped[int] = mapped_column(sa.SmallInteger)
    priority: Mapped[int] = mapped_column(default=100)
    ended_on: Mapped[date | None]
    default_id: Mapped[int | None]

    def fits(self, code: ChargeCode, night: date, sets: CodesOf) -> bool:
        """Tell whether a charge for that night goes this way; `sets` has the codes of its set."""
        return (
            self.charge_code_id in (None, code.id)
            and (self.charge_set_id is None or code.id in sets[self.charge_set_id])
            and self.department in (None, code.department)
            and (self.first_night is None or self.first_night <= night)
            and (self.last_night is None or night <= self.last_night)
            and bool(self.weekdays & 1 << night.weekday())
        )

    @property
    def is_limited(self) -> bool:
        """Whether it counts what it sent."""
        return self.night_limit is not None or self.total_limit is not None


class RoutedAmount(Base):
    """What a rule sent of one charge, taxes and all, in minor units, and for which night.

    The entry is the charge, or the move by which the charge followed the rule later.
    """

    __tablename__ = "routed_amounts"
    __table_args__ = (
        within_hotel("entry_id", "entries"),
        within_hotel("rule_id", "routing_rules"),
        sa.Index(None, "hotel_id", "rule_id", "night"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rule_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    night: Mapped[date]
    amount: Mapped[int]


_SENT = (
    "SELECT COALESCE(SUM(a.amount), 0) FROM routed_amounts a WHERE a.hotel_id = NEW.hotel_id"
    " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = a.hotel_id"
    " AND u.reverses_id = a.entry_id)"
)
ink.append_only("routed_amounts")
ink.guard(
    "routed_amounts_within_limits",
    table="routed_amounts",
    when="INSERT",
    refuse_if=(
        "EXISTS (SELECT 1 FROM routing_rules r WHERE"  # noqa: S608 - put together from constants
        " r.hotel_id = NEW.hotel_id AND r.id = NEW.rule_id AND NEW.amount > 0"
        " AND (r.night_limit IS NOT NULL AND NEW.amount > r.night_limit"
        f" - ({_SENT} AND a.rule_id = NEW.rule_id AND a.night = NEW.night)"
        " OR r.total_limit IS NOT NULL AND NEW.amount > r.total_limit"
        f" - ({_SENT} AND a.rule_id = NEW.rule_id)))"
    ),
    message="a routing rule keeps its limits",
)
ink.guard(
    "routing_rules_limit_what_went",
    table="routing_rules",
    when="UPDATE OF night_limit, total_limit",
    refuse_if=(
        "NEW.total_limit IS NOT NULL AND"  # noqa: S608 - put together from constants
        f" ({_SENT} AND a.rule_id = NEW.id) > NEW.total_limit"
        " OR NEW.night_limit IS NOT NULL AND EXISTS (SELECT a.night FROM routed_amounts a"
        " WHERE a.hotel_id = NEW.hotel_id AND a.rule_id = NEW.id"
        " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = a.hotel_id"
        " AND u.reverses_id = a.entry_id) GROUP BY a.night"
        " HAVING SUM(a.amount) > NEW.night_limit)"
    ),
    message="a routing rule is not limited to less than it sent",
)
ink.guard(
    "routing_rules_stay_for_what_went",
    table="routing_rules",
    when="DELETE",
    refuse_if="1 = 1",
    message="a routing rule ends, it is not deleted",
)
_KNOWS_ITS_SET = (
    "NEW.charge_set_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM charge_sets s"
    " WHERE s.hotel_id = NEW.hotel_id AND s.id = NEW.charge_set_id)"
)
ink.guard(
    "routing_rules_know_their_set",
    table="routing_rules",
    when="INSERT",
    refuse_if=_KNOWS_ITS_SET,
    message="a routing rule takes a charge set of its hotel",
)
ink.guard(
    "routing_rules_change_to_a_set_that_is",
    table="routing_rules",
    when="UPDATE OF charge_set_id",
    refuse_if=_KNOWS_ITS_SET,
    message="a routing rule takes a charge set of its hotel",
)
ink.guard(
    "routing_rules_know_their_default",
    table="routing_rules",
    when="INSERT",
    refuse_if=(
        "NEW.default_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM default_rules d"
        " WHERE d.hotel_id = NEW.hotel_id AND d.id = NEW.default_id)"
    ),
    message="a routing rule names the default rule that laid it down",
)
ink.guard(
    "routing_rules_keep_their_default",
    table="routing_rules",
    when="UPDATE OF default_id",
    refuse_if="COALESCE(OLD.default_id, 0) <> COALESCE(NEW.default_id, 0)",
    message="a routing rule names the default rule that laid it down",
)
