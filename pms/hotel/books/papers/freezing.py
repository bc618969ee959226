"""Freezing: what a paper says, as plain data; whatever changes later, it stays so.

Amounts are whole minor units. A line is one posting; VAT of one rate makes one row of `taxes`,
and levies (a city tax) are rows of their own, outside VAT. VAT that is given back takes its base
out of its rate's row and puts it, as `exempt`, into the row of what bears none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from pms.hotel.books.deposit_taxes import Named
from pms.hotel.books.ledger import Kind
from pms.hotel.books.papers.addressees import Addressee
from pms.hotel.books.papers.issuers import Issuer
from pms.hotel.books.papers.reading import Posting, TaxShare
from pms.hotel.books.papers.tables import Paper
from pms.hotel.house import references
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import Head
from pms.hotel.house.translations import Names

Data = dict[str, Any]
CARRIED = "carried"  # the kind of a payment that an earlier paper listed and didn't need


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a paper is about, in words that are printed: whose stay, which room, which booking."""

    folio: int | None = None
    window: int | None = None
    booking: str = ""
    guest: str = ""
    room: str = ""
    arrival: date | None = None
    departure: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a paper says beside its lines.

    `set_off` are the deposit invoices that a stay's invoice takes off, each with its own VAT;
    `above_price` is what of a deposit is held above the price of the stay, untaxed.
    """

    about: About = field(default_factory=About)
    payments: Sequence[Data] = ()
    set_off: Sequence[Data] = ()
    credits: Data | None = None
    reason: str = ""
    due_on: date | None = None
    above_price: int = 0


def line_of(no: int, posting: Posting, *, sign: int = 1) -> Data:
    """Return a posting as a line of a paper; `sign` -1 turns it round for a credit note.

    An adjustment says why it was made.
    """
    why = posting.reason if posting.kind is Kind.ADJUSTMENT else None
    return {
        "no": no,
        "day": posting.day.isoformat(),
        "text": posting.text,
        "reference": posting.reference or why or "",
        "quantity": posting.quantity,
        "net": sign * posting.net,
        "gross": sign * posting.gross,
        "exempt": sign * posting.exempt,
        "vat": [_share(share, sign) for share in posting.vat],
        "levies": [_share(share, sign) for share in posting.levies],
    }


def named(line: Data, names: Names) -> Data:
    """Return a line with the house's own names in the language of the paper."""
    shares = {
        kind: [share | {"name": names.of(share["name"])} for share in line[kind]]
        for kind in ("vat", "levies")
    }
    words = {
        "text": references.text(line["text"], names),
        "reference": references.into(line["reference"], names),
    }
    return line | shares | words


def said_as(line: Data, invoiced: Data) -> Data:
    """Return a line that takes off an invoiced one in that one's words, whatever they are now."""
    names = {share["code"]: share["name"] for share in (*invoiced["vat"], *invoiced["levies"])}
    shares = {
        kind: [share | {"name": names.get(share["code"], share["name"])} for share in line[kind]]
        for kind in ("vat", "levies")
    }
    return line | shares | {"text": invoiced["text"]}


def money_line(day: date, amount: int) -> Data:
    """Return the one line of a paper for money: no tax is in it."""
    return {
        "no": 1, "day": day.isoformat(), "text": "", "reference": "", "quantity": 1,
        "net": amount, "gross": amount, "exempt": 0, "vat": [], "levies": [],
    }  # fmt: skip


def _share(share: Any, sign: int) -> Data:
    return asdict(share) | {"base": sign * share.base, "amount": sign * share.amount}


def turned(line: Data, *, no: int) -> Data:
    """Return a line with its amounts the other way round."""
    other = dict(line, no=no, net=-line["net"], gross=-line["gross"], exempt=-exempt_of(line))
    for name in ("vat", "levies"):
        other[name] = [
            share | {"base": -share["base"], "amount": -share["amount"]} for share in line[name]
        ]
    return other


