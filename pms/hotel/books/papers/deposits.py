"""Deposit invoices that name VAT: credited when the deposit goes back, taken off by the invoice of
the stay when it matures (§ 14(5) of Germany's UStG).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.books import deposit_taxes
from pms.hotel.books.deposit_taxes import Named
from pms.hotel.books.ledger import Kind
from pms.hotel.books.papers import freezing, issuers, numbering
from pms.hotel.books.papers.freezing import Data
from pms.hotel.books.papers.issuers import Issuer
from pms.hotel.books.papers.reading import Posting
from pms.hotel.books.papers.tables import Paper, PaperKind
from pms.hotel.books.payments import Payment
from pms.hotel.house import translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff


def lines_of(session: Session, payment: Payment) -> list[Data]:
    """Return the lines of a deposit's invoice, one for each rate; none where no VAT was due.

    What is above the price of the stay is none: no supply is invoiced with it.
    """
    found = deposit_taxes.received(session, payment.hotel_id, payment.id)
    of_stay = [each for each in found if not each.share.is_above]
    return [
        freezing.deposit_line(no, payment.business_day, each)
        for no, each in enumerate(of_stay, start=1)
    ]


def set_off(
    session: Session, hotel: Hotel, settled: Iterable[Posting], *, language: str
) -> dict[int, list[Data]]:
    """Return by posting what deposit invoices a stay's invoice takes off, as far as they stand.

    A deposit of which no invoice was issued is listed as any payment: its tax was never shown.
    """
    found = {}
    for each in settled:
        moved = {}
        if each.kind in {Kind.DEPOSIT_APPLIED, Kind.TRANSFER}:
            moved = deposit_taxes.matured_by(session, hotel.id, each.entry_id)
        text = translations.into(session, hotel, language).of("Deposit") if moved else ""
        taken = [_as_set_off(session, paper) for paper in _issued(session, hotel.id, moved)]
        if standing := [one | {"text": text} for one in taken if one["gross"]]:
            found[each.entry_id] = standing
    return found


def credit_moved(
    session: Session, hotel: Hotel, moved_id: int, *, reason: str, day: date, by: Staff
) -> list[Paper]:
    """Credit the deposit invoices of what a movement of money set off, in the deed that moved it.

    Who moved the money was allowed to; what a gateway gave back is a fact that nothing refuses.
    """
    moved = {
        payment_id: off
        for payment_id, some in deposit_taxes.of_movement(session, hotel.id, moved_id).items()
        if (off := [each for each in some if each.share.gross < 0 and not each.share.is_above])
    }
    issuer = issuers.of(session, hotel) if moved else None
    found: list[Paper] = []
    if issuer is None:
        return found
    left = {payment_id: list(some) for payment_id, some in moved.items()}
    for paper in _issued(session, hotel.id, moved):
        lines = _credited(session, paper, left[paper.payment_id or 0], day)
        if lines:
            left[paper.payment_id or 0] = _less(left[paper.payment_id or 0], lines)
            data = taken_back(paper, day, reason) | {
                "lines": lines,
                "taxes": freezing.taxes_of(lines),
                "totals": freezing.totals_of(lines, 0),
            }
            note = numbering.issued(
                session, hotel, issuer, PaperKind.CREDIT_NOTE, data, day=day, by=by,
                credits_id=paper.id,
            )  # fmt: skip
            found.append(note)
    return found


def invoice_again(
    session: Session, hotel: Hotel, moved_id: int, *, day: date, by: Staff
) -> list[Paper]:
    """Invoice deposits anew whose VAT a movement of money owes again, since it was undone.

    Where their invoices were credited as it was set off, wholly or by as much: that a guest was
    told of the tax, and then that there is none, isn't left so. Who had no invoice asks for one as
    ever.
    """
    moved = deposit_taxes.of_movement(session, hotel.id, moved_id)
    issuer = issuers.of(session, hotel) if moved else None
    found: list[Paper] = []
    if issuer is None:
        return found
    for payment_id, some in moved.items():
        issued = _issued(session, hotel.id, [payment_id])
        of_stay = [each for each in some if not each.share.is_above]
        above = sum(each.share.gross for each in some if each.share.is_above)
        lines = [freezing.deposit_line(no, day, each) for no, each in enumerate(of_stay, start=1)]
        again = sum(line["gross"] for line in lines)
        is_told = any(stands(session, paper) for paper in issued)
        if not again or not issued or (is_told and _off(session, issued) < again):
            continue
        last = issued[-1]
        text, paid = last.data["lines"][0]["text"], last.data["payments"]
        lines = [line | {"text": text} for line in lines]
        data = last.data | {
            "day": day.isoformat(),
            "lines": lines,
            "taxes": freezing.taxes_of(lines),
            "totals": freezing.totals_of(lines, again),
            "payments": [each | {"amount": again + above} for each in paid[:1]],
            "above_price": above,
            "for_more": False,
        }
        found.append(
            numbering.issued(
                session, hotel, issuer, PaperKind.DEPOSIT_INVOICE, data, day=day, by=by,
                payment_id=payment_id,
            )
        )  # fmt: skip
    return found


def invoice_more(
    session: Session, hotel: Hotel, moved_id: int, *, day: date, by: Staff
) -> list[Paper]:
    """Invoice what became the price of a stay that got dearer, of deposits invoiced before.

    It was above the price, and on no invoice; from now on it is paid for something, and its VAT is
    owed (Directive 2006/112/EC, art. 65 and 220(1)(4)). Of whom no invoice stands, they ask for
    one as ever: it says all of it.
    """
    moved = deposit_taxes.of_movement(session, hotel.id, moved_id)
    issuer = issuers.of(session, hotel) if moved else None
    found: list[Paper] = []
    if issuer is None:
        return found
    for payment_id, some in moved.items():
        came = [each for each in some if each.share.gross > 0 and not each.share.is_above]
        issued = _issued(session, hotel.id, [payment_id])
        if came and any(stands(session, paper) for paper in issued):
            last = issued[-1]
            found.append(
                _issue_more(session, hotel, issuer, last, came, payment_id, day=day, by=by)
            )
    return found


def _issue_more(
    session: Session,
    hotel: Hotel,
    issuer: Issuer,
    last: Paper,
    came: Sequence[Named],
    payment_id: int,
    *,
    day: date,
    by: Staff,
) -> Paper:
    """Issue a further invoice of a deposit, made out as the last one was; it is `for_more`."""
    text, paid = last.data["lines"][0]["text"], last.data["payments"]
    lines = [
        freezing.deposit_line(no, day, each) | {"text": text}
        for no, each in enumerate(came, start=1)
    ]
    gross = sum(line["gross"] for line in lines)
    data = last.data | {
        "day": day.isoformat(),
        "lines": lines,
        "taxes": freezing.taxes_of(lines),
        "totals": freezing.totals_of(lines, gross),
        "payments": [each | {"amount": gross} for each in paid[:1]],
        "above_price": 0,
        "for_more": True,
    }
    return numbering.issued(
        session, hotel, issuer, PaperKind.DEPOSIT_INVOICE, data, day=day, by=by,
        payment_id=payment_id,
    )  # fmt: skip


def stands(session: Session, paper: Paper) -> bool:
    """Tell whether something of a paper isn't credited yet."""
    return paper.gross > sum(note.gross for note in _notes(session, paper))


