"""The forms of papers: for whom one is, what is credited, and who the hotel is on them."""

from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.hotel.books.papers import Addressee, Issuer, PaperKind, addressees, issuers
from pms.hotel.books.papers.tax_due import TaxDue
from pms.hotel.house.letterheads import LANGUAGES
from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField

_MOST = addressees.LONGEST
_TYPED = ("name", "street", "postcode", "city", "country", "tax_number", "email")
_SAYS_WHY = [InputRequired("Say why."), Length(max=200)]


class AddresseeForm(Form):
    """For whom a paper is: chosen, and amended where the profile says too little."""

    whom = ChoiceField("For")
    name = StringField("Name", [InputRequired("Say for whom."), Length(max=_MOST["name"])])
    street = StringField("Street", [Length(max=_MOST["street"])])
    postcode = StringField("Postcode", [Length(max=_MOST["postcode"])])
    city = StringField("Town", [Length(max=_MOST["city"])])
    country = StringField("Country", [Length(max=2)])
    tax_number = StringField("VAT number", [Length(max=_MOST["tax_number"])])
    email = StringField("E-mail", [Length(max=_MOST["email"])])
    reference = StringField("Their reference", [Length(max=_MOST["reference"])])
    language = SelectField(
        "Language", choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )

    def begin_with_address(self, to: Addressee) -> None:
        """Fill in an address that is known."""
        for name in (*_TYPED, "language"):
            self[name].data = getattr(to, name)

    def forget_address(self, to: Addressee) -> None:
        """Empty what is as it was filled in; what was typed instead stays."""
        for name in _TYPED:
            if self[name].data == getattr(to, name):
                self[name].data = ""

    def addressee(self, chosen: Addressee | None) -> Addressee:
        """Return for whom the paper is, as it was typed.

        Under another name than that of who was `chosen`, their address for mail is nobody's.
        """
        typed = {name: (self[name].data or "").strip() for name in _TYPED}
        if chosen and typed["name"] != chosen.name and typed["email"] == chosen.email:
            typed["email"] = ""
        return Addressee(
            **typed,
            reference=(self.reference.data or "").strip(),
            language=self.language.data,
            is_company=bool(chosen and chosen.is_company),
        )


class TogetherForm(AddresseeForm):
    """One receipt: for which payments, and for whom."""

    payments = SelectMultipleField("Payments", coerce=int)


class IssueForm(AddresseeForm):
    """An invoice or a pro forma of a window, and for whom."""

    kind = SelectField(
        "Paper",
        choices=[
            SelectChoice(PaperKind.INVOICE.value, "Invoice"),
            SelectChoice(PaperKind.PRO_FORMA.value, "Pro forma, with the nights to come"),
        ],
    )


class CreditForm(Form):
    """What of an invoice is taken back: all, some lines, or an amount off one."""

    lines = SelectMultipleField("Lines", coerce=int, validate_choice=False)
    amount = MoneyField("Amount off the one line chosen")
    reason = StringField("Reason", _SAYS_WHY)


class MailForm(Form):
    """Where a paper is sent."""

    to = StringField("E-mail", [InputRequired("Say to which address."), Length(max=254)])


class DepositTaxForm(Form):
    """When VAT on new deposits is due, from which business day on."""

    due = SelectField(
        "Tax on deposits is due",
        choices=[
            SelectChoice(TaxDue.ON_RECEIPT.value, "When the deposit is received"),
            SelectChoice(TaxDue.ON_INVOICE.value, "When the stay is invoiced"),
        ],
    )
    from_day = DateField("From", [InputRequired("Say from which day on.")])


class IssuerForm(Form):
    """Who the hotel is on its papers, and how they are numbered."""

    name = StringField("Firm", [InputRequired("Say the firm.")])
    street = StringField("Street")
    postcode = StringField("Postcode")
    city = StringField("Town")
    country = StringField("Country", [Length(max=2)])
    tax_number = StringField("VAT number", [Length(max=20)])
    registration = StringField("Register")
    bank = StringField("Bank")
    iban = StringField("IBAN", [Length(max=42)])
    due_days = IntegerField("Days to pay", [NumberRange(0, 365)], default=14)
    year_begins = IntegerField("Fiscal year begins in month", [NumberRange(1, 12)], default=1)
    closing_words = StringField("Closing words")
    duty_met = TextAreaField("How the country's duty is met", [Optional(), Length(max=300)])
    invoice = StringField("Invoices")
    credit_note = StringField("Credit notes")
    receipt = StringField("Receipts")
    deposit_invoice = StringField("Deposit invoices")
    pro_forma = StringField("Pro formas")

    @property
    def patterns(self) -> list[Any]:
        """The fields of patterns, one for each kind of paper."""
        return [self[kind.value] for kind in PaperKind]

    def begin_with_issuer(self, issuer: Issuer | None) -> None:
        """Fill in what is written, or the usual patterns."""
        for kind in PaperKind:
            known = issuer.pattern(kind) if issuer else issuers.PATTERNS[kind]
            self[kind.value].data = known
        for name in Issuer.__dataclass_fields__:
            if issuer is not None and name != "patterns":
                self[name].data = getattr(issuer, name)

    @property
    def issuer(self) -> Issuer:
        """Who issues, as it was typed."""
        words = {
            name: (self[name].data or "").replace("\r", "").strip() for name in issuers.LONGEST
        }
        return Issuer(
            **words,
            country=(self.country.data or "").strip().upper(),
            iban=(self.iban.data or "").replace(" ", "").upper(),
            due_days=self.due_days.data or 0,
            year_begins=self.year_begins.data or 1,
            patterns={kind.value: (self[kind.value].data or "").strip() for kind in PaperKind},
        )
