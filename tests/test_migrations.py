"""Migrations: from the first revision to the last, a database comes to what the tables say."""

import uuid
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import pms.hotel.tables  # noqa: F401 - every table must be known
from migrations import freeze
from pms.base import db, ink, keyring, migrations
from pms.base.db import Base
from pms.hotel.books.receivables import Allocation, CityItem
from pms.hotel.guests.credit_limits import CompanyCredit
from pms.hotel.guests.identity import IdentityDocument
from pms.hotel.house import content_keys, documents, translations
from pms.hotel.house.content_keys import ContentKey
from pms.hotel.house.documents import Document
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import web_sales
from pms.hotel.stays import police
from pms.hotel.stays.police import PoliceFile, PoliceReport
from tests import postgres
from tests.conftest import BOTH

FOLDER = Path(migrations.FOLDER) / "versions"
ADDED = sorted(file.name[:4] for file in FOLDER.glob("0*.py") if not file.name.startswith("0001"))


def checks(connection: sa.Connection) -> set[tuple[str, str]]:
    """The named checks of every table."""
    look = sa.inspect(connection)
    return {
        (table, str(each["name"]))
        for table in Base.metadata.tables
        for each in look.get_check_constraints(table)
        if each["name"]
    }


def triggers(connection: sa.Connection) -> set[str]:
    """The statements of every trigger, as the engine keeps them."""
    catalogue = (
        "SELECT pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT tgisinternal"
        if connection.dialect.name == "postgresql"
        else "SELECT sql FROM sqlite_schema WHERE type = 'trigger'"
    )
    return set(connection.execute(sa.text(catalogue)).scalars())


def test_a_migrated_database_is_what_the_tables_say(engine: Engine) -> None:
    with engine.execution_options(pms_writes=True).begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
        made, drawn = checks(connection), triggers(connection)

        Base.metadata.drop_all(connection)
        for name in ink.names() if connection.dialect.name == "postgresql" else ():
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
        Base.metadata.create_all(connection)
        ink.create_all(connection)

        assert [each for each in differences if "sqlite_" not in str(each)] == []
        assert made == checks(connection)
        assert drawn == triggers(connection)
        connection.rollback()


@pytest.mark.parametrize("revision", ADDED)
@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_what_is_frozen_creates_the_tables_that_its_revision_names(
    revision: str, name: str
) -> None:
    """A later change to such a table is a revision of its own: then this one leaves the list."""
    frozen = freeze.frozen(revision, name).read_text(encoding="utf-8")

    assert set(freeze.new_tables(revision)) <= set(Base.metadata.tables)
    for table in freeze.new_tables(revision):
        assert f"CREATE TABLE {table} (" in frozen


def test_revisions_are_one_line() -> None:
    settings = migrations.config(sa.create_engine("sqlite://"))
    assert len(ScriptDirectory.from_config(settings).get_heads()) == 1


# --- rows that were there -------------------------------------------------------------------------

PLAIN: dict[type, object] = {str: "x", int: 0, bool: False, date: "2026-11-20", time: "02:00:00"}


def written(connection: sa.Connection, name: str, /, **known: object) -> None:
    """Write a row as an older version would: what it must say and isn't told gets anything."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    row = {
        column.name: PLAIN.get(column.type.python_type, "2026-11-20 12:00:00")
        for column in table.columns
        if not column.nullable
    } | known
    names = ", ".join(row)
    values = ", ".join(f":{each}" for each in row)
    connection.execute(sa.text(f"INSERT INTO {name} ({names}) VALUES ({values})"), row)


@pytest.fixture(params=BOTH)
def unmigrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a new database, on each engine in turn."""
    if request.param == "sqlite":
        engine = db.connect(f"sqlite:///{tmp_path / 'old.db'}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgres_server")
    engine = db.connect(postgres.create_database(server, name := f"old_{uuid.uuid4().hex}"))
    yield engine
    engine.dispose()
    postgres.drop_database(server, name)


def bring_before(engine: Engine, revision: str) -> None:
    """Bring a new database to the shape it had before a revision."""
    settings = migrations.config(engine)
    before = ScriptDirectory.from_config(settings).get_revision(revision).down_revision
    command.upgrade(settings, str(before))