def _off(session: Session, some: Sequence[Paper]) -> int:
    """Return what of a deposit's invoices is credited, and not invoiced anew, in minor units."""
    off = sum(note.gross for paper in some for note in _notes(session, paper))
    return off - sum(paper.gross for paper in some[1:] if not paper.data.get("for_more"))


def taken_back(paper: Paper, day: date, reason: str) -> Data:
    """Return what a paper says, as a note that takes it back says it."""
    return paper.data | {
        "day": day.isoformat(),
        "payments": [],
        "set_off": [],
        "credits": {
            "label": paper.label,
            "kind": paper.kind.value,
            "issued_on": paper.issued_on.isoformat(),
        },
        "reason": reason.strip(),
        "due_on": None,
        "above_price": 0,
    }


def _issued(session: Session, hotel_id: int, payment_ids: Iterable[int]) -> Sequence[Paper]:
    """Return the deposit invoices that name VAT, of some payments, as they were issued."""
    wanted = list(payment_ids)
    if not wanted:
        return ()
    return session.scalars(
        sa.select(Paper)
        .where(
            Paper.hotel_id == hotel_id,
            Paper.payment_id.in_(wanted),
            Paper.kind == PaperKind.DEPOSIT_INVOICE,
            Paper.tax > 0,
        )
        .order_by(Paper.number)
    ).all()


