"""What both databases refuse about pay: a locked period changed, overlapping, or reached around."""

from pms.base import ink

_INK = ("pay_rules", "pay_period_rules", "pay_pieces", "pay_extras", "pool_takings", "pay_lines")
for _table in (*_INK, "pay_exports"):
    ink.append_only(_table)

for _deed in ("INSERT", "UPDATE"):
    ink.guard(
        f"pay_periods_do_not_overlap_{_deed.lower()}",
        table="pay_periods",
        when=_deed,
        refuse_if=(
            "EXISTS (SELECT 1 FROM pay_periods o WHERE o.hotel_id = NEW.hotel_id"
            " AND o.id <> NEW.id AND o.first <= NEW.last AND o.last >= NEW.first)"
        ),
        message="a day is paid in one period",
    )
_STEPS = (
    ("open", "reviewed"),
    ("reviewed", "approved"),
    ("reviewed", "open"),
    ("approved", "open"),
    ("approved", "locked"),
    ("locked", "exported"),
)
_ALLOWED = " OR ".join(
    f"(OLD.state = '{before}' AND NEW.state = '{after}')" for before, after in _STEPS
)
ink.guard(
    "pay_periods_go_step_by_step",
    table="pay_periods",
    when="UPDATE",
    refuse_if=f"NEW.state <> OLD.state AND NOT ({_ALLOWED})",
    message="a pay period is reviewed, approved, locked and exported, in that order",
)
ink.guard(
    "pay_periods_begin_open",
    table="pay_periods",
    when="INSERT",
    refuse_if="NEW.state <> 'open'",
    message="a pay period begins open",
)
_KEPT = (
    *("hotel_id", "id", "first", "last", "pays_on", "frequency", "fingerprint"),
    *("reviewed_by", "reviewed_at", "approved_by", "approved_at", "locked_by", "locked_at"),
)
# `<>` says nothing of what becomes NULL, and older SQLites don't read IS DISTINCT FROM.
_CHANGED = " OR ".join(
    f"NOT COALESCE(NEW.{each} = OLD.{each}, NEW.{each} IS NULL AND OLD.{each} IS NULL)"
    for each in _KEPT
)
ink.guard(
    "pay_periods_stay_locked",
    table="pay_periods",
    when="UPDATE",
    refuse_if=f"OLD.state IN ('locked', 'exported') AND ({_CHANGED})",
    message="a locked pay period is corrected in the next one",
)
ink.guard(
    "pay_periods_are_locked_by_somebody",
    table="pay_periods",
    when="UPDATE",
    refuse_if=(
        "NEW.state = 'locked' AND (NEW.reviewed_by IS NULL OR NEW.approved_by IS NULL"
        " OR NEW.locked_by IS NULL OR NEW.locked_at IS NULL)"
    ),
    message="a locked period says who reviewed, approved and locked it",
)
ink.guard(
    "pay_periods_no_delete",
    table="pay_periods",
    when="DELETE",
    refuse_if="OLD.state <> 'open'",
    message="a pay period that was reviewed stays",
)

# Written while the period is being locked, and never after.
for _table in ("pay_period_rules", "pay_pieces", "pay_extras", "pool_takings", "pay_lines"):
    ink.guard(
        f"{_table}_with_the_lock",
        table=_table,
        when="INSERT",
        refuse_if=(
            "NOT EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id"
            " AND p.id = NEW.period_id AND p.state = 'approved')"
        ),
        message="a locked pay period is corrected in the next one",
    )
ink.guard(
    "pay_lines_correct_what_is_locked",
    table="pay_lines",
    when="INSERT",
    refuse_if=(
        "NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pay_periods p, pay_periods q"
        " WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.corrects_id"
        " AND p.state IN ('locked', 'exported') AND q.hotel_id = NEW.hotel_id"
        " AND q.id = NEW.period_id AND p.last < q.first)"
    ),
    message="what is corrected is an earlier period that is locked",
)
ink.guard(
    "pay_extras_share_no_pool_with_managers",
    table="pay_extras",
    when="INSERT",
    refuse_if=(
        "NEW.pool_id IS NOT NULL AND EXISTS (SELECT 1 FROM employees e"
        " WHERE e.hotel_id = NEW.hotel_id AND e.id = NEW.employee_id AND e.is_manager)"
    ),
    message="managers share in no tip pool",
)
ink.guard(
    "pay_exports_of_what_is_locked",
    table="pay_exports",
    when="INSERT",
    refuse_if=(
        "NOT EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id"
        " AND p.id = NEW.period_id AND p.state IN ('locked', 'exported'))"
    ),
    message="a pay period is exported when it is locked",
)


def _locked_on(row: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM pay_periods p WHERE"  # noqa: S608 - put together from constants
        f" p.hotel_id = {row}.hotel_id AND {row}.day BETWEEN p.first AND p.last"
        " AND p.state IN ('locked', 'exported'))"
    )


_OLD, _NEW = _locked_on("OLD"), _locked_on("NEW")
for _table in ("pay_bonuses", "tip_declarations"):
    for _deed, _is_locked in (("INSERT", _NEW), ("UPDATE", f"{_OLD} OR {_NEW}"), ("DELETE", _OLD)):
        ink.guard(
            f"{_table}_stay_with_the_lock_{_deed.lower()}",
            table=_table,
            when=_deed,
            refuse_if=_is_locked,
            message="a locked pay period is corrected in the next one",
        )
for _deed, _is_locked in (
    ("INSERT", f"NEW.minutes_paid > 0 AND {_NEW}"),
    ("UPDATE", f"(OLD.minutes_paid > 0 AND {_OLD}) OR (NEW.minutes_paid > 0 AND {_NEW})"),
    ("DELETE", f"OLD.minutes_paid > 0 AND {_OLD}"),
):
    ink.guard(
        f"absent_days_stay_with_the_lock_{_deed.lower()}",
        table="absent_days",
        when=_deed,
        refuse_if=_is_locked,
        message="a locked pay period is corrected in the next one",
    )
for _name, _deed in (("opened", "INSERT"), ("moved", "UPDATE OF begins_on")):
    ink.guard(
        f"tip_pools_begin_on_an_open_day_{_name}",
        table="tip_pools",
        when=_deed,
        refuse_if=(
            "EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id"
            " AND NEW.begins_on <= p.last AND p.state IN ('locked', 'exported'))"
        ),
        message="a tip pool begins on a day that is not locked",
    )
ink.guard(
    "pay_rules_hold_from_an_open_day",
    table="pay_rules",
    when="INSERT",
    refuse_if=(
        "EXISTS (SELECT 1 FROM pay_period_rules r"
        " JOIN pay_periods p ON p.hotel_id = r.hotel_id AND p.id = r.period_id"
        " JOIN pay_rules k ON k.hotel_id = r.hotel_id AND k.id = r.rules_id"
        " WHERE r.hotel_id = NEW.hotel_id AND NEW.valid_from <= p.last"
        " AND (r.jurisdiction = NEW.jurisdiction OR k.jurisdiction = NEW.jurisdiction))"
    ),
    message="pay rules change from a day until which nothing that went by them is locked",
)