def test_a_batch_that_was_counted_was_counted_once(unmigrated: Engine) -> None:
    engine = unmigrated
    bring_before(engine, "0037")
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        written(old, "hotels", id=2, chain_id=1, currency="EUR", time_zone="UTC")
        written(old, "terminal_batches", hotel_id=2, id=3, terminal="T1", batch="7", counted=5)

    migrations.upgrade(engine)

    with engine.execution_options(pms_writes=True).connect() as now:
        [row] = now.execute(sa.text("SELECT * FROM terminal_batches")).mappings()
        assert (row["id"], row["no"], row["counted"], row["reason"]) == (3, 1, 5, None)
        with pytest.raises(DBAPIError, match="in ink"):
            now.execute(sa.text("UPDATE terminal_batches SET counted = 6"))


def test_documents_that_were_open_are_sealed(unmigrated: Engine) -> None:
    engine = unmigrated
    bring_before(engine, "0014")
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        written(old, "hotels", id=2, chain_id=1, currency="EUR", time_zone="UTC")
        written(old, "guests", chain_id=1, id=3)
        for kind, born in (("passport", "1974-08-12"), ("visa", None)):
            written(
                old, "identity_documents", chain_id=1, id=len(kind), guest_id=3, hotel_id=2,
                kind=kind, number="L898902C3", sex="F", birth_date=born, lives_in="Lyon",
            )  # fmt: skip

    migrations.upgrade(engine)

    with Session(engine) as session:
        visa, passport = session.scalars(sa.select(IdentityDocument).order_by(IdentityDocument.id))
        assert (visa.number, visa.birth_date, visa.lives_in) == ("L898902C3", None, "Lyon")
        assert passport.birth_date == date(1974, 8, 12)
        assert visa.number_index == passport.number_index
        raw = session.execute(sa.text("SELECT * FROM identity_documents")).all()
        assert "L898902C3" not in str(raw)


def test_what_stood_on_companies_accounts_is_open_but_for_what_was_undone(
    unmigrated: Engine,
) -> None:
    engine = unmigrated
    bring_before(engine, "0023")
    day = "2026-11-20"
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        written(old, "hotels", id=2, chain_id=1, currency="EUR", time_zone="UTC", business_date=day)
        written(old, "companies", chain_id=1, id=3, code="ACME")
        written(old, "accounts", hotel_id=2, id=4, ledger="city", code="city/ACME")
        written(old, "accounts", hotel_id=2, id=5, ledger="cash", code="cash")
        for entry, kind, amount, undoes in (
            (10, "direct_bill", 900, None),
            (11, "city_payment", -400, None),
            (12, "city_payment", -500, None),
            (13, "reversal", 500, 12),
        ):
            for no, account, part in ((1, 4, amount), (2, 5, -amount)):
                written(
                    old, "lines", hotel_id=2, entry_id=entry, no=no, account_id=account,
                    amount=part,
                )  # fmt: skip
            written(
                old, "entries", hotel_id=2, id=entry, key=str(entry), kind=kind, currency="EUR",
                reverses_id=undoes,
            )  # fmt: skip

    migrations.upgrade(engine)

    with Session(engine) as session:
        items = session.scalars(sa.select(CityItem).order_by(CityItem.id)).all()
        assert [(each.kind.value, each.amount, each.open) for each in items] == [
            ("bill", 900, 900), ("payment", -400, -400), ("payment", -500, 0), ("reversal", 500, 0),
        ]  # fmt: skip
        [undone] = session.scalars(sa.select(Allocation)).all()
        assert (undone.debit_id, undone.credit_id, undone.amount) == (13, 12, 500)