def deposit_line(no: int, day: date, of: Named) -> Data:
    """Return a deposit's share under one rate of VAT as a line of its invoice."""
    share, vat = of.share, []
    if of.code is not None:
        vat = [_share(TaxShare(of.code, of.name or "", share.under.rate, share.net, share.tax), 1)]
    return money_line(day, share.gross) | {
        "no": no, "text": "Deposit", "net": share.net, "vat": vat,
    }  # fmt: skip


def payment_of(posting: Posting, *, went_before: int = 0) -> Data:
    """Return a settlement as it is listed beneath the total, less what was taken off elsewhere."""
    return {
        "day": posting.day.isoformat(),
        "kind": posting.kind.value,
        "text": posting.text,
        "amount": posting.settled - went_before,
    }


def carried(before: Paper, amount: int) -> Data:
    """Return what the papers up to an invoice were paid too much, as a payment of the next one."""
    return {
        "day": before.issued_on.isoformat(),
        "kind": CARRIED,
        "text": before.label,
        "amount": amount,
    }


def rate_of(line: Data) -> int:
    """Return a line's VAT rate: several that lie on one price count together."""
    return sum(share["rate"] for share in line["vat"])


def exempt_of(line: Data) -> int:
    """Return what of a line's net is exempt from its VAT; older papers know of none."""
    return int(line.get("exempt", 0))


def taxes_of(lines: Iterable[Data]) -> list[Data]:
    """Return the taxes by rate, highest first, then the levies by name."""
    by_rate: dict[int, Data] = {}
    levies: dict[str, Data] = {}
    for line in lines:
        rate, exempt = rate_of(line), exempt_of(line)
        names = " + ".join(share["name"] for share in line["vat"])
        if line["vat"] or line["net"] or not line["levies"]:  # a levy may be paid by itself
            row = by_rate.setdefault(rate, {"rate": rate, "name": names, "base": 0, "amount": 0})
            row["base"] += line["net"] - exempt
            row["amount"] += sum(share["amount"] for share in line["vat"])
        if exempt:
            row = by_rate.setdefault(0, {"rate": 0, "name": "", "base": 0, "amount": 0})
            row["base"] += exempt
        for share in line["levies"]:
            levy = levies.setdefault(
                share["code"], {"rate": None, "name": share["name"], "base": 0, "amount": 0}
            )
            levy["amount"] += share["amount"]
    shown = [by_rate[rate] for rate in sorted(by_rate, reverse=True)]
    return shown + [levies[code] for code in sorted(levies)]


def totals_of(lines: Sequence[Data], paid: int) -> Data:
    """Return net, VAT, gross, what is paid and what is due; levies count as net."""
    levies = sum(share["amount"] for line in lines for share in line["levies"])
    tax = sum(share["amount"] for line in lines for share in line["vat"])
    net = sum(line["net"] for line in lines) + levies
    return {"net": net, "tax": tax, "gross": net + tax, "paid": paid, "due": net + tax - paid}


def frozen(
    hotel: Hotel,
    issuer: Issuer,
    head: Head,
    to: Addressee,
    lines: Sequence[Data],
    said: Said,
    *,
    day: date,
) -> Data:
    """Return everything a paper says but its number, as plain JSON."""
    about = asdict(said.about)
    for name in ("arrival", "departure"):
        about[name] = about[name].isoformat() if about[name] else None
    seller = asdict(issuer)
    for name in ("patterns", "duty_met", "due_days", "year_begins"):
        del seller[name]
    payments, set_off = list(said.payments), list(said.set_off)
    paid = sum(each["amount"] for each in payments) + sum(each["gross"] for each in set_off)
    return {
        "hotel": hotel.name,
        "currency": hotel.currency,
        "day": day.isoformat(),
        "language": to.language,
        "seller": seller | {"phone": head.phone, "email": head.email},
        "buyer": asdict(to),
        "about": about,
        "lines": list(lines),
        "taxes": taxes_of(lines),
        "payments": payments,
        "set_off": set_off,
        "above_price": said.above_price,
        "totals": totals_of(lines, paid),
        "credits": said.credits,
        "reason": said.reason,
        "due_on": said.due_on.isoformat() if said.due_on else None,
    }


def due_on(issuer: Issuer, day: date) -> date:
    """Return the day by which a paper's amount is to be paid."""
    return day + timedelta(days=issuer.due_days)
