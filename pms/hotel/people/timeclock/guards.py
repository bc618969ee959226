"""What both databases refuse about hours: overlaps, breaks outside them, approvals of nothing."""

from pms.base import ink

for _table in ("punches", "time_edits", "time_approvals"):
    ink.append_only(_table)

_PLACED = "UPDATE OF employee_id, started_at, ended_at, struck, forgotten"
for _name, _deed in (("begun", "INSERT"), ("moved", _PLACED)):
    ink.guard(
        f"time_entries_do_not_overlap_{_name}",
        table="time_entries",
        when=_deed,
        refuse_if=(
            "NOT NEW.struck AND NOT NEW.forgotten AND EXISTS (SELECT 1 FROM time_entries o"
            " WHERE o.hotel_id = NEW.hotel_id AND NOT o.struck AND NOT o.forgotten"
            " AND o.employee_id = NEW.employee_id AND o.id <> NEW.id"
            " AND (o.ended_at IS NULL OR o.ended_at > NEW.started_at)"
            " AND (NEW.ended_at IS NULL OR NEW.ended_at > o.started_at))"
        ),
        message="nobody works twice at a time",
    )
for _deed in ("INSERT", "UPDATE"):
    ink.guard(
        f"time_breaks_are_within_{_deed.lower()}",
        table="time_breaks",
        when=_deed,
        refuse_if=(
            "EXISTS (SELECT 1 FROM time_entries e WHERE e.hotel_id = NEW.hotel_id"
            " AND e.id = NEW.entry_id AND (e.approved_at IS NOT NULL"
            " OR NEW.started_at < e.started_at OR (e.ended_at IS NOT NULL"
            " AND (NEW.ended_at IS NULL OR NEW.ended_at > e.ended_at))))"
            " OR EXISTS (SELECT 1 FROM time_breaks o WHERE o.hotel_id = NEW.hotel_id"
            " AND o.entry_id = NEW.entry_id AND o.id <> NEW.id"
            " AND (o.ended_at IS NULL OR o.ended_at > NEW.started_at)"
            " AND (NEW.ended_at IS NULL OR NEW.ended_at > o.started_at))"
        ),
        message="a break is within hours that are not approved, one at a time",
    )

ink.guard(
    "time_breaks_stay_approved",
    table="time_breaks",
    when="DELETE",
    refuse_if=(
        "EXISTS (SELECT 1 FROM time_entries e WHERE e.hotel_id = OLD.hotel_id"
        " AND e.id = OLD.entry_id AND e.approved_at IS NOT NULL)"
    ),
    message="a break is within hours that are not approved, one at a time",
)
ink.guard(
    "time_entries_keep_their_breaks",
    table="time_entries",
    when="UPDATE",
    refuse_if=(
        "EXISTS (SELECT 1 FROM time_breaks b WHERE b.hotel_id = NEW.hotel_id"
        " AND b.entry_id = NEW.id AND (b.started_at < NEW.started_at"
        " OR (NEW.ended_at IS NOT NULL AND (b.ended_at IS NULL OR b.ended_at > NEW.ended_at))))"
    ),
    message="hours reach around their breaks",
)
ink.guard(
    "time_entries_are_counted",
    table="time_entries",
    when="UPDATE",
    refuse_if=(
        "NEW.version <> OLD.version + 1 AND (NEW.started_at <> OLD.started_at"
        " OR NEW.employment_id <> OLD.employment_id OR NEW.service_day <> OLD.service_day"
        " OR NEW.employee_id <> OLD.employee_id OR NEW.struck <> OLD.struck"
        " OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL)"
        " OR (OLD.ended_at IS NOT NULL AND NEW.ended_at <> OLD.ended_at))"
    ),
    message="somebody changed these hours first",
)
ink.guard(
    "time_entries_are_approved_in_ink",
    table="time_entries",
    when="UPDATE",
    refuse_if=(
        "NEW.approved_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM time_approvals a"
        " WHERE a.hotel_id = NEW.hotel_id AND a.entry_id = NEW.id AND a.version = NEW.version"
        " AND a.staff_id = NEW.approved_by)"
    ),
    message="an approval is of one version, and written down first",
)
ink.guard(
    "time_approvals_have_four_eyes",
    table="time_approvals",
    when="INSERT",
    refuse_if=(
        "COALESCE(NEW.why, '') = '' AND (EXISTS (SELECT 1 FROM time_edits t"
        " WHERE t.hotel_id = NEW.hotel_id AND t.entry_id = NEW.entry_id"
        " AND t.staff_id = NEW.staff_id) OR EXISTS (SELECT 1 FROM time_entries e"
        " JOIN employees p ON p.hotel_id = e.hotel_id AND p.id = e.employee_id"
        " WHERE e.hotel_id = NEW.hotel_id AND e.id = NEW.entry_id AND p.staff_id = NEW.staff_id))"
    ),
    message="who worked or corrected hours does not approve them",
)
ink.guard(
    "time_entries_begin_unapproved",
    table="time_entries",
    when="INSERT",
    refuse_if="NEW.approved_at IS NOT NULL",
    message="an approval is of one version, and written down first",
)
ink.guard(
    "time_entries_stay",
    table="time_entries",
    when="DELETE",
    refuse_if="1 = 1",
    message="hours are struck, never deleted",
)