def test_cards_and_police_files_that_were_open_are_sealed(unmigrated: Engine) -> None:
    engine = unmigrated
    bring_before(engine, "0024")
    digest = "0" * 64
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        written(old, "hotels", id=2, chain_id=1, currency="EUR", time_zone="UTC")
        written(old, "document_series", hotel_id=2, id=3, kind="registration-card", prefix="REG")
        written(old, "documents", hotel_id=2, id=4, series_id=3, kind="registration-card", number=1,
                content=b"%PDF L898902C3", sha256=digest, digest=digest, previous="",
                data="{}")  # fmt: skip
        written(old, "police_files", hotel_id=2, id=5, number=1, content=b"<xml>L898902C3",
                sha256=digest)  # fmt: skip

    migrations.upgrade(engine)

    with Session(engine) as session:
        card, file = session.get_one(Document, (2, 4)), session.get_one(PoliceFile, (2, 5))
        assert documents.content_of(session, card) == b"%PDF L898902C3"
        assert police.content_of(session, file) == b"<xml>L898902C3"
        for table in ("documents", "police_files"):
            [stands] = session.scalars(sa.text(f"SELECT content FROM {table}"))
            assert b"L898902C3" not in bytes(stands)
            with pytest.raises(DBAPIError, match="written in ink"), session.begin_nested():
                session.execute(sa.text(f"UPDATE {table} SET number = 9"))


def test_card_brands_written_differently_are_one(
    unmigrated: Engine,
) -> None:
    engine = unmigrated
    bring_before(engine, "0028")
    written_as = ("mastercard", "Mastercard", " AMEX", "Carte Bancaire", None)
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        written(old, "hotels", id=2, chain_id=1, currency="EUR", time_zone="UTC",
                business_date="2026-11-20")  # fmt: skip
        written(old, "accounts", hotel_id=2, id=4, ledger="guest", code="guest/1")
        for no, brand in enumerate(written_as, start=10):
            for line, part in ((1, 5), (2, -5)):
                written(old, "lines", hotel_id=2, entry_id=no, no=line, account_id=4, amount=part)
            written(old, "entries", hotel_id=2, id=no, key=str(no), kind="payment", currency="EUR")
            written(
                old, "payments", hotel_id=2, id=no, entry_id=no, account_id=4, kind="payment",
                method="card", amount=5, brand=brand,
            )  # fmt: skip

    migrations.upgrade(engine)

    with Session(engine) as session:
        brands = session.scalars(sa.text("SELECT brand FROM payments ORDER BY id")).all()
        assert brands == [
            "Mastercard", "Mastercard", "American Express", "Carte bancaire", None,
        ]  # fmt: skip
        with pytest.raises(DBAPIError, match="written in ink"):
            session.execute(sa.text("UPDATE payments SET brand = 'Visa'"))


def test_what_the_police_were_told_is_kept_under_the_files_key(unmigrated: Engine) -> None:
    engine, plain = unmigrated, "0" * 64
    bring_before(engine, "0029")
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        written(old, "hotels", id=2, chain_id=1, currency="EUR", time_zone="UTC")
        written(old, "guests", chain_id=1, id=3)
        written(old, "charge_codes", hotel_id=2, id=4, department="rooms")
        written(old, "room_types", hotel_id=2, id=4, sleeps=2)
        written(old, "rate_plans", hotel_id=2, id=4, charge_code_id=4)
        written(
            old, "reservations", chain_id=1, hotel_id=2, id=5, guest_id=3, type_id=4, plan_id=4,
            state="in_house", purpose="paying", guarantee="none", collects="hotel", wishes="[]",
        )  # fmt: skip
        for file, key in ((6, keyring.key_of_its_own()), (7, None)):
            shut = key and keyring.seal(key, about="content key")
            written(old, "content_keys", hotel_id=2, id=file, key=shut,
                    erased_on=None if key else "2026-11-20")  # fmt: skip
            written(old, "police_files", hotel_id=2, id=file, number=file, content=b"",
                    sha256=plain)  # fmt: skip
            written(
                old, "police_reports", hotel_id=2, id=file, chain_id=1, file_id=file,
                reservation_id=5, guest_id=3, digest=plain,
            )  # fmt: skip

    migrations.upgrade(engine)

    with Session(engine) as session:
        told, erased = session.scalars(sa.select(PoliceReport).order_by(PoliceReport.id))
        key = session.get_one(ContentKey, (2, 6))
        assert told.digest == content_keys.mark(key, plain)
        assert len({told.digest, erased.digest, plain}) == 3
        with pytest.raises(DBAPIError, match="written in ink"), session.begin_nested():
            session.execute(sa.text("UPDATE police_reports SET digest = 'x'"))


