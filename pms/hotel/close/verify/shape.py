"""What must hold of the database itself: its triggers, its integers, its tenants, its papers."""

import hashlib
from collections.abc import Collection, Iterator
from datetime import date

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import free_text, ink
from pms.base.db import Base, is_postgresql
from pms.base.money import Money
from pms.hotel.books import papers
from pms.hotel.books.ledger import AccountDay
from pms.hotel.close import journal, seals
from pms.hotel.close.archive import ArchivedReport
from pms.hotel.close.seals import DaySeal
from pms.hotel.close.verify import suspicion
from pms.hotel.close.verify.check import EXAMPLES, Check
from pms.hotel.house import content_keys, documents, files
from pms.hotel.house.content_keys import ContentKey
from pms.hotel.house.documents import Document
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.police import PoliceFile

SEAL_REPORT = "seal"
# Rows that belong to no hotel and no chain: the chains themselves, and tries to sign in.
_NOBODYS = frozenset({"chains", "hotels", "sign_in_tries"})


def checks(
    session: Session, hotel: Hotel, *, touched: Collection[str] | None = None
) -> Iterator[Check]:
    """Yield the checks of rows that are more than one query; texts of `touched` tables only."""
    yield _seals(session, hotel)
    yield _printed_heads(session, hotel)
    yield _card_numbers(session, hotel, touched)
    yield _archive(session, hotel)
    yield _journals(session, hotel)
    yield _papers(session, hotel)
    yield _issued(session, hotel)
    yield _files(session, hotel)
    yield _police_files(session, hotel)


def of_the_database(session: Session, hotel: Hotel) -> Iterator[Check]:
    """Yield the checks of what the database keeps by itself: triggers, types, tenants, keys."""
    yield _triggers(session)
    yield _integers(session)
    yield _tenants()
    yield _references(session, hotel)


def _check(name: str, rows: int, wrong: list[str]) -> Check:
    return Check(name, rows, len(wrong), tuple(wrong[:EXAMPLES]))


def _triggers(session: Session) -> Check:
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND NOT tgisinternal"
        if is_postgresql(session)
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    there = {row[0] for row in session.execute(sa.text(catalogue))}
    missing = [name for name in ink.names() if name not in there]
    return _check("L5 the ink's triggers stand", len(ink.names()), missing)


def _seals(session: Session, hotel: Hotel) -> Check:
    """Recompute every seal from the entries: the chain has no gap and no other content."""
    rows = session.scalars(
        sa.select(DaySeal).where(DaySeal.hotel_id == hotel.id).order_by(DaySeal.day)
    ).all()
    wrong: list[str] = []
    if rows:
        head = seals.NO_DAY_BEFORE
        written = seals.digests(session, hotel, rows[0].day, rows[-1].day)
        kept = {row.day: row for row in rows}
        for day, digest, entries in written:
            seal = kept.get(day)
            if (
                seal is None
                or seal.previous != head
                or seal.entries != entries
                or seal.digest != seals.chained(hotel, day, head, digest)
            ):
                wrong.append(day.isoformat())
            head = seal.digest if seal else head
    return _check("L11 each closed day's seal is that of its entries", len(rows), wrong)


def _printed_heads(session: Session, hotel: Hotel) -> Check:
    rows = session.execute(
        sa.select(DaySeal.day, DaySeal.digest, ArchivedReport.content)
        .join(
            ArchivedReport,
            sa.and_(ArchivedReport.hotel_id == DaySeal.hotel_id, ArchivedReport.day == DaySeal.day),
        )
        .where(
            DaySeal.hotel_id == hotel.id,
            ArchivedReport.name == SEAL_REPORT,
        )
    ).all()
    wrong = [day.isoformat() for day, digest, content in rows if digest.encode() not in content]
    return _check("L11 the seal is the one printed that night", len(rows), wrong)


def _integers(session: Session) -> Check:
    """Look for columns that could hold a broken cent, in the database as it is."""
    found, columns = sa.inspect(session.connection()), 0
    wrong: list[str] = []
    for table in Base.metadata.tables:
        for column in found.get_columns(table):
            columns += 1
            if isinstance(column["type"], (sa.Float, sa.Numeric)):
                wrong.append(f"{table}.{column['name']}")
    if not is_postgresql(session):
        for table, column_name in (("lines", "amount"), ("reservation_nights", "price")):
            broken = session.execute(
                sa.text(f"SELECT 1 FROM {table} WHERE typeof({column_name}) <> 'integer' LIMIT 1")  # noqa: S608
            ).all()
            wrong += [f"{table}.{column_name}"] * len(broken)
    return _check("L12 amounts are whole numbers", columns, wrong)


