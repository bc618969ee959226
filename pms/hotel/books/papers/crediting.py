"""Crediting: an invoice taken back, whole, by lines, or an amount off a line; never changed.

The paper of a payment that is voided is taken back whole, in the deed that voids it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios, payments
from pms.hotel.books.folios import Folio, PaperEntry
from pms.hotel.books.ledger import Entry, Line
from pms.hotel.books.papers import deposits, finding, freezing, issuing, numbering, receipts
from pms.hotel.books.papers.freezing import Data
from pms.hotel.books.papers.issuers import Issuer
from pms.hotel.books.papers.reading import postings
from pms.hotel.books.papers.tables import Paper, PaperKind
from pms.hotel.books.payments import Payment, PaymentKind
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.tariff.charges import ChargeCode


class NotAnInvoice(Refusal):
    """Only an invoice is credited."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(f"{paper.label} is a {paper.kind.words}. Only an invoice is credited.")


class CreditedAlready(Refusal):
    """Those lines were taken back before."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(f"That of {paper.label} is credited already. Look at its credit notes.")


class MoreThanTheLine(Refusal):
    """An amount off a line is at most what still stands of it."""

    def __init__(self, stands: Money) -> None:
        super().__init__(f"At most {stands.said} of that line can be credited.", field="amount")


class MoreThanTheInvoice(Refusal):
    """An invoice is never credited with more than it came to."""

    def __init__(self, paper: Paper, stands: Money) -> None:
        super().__init__(
            f"Only {stands.said} of {paper.label} still stand: something else on it "
            "took off from the price. Credit those lines together."
        )


def credit(
    session: Session,
    paper: Paper,
    *,
    lines: Collection[int] | None = None,
    reason: str,
    by: Staff,
) -> Paper:
    """Credit an invoice: what still stands of it, or only some of its lines, by number.

    The postings of those lines are free again: to be voided, moved, or invoiced anew. Amounts that
    were taken off a line before are taken into account; with the last line, deposit invoices that
    were taken off stand again. Refuses another kind of paper, lines credited already, more than
    the invoice came to, and a credit without a reason.
    """
    deed = _begin(session, paper, reason, by=by)
    standing = _standing(session, paper)
    wanted = [row for row in standing if lines is None or row.line_no in lines]
    if not wanted or (lines is not None and set(lines) - {row.line_no for row in standing}):
        raise CreditedAlready(paper)
    said = {line["no"]: line for line in paper.data["lines"]}
    taken = [said[row.line_no] for row in wanted if row.line_no is not None]
    earlier = _amounts_off(session, paper, {row.line_no for row in wanted if row.line_no})
    credited = [
        line | {"no": no}
        for no, line in enumerate(
            [*taken, *(freezing.turned(line, no=0) for _, line in earlier)], start=1
        )
    ]
    if sum(line["gross"] for line in credited) <= 0:
        raise CreditedAlready(paper)
    is_rest = len(wanted) == len(standing)
    set_off = paper.data.get("set_off", []) if is_rest else []
    made = _issue(session, deed, paper, credited, reason, set_off=set_off, by=by)
    let_go(session, made, [*wanted, *(row for row, _ in earlier)])
    if is_rest:
        let_go(session, made, _settled(session, paper))
    return made


def credit_amount(
    session: Session, paper: Paper, *, line: int, amount: Money, reason: str, by: Staff
) -> Paper:
    """Take an amount off an invoiced line: post it on the folio and credit it, in one deed.

    Percentages of tax go along. Refuses more than still stands of the line, and what adjusting the
    folio refuses.
    """
    deed = _begin(session, paper, reason, by=by)
    hotel = deed.hotel
    row = next((each for each in _standing(session, paper) if each.line_no == line), None)
    if row is None:
        raise CreditedAlready(paper)
    entry = session.get_one(Entry, (hotel.id, row.entry_id))
    code = session.get_one(ChargeCode, (hotel.id, _charge_code(session, row)))
    try:
        made = folios.adjust(
            session, deed.folio, code=code, amount=-amount, reason=reason,
            window=paper.window_no or 1, concerns=entry, by=by,
        )  # fmt: skip
    except folios.MoreThanCharged as refused:
        raise MoreThanTheLine(refused.left) from refused
    posting = next(
        each for each in postings(session, hotel, row.account_id) if each.entry_id == made.id
    )
    invoiced = next(each for each in paper.data["lines"] if each["no"] == line)
    said = freezing.said_as(freezing.line_of(1, posting, sign=-1), invoiced)
    credited = said | {"of_line": line, "reference": ""}  # the note itself says why
    off = sum(each["gross"] for _, each in _amounts_off(session, paper, {line}))
    stands = invoiced["gross"] - off
    if not 0 < credited["gross"] <= stands:
        raise MoreThanTheLine(Money(stands, hotel.currency))
    note = _issue(session, deed, paper, [credited], reason, by=by)
    issuing.cover(session, note, row.account_id, [posting], first=1)
    return note


def void_payment(session: Session, payment: Payment, *, reason: str, by: Staff) -> Payment:
    """Void a payment, and credit the receipt or deposit invoice that was issued for it.

    A deposit that hasn't gone back after all is invoiced anew where its invoice was credited.

    Refuses what voiding refuses.
    """
    voided = payments.void(session, payment, reason=reason, by=by)
    take_back_of(session, payment, reason=reason, by=by)
    hotel = session.get_one(Hotel, payment.hotel_id)
    deposits.credit_moved(
        session, hotel, voided.entry_id, reason=reason, day=voided.business_day, by=by
    )
    if payment.kind is not PaymentKind.DEPOSIT:  # what had gone back of a deposit is held again
        deposits.invoice_again(session, hotel, voided.entry_id, day=voided.business_day, by=by)
    return voided


def take_back_of(session: Session, payment: Payment, *, reason: str, by: Staff) -> None:
    """Credit what was issued for a payment, in the deed that has just voided it.

    Of a receipt of several payments only its line goes.

    A deposit invoice that names VAT is credited by what was set off.
    """
    issued = list(
        session.scalars(
            sa.select(Paper)
            .where(
                Paper.hotel_id == payment.hotel_id,
                Paper.payment_id == payment.id,
                sa.or_(Paper.kind != PaperKind.DEPOSIT_INVOICE, Paper.tax == 0),
            )
            .order_by(Paper.id)
        )
    )
    together = receipts.of_payment(session, payment)
    lines = {paper.id: paper.data["lines"] for paper in issued}
    if together is not None:
        paper, no = together
        lines[paper.id] = [paper.data["lines"][no - 1] | {"no": 1}]
        issued = [each for each in issued if each.id != paper.id] + [paper]
    if issued:
        hotel, issuer, day = issuing.begin(session, payment.hotel_id, Permission.REFUND, by=by)
        for paper in issued:
            totals = freezing.totals_of(lines[paper.id], 0)
            data = deposits.taken_back(paper, day, reason) | {
                "lines": lines[paper.id], "totals": totals,
            }  # fmt: skip
            numbering.issued(
                session, hotel, issuer, PaperKind.CREDIT_NOTE, data, day=day, by=by,
                credits_id=paper.id,
            )  # fmt: skip


def notes_of(session: Session, paper: Paper) -> list[Paper]:
    """Return the credit notes of an invoice, in the order they were issued."""
    return list(
        session.scalars(
            sa.select(Paper)
            .where(Paper.hotel_id == paper.hotel_id, Paper.credits_id == paper.id)
            .order_by(Paper.id)
        )
    )


def standing_lines(session: Session, paper: Paper) -> set[int]:
    """Return the numbers of an invoice's lines that no credit note took back."""
    return {row.line_no for row in _standing(session, paper) if row.line_no is not None}


