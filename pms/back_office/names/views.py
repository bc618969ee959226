"""Names in other languages: what the house calls things, beside what its guests read."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.db import hold
from pms.base.refusal import Stale
from pms.hotel.books.papers import issuers
from pms.hotel.house import letterheads, translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.house.translations import LONGEST, Glossary
from pms.hotel.rooms import packages, rates, rooms, web_sales
from pms.hotel.service.concierge import catalogue
from pms.hotel.service.requests import categories
from pms.hotel.tariff import charges
from pms.hotel.tariff.taxes import Tax
from pms.web import meanwhile
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say

bp = Blueprint("names", __name__)

SENTENCE = 30  # letters from which on a name is a sentence, and has room to be typed as one


@dataclass(frozen=True, slots=True)
class Section:
    """Names of one kind of thing; what an earlier section has isn't asked for again."""

    title: str
    names: tuple[str, ...]


@bp.route("/names", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def names() -> ResponseReturnValue:
    """Translate what the house calls what it sells, and what it says to guests."""
    form, found = Form(), _sections()
    every = [name for section in found for name in section.names]
    written: Glossary = translations.of(session(), here(), every)
    house = letterheads.of(session(), here()).language
    shown = [code for code in LANGUAGES if code != house or _any(written, code)]
    typed: Glossary = {}
    if form.validate_on_submit():
        typed = _typed(every, shown)
        changed = attempt(form, _write, here(), typed, by=on_duty())
        if changed is not None:
            say(f"{plural(changed, 'name')} changed." if changed else "Nothing was changed.")
            return redirect(url_for("names.names"))
        written = translations.of(session(), here(), every)
    return render_template(
        "names/names.html",
        form=form,
        sections=found,
        written=written,
        typed=typed,
        clashes=_clashes(written, typed),
        languages={code: LANGUAGES[code] for code in shown},
        missing={code: _missing(written, code) for code in shown if code != house},
        kept=meanwhile.kept,
        usual=translations.usual,
        cell_of=_cell,
        sentence=SENTENCE,
        most=LONGEST,
    ), (422 if form.said else 200)


def _typed(every: Iterable[str], languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what was typed anew: what somebody else wrote since the page was opened stays."""
    sent = request.form
    return {
        name: {
            code: sent[cell]
            for code in languages
            if (cell := _cell(code, name)) in sent and sent[cell] != sent.get(f"was:{cell}", "")
        }
        for name in every
    }


def _write(opened: Session, hotel: Hotel, typed: Glossary, *, by: Staff) -> int:
    """Write what was typed; refuses it where somebody else wrote another name there meanwhile."""
    hold(opened, hotel)
    if _clashes(translations.of(opened, hotel, typed), typed):
        raise Stale("page")
    return translations.write(opened, hotel, typed, by=by)


def _clashes(written: Glossary, typed: Glossary) -> set[str]:
    """Return the fields that both changed since the page was opened."""
    return {
        _cell(code, name)
        for name, words in typed.items()
        for code, said in words.items()
        if written[name].get(code, "")
        not in {said, request.form.get(f"was:{_cell(code, name)}", "")}
    }


def _cell(language: str, name: str) -> str:
    """Return the field of a name in a language; a browser would send line breaks otherwise."""
    return f"{language}:{' '.join(name.split())}"


def _any(written: Glossary, language: str) -> bool:
    return any(language in words for words in written.values())


def _missing(written: Glossary, language: str) -> list[str]:
    """Return the names that guests of a language read as the house says them."""
    return [
        name
        for name, words in written.items()
        if not words.get(language) and translations.usual(name, language) is None
    ]


def _sections() -> list[Section]:
    """Return every name that guests read, once, by kind."""
    hotel = here()
    issuer = issuers.of(session(), hotel)
    outings = catalogue.offered(session(), hotel)
    kinds = (
        ("Room types", (each.name for each in rooms.types(session(), hotel))),
        ("Rate plans", (each.name for each in rates.plans(session(), hotel))),
        ("Packages", (each.name for each in packages.catalogue(session(), hotel, sold=True))),
        ("Charges", (each.name for each in charges.active(session(), hotel))),
        ("Taxes", _taxes()),
        ("Closing words of invoices", [issuer.closing_words] if issuer else []),
        ("Page on the web", web_sales.of(session(), hotel).said),
        ("Requests of guests", _categories()),
        ("Activities", (words for each in outings for words in (each.name, each.words))),
    )
    seen: set[str] = set()
    found = []
    for title, named in kinds:
        fresh = [name for name in dict.fromkeys(named) if _is_asked(name) and name not in seen]
        seen.update(fresh)
        found.append(Section(title, tuple(fresh)))
    return [section for section in found if section.names]


def _is_asked(name: str) -> bool:
    return 0 < len(name.strip()) <= len(name) <= LONGEST


def _categories() -> Iterable[str]:
    offered = categories.offered(session(), here())
    return (each.name for each in offered if each.guest_visible)


def _taxes() -> Iterable[str]:
    return session().scalars(
        sa.select(Tax.name).where(Tax.hotel_id == here().id).order_by(Tax.name)
    )
