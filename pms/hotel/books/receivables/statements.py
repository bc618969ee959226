"""Statements: what is open on an account, frozen as it was said, mailed, and its history."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from pms.base import clock
from pms.base.db import new_id
from pms.hotel.books.papers import addressees, issuers
from pms.hotel.books.receivables import ageing, items, reading
from pms.hotel.books.receivables.ageing import Aged
from pms.hotel.books.receivables.reading import Shown
from pms.hotel.books.receivables.refusals import NothingToTell
from pms.hotel.books.receivables.tables import AccountStatement, StatementLetter, Tells
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, files, letterheads, logbook, outbox
from pms.hotel.house.files import KeptFile
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Permission, Staff, require

DUE_DAYS = 14  # where the hotel wrote none
MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement of an account, the letters it was mailed with, and what it asked for.

    `asks` is what its items came to, in minor units: of a reminder no more than is overdue.
    """

    statement: AccountStatement
    letters: tuple[Letter, ...]
    asks: int


def issue(
    session: Session,
    hotel: Hotel,
    company: Company,
    *,
    tells: Tells = Tells.STATEMENT,
    language: str | None = None,
    by: Staff,
) -> AccountStatement:
    """Make out a statement of what is open, or a reminder of what is overdue and undisputed.

    It is in the company's language, else in the hotel's. Refuses when there is nothing to tell.
    """
    require(by, Permission.KEEP_ACCOUNTS, hotel.id)
    day = business_day.hold(session, hotel)
    items.lock_account(session, hotel, company)
    days_to_pay = due_days(session, hotel)
    shown = _told(session, hotel, company, tells, due_before=day - timedelta(days=days_to_pay))
    aged = ageing.together(ageing.ageing(session, hotel, day, company=company))
    head = letterheads.of(session, hotel)
    spoken = letterheads.spoken(language or company.language, otherwise=head.language)
    made = AccountStatement(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        company_id=company.id,
        no=_last_no(session, hotel, company) + 1,
        tells=tells,
        language=spoken,
        as_of=day,
        balance=aged.balance,
        data={
            "hotel": hotel.name,
            "currency": hotel.currency,
            "day": day.isoformat(),
            "seller": issuers.printed(session, hotel),
            "buyer": asdict(addressees.of_company(company, language=spoken)),
            "account": company.code,
            "items": [_line(each, day, days_to_pay) for each in shown],
            "open": sum(each.item.open for each in shown),
            **_ages(aged),
        },
        made_at=clock.now(),
        staff_id=by.id,
    )
    session.add(made)
    session.flush()
    logbook.record(
        session, "made out", made, by=by, day=day, company=company.code, tells=tells.value,
        no=made.no, items=len(shown),
    )  # fmt: skip
    return made


def _told(
    session: Session, hotel: Hotel, company: Company, tells: Tells, *, due_before: date
) -> list[Shown]:
    """Return the open items of a statement, or what a reminder asks for; refuses nothing at all."""
    shown = reading.open_of(session, hotel, company, limit=MOST_ITEMS)
    if tells is Tells.REMINDER:
        shown = [
            each
            for each in shown
            if each.item.open > 0 and each.item.dated < due_before and each.dispute is None
        ]
    if not shown:
        raise NothingToTell(company, overdue=tells is Tells.REMINDER)
    return shown


def mail(
    session: Session,
    statement: AccountStatement,
    *,
    to: str,
    subject: str,
    text: str,
    pdf: bytes,
    by: Staff,
) -> Letter:
    """Mail a statement; its PDF is kept the first time. To one address it goes once."""
    require(by, Permission.KEEP_ACCOUNTS, statement.hotel_id)
    hotel = session.get_one(Hotel, statement.hotel_id)
    day = business_day.hold(session, hotel)
    company = session.get_one(Company, {"chain_id": statement.chain_id, "id": statement.company_id})
    items.lock_account(session, hotel, company)
    to = outbox.address(to)
    file = kept_of(session, statement) or files.keep(
        session,
        hotel,
        name=f"{company.code}-{statement.no}.pdf",
        media_type="application/pdf",
        content=pdf,
    )
    letter = outbox.write(
        session,
        hotel,
        key=f"account-statement/{statement.id}/{to}",
        to=to,
        subject=subject,
        text=text,
        documents=[file],
        by=by,
    )
    key = {"hotel_id": hotel.id, "statement_id": statement.id, "letter_id": letter.id}
    if session.get(StatementLetter, key) is None:
        session.add(StatementLetter(**key, file_id=file.id))
        session.flush()
        logbook.record(session, "mailed", statement, by=by, day=day, letter=letter.id)
    return letter


