"""Accounts on paper: statements and reminders to companies, and what agents earned."""

from typing import Any

from pms.gateways import pdf
from pms.hotel.books.receivables import AccountStatement
from pms.web.letters.account_words import WORDS
from pms.web.letters.issued import Clerk
from pms.web.letters.writing import stationery

COLUMNS = ("0 – 29", "30 – 59", "60 – 89", "90 – 119", "120 +")
_SHEET = "css/invoice.css"


class Bookkeeper(Clerk):
    """A language with the words of accounts, and the currency of one."""

    def say(self, key: str, **values: object) -> str:
        """Return a phrase of accounts, else of papers and letters, with its values in it."""
        mine = WORDS[self.language].get(key)
        return mine.format(**values) if mine is not None else super().say(key, **values)

    def item(self, line: dict[str, Any]) -> str:
        """Say what an item is: its invoice, its folio, or what it was brought forward as."""
        if line["paper"]:
            return self.say("invoice_no", of=line["paper"])
        if line["kind"] == "bill":
            return self.say("bill", of=line["text"].removeprefix("Folio "))
        return self.say(line["kind"]) if line["kind"] in WORDS["en"] else str(line["text"])


def page(statement: AccountStatement) -> str:
    """Return a statement as a page for the printer, filled from its frozen data alone."""
    data = statement.data
    return (
        stationery()
        .get_template("documents/account.html")
        .render(
            t=Bookkeeper(statement.language, data["currency"]),
            tells=statement.tells.value,
            no=statement.no,
            paper=data,
            seller=data["seller"],
            buyer=data["buyer"],
            house=data["hotel"],
            columns=list(zip(COLUMNS, data["columns"], strict=True)),
        )
    )


def pdf_of(statement: AccountStatement, shelf: str) -> bytes:
    """Print a statement; `shelf` is the folder of style sheets and fonts."""
    return pdf.archival(page(statement), shelf, sheet=_SHEET, xml=None)


def letter(statement: AccountStatement) -> tuple[str, str]:
    """Return subject and text of the mail that a statement goes with, in its language."""
    data = statement.data
    clerk = Bookkeeper(statement.language, data["currency"])
    what = clerk.say(statement.tells.value)
    greeting = clerk.say("dear", name=data["buyer"]["name"])
    says = clerk.say("attached", what=what, day=clerk.on(data["day"]))
    subject = f"{what} {clerk.on(data['day'])}, {data['hotel']}"[:200]
    return subject, f"{greeting}\n\n{says}\n\n{data['hotel']}\n"


def commission_pdf(told: dict[str, Any], *, language: str, currency: str, shelf: str) -> bytes:
    """Print what an agent earned, of `told` as the template names it."""
    html = (
        stationery()
        .get_template("documents/commission.html")
        .render(t=Bookkeeper(language, currency), **told)
    )
    return pdf.archival(html, shelf, sheet=_SHEET, xml=None)
