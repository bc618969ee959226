"""Elsewhere: the window that a form names, of this bill or of another found by what is typed."""

from collections.abc import Sequence
from typing import NamedTuple

from pms.back_office.folios.forms import ElsewhereForm, Place
from pms.base.refusal import Invalid
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.stays import whose_bills
from pms.hotel.stays.whose_bills import Bill
from pms.web.auth import here
from pms.web.database import session


class NowhereToGo(Invalid):
    """Something is to move, and nobody said where, or nobody is called so."""

    def __init__(self, words: str) -> None:
        said = "Choose one, or write a folio's number, a room or a name."
        super().__init__(
            f"No open bill is called “{words}”. {said}" if words else said, field="folio"
        )


class SeveralBills(Invalid):
    """Several are called so; the form offers them."""

    def __init__(self, words: str, bills: Sequence[Bill]) -> None:
        names = "; ".join(map(str, bills))
        said = "Choose one of them above. Write the folio's number if it isn't there."
        super().__init__(f"“{words}” may be {names}. {said}", field="folio")


class Target(NamedTuple):
    """Where something goes."""

    folio: Folio
    window: int

    def words(self, left: Folio) -> str:
        """Return it as it is said on the bill that it leaves."""
        window = f"window {self.window}"
        if self.folio.id == left.id:
            return window
        return f"{window} of folio {self.folio.number}, {self.folio.name}"


def offer_places(
    form: ElsewhereForm, found: Folio, *, first: int = 1, leaving: FolioWindow | None = None
) -> None:
    """Offer a bill's own windows from the `first` on, the bills around it, and those typed for.

    The window that something leaves is no place to go to.
    """
    near = {bill.id: bill for bill in whose_bills.near(session(), found)}
    for bill in called(form):
        if bill.folio.id != found.id:
            near.setdefault(bill.id, bill)
    windows = [
        Place(each.no, each.payee_name)
        for each in found.windows
        if each.no >= first and each is not leaving
    ]
    form.offer_places(windows, near.values())


def called(form: ElsewhereForm) -> list[Bill]:
    """Return the open bills that answer to what is typed."""
    words = (form.folio.data or "").strip()
    return whose_bills.called(session(), here(), words) if words else []


def target(form: ElsewhereForm, found: Folio) -> Target | None:
    """Return where a form says; None, and why, where it names nobody or several."""
    if isinstance(form.to.chosen, Place):
        return Target(found, form.to.chosen.id)
    window, words = form.folio_window.data or 1, (form.folio.data or "").strip()
    if form.to.chosen is not None:
        return Target(form.to.chosen.folio, window)
    bills = called(form)
    if len(bills) == 1:
        return Target(bills[0].folio, window)
    form.refuse(SeveralBills(words, bills) if bills else NowhereToGo(words))
    return None
