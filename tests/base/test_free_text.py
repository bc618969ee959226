"""Free text: no column takes a card's number, by an attribute or by a statement, unless named."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import pms.hotel.tables
from pms.base import free_text
from pms.base.card_numbers import LooksLikeACardNumber
from pms.base.db import Base, transaction, upsert
from pms.base.sealed import Sealed
from pms.hotel.guests.guests import Guest
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Chain
from tests import make

CARD = "4242 4242 4242 4242"
TABLES = Base.metadata.sorted_tables
assert pms.hotel.tables


def holds_text(column: sa.Column[object]) -> bool:
    """Whether the database keeps text in a column that isn't one of a few words."""
    kind = free_text.plain(column)
    return isinstance(kind, sa.String | sa.JSON | Sealed) and not isinstance(kind, sa.Enum)


TEXTS = [column for table in TABLES for column in table.c if holds_text(column)]


def named(column: sa.Column[object]) -> bool:
    """Whether a column is on the list of what machines make."""
    return bool({column.name, str(column)} & free_text.MACHINE_MADE.keys())


def value_of(column: sa.Column[object]) -> object:
    """A card's number as somebody would have it in a column."""
    is_json = isinstance(free_text.plain(column), sa.JSON)
    return {"en": ["Breakfast", CARD]} if is_json else f"Visa {CARD}"


def test_every_text_is_refused_when_set_unless_a_machine_makes_it() -> None:
    tried = 0
    for mapper in Base.registry.mappers:
        row = mapper.class_()
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            if not isinstance(column, sa.Column) or not holds_text(column):
                continue
            tried += 1
            if named(column):
                setattr(row, attribute.key, value_of(column))
                continue
            with pytest.raises(LooksLikeACardNumber) as refusal:
                setattr(row, attribute.key, value_of(column))
            assert refusal.value.field == column.name

    assert tried == len(TEXTS) > 300


def test_every_text_is_refused_by_statements_over_many_rows_unless_a_machine_makes_it() -> None:
    empty = sa.create_engine("sqlite://")  # nothing reaches it
    with empty.connect() as connection:
        for column in TEXTS:
            if named(column) or isinstance(column.type, Sealed):  # sealed: by its attribute alone
                continue
            said = {column.name: value_of(column)}
            row = dict.fromkeys(column.table.primary_key.columns.keys()) | said
            for statement, rows in (
                (sa.insert(column.table), [row]),
                (sa.update(column.table).values(said), None),
            ):
                with pytest.raises(LooksLikeACardNumber) as refusal:
                    connection.execute(statement, rows)
                assert refusal.value.field == column.name


def test_the_list_names_columns_there_are_each_with_what_it_holds() -> None:
    there = {str(column) for column in TEXTS} | {column.name for column in TEXTS}

    assert free_text.MACHINE_MADE.keys() <= there
    assert all(free_text.MACHINE_MADE.values())
    assert sum(map(named, TEXTS)) < len(TEXTS) / 6


def test_nothing_is_kept_and_the_session_goes_on(session: Session) -> None:
    with transaction(session):
        hotel = make.furnished(session)
        guest = make.reservation(session, hotel, surname="Novák").guest_id
        by = make.by(session, hotel)
    key = {"chain_id": hotel.chain_id, "id": guest}

    def at_once() -> None:
        session.execute(sa.update(Guest).values(phone=CARD))

    def in_one_row() -> None:
        session.get_one(Guest, (hotel.chain_id, guest)).native_name = CARD

    def from_a_list() -> None:
        upsert(session, Guest, [{**key, "given_name": "", "surname": CARD}], key=list(key))

    def chain() -> None:
        session.add(Chain(name=CARD))

    def in_the_logbook(**said: object) -> None:
        logbook.record(session, "tried", hotel_thing, by=by, day=date(2026, 11, 20), **said)

    hotel_thing = session.get_one(Guest, (hotel.chain_id, guest))
    hotel_thing.hotel_id = hotel.id  # type: ignore[attr-defined]
    for deed in (
        at_once,
        in_one_row,
        from_a_list,
        chain,
        lambda: in_the_logbook(before={"names": ["Novák", CARD]}),
        lambda: in_the_logbook(to={"phone": CARD}),
        lambda: in_the_logbook(why=CARD),
    ):
        with pytest.raises(LooksLikeACardNumber), transaction(session):
            deed()
    with transaction(session):
        session.get_one(Guest, (hotel.chain_id, guest)).phone = "+4915112345674"

    row = session.execute(sa.select(Guest.surname, Guest.phone, Guest.native_name)).one()
    assert row == ("Novák", "+4915112345674", None)
    assert "4242" not in str(
        session.execute(sa.select(logbook.Line.before, logbook.Line.after)).all()
    )
    assert session.scalar(sa.select(Guest.id).where(Guest.phone == CARD)) is None  # looking is fine


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        {"entry": 4242424242424242},  # ids are numbers, not words
        {"sha256": "4242424242424242" * 4, "channel_ref": "4242424242424242"},
        ["+49 151 12345674", "+4915112345674", "4915112345674", "DE89370400440532013000"],
        "1f" + "4242424242424242" * 3 + "0123456789abcd",
    ],
)
def test_what_is_no_card_is_left_alone(value: object) -> None:
    free_text.refuse("words", value)
