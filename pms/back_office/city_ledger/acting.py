"""What is done to one item of an account: set against, moved, put aside, written off, undone.

Each view tries its verb with what its form says, and shows the item again with what was refused.
"""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.city_ledger.desk import bp
from pms.back_office.city_ledger.forms import (
    AllocateForm,
    MoveForm,
    ReasonForm,
    RefundForm,
    WriteOffForm,
    allocating,
)
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import payments, receivables
from pms.hotel.books.receivables import Allocation, CityItem, ItemKind, Shown, items, reading
from pms.hotel.books.receivables.allocating import BILLED, IN_FAVOUR, of_items
from pms.hotel.books.receivables.moving import MOVABLE
from pms.hotel.guests import companies
from pms.hotel.house.staff import Permission
from pms.web import history
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.forms import Form
from pms.web.saying import say

Details = ParamSpec("Details")
Made = TypeVar("Made")


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
    if form.validate_on_submit() and not form.parts:
        form.refuse(Invalid("Write beside each bill how much goes to it."))
        return _page(found, form)
    made = _tried(form, receivables.allocate, found, to=form.parts, by=on_duty())
    return _done(found, f"It is set against {_bills(made)}.") if made else _page(found, form)


@bp.post("/city-ledger/items/<int:item_id>/oldest-first")
@allows(Permission.PAY)
def oldest_first(item_id: int) -> ResponseReturnValue:
    """Set a payment against the oldest items."""
    found, form = find(CityItem, item_id), Form()
    made = _tried(form, receivables.allocate_oldest, found, by=on_duty())
    if made is None:
        return _page(found, form)
    return _done(found, f"It is set against {_bills(made)}, the oldest first.")


@bp.post("/city-ledger/allocations/<int:allocation_id>/take-back")
@allows(Permission.PAY)
def take_back(allocation_id: int) -> ResponseReturnValue:
    """Take an allocation back, saying why."""
    found, form = find(Allocation, allocation_id), ReasonForm()
    credit = find(CityItem, found.credit_id)
    undone = _tried(form, receivables.unallocate, found, reason=form.why, by=on_duty())
    return _done(credit, "That allocation is taken back.") if undone else _page(credit, form)


@bp.post("/city-ledger/items/<int:item_id>/move")
@allows(Permission.KEEP_ACCOUNTS)
def move(item_id: int) -> ResponseReturnValue:
    """Move what is open of an item to another company's account."""
    found, form = find(CityItem, item_id), _move_form()
    moved = _tried(
        form, receivables.move_to, found, to=form.to.chosen, reason=form.why, by=on_duty()
    )
    if moved is None:
        return _page(found, form)
    return _done(moved, f"{money(_left(moved))} stands on the account of {form.to.chosen.name}.")


@bp.post("/city-ledger/items/<int:item_id>/move-back")
@allows(Permission.KEEP_ACCOUNTS)
def move_back(item_id: int) -> ResponseReturnValue:
    """Take a move back."""
    found, form = find(CityItem, item_id), ReasonForm()
    back = _tried(form, receivables.undo_move, found, reason=form.why, by=on_duty())
    return _done(back, "It stands where it came from again.") if back else _page(found, form)


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
    made = _tried(
        form, receivables.write_off_item, found,
        amount=form.amount.data, reason=form.why, by=on_duty(),
    )  # fmt: skip
    said = f"{money(form.amount.data)} is written off."
    return _done(found, said) if made else _page(found, form)


@bp.post("/city-ledger/items/<int:item_id>/refund")
@allows(Permission.REFUND)
def refund(item_id: int) -> ResponseReturnValue:
    """Give back of what is in a company's favour what isn't set against anything."""
    found, form = find(CityItem, item_id), RefundForm()
    amount = form.amount.data or Money.zero(here().currency)
    made = _tried(
        form, receivables.refund_payment, found,
        amount=amount, method=form.method, card=form.slip, reason=form.why, by=on_duty(),
    )  # fmt: skip
    said = f"{money(amount)} is given back."
    return _done(found, said) if made else _page(found, form)


def _with_reason(
    item_id: int, verb: Callable[..., object], said: str, *, word: str = "reason"
) -> ResponseReturnValue:
    """Do a deed that wants nothing but a reason, which the verb calls by a `word` of its own."""
    found, form = find(CityItem, item_id), ReasonForm()
    made = _tried(form, verb, found, **{word: form.why}, by=on_duty())
    return _done(found, said) if made else _page(found, form)


def _tried(
    form: Form,
    verb: Callable[Concatenate[Session, Details], Made],
    *things: Details.args,
    **details: Details.kwargs,
) -> Made | None:
    """Do a deed as its form says; None where the form or the verb refused."""
    return attempt(form, verb, *things, **details) if form.validate_on_submit() else None


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


def _left(found: CityItem) -> Money:
    """Return what is open of an item, whoever it is in favour of."""
    return Money(abs(found.open), here().currency)


def _move_form(**more: Any) -> MoveForm:
    form = MoveForm(**more)
    form.to.offer(companies.on_account(session(), here()), label=lambda each: each.name, none="—")
    return form


def _refund_form(found: CityItem) -> RefundForm:
    """Offer to give back what a company paid, the way it came."""
    form = RefundForm(formdata=None)
    form.begin_with_last()
    if found.kind is ItemKind.PAYMENT:
        form.way.data = payments.by_entry(session(), here(), found.id).method.value
    return form


def _for_all(form: WriteOffForm | RefundForm, found: CityItem) -> Form:
    """Fill in a form for all that is open of an item."""
    form.amount.data = _left(found)
    form.shows(found)
    return form


_SHOWN_BY: dict[str, type[Form]] = {
    "allocate": AllocateForm,
    "moves": MoveForm,
    "refunds": RefundForm,
    "writes_off": WriteOffForm,
}


def _page(found: CityItem, tried: Form | None = None) -> ResponseReturnValue:
    """Show an item; `tried` is the form of a deed that was refused, shown as it was typed."""
    hotel = here()
    set_against = of_items(session(), hotel, [found.id])[found.id]
    read = reading.by_id(session(), hotel, [found.id, *(each.other.id for each in set_against)])
    forms: dict[str, Form] = {
        "allocate": allocating(_owed(found)),
        "moves": _move_form(formdata=None),
        "refunds": _for_all(_refund_form(found), found),
        "writes_off": _for_all(WriteOffForm(formdata=None), found),
    }
    name = next((name for name, kind in _SHOWN_BY.items() if isinstance(tried, kind)), None)
    if name is not None and tried is not None:
        forms[name] = tried
    html = render_template(
        "city_ledger/item.html",
        shown=read[found.id],
        item=found,
        company=items.company_of(session(), found),
        kinds=ItemKind,
        billed=BILLED,
        in_favour=IN_FAVOUR,
        may_move=found.open != 0 and found.kind in MOVABLE,
        set_against=set_against,
        read=read,
        reason=ReasonForm(formdata=None),
        refused=tried if name is None else None,
        today=hotel.business_date,
        history=history.of(found, hotel),
        **forms,
    )
    return html, 200 if tried is None else 422
