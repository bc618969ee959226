"""What is done to one item of an account: set against, put aside, written off, undone."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.city_ledger.desk import bp
from pms.back_office.city_ledger.forms import (
    AllocateForm,
    ReasonForm,
    RefundForm,
    WriteOffForm,
    allocating,
)
from pms.base.money import Money
from pms.hotel.books import receivables
from pms.hotel.books.receivables import Allocation, CityItem, ItemKind, Shown, items, reading
from pms.hotel.books.receivables.allocating import of_items
from pms.hotel.house.staff import Permission
from pms.web import history
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.forms import Form
from pms.web.saying import say


@bp.get("/city-ledger/items/<int:item_id>")
@allows(Permission.LOOK)
def item(item_id: int) -> ResponseReturnValue:
    """Show one item: what it is set against, and what can be done to it."""
    return _page(find(CityItem, item_id))


@bp.post("/city-ledger/items/<int:item_id>/allocate")
@allows(Permission.PAY)
def allocate(item_id: int) -> ResponseReturnValue:
    """Set a payment against items by hand."""
    found = find(CityItem, item_id)
    form = allocating(_owed(found))
    if form.validate_on_submit():
        if not form.parts:
            form.refusals.append("Write beside each bill how much goes to it.")
        else:
            made = attempt(form, receivables.allocate, found, to=form.parts, by=on_duty())
            if made is not None:
                return _done(found, f"It is set against {_bills(made)}.")
    return _page(found, allocate=form, status=422)


@bp.post("/city-ledger/items/<int:item_id>/oldest-first")
@allows(Permission.PAY)
def oldest_first(item_id: int) -> ResponseReturnValue:
    """Set a payment against the oldest items."""
    found, form = find(CityItem, item_id), Form()
    made = attempt(form, receivables.allocate_oldest, found, by=on_duty())
    if made is not None:
        return _done(found, f"It is set against {_bills(made)}, the oldest first.")
    return _page(found, refused=form, status=422)


@bp.post("/city-ledger/allocations/<int:allocation_id>/take-back")
@allows(Permission.PAY)
def take_back(allocation_id: int) -> ResponseReturnValue:
    """Take an allocation back, saying why."""
    found, form = find(Allocation, allocation_id), ReasonForm()
    credit = find(CityItem, found.credit_id)
    if form.validate_on_submit():
        undone = attempt(
            form, receivables.unallocate, found, reason=form.reason.data or "", by=on_duty()
        )
        if undone is not None:
            return _done(credit, "That allocation is taken back.")
    return _page(credit, refused=form, status=422)


@bp.post("/city-ledger/items/<int:item_id>/dispute")
@allows(Permission.KEEP_ACCOUNTS)
def dispute(item_id: int) -> ResponseReturnValue:
    """Put an item in dispute."""
    return _with_reason(item_id, receivables.dispute, "It is put aside until it is resolved.")


@bp.post("/city-ledger/items/<int:item_id>/resolve")
@allows(Permission.KEEP_ACCOUNTS)
def resolve(item_id: int) -> ResponseReturnValue:
    """End an item's dispute, saying how."""
    return _with_reason(item_id, receivables.resolve, "The dispute is resolved.", word="outcome")


@bp.post("/city-ledger/items/<int:item_id>/void")
@allows(Permission.REFUND)
def void(item_id: int) -> ResponseReturnValue:
    """Undo a payment that was written down wrongly today."""
    return _with_reason(item_id, receivables.void_payment, "The payment is voided.")


@bp.post("/city-ledger/items/<int:item_id>/undo-write-off")
@allows(Permission.WRITE_OFF)
def undo_write_off(item_id: int) -> ResponseReturnValue:
    """Reverse a write-off."""
    return _with_reason(item_id, receivables.undo_write_off, "It is owed again.")


@bp.post("/city-ledger/items/<int:item_id>/write-off")
@allows(Permission.WRITE_OFF)
def write_off(item_id: int) -> ResponseReturnValue:
    """Give up what is open of an item, or a part of it."""
    found, form = find(CityItem, item_id), WriteOffForm()
    if form.validate_on_submit():
        made = attempt(
            form,
            receivables.write_off_item,
            found,
            amount=form.amount.data,
            reason=form.reason.data or "",
            by=on_duty(),
        )
        if made is not None:
            return _done(found, f"{money(form.amount.data)} is written off.")
    return _page(found, writes_off=form, status=422)


@bp.post("/city-ledger/items/<int:item_id>/refund")
@allows(Permission.REFUND)
def refund(item_id: int) -> ResponseReturnValue:
    """Give back of a payment what isn't set against anything."""
    found, form = find(CityItem, item_id), RefundForm()
    if form.validate_on_submit() and form.amount.data is not None:
        given = attempt(
            form,
            receivables.refund_payment,
            found,
            amount=form.amount.data,
            method=form.method,
            reason=form.reason.data or "",
            by=on_duty(),
        )
        if given is not None:
            return _done(found, f"{money(form.amount.data)} is given back.")
    return _page(found, refunds=form, status=422)


def _with_reason(
    item_id: int, verb: Callable[..., Any], said: str, *, word: str = "reason"
) -> ResponseReturnValue:
    found, form = find(CityItem, item_id), ReasonForm()
    if form.validate_on_submit():
        why = {word: form.reason.data or ""}
        if attempt(form, verb, found, **why, by=on_duty()) is not None:
            return _done(found, said)
    return _page(found, refused=form, status=422)


def _done(found: CityItem, said: str) -> ResponseReturnValue:
    say(said)
    return redirect(url_for("city_ledger.item", item_id=found.id))


def _bills(made: list[Allocation]) -> str:
    return "one item" if len(made) == 1 else f"{len(made)} items"


def _owed(credit: CityItem) -> list[Shown]:
    """Return what a credit could be set against: nothing, where the item is none."""
    if credit.open >= 0:
        return []
    account = reading.open_of(session(), here(), items.company_of(session(), credit))
    return [each for each in account if each.item.open > 0]


def _page(
    found: CityItem,
    *,
    allocate: AllocateForm | None = None,
    refused: Form | None = None,
    writes_off: WriteOffForm | None = None,
    refunds: RefundForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    hotel = here()
    left = Money(abs(found.open), hotel.currency)
    if writes_off is None:
        writes_off = WriteOffForm(formdata=None)
        writes_off.amount.data = left
        writes_off.shows(found)
    if refunds is None:
        refunds = RefundForm(formdata=None)
        refunds.amount.data = left
        refunds.shows(found)
    set_against = of_items(session(), hotel, [found.id])[found.id]
    read = reading.by_id(session(), hotel, [found.id, *(each.other.id for each in set_against)])
    html = render_template(
        "city_ledger/item.html",
        shown=read[found.id],
        item=found,
        company=items.company_of(session(), found),
        kinds=ItemKind,
        set_against=set_against,
        read=read,
        allocate=allocate or allocating(_owed(found)),
        reason=ReasonForm(formdata=None),
        refused=refused,
        writes_off=writes_off,
        refunds=refunds,
        today=hotel.business_date,
        history=history.of(found, hotel),
    )
    return html, status
