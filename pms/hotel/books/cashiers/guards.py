"""What the database itself refuses of drawers and of what they handed in."""

# ruff: noqa: S608 - put together from the constants of this file, never from input

from pms.base import ink
from pms.hotel.books.cashiers.tables import CLOSING, FOREIGN_HANDED_IN

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
    "drawer_moves_void_what_moved",
    table="drawer_moves",
    when="INSERT",
    refuse_if=(
        "NEW.kind = 'voided' AND NOT EXISTS (SELECT 1 FROM entries e JOIN drawer_moves m"
        " ON m.hotel_id = e.hotel_id AND m.entry_id = e.reverses_id"
        " WHERE e.hotel_id = NEW.hotel_id AND e.id = NEW.entry_id"
        " AND m.shift_id = NEW.shift_id AND m.currency = NEW.currency"
        " AND m.amount = -NEW.amount AND m.booked = -NEW.booked)"
    ),
    message="what is taken back of a drawer is a move of it, whole",
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
    "cashier_shifts_reviewed_by_who_didnt_count",
    table="cashier_shifts",
    when="UPDATE",
    refuse_if=(
        "NEW.state = 'reviewed' AND EXISTS (SELECT 1 FROM drawer_counts c"
        " WHERE c.hotel_id = NEW.hotel_id AND c.shift_id = NEW.id AND c.staff_id = NEW.reviewed_by"
        " AND c.no = (SELECT MAX(n.no) FROM drawer_counts n"
        " WHERE n.hotel_id = NEW.hotel_id AND n.shift_id = NEW.id))"
    ),
    message="who counted a drawer does not accept the count",
)
ink.guard(
    "cashier_shifts_no_delete",
    table="cashier_shifts",
    when="DELETE",
    refuse_if="1 = 1",
    message="a shift is never taken away",
)
ink.guard(
    "notes_banked_lay_in_the_safe",
    table="notes_banked",
    when="INSERT",
    refuse_if=(
        "(SELECT COALESCE(SUM(-amount), 0) FROM drawer_moves WHERE hotel_id = NEW.hotel_id"
        f" AND currency = NEW.currency AND {FOREIGN_HANDED_IN})"
        " - (SELECT COALESCE(SUM(b.amount), 0) FROM notes_banked b WHERE b.hotel_id = NEW.hotel_id"
        " AND b.currency = NEW.currency AND NOT EXISTS (SELECT 1 FROM entries e"
        " WHERE e.hotel_id = b.hotel_id AND e.reverses_id = b.entry_id)) < NEW.amount"
    ),
    message="no more notes go to the bank than lie in the safe",
)
ink.guard(
    "notes_banked_are_what_their_entry_moved",
    table="notes_banked",
    when="INSERT",
    refuse_if=(
        "NOT EXISTS (SELECT 1 FROM lines l JOIN accounts a ON a.hotel_id = l.hotel_id"
        " AND a.id = l.account_id WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.entry_id"
        " AND a.code = 'cash/safe/' || LOWER(NEW.currency) AND l.amount = -NEW.booked)"
    ),
    message="what goes to the bank is what its entry took out of the safe",
)
ink.guard(
    "notes_banked_cost_their_fee",
    table="notes_banked",
    when="INSERT",
    refuse_if=(
        "NEW.fee <> (SELECT COALESCE(SUM(l.amount), 0) FROM lines l JOIN accounts a"
        " ON a.hotel_id = l.hotel_id AND a.id = l.account_id WHERE l.hotel_id = NEW.hotel_id"
        " AND l.entry_id = NEW.entry_id AND a.code = 'clearing/bank-fees')"
    ),
    message="what the bank keeps is in the entry",
)
_SAFE = "(SELECT id FROM accounts WHERE hotel_id = NEW.hotel_id AND code = 'cash/safe')"
ink.guard(
    "entries_leave_no_debt_in_the_safe",
    table="entries",
    when="INSERT",
    refuse_if=(
        "NEW.kind IN ('transfer', 'reversal') AND EXISTS (SELECT 1 FROM lines"
        f" WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.id AND amount < 0"
        f" AND account_id = {_SAFE})"
        " AND (SELECT COALESCE(SUM(amount), 0) FROM lines WHERE hotel_id = NEW.hotel_id"
        f" AND account_id = {_SAFE}) < 0"
    ),
    message="no more is taken out of the safe than lies there",
)
_OF_CURRENCY = "WHERE hotel_id = NEW.hotel_id AND currency = NEW.currency"
_STANDING = (
    "NOT EXISTS (SELECT 1 FROM entries e"
    " WHERE e.hotel_id = b.hotel_id AND e.reverses_id = b.entry_id)"
)
ink.guard(
    "safe_clearings_of_no_notes",
    table="safe_clearings",
    when="INSERT",
    refuse_if=(
        f"(SELECT COALESCE(SUM(-amount), 0) FROM drawer_moves {_OF_CURRENCY}"
        f" AND {FOREIGN_HANDED_IN})"
        f" <> (SELECT COALESCE(SUM(b.amount), 0) FROM notes_banked b"
        f" WHERE b.hotel_id = NEW.hotel_id AND b.currency = NEW.currency AND {_STANDING})"
        f" OR (SELECT COALESCE(SUM(-booked), 0) FROM drawer_moves {_OF_CURRENCY}"
        f" AND {FOREIGN_HANDED_IN})"
        f" - (SELECT COALESCE(SUM(b.booked), 0) FROM notes_banked b"
        f" WHERE b.hotel_id = NEW.hotel_id AND b.currency = NEW.currency AND {_STANDING})"
        f" - (SELECT COALESCE(SUM(booked), 0) FROM safe_clearings {_OF_CURRENCY}) <> NEW.booked"
    ),
    message="what is cleared of the safe is what is left without notes",
)
ink.guard(
    "safe_clearings_are_what_their_entry_moved",
    table="safe_clearings",
    when="INSERT",
    refuse_if=(
        "NOT EXISTS (SELECT 1 FROM lines l JOIN accounts a ON a.hotel_id = l.hotel_id"
        " AND a.id = l.account_id WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.entry_id"
        " AND a.code = 'cash/safe/' || LOWER(NEW.currency) AND l.amount = -NEW.booked)"
    ),
    message="what is cleared of the safe is what its entry took out of it",
)
