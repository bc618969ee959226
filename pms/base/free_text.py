"""Free text: every column of words or JSON refuses a card's number, whoever writes it and how.

Two nets hang from the base class of the tables, so that a new column is covered by being there.
An attribute refuses when it is set, before anything is flushed; the column's type refuses what is
written past the attributes, by statements over many rows. What machines make is on a list.
"""

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import ColumnProperty, DeclarativeBase, QueryableAttribute

from pms.base import card_numbers
from pms.base.sealed import Sealed

# By the column's name whatever its table, and so inside JSON too.
_MADE_ANYWHERE: Final = {
    "channel_ref": "a channel's number of the booking",
    "content_digest": "a digest",
    "digest": "a digest",
    "event_id": "the gateway's",
    "fingerprint": "a digest",
    "last_digest": "a digest",
    "number_index": "a digest",
    "object_id": "the gateway's",
    "password_hash": "a digest",
    "pin_hash": "a digest",
    "sha256": "a digest",
    "token_digest": "a digest",
}
_MADE_THERE: Final = {
    "api_answers.body": "what was answered, in JSON with its ids",
    "api_answers.key": "the asking machine's",
    "api_answers.location": "an address with ids",
    "api_answers.request": "a digest",
    "audit_steps.error": "what a program said when it failed, with ids",
    "card_holds.payment": "the gateway's",
    "checkout_settings.account": "the gateway's",
    "content_keys.key": "a key, sealed",
    "day_seals.previous": "a digest",
    "documents.previous": "a digest",
    "entries.content": "a digest",
    "entries.key": "names and ids of what is charged",
    "forms_sent.content": "a digest",
    "forms_sent.key": "random, made with the page",
    "gateway_intents.key": "random",
    "gateway_intents.payment": "the gateway's",
    "gateway_intents.url": "an address of the gateway's, with its ids",
    "identity_documents.number": "a passport's; 18 digits on some identity cards, under seal",
    "issuers.registration": "a register's",
    "issuers.tax_number": "the tax office's; 13 digits in Germany",
    "jobs.error": "what a program said when it failed, with ids",
    "jobs.key": "names and ids of what is to be done",
    "jobs.payload": "ids of what is to be done",
    "kept_cards.customer": "the gateway's",
    "kept_cards.method": "the gateway's",
    "letters.document_ids": "ids",
    "letters.key": "names and ids of what is told",
    "papers.previous": "a digest",
    "payout_lines.source": "the gateway's",
    "punches.key": "random, made by the clock",
    "sign_ins.agent": "what the browser calls itself",
}
MACHINE_MADE: Final = _MADE_ANYWHERE | _MADE_THERE  # each column with what it holds


class FreeText(sa.TypeDecorator[Any]):
    """The type of a column, `kept`, that refuses a card's number; `field` is the column's name.

    Only what is written is refused: a search for such a number finds nothing, as it should.
    """

    impl: Any = sa.String
    cache_ok = True

    def __init__(self, kept: sa.types.TypeEngine[Any], field: str) -> None:
        super().__init__()
        self.impl = self.kept = kept
        self.field = field
        self.should_evaluate_none = kept.should_evaluate_none

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Look at the value before the kept type writes it as it does."""
        field, write = self.field, self.impl_instance.bind_processor(dialect)

        def process(value: Any) -> Any:
            refuse(field, value)
            return write(value) if write else value

        return process

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Compare as the kept type does."""
        return self.kept.coerce_compared_value(op, value)


def guard(base: type[DeclarativeBase]) -> None:
    """Have every column of free text refuse card numbers; call before the first table."""

    def dress(table: sa.Table, metadata: sa.MetaData) -> None:
        for column in table.c if metadata is base.metadata else ():
            if is_free(column) and not isinstance(column.type, Sealed):
                column.type = FreeText(column.type, column.name)

    def watch(_owner: type[Any], _name: str, attribute: QueryableAttribute[Any]) -> None:
        if not isinstance(attribute.property, ColumnProperty):
            return
        column = attribute.property.columns[0]
        if isinstance(column, sa.Column) and is_free(column):
            field = column.name
            event.listen(attribute, "set", lambda _row, value, *_: refuse(field, value))

    event.listen(sa.Table, "after_parent_attach", dress)
    event.listen(base, "attribute_instrument", watch, propagate=True)


def is_free(column: sa.Column[Any]) -> bool:
    """Tell whether a column holds words or JSON that no machine made."""
    kind = plain(column)
    if isinstance(kind, sa.Enum) or not isinstance(kind, sa.String | sa.JSON | Sealed):
        return False
    there = f"{column.table.name}.{column.name}"
    return column.name not in _MADE_ANYWHERE and there not in _MADE_THERE


def plain(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """Return a column's type as the database knows it."""
    return column.type.kept if isinstance(column.type, FreeText) else column.type


def refuse(field: str, value: object) -> None:
    """Refuse a text, or JSON with a text in it, that holds a card's number."""
    if isinstance(value, str):
        if len(value) >= card_numbers.SHORTEST and card_numbers.found_in(value):
            raise card_numbers.LooksLikeACardNumber(field)
    elif isinstance(value, dict | list | tuple) and found_in(value):
        raise card_numbers.LooksLikeACardNumber(field)


def found_in(value: object) -> bool:
    """Tell whether a text, or any text in JSON, names too, may hold a card's number."""
    if isinstance(value, str):
        return card_numbers.found_in(value)
    if isinstance(value, dict):
        return any(
            found_in(name) or (name not in _MADE_ANYWHERE and found_in(inside))
            for name, inside in value.items()
        )
    return isinstance(value, list | tuple) and any(map(found_in, value))