def test_what_the_page_on_the_web_said_by_language_is_among_the_translations(
    unmigrated: Engine,
) -> None:
    engine = unmigrated
    bring_before(engine, "0035")
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        for hotel in (2, 3):
            written(old, "hotels", id=hotel, chain_id=1, code=str(hotel), currency="EUR",
                    time_zone="UTC")  # fmt: skip
        written(old, "charge_codes", hotel_id=2, id=4, department="rooms")
        written(old, "rate_plans", hotel_id=2, id=4, charge_code_id=4)
        for kind in (5, 6):
            written(old, "room_types", hotel_id=2, id=kind, code=str(kind), sleeps=2)
        written(old, "letterheads", hotel_id=2, language="de")
        written(old, "translations", hotel_id=2, name="Guten Tag", language="fr", words="Salut")
        greetings = '{"en": "Good day", "de": "Guten Tag", "fr": "Bonjour"}'
        written(old, "web_sales", hotel_id=2, colour="#112233", greetings=greetings)
        spanish = '{"es": "Buenos d\u00edas"}'
        written(old, "web_sales", hotel_id=3, colour="#112233", greetings=spanish)
        written(old, "logbook", hotel_id=2, id=7, staff_id=9, verb="set up web sales")
        written(old, "web_plans", hotel_id=2, plan_id=4, words='{"en": "With  breakfast"}')
        written(old, "web_types", hotel_id=2, type_id=5, words='{"de": "Mit Balkon", "es": ""}')
        written(old, "web_types", hotel_id=2, type_id=6, words="{}")

    migrations.upgrade(engine)

    with Session(engine) as session:
        first, second = session.get_one(Hotel, 2), session.get_one(Hotel, 3)
        shop = web_sales.of(session, first)
        assert (shop.greeting, shop.plans) == ("Guten Tag", {4: "With breakfast"})
        assert shop.types == {5: "Mit Balkon", 6: ""}
        assert web_sales.of(session, second).greeting == "Buenos d\u00edas"
        assert translations.of(session, first, shop.said) == {
            "Guten Tag": {"de": "Guten Tag", "en": "Good day", "fr": "Salut"},
            "With breakfast": {"en": "With breakfast"},
            "Mit Balkon": {"de": "Mit Balkon"},
            "": {},
        }
        logged = sa.text("SELECT staff_id FROM logbook WHERE verb = 'translated names'")
        assert session.scalars(logged).all() == [9]


def test_a_credit_limit_holds_at_the_hotels_of_the_money_it_was_granted_in(
    unmigrated: Engine,
) -> None:
    engine = unmigrated
    bring_before(engine, "0036")
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        for hotel, currency in ((2, "JPY"), (3, "EUR"), (4, "EUR")):
            written(old, "hotels", id=hotel, chain_id=1, code=str(hotel), currency=currency,
                    time_zone="UTC")  # fmt: skip
        for firm, limit, direct_bill in ((5, 500_000, True), (6, None, True), (7, None, False)):
            written(old, "companies", chain_id=1, id=firm, code=str(firm), credit_limit=limit,
                    direct_bill=direct_bill)  # fmt: skip
        for id_, hotel, verb in ((8, 2, "entered company"), (9, 4, "granted credit")):
            written(old, "logbook", hotel_id=hotel, id=id_, verb=verb, noun="companies", noun_id=5)

    migrations.upgrade(engine)

    with Session(engine) as session:
        rows = session.execute(
            sa.select(CompanyCredit.company_id, CompanyCredit.hotel_id, CompanyCredit.most)
            .order_by(CompanyCredit.company_id, CompanyCredit.hotel_id)
        )  # fmt: skip
        assert [tuple(row) for row in rows] == [
            (5, 3, 500_000), (5, 4, 500_000), (6, 2, None), (6, 3, None), (6, 4, None),
        ]  # fmt: skip
