"""Issuing: invoices of what stands on a window, receipts and deposit invoices of payments."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.refusal import Refusal
from pms.hotel.books import deposit_taxes, folios, payments
from pms.hotel.books.cashiers import drawers
from pms.hotel.books.folios import Folio, PaperEntry
from pms.hotel.books.ledger import Kind
from pms.hotel.books.papers import addressees, deposits, finding, freezing, issuers, numbering
from pms.hotel.books.papers.addressees import Addressee
from pms.hotel.books.papers.freezing import About, Data, Said
from pms.hotel.books.papers.issuers import Issuer
from pms.hotel.books.papers.reading import Posting, owed_before, postings
from pms.hotel.books.papers.tables import Paper, PaperKind, ReceiptPayment
from pms.hotel.books.payments import Payment, PaymentKind
from pms.hotel.house import business_day, letterheads, translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class NothingToInvoice(Refusal):
    """All of the window is invoiced, or there is nothing on it."""

    def __init__(self, window: int) -> None:
        super().__init__(
            f"Nothing in window {window} waits for an invoice. Post something, "
            "or credit the invoice there is.",
            field="window",
        )


class LessThanNothing(Refusal):
    """What waits takes off more than it adds."""

    def __init__(self, window: int) -> None:
        super().__init__(
            f"What waits in window {window} is below zero. Credit the invoice it belongs to, "
            "then issue it anew.",
            field="window",
        )


class PaperedAlready(Refusal):
    """The payment has its paper."""

    def __init__(self, kind: PaperKind, label: str) -> None:
        super().__init__(f"The {kind.words} for that payment is {label}. Print it again.")


class NotReceived(Refusal):
    """Only money that came in has a receipt, only a deposit a deposit invoice."""

    def __init__(self, kind: PaperKind) -> None:
        what = "a deposit" if kind is PaperKind.DEPOSIT_INVOICE else "money that was taken"
        super().__init__(f"A {kind.words} is for {what} that stands. Choose another payment.")


class AbovePrice(Refusal):
    """No supply is invoiced with what is above the price of a stay."""

    def __init__(self) -> None:
        super().__init__(
            "The stay costs no more than was paid before: this is above its price, and nothing is "
            "invoiced with it. Issue a receipt, or give it back."
        )


class DepositUsed(Refusal):
    """A taxed deposit has its invoice before it matures or goes back."""

    def __init__(self) -> None:
        super().__init__(
            "That deposit is on the bill, or went back, at least in part. "
            "Issue the invoice of the stay, or the receipt of what is left."
        )


def invoice(
    session: Session,
    folio: Folio,
    *,
    window: int = 1,
    to: Addressee,
    about: About | None = None,
    by: Staff,
) -> Paper:
    """Issue the invoice of what stands on a window and on no invoice yet, paid or not.

    What it covers can no longer be moved or voided, only credited. Invoices of deposits that named
    VAT are taken off with it. Refuses an empty window, one that comes to less than nothing, and a
    hotel whose country stands in the way.
    """
    hotel, issuer, day = begin(session, folio.hotel_id, Permission.ISSUE_PAPERS, by=by)
    lock(session, folio)
    account_id = folios.window_account(session, folio, window)
    waiting = postings(session, hotel, account_id)
    charged = [each for each in waiting if each.gross]
    if not charged:
        raise NothingToInvoice(window)
    lines = [freezing.line_of(no, each) for no, each in enumerate(charged, start=1)]
    if sum(each.gross for each in charged) < 0:
        raise LessThanNothing(window)
    settled = [each for each in waiting if each.settled]
    set_off = deposits.set_off(session, hotel, settled, language=to.language)
    said = Said(
        about=about or About(folio=folio.number, window=window),
        payments=_paid_towards(session, hotel, account_id, waiting, set_off),
        set_off=list(itertools.chain.from_iterable(set_off.values())),
        due_on=freezing.due_on(issuer, day),
    )
    data = freeze(session, hotel, issuer, to, lines, said, day=day)
    paper = numbering.issued(
        session, hotel, issuer, PaperKind.INVOICE, data, day=day, by=by,
        folio_id=folio.id, window_no=window,
    )  # fmt: skip
    cover(session, paper, account_id, charged, first=1)
    only_settled = [each for each in settled if not each.gross]
    cover(session, paper, account_id, only_settled, first=None)
    return paper


def _paid_towards(
    session: Session,
    hotel: Hotel,
    account_id: int,
    waiting: Sequence[Posting],
    set_off: Mapping[int, Sequence[Data]] = MappingProxyType({}),
) -> list[Data]:
    """List what was settled and isn't listed yet, less what the papers before left to be paid.

    What they were paid too much comes first. What is `set_off` of a posting is said in its own
    place.
    """
    still_owed = owed_before(session, hotel, account_id, waiting)
    listed = []
    if still_owed < 0:
        before = finding.last_invoice(session, hotel, account_id)
        listed.append(freezing.carried(before, -still_owed))
    for each in waiting:
        went_before = min(max(still_owed, 0), max(each.settled, 0))
        still_owed -= went_before
        went_before += sum(one["gross"] for one in set_off.get(each.entry_id, ()))
        if each.settled != went_before:
            listed.append(freezing.payment_of(each, went_before=went_before))
    return _without_bills_given_back(listed)


def _without_bills_given_back(listed: Sequence[Data]) -> list[Data]:
    """Take what credit notes gave back of bills to companies off the bills listed before it.

    Who owes nothing of this any more has no place on an invoice to somebody else.
    """
    kept: list[Data] = []
    for each in listed:
        back = -each["amount"] if _is_bill(each) else 0
        for place in range(len(kept) - 1, -1, -1):
            if back > 0 and _is_bill(kept[place]):
                part = min(back, max(kept[place]["amount"], 0))
                kept[place] = kept[place] | {"amount": kept[place]["amount"] - part}
                back -= part
        kept.append(each | {"amount": -back} if _is_bill(each) else each)
    return [each for each in kept if each["amount"]]


def _is_bill(listed: Data) -> bool:
    return bool(listed["kind"] == Kind.DIRECT_BILL.value)


def pro_forma(
    session: Session,
    folio: Folio,
    *,
    window: int = 1,
    to: Addressee,
    about: About | None = None,
    expected: Sequence[Data] = (),
    by: Staff,
) -> Paper:
    """Issue a pro forma of what stands on a window and what is `expected`; it covers nothing.

    `expected` are lines as `freezing.line_of` writes them, numbered anew here.
    """
    hotel, issuer, day = begin(session, folio.hotel_id, Permission.ISSUE_PAPERS, by=by)
    account_id = folios.window_account(session, folio, window)
    waiting = postings(session, hotel, account_id)
    lines = [freezing.line_of(0, each) for each in waiting if each.gross] + list(expected)
    if not lines:
        raise NothingToInvoice(window)
    lines = [line | {"no": no} for no, line in enumerate(lines, start=1)]
    said = Said(
        about=about or About(folio=folio.number, window=window),
        payments=_paid_towards(session, hotel, account_id, waiting),
    )
    data = freeze(session, hotel, issuer, to, lines, said, day=day)
    return numbering.issued(
        session, hotel, issuer, PaperKind.PRO_FORMA, data, day=day, by=by,
        folio_id=folio.id, window_no=window,
    )  # fmt: skip


def receipt(
    session: Session, payment: Payment, *, to: Addressee, about: About | None = None, by: Staff
) -> Paper:
    """Issue the receipt of money that was taken; refuses a second one and money that went back."""
    return _for_payment(session, payment, PaperKind.RECEIPT, to=to, about=about, by=by)


def deposit_invoice(
    session: Session, payment: Payment, *, to: Addressee, about: About | None = None, by: Staff
) -> Paper:
    """Issue the invoice of a deposit that was taken, with its VAT where that was due by then.

    Otherwise the stay's invoice shows it. What is paid above the price of the stay is said beside
    it, and is no part of it. Refuses a taxed deposit of which something matured or went back: the
    tax of that is said elsewhere.
    """
    return _for_payment(session, payment, PaperKind.DEPOSIT_INVOICE, to=to, about=about, by=by)


def _for_payment(
    session: Session,
    payment: Payment,
    kind: PaperKind,
    *,
    to: Addressee,
    about: About | None,
    by: Staff,
) -> Paper:
    hotel, issuer, day = begin(session, payment.hotel_id, Permission.ISSUE_PAPERS, by=by)
    lock(session, payment)
    wanted = _DEPOSITS if kind is PaperKind.DEPOSIT_INVOICE else TAKEN
    if payment.kind not in wanted or payment.amount <= 0 or payments.is_voided(session, payment):
        raise NotReceived(kind)
    there = issued_for(session, hotel, payment, kind)
    if there is not None and (kind is PaperKind.RECEIPT or deposits.stands(session, there)):
        raise PaperedAlready(kind, there.label)
    lines = [] if kind is PaperKind.RECEIPT else deposits.lines_of(session, payment)
    if not lines and kind is PaperKind.DEPOSIT_INVOICE and _is_above(session, payment):
        raise AbovePrice
    if lines and deposit_taxes.is_touched(session, hotel.id, payment.id):
        raise DepositUsed
    money = freezing.money_line(payment.business_day, payment.amount)
    above = deposit_taxes.above_price(session, hotel.id, payment.id)
    paid = as_paid(session, hotel, payment)
    if lines:  # what was above the price may have gone back since
        paid["amount"] = sum(line["gross"] for line in lines) + above
    if kind is PaperKind.RECEIPT:
        above = 0
    said = Said(about=about or About(), payments=[paid], above_price=above)
    data = freeze(session, hotel, issuer, to, lines or [money], said, day=day)
    if not lines:
        data["taxes"] = []
    return numbering.issued(
        session, hotel, issuer, kind, data, day=day, by=by, payment_id=payment.id
    )


def _is_above(session: Session, payment: Payment) -> bool:
    return bool(deposit_taxes.received(session, payment.hotel_id, payment.id))


def issued_for(session: Session, hotel: Hotel, payment: Payment, kind: PaperKind) -> Paper | None:
    """Return the newest paper of a payment of a kind: its own, or a receipt of several."""
    several = sa.select(ReceiptPayment.paper_id).where(
        ReceiptPayment.hotel_id == hotel.id, ReceiptPayment.payment_id == payment.id
    )
    return session.scalar(
        sa.select(Paper)
        .where(
            Paper.hotel_id == hotel.id,
            Paper.kind == kind,
            sa.or_(Paper.payment_id == payment.id, Paper.id.in_(several)),
        )
        .order_by(Paper.id.desc())
        .limit(1)
    )


_DEPOSITS = frozenset({PaymentKind.DEPOSIT})
TAKEN = frozenset({PaymentKind.PAYMENT, PaymentKind.DEPOSIT, PaymentKind.CITY})


def as_paid(session: Session, hotel: Hotel, payment: Payment) -> Data:
    """Return how a payment reads: its card, its way, or foreign notes with their kept rate."""
    way = f"{payment.brand} {payment.last_four}" if payment.brand else payment.method.value
    foreign = drawers.foreign_words(session, hotel, [payment.entry_id])
    return {
        "day": payment.business_day.isoformat(),
        "kind": payment.kind.value,
        "text": foreign.get(payment.entry_id, way),
        "amount": payment.amount,
    }


# --- for the other deeds of papers --------------------------------------------------------------


def begin(
    session: Session, hotel_id: int, permission: Permission, *, by: Staff
) -> tuple[Hotel, Issuer, date]:
    """Return the hotel, who issues for it, and its day, held; refuses who may not."""
    require(by, permission, hotel_id)
    hotel = session.get_one(Hotel, hotel_id)
    day = business_day.hold(session, hotel)
    return hotel, issuers.needed(session, hotel), day


def cover(
    session: Session, paper: Paper, account_id: int, some: Iterable[Posting], *, first: int | None
) -> None:
    """Write down which postings a paper covers; `first` numbers their lines, None is no line."""
    numbers = itertools.count(first) if first is not None else itertools.repeat(None)
    pairs = list(zip(some, numbers, strict=False))
    turns = _turns(session, paper.hotel_id, account_id, [each.entry_id for each, _ in pairs])
    session.add_all(
        PaperEntry(
            hotel_id=paper.hotel_id,
            paper_id=paper.id,
            entry_id=each.entry_id,
            account_id=account_id,
            covers=1,
            turn=turns.get(each.entry_id, 0),
            line_no=no,
        )
        for each, no in pairs
    )
    session.flush()


def _turns(
    session: Session, hotel_id: int, account_id: int, entry_ids: list[int]
) -> dict[int, int]:
    """Return how often each posting was let go by a credit note."""
    rows = session.execute(
        sa.select(PaperEntry.entry_id, sa.func.count())
        .where(
            PaperEntry.hotel_id == hotel_id,
            PaperEntry.account_id == account_id,
            PaperEntry.entry_id.in_(entry_ids),
            PaperEntry.covers == -1,
        )
        .group_by(PaperEntry.entry_id)
    )
    return {entry_id: int(count) for entry_id, count in rows}


def freeze(
    session: Session,
    hotel: Hotel,
    issuer: Issuer,
    to: Addressee,
    lines: Sequence[Data],
    said: Said,
    *,
    day: date,
) -> Data:
    """Return everything a paper says but its number, in the language of who it is for."""
    head, to = letterheads.of(session, hotel), addressees.checked(to)
    names = translations.into(session, hotel, to.language)
    issuer = replace(issuer, closing_words=names.of(issuer.closing_words))
    lines = [freezing.named(line, names) for line in lines]
    return freezing.frozen(hotel, issuer, head, to, lines, said, day=day)