@dataclass(frozen=True, slots=True)
class _Deed:
    """What a credit begins with: where it is, who issues, which day, and the invoice's folio."""

    hotel: Hotel
    issuer: Issuer
    day: date
    folio: Folio


def _begin(session: Session, paper: Paper, reason: str, *, by: Staff) -> _Deed:
    hotel, issuer, day = issuing.begin(session, paper.hotel_id, Permission.CREDIT_PAPERS, by=by)
    if paper.kind is not PaperKind.INVOICE or paper.folio_id is None:
        raise NotAnInvoice(paper)
    folios.refuse_no_reason(reason)
    folio = lock(session, session.get_one(Folio, (hotel.id, paper.folio_id)))
    return _Deed(hotel, issuer, day, folio)


def _issue(
    session: Session,
    deed: _Deed,
    paper: Paper,
    lines: Sequence[Data],
    reason: str,
    *,
    set_off: Sequence[Data] = (),
    by: Staff,
) -> Paper:
    """Write the credit note of some lines to whom the invoice was for, as it was written then.

    Refuses more than what is left of the invoice.
    """
    totals = freezing.totals_of(lines, sum(each["gross"] for each in set_off))
    stands = paper.gross - sum(note.gross for note in notes_of(session, paper))
    if totals["gross"] > stands:
        raise MoreThanTheInvoice(paper, Money(stands, deed.hotel.currency))
    taxes = freezing.taxes_of(lines)
    data = deposits.taken_back(paper, deed.day, reason) | {
        "lines": list(lines), "taxes": taxes, "set_off": list(set_off),
    }  # fmt: skip
    return numbering.issued(
        session, deed.hotel, deed.issuer, PaperKind.CREDIT_NOTE, data | {"totals": totals},
        day=deed.day, by=by, folio_id=deed.folio.id, window_no=paper.window_no,
        credits_id=paper.id,
    )  # fmt: skip


