"""What the database itself refuses of companies' accounts."""

from pms.base import ink

for _table in (
    "account_statement_letters",
    "account_statements",
    "city_allocations",
    "city_credit_notes",
    "city_item_moves",
    "direct_bills",
):
    ink.append_only(_table)
_OF_ENTRY = (
    "SELECT SUM(l.amount) FROM lines l"
    " JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id AND a.ledger = 'city'"
    " WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.id"
)
ink.guard(
    "city_items_are_their_entries",
    table="city_items",
    when="INSERT",
    refuse_if=f"NEW.open <> NEW.amount OR NEW.amount <> COALESCE(({_OF_ENTRY}), 0)",
    message="an item is its entry, and wholly open at first",
)
ink.guard(
    "city_items_stay",
    table="city_items",
    when="UPDATE",
    refuse_if="NEW.amount <> OLD.amount OR NEW.company_id <> OLD.company_id"
    " OR NEW.kind <> OLD.kind OR NEW.dated <> OLD.dated",
    message="only what is open of an item changes",
)
ink.guard(
    "city_items_no_delete",
    table="city_items",
    when="DELETE",
    refuse_if="1 = 1",
    message="an item of an account stays",
)


def _item(key: str, column: str) -> str:
    return (
        f"(SELECT {column} FROM city_items"  # noqa: S608 - two words of this file
        f" WHERE hotel_id = NEW.hotel_id AND id = NEW.{key})"
    )


def _allocated(side: str) -> str:
    return (
        "(SELECT COALESCE(SUM(amount), 0) FROM city_allocations"  # noqa: S608
        f" WHERE hotel_id = NEW.hotel_id AND {side}_id = NEW.{side}_id)"
    )


ink.guard(
    "city_allocations_are_taken_off_both",
    table="city_allocations",
    when="INSERT",
    refuse_if=f"{_item('debit_id', 'amount')} < 0 OR {_item('credit_id', 'amount')} > 0"
    f" OR {_item('debit_id', 'company_id')} <> {_item('credit_id', 'company_id')}"
    f" OR {_item('debit_id', 'amount - open')} <> {_allocated('debit')} + NEW.amount"
    f" OR {_item('credit_id', 'open - amount')} <> {_allocated('credit')} + NEW.amount",
    message="an allocation is taken off both its items",
)
ink.guard(
    "city_allocations_undo_exactly",
    table="city_allocations",
    when="INSERT",
    refuse_if="NEW.undoes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM city_allocations"
    " WHERE hotel_id = NEW.hotel_id AND id = NEW.undoes_id AND amount = -NEW.amount"
    " AND debit_id = NEW.debit_id AND credit_id = NEW.credit_id)",
    message="an allocation is undone exactly",
)
ink.guard(
    "city_items_move_to_another_account",
    table="city_item_moves",
    when="INSERT",
    refuse_if=f"{_item('out_id', 'kind')} <> 'moved_out' OR {_item('in_id', 'kind')} <> 'moved_in'"
    f" OR {_item('out_id', 'amount')} <> -{_item('in_id', 'amount')}"
    f" OR {_item('out_id', 'company_id')} <> {_item('item_id', 'company_id')}"
    f" OR {_item('in_id', 'company_id')} = {_item('item_id', 'company_id')}"
    f" OR {_item('in_id', 'dated')} <> {_item('item_id', 'dated')}"
    f" OR {_item('in_id', 'amount')} * {_item('item_id', 'amount')} < 0"
    f" OR ABS({_item('in_id', 'amount')}) > ABS({_item('item_id', 'amount')})",
    message="an item moves as it is to another account",
)


def _credited(key: str) -> str:
    return (
        "(SELECT COALESCE(-SUM(i.amount), 0) FROM city_credit_notes n"  # noqa: S608
        " JOIN city_items i ON i.hotel_id = n.hotel_id AND i.id = n.id"
        f" WHERE n.hotel_id = NEW.hotel_id AND n.{key} = NEW.{key})"
    )


def _note(column: str) -> str:
    return (
        f"(SELECT {column} FROM papers"  # noqa: S608
        " WHERE hotel_id = NEW.hotel_id AND id = NEW.note_id)"
    )


ink.guard(
    "city_credit_notes_take_off_no_more",
    table="city_credit_notes",
    when="INSERT",
    refuse_if=f"{_item('id', 'kind')} <> 'credit_note' OR {_note('kind')} <> 'credit_note'"
    f" OR {_item('id', 'company_id')} <> {_item('claim_id', 'company_id')}"
    f" OR {_credited('claim_id')} - {_item('id', 'amount')} > {_item('claim_id', 'amount')}"
    f" OR {_credited('note_id')} - {_item('id', 'amount')} > {_note('gross')}",
    message="no more comes off an account than the credit note and the bill say",
)
ink.guard(
    "city_disputes_stay",
    table="city_disputes",
    when="UPDATE",
    refuse_if="OLD.resolved_on IS NOT NULL OR NEW.item_id <> OLD.item_id"
    " OR NEW.reason <> OLD.reason OR NEW.raised_on <> OLD.raised_on"
    " OR NEW.raised_by <> OLD.raised_by",
    message="a dispute is resolved once, and otherwise stays",
)
ink.guard(
    "city_disputes_no_delete",
    table="city_disputes",
    when="DELETE",
    refuse_if="1 = 1",
    message="a dispute stays",
)
