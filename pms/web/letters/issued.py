"""Issued papers as pages: filled from their frozen data alone, in the addressee's language."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_skeleton

from pms.base.money import Money
from pms.gateways import einvoice, pdf
from pms.hotel.books.papers import CARRIED, Made, Paper, PaperKind
from pms.web.letters.paper_words import WORDS
from pms.web.letters.writing import Tongue, stationery

WITH_XML = frozenset({PaperKind.INVOICE, PaperKind.CREDIT_NOTE, PaperKind.DEPOSIT_INVOICE})
FOR_MONEY = frozenset({PaperKind.RECEIPT, PaperKind.DEPOSIT_INVOICE})
_MONEY_WORDS = frozenset({"cash", "transfer", "refund", "deposit_applied", "direct_bill"})


class Clerk(Tongue):
    """A language with the words of papers, and the currency of one."""

    def __init__(self, language: str, currency: str) -> None:
        super().__init__(language)
        self.currency = currency

    def say(self, key: str, **values: object) -> str:
        """Return a phrase of papers, or of the letters, with its values in it."""
        mine = WORDS[self.language].get(key)
        return mine.format(**values) if mine is not None else super().say(key, **values)

    def amount(self, minor: int) -> str:
        """Write minor units with the currency."""
        return self.money(Money(minor, self.currency))

    def on(self, day: str) -> str:
        """Write a frozen day in figures."""
        return self.in_figures(date.fromisoformat(day))

    def short(self, day: str) -> str:
        """Write a frozen day without its year, as this language does: `21.11.`."""
        return format_skeleton("MMMd", date.fromisoformat(day), locale=self.locale)

    def country(self, code: str) -> str:
        """Name a country by its two letters."""
        return str(Locale.parse(self.locale).territories.get(code, code))

    def iban(self, kept: str) -> str:
        """Write an account's number as banks print it, in fours."""
        plain = kept.replace(" ", "")
        return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))

    def percent(self, rate: int) -> str:
        """Write a rate of 1/10000 of a percent: `7 %`, `5,5 %`."""
        whole, rest = divmod(rate, 10_000)
        mark = "." if self.language == "en" else ","
        decimals = f"{rest:04}".rstrip("0")
        return f"{whole}{mark + decimals if decimals else ''} %"

    def way(self, payment: dict[str, Any]) -> str:
        """Say how something was settled."""
        if payment["kind"] in {"payment", "deposit", "city"}:
            word = payment["text"].lower()
            return self.say(word) if word in _MONEY_WORDS else str(payment["text"])
        if payment["kind"] == CARRIED:
            return self.say(CARRIED, label=payment["text"])
        key = payment["kind"] if payment["kind"] in WORDS["en"] else "other_bill"
        return self.say(key)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper as a page: its HTML and its title."""

    title: str
    html: str


def sheet(kind: PaperKind, label: str, data: dict[str, Any]) -> Sheet:
    """Return a paper as a page for the printer."""
    clerk = Clerk(data["language"], data["currency"])
    title = f"{clerk.say(kind.value)} {label}"
    html = (
        stationery()
        .get_template("documents/paper.html")
        .render(
            t=clerk,
            kind=kind.value,
            label=label,
            title=title,
            paper=data,
            is_for_money=_is_for_money(kind, data),
        )
    )
    return Sheet(title, html)


def _is_for_money(kind: PaperKind, data: dict[str, Any]) -> bool:
    """Tell a paper of money that was taken, or that takes such a one back, from one of charges."""
    credited = (data["credits"] or {}).get("kind")
    return kind in FOR_MONEY or credited in FOR_MONEY


def made(paper: Paper, shelf: str) -> Made:
    """Make a paper's files: PDF/A-3, with its XML inside where it can be an e-invoice.

    A paper of money is one where it names VAT: a deposit that was taxed when it was received.

    `shelf` is the folder of style sheets and fonts.
    """
    page = sheet(paper.kind, paper.label, paper.data)
    inside = None
    if is_einvoice(paper) and not einvoice.missing(paper.data):
        inside = einvoice.xml(paper.data, kind=paper.kind.value, label=paper.label)
    return Made(pdf.archival(page.html, shelf, sheet="css/invoice.css", xml=inside), inside)


def is_einvoice(paper: Paper) -> bool:
    """Tell whether a paper is one that an XML goes along with."""
    for_money = _is_for_money(paper.kind, paper.data)
    return paper.kind in WITH_XML and (bool(paper.data["taxes"]) or not for_money)


def lacks(paper: Paper) -> list[str]:
    """Return in words for want of what no XML goes along with an e-invoice."""
    return einvoice.missing(paper.data) if is_einvoice(paper) else []


def copy(original: bytes, language: str, shelf: str) -> bytes:
    """Return a kept PDF marked as a copy, and otherwise as it is."""
    return pdf.stamped(original, WORDS[language]["copy"], shelf)


def letter(paper: Paper) -> tuple[str, str]:
    """Return subject and text of the mail that a paper goes with, in the paper's language."""
    data = paper.data
    clerk = Clerk(data["language"], data["currency"])
    what = clerk.say(paper.kind.value)
    greeting = clerk.say("dear", name=data["buyer"]["name"])
    says = clerk.say("mail_says", what=what, label=paper.label)
    subject = f"{what} {paper.label}, {data['hotel']}"[:200]
    return subject, f"{greeting}\n\n{says}\n\n{data['hotel']}\n"
