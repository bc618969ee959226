"""What the database itself refuses of drawers: a closed one stays as it was counted."""

from pms.base import ink
from pms.hotel.books.cashiers.tables import CLOSING

_OF_SHIFT = "FROM cashier_shifts s WHERE s.hotel_id = NEW.hotel_id AND s.id = NEW.shift_id"
_KINDS = ", ".join(f"'{kind.value}'" for kind in CLOSING)
_KEPT = ("number", "staff_id", "opening_float", "opened_on", "opened_at")
_KEPT_WHEN_CLOSED = (*_KEPT, "closed_on", "closed_at")


def _changed(names: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{name} <> OLD.{name}" for name in names)


ink.guard(
    "drawer_moves_into_an_open_shift",
    table="drawer_moves",
    when="INSERT",
    refuse_if=(
        f"NOT EXISTS (SELECT 1 {_OF_SHIFT} AND (s.state = 'open'"
        f" OR s.state IN ('counting', 'closed') AND NEW.kind IN ({_KINDS})))"
    ),
    message="a drawer that is counted takes and gives nothing",
)
ink.guard(
    "drawer_moves_keep_the_rate_of_foreign_money",
    table="drawer_moves",
    when="INSERT",
    refuse_if=(
        "(NEW.rate IS NULL) <> EXISTS (SELECT 1 FROM hotels h"
        " WHERE h.id = NEW.hotel_id AND h.currency = NEW.currency)"
    ),
    message="foreign money keeps its rate, and only that has one",
)
ink.guard(
    "drawer_counts_of_a_shift_being_closed",
    table="drawer_counts",
    when="INSERT",
    refuse_if=f"NOT EXISTS (SELECT 1 {_OF_SHIFT} AND s.state IN ('counting', 'closed'))",
    message="a drawer is counted when its shift closes",
)
ink.guard(
    "cashier_shifts_keep_their_beginning",
    table="cashier_shifts",
    when="UPDATE",
    refuse_if=_changed(_KEPT),
    message="whose shift it is and its float stay",
)
ink.guard(
    "cashier_shifts_stay_closed",
    table="cashier_shifts",
    when="UPDATE",
    refuse_if=(
        "OLD.state = 'reviewed' OR OLD.state = 'closed'"
        f" AND (NEW.state NOT IN ('closed', 'reviewed') OR {_changed(_KEPT_WHEN_CLOSED)})"
    ),
    message="a closed shift stays closed, a reviewed one as it is",
)
ink.guard(
    "cashier_shifts_no_delete",
    table="cashier_shifts",
    when="DELETE",
    refuse_if="1 = 1",
    message="a shift is never taken away",
)