def _card_numbers(session: Session, hotel: Hotel, touched: Collection[str] | None) -> Check:
    """Read every text of the hotel, of its chain and of nobody: no card's number is in it."""
    looked, wrong = 0, []
    for table in Base.metadata.sorted_tables:
        if touched is not None and table.name not in touched:
            continue
        of_hotel = "hotel_id" in table.c
        owner = table.c.get("hotel_id", table.c.get("chain_id"))
        mine = sa.true() if owner is None else owner == (hotel.id if of_hotel else hotel.chain_id)
        looked += sum(map(free_text.is_free, table.c))
        suspects = suspicion.found_in(session, table, mine)
        wrong += [f"{table.name}.{column}" for column in suspects]  # never the text itself
    return _check("A2 no card number is written anywhere", looked, wrong)


def _archive(session: Session, hotel: Hotel) -> Check:
    rows = session.execute(
        sa.select(
            ArchivedReport.day,
            ArchivedReport.name,
            ArchivedReport.content,
            ArchivedReport.sha256,
        ).where(ArchivedReport.hotel_id == hotel.id)
    )
    count, wrong = 0, []
    for day, name, content, digest in rows:
        count += 1
        if hashlib.sha256(content).hexdigest() != digest:
            wrong.append(f"{name} of {day}")
    return _check("N8 archived reports are the bytes that were printed", count, wrong)


def _journals(session: Session, hotel: Hotel) -> Check:
    """Add up each archived journal: it balances, and moves what its sealed day moved."""
    moved: dict[date, int] = {
        day: int(debits)
        for day, debits in session.execute(
            sa.select(AccountDay.day, sa.func.sum(AccountDay.debits))
            .where(AccountDay.hotel_id == hotel.id)
            .group_by(AccountDay.day)
        )
    }
    rows = session.execute(
        sa.select(ArchivedReport.day, ArchivedReport.content).where(
            ArchivedReport.hotel_id == hotel.id,
            ArchivedReport.name == journal.NAME,
            ArchivedReport.form == "json",
        )
    ).all()
    wrong = []
    for day, content in rows:
        lines = orjson.loads(content)
        debits, credits = (
            sum(Money.parse(line[side], hotel.currency).minor for line in lines)
            for side in ("debit", "credit")
        )
        if not debits == credits == moved.get(day, 0):
            wrong.append(f"journal of {day}")
    return _check("L14 each archived journal balances and is its day's", len(rows), wrong)


def _papers(session: Session, hotel: Hotel) -> Check:
    rows = session.scalar(
        sa.select(sa.func.count()).select_from(Document).where(Document.hotel_id == hotel.id)
    )
    return _check(
        "D1 D2 papers are numbered without a gap and unchanged",
        int(rows or 0),
        documents.wrong(session, hotel),
    )


def _issued(session: Session, hotel: Hotel) -> Check:
    count, wrong = papers.wrong(session, hotel)
    return _check("D1 D2 issued papers are chained, and say what was issued", count, wrong)


def _files(session: Session, hotel: Hotel) -> Check:
    count, wrong = files.wrong(session, hotel)
    return _check("D2 kept files are the bytes that were made", count, wrong)


def _police_files(session: Session, hotel: Hotel) -> Check:
    rows = session.execute(
        sa.select(PoliceFile.number, PoliceFile.content, PoliceFile.sha256, ContentKey)
        .outerjoin(
            ContentKey,
            sa.and_(ContentKey.hotel_id == PoliceFile.hotel_id, ContentKey.id == PoliceFile.id),
        )
        .where(PoliceFile.hotel_id == hotel.id)
        .execution_options(populate_existing=True)
    ).all()
    wrong = [
        str(number)
        for number, content, digest, key in rows
        if not content_keys.is_whole(content, digest, key)
    ]
    return _check("A7 police files are the bytes that were exported", len(rows), wrong)


def _tenants() -> Check:
    tables = Base.metadata.tables
    wrong = [
        name
        for name, table in tables.items()
        if name not in _NOBODYS
        and not any(
            column in table.c and not table.c[column].nullable
            for column in ("hotel_id", "chain_id")
        )
    ]
    return _check("T2 each row belongs to a hotel or a chain", len(tables), wrong)


def _references(session: Session, hotel: Hotel) -> Check:
    """Follow every foreign key of the hotel's rows: what it names is there, in the same hotel."""
    wrong: list[str] = []
    keys = 0
    for table in Base.metadata.sorted_tables:
        if "hotel_id" not in table.c:
            continue
        for key in table.foreign_key_constraints:
            keys += 1
            parent = key.referred_table.alias("parent")
            pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
            lost = session.scalar(
                sa.select(sa.func.count())
                .select_from(table)
                .join(parent, sa.and_(*(child == named for child, named in pairs)), isouter=True)
                .where(
                    table.c.hotel_id == hotel.id,
                    *(child.is_not(None) for child, _ in pairs),
                    pairs[0][1].is_(None),
                )
            )
            wrong += [f"{table.name}: {', '.join(child.name for child, _ in pairs)}"] * int(
                lost or 0
            )
    return _check("T3 each reference stays in its hotel", keys, wrong)
