"""Suspicion: a card's number that came past the house is found in any column, however written."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import Base
from pms.hotel.close.verify import suspicion
from tests import make

CARD = "4242 4242 4242 4242"


def suspects(session: Session) -> Iterator[str]:
    """Where a card's number stands, as `table.column`."""
    for table in Base.metadata.sorted_tables:
        for column in suspicion.found_in(session, table, sa.true()):
            yield f"{table.name}.{column}"


def test_what_somebody_wrote_past_the_house_is_found(session: Session) -> None:
    make.reservation(session, make.furnished(session))
    session.flush()
    assert list(suspects(session)) == []

    for table, column, text in (
        ("guests", "surname", CARD),
        ("guests", "phone", "4242424242424242"),
        ("guests", "email", "４２４２４２４２４２４２４２４２@x.jp"),
        ("guests", "details", f'{{"diet": ["none", "{CARD}"]}}'),
        ("guests", "details", '{"diet": "\\uff14242\\u00a04242 4242 4242"}'),
        ("staff", "name", "Amex 3782 822463 10005"),
        ("reservations", "wishes", f'["{CARD}"]'),
    ):
        with session.begin_nested() as written:
            session.execute(sa.text(f"UPDATE {table} SET {column} = :text"), {"text": text})
            assert set(suspects(session)) == {f"{table}.{column}"}
            written.rollback()


def test_other_numbers_are_no_suspects(session: Session) -> None:
    make.reservation(session, make.furnished(session))
    session.flush()

    for said in (
        "phone = '+4915112345674', native_name = 'DE89370400440532013000 für Zoë'",
        """details = '{"entry": 4242424242424242, "sha256": "4242424242424242"}'""",
        "phone = '2026-11-20 2026-11-24', native_name = '４２４２ 4242'",
    ):
        session.execute(sa.text(f"UPDATE guests SET {said}"))
        assert list(suspects(session)) == []