def _notes(session: Session, paper: Paper) -> Sequence[Paper]:
    return session.scalars(
        sa.select(Paper)
        .where(Paper.hotel_id == paper.hotel_id, Paper.credits_id == paper.id)
        .order_by(Paper.id)
    ).all()


def _credited(session: Session, paper: Paper, moved: Sequence[Named], day: date) -> list[Data]:
    """Return what went back as lines of a credit note, above zero, at most what still stands."""
    text = paper.data["lines"][0]["text"]
    stands = _as_set_off(session, paper)
    lines = [freezing.turned(freezing.deposit_line(0, day, each), no=0) for each in moved]
    if sum(line["gross"] for line in lines) >= stands["gross"]:
        lines = [_line_of(row, day) for row in stands["taxes"]]
    else:
        lines = _at_most(lines, stands["taxes"], day)
    return [line | {"no": no, "text": text} for no, line in enumerate(lines, start=1)]


def _less(moved: Sequence[Named], lines: Sequence[Data]) -> list[Named]:
    """Return what went back, below zero, less what a credit note says of it, above zero."""
    nets, taxes = Counter[int](), Counter[int]()  # of a rate there may be several, on either side
    for line in lines:
        nets[freezing.rate_of(line)] += line["net"]
        taxes[freezing.rate_of(line)] += line["gross"] - line["net"]
    found = []
    for each in moved:
        rate = each.share.under.rate
        of_net, of_tax = min(nets[rate], -each.share.net), min(taxes[rate], -each.share.tax)
        nets[rate], taxes[rate] = nets[rate] - of_net, taxes[rate] - of_tax
        share = replace(each.share, net=each.share.net + of_net, tax=each.share.tax + of_tax)
        if share.net or share.tax:
            found.append(replace(each, share=share))
    return found


def _at_most(lines: Sequence[Data], stands: Sequence[Data], day: date) -> list[Data]:
    """Return lines, under each rate at most what stands: what was taxed later isn't on it."""
    found: list[Data] = []
    for row in stands:
        under = [line for line in lines if freezing.rate_of(line) == row["rate"]]
        if sum(line["gross"] for line in under) > row["base"] + row["amount"]:
            under = [_line_of(row, day)]
        found += under
    return found


def _line_of(row: Data, day: date) -> Data:
    """Return what stands of a deposit invoice under one rate, as a line."""
    share = {name: row[name] for name in ("name", "rate", "base", "amount")} | {"code": ""}
    return freezing.money_line(day, row["base"] + row["amount"]) | {
        "net": row["base"], "vat": [share] if row["rate"] else [],
    }  # fmt: skip


def _as_set_off(session: Session, paper: Paper) -> Data:
    """Return what still stands of a deposit invoice, by rate, less its credit notes, by name."""
    rates: dict[int, Data] = {}
    notes = _notes(session, paper)
    signed = [(paper, 1)] + [(note, -1) for note in notes]
    for each, sign in signed:
        for row in each.data["taxes"]:
            kept = rates.setdefault(row["rate"], row | {"base": 0, "amount": 0})
            kept["base"] += sign * row["base"]
            kept["amount"] += sign * row["amount"]
    taxes = [row for row in rates.values() if row["base"] or row["amount"]]
    net, tax = sum(row["base"] for row in taxes), sum(row["amount"] for row in taxes)
    return {
        "label": paper.label,
        "issued_on": paper.issued_on.isoformat(),
        "net": net,
        "tax": tax,
        "gross": net + tax,
        "taxes": taxes,
        "credited": [
            {"label": note.label, "issued_on": note.issued_on.isoformat(), "gross": note.gross}
            for note in notes
        ],
    }
