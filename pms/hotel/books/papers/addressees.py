"""Addressees: to whom a paper is made out, which may be somebody else than who slept here."""

from dataclasses import dataclass

from pms.base import card_numbers
from pms.base.refusal import Invalid
from pms.hotel.books.papers import issuers
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.house import outbox
from pms.hotel.house.letterheads import LANGUAGES

LONGEST = {
    "name": 120, "street": 200, "postcode": 16, "city": 80, "tax_number": 20,
    "email": 254, "reference": 60,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who a paper is for; `reference` is the buyer's own (an order, a cost centre)."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    tax_number: str = ""
    email: str = ""
    reference: str = ""
    language: str = "en"
    is_company: bool = False


def of_guest(guest: Guest, *, language: str) -> Addressee:
    """Return a guest as an addressee, as far as the profile says."""
    country = guest.country or ""
    return Addressee(
        name=guest.name,
        country=country if len(country) == 2 else "",
        email=guest.email or "",
        language=language,
    )


def of_company(company: Company, *, language: str) -> Addressee:
    """Return a company as an addressee: its last line of address is taken for the town's.

    An address in one line has commas for lines.
    """
    address = company.address or ""
    lines = address.splitlines() if "\n" in address else address.split(",")
    *street, town = [line.strip() for line in lines]
    postcode, _, city = town.partition(" ")
    has_postcode = any(letter.isdigit() for letter in postcode)
    number = (company.tax_number or "").strip().upper()
    return Addressee(
        name=company.name,
        street=", ".join(street),
        postcode=postcode if has_postcode else "",
        city=city if has_postcode else town,
        country=number[:2] if number[:2].isalpha() else "",
        tax_number=number,
        email=company.email or "",
        language=language,
        is_company=True,
    )


def checked(to: Addressee) -> Addressee:
    """Return an addressee as it goes on paper.

    Refuses a nameless one, a country that is none, a VAT number whose digits are wrong or that has
    no country, what is no address for mail, and a card's number in any line.
    """
    if not to.name.strip():
        raise Invalid("Say for whom the paper is.", field="name")
    for field, most in LONGEST.items():
        words = getattr(to, field)
        if len(words) > most or not words.replace("\n", " ").isprintable():
            raise Invalid(f"At most {most} plain letters fit there.", field=field)
        card_numbers.refuse(**{field: words})
    if to.language not in LANGUAGES:
        raise Invalid(f"Papers are written in {', '.join(LANGUAGES.values())}.", field="language")
    country = issuers.country_code(to.country) if to.country.strip() else ""
    if to.tax_number.strip() and not country:
        raise Invalid("Say which country the VAT number is of.", field="country")
    number = issuers.tax_number(to.tax_number, country) if country else ""
    return Addressee(
        name=to.name.strip(),
        street=to.street.strip(),
        postcode=to.postcode.strip(),
        city=to.city.strip(),
        country=country,
        tax_number=number,
        email=outbox.address(to.email, at="email") if to.email.strip() else "",
        reference=to.reference.strip(),
        language=to.language,
        is_company=to.is_company,
    )