def _standing(session: Session, paper: Paper) -> list[PaperEntry]:
    """Return the rows of an invoice's lines that stand, in their order."""
    return [row for row in _covered(session, paper) if row.line_no is not None]


def _settled(session: Session, paper: Paper) -> list[PaperEntry]:
    """Return the rows of the payments that an invoice lists and that stand."""
    return [row for row in _covered(session, paper) if row.line_no is None]


def _covered(session: Session, paper: Paper) -> Sequence[PaperEntry]:
    return session.scalars(
        sa.select(PaperEntry)
        .where(
            PaperEntry.hotel_id == paper.hotel_id,
            PaperEntry.paper_id == paper.id,
            finding.still_covers(),
        )
        .order_by(PaperEntry.line_no, PaperEntry.entry_id)
    ).all()


def _amounts_off(session: Session, paper: Paper, lines: set[int]) -> list[tuple[PaperEntry, Data]]:
    """Return what was taken off some lines and stands: the covering row and the credit's line."""
    found = []
    for note in notes_of(session, paper):
        for row in _standing(session, note):
            line = note.data["lines"][(row.line_no or 1) - 1]
            if line.get("of_line") in lines:
                found.append((row, line))
    return found


def _charge_code(session: Session, row: PaperEntry) -> int:
    found = session.scalar(
        sa.select(Line.charge_code_id)
        .where(
            Line.hotel_id == row.hotel_id,
            Line.entry_id == row.entry_id,
            Line.account_id == row.account_id,
            Line.charge_code_id.is_not(None),
        )
        .limit(1)
    )
    if found is None:
        raise LookupError(f"Entry {row.entry_id} has no charge code.")
    return found


# --- for the account that a note is taken off -----------------------------------------------------


def let_go(session: Session, note: Paper, rows: Sequence[PaperEntry]) -> None:
    """Let postings go that a paper covers: they may be voided, moved or invoiced anew."""
    session.add_all(
        PaperEntry(
            hotel_id=row.hotel_id,
            paper_id=note.id,
            entry_id=row.entry_id,
            account_id=row.account_id,
            covers=-1,
            turn=row.turn,
            line_no=None,
        )
        for row in rows
    )
    session.flush()