def kept_of(session: Session, statement: AccountStatement) -> KeptFile | None:
    """Return a statement's PDF as it was mailed, if it was."""
    file_id = session.scalar(
        sa.select(StatementLetter.file_id)
        .where(
            StatementLetter.hotel_id == statement.hotel_id,
            StatementLetter.statement_id == statement.id,
        )
        .limit(1)
    )
    return files.read(session, statement.hotel_id, file_id) if file_id else None


def of(session: Session, hotel: Hotel, company: Company, *, limit: int = 20) -> list[Sent]:
    """Return an account's statements, the newest first, with what they were mailed with."""
    found = session.execute(
        sa.select(AccountStatement, AccountStatement.data["open"].as_integer())
        .where(AccountStatement.hotel_id == hotel.id, AccountStatement.company_id == company.id)
        .order_by(AccountStatement.no.desc())
        .options(defer(AccountStatement.data))
        .limit(limit)
    ).all()
    letters = _letters(session, hotel.id, [statement.id for statement, _ in found])
    return [Sent(statement, tuple(letters[statement.id]), asks) for statement, asks in found]


def letters_of(session: Session, statement: AccountStatement) -> list[Letter]:
    """Return the letters that a statement was mailed with, in their order."""
    return _letters(session, statement.hotel_id, [statement.id])[statement.id]


def _letters(
    session: Session, hotel_id: int, statement_ids: Sequence[int]
) -> dict[int, list[Letter]]:
    letters: dict[int, list[Letter]] = {statement_id: [] for statement_id in statement_ids}
    rows = session.execute(
        sa.select(StatementLetter.statement_id, Letter)
        .join(
            Letter,
            sa.and_(
                Letter.hotel_id == StatementLetter.hotel_id,
                Letter.id == StatementLetter.letter_id,
            ),
        )
        .where(
            StatementLetter.hotel_id == hotel_id,
            StatementLetter.statement_id.in_(statement_ids),
        )
        .order_by(Letter.id)
    )
    for statement_id, letter in rows:
        letters[statement_id].append(letter)
    return letters


def due_days(session: Session, hotel: Hotel) -> int:
    """Return in how many days a bill is to be paid."""
    issuer = issuers.of(session, hotel)
    return issuer.due_days if issuer else DUE_DAYS


def _ages(aged: Aged) -> dict[str, Any]:
    """Return what is owed by its age, as plain JSON."""
    return {
        "columns": list(aged.columns),
        "disputed": aged.disputed,
        "unallocated": aged.unallocated,
        "balance": aged.balance,
    }


def _line(shown: Shown, day: date, days_to_pay: int) -> dict[str, Any]:
    """Return an item as it is printed, as plain JSON; no guest's name is in it."""
    item = shown.item
    due_on = item.dated + timedelta(days=days_to_pay)
    return {
        "dated": item.dated.isoformat(),
        "kind": shown.kind.value,
        "paper": shown.paper[1] if shown.paper else "",
        "text": shown.text,
        "reference": shown.reference or "",
        "due_on": due_on.isoformat() if item.amount > 0 else None,
        "overdue": max((day - due_on).days, 0) if item.amount > 0 else 0,
        "amount": item.amount,
        "open": item.open,
        "disputed": shown.dispute is not None,
    }


def _last_no(session: Session, hotel: Hotel, company: Company) -> int:
    last = session.scalar(
        sa.select(sa.func.max(AccountStatement.no)).where(
            AccountStatement.hotel_id == hotel.id, AccountStatement.company_id == company.id
        )
    )
    return last or 0
