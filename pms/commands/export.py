"""`pms export`: everything a hotel has, in files that any program reads."""

import base64
import csv
import enum
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click
import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import sealed
from pms.base.db import Base
from pms.commands.database import database_option, hotel_of, hotel_option, session_of
from pms.hotel.house import content_keys
from pms.hotel.house.documents import Kind
from pms.hotel.house.hotels import Hotel

# Never leaves the house: who knows these could sign in.
_SECRET_TABLES = frozenset(
    {"sign_ins", "sign_in_tries", "api_tokens", "api_answers", "content_keys"}
    | {"clock_devices", "pin_tries", "guest_links", "guest_visits", "guest_knocks"}
)
_SECRET_COLUMNS = frozenset({"password_hash", "pin_hash", "token_digest"})
_REPEAT = frozenset({"documents", "police_files"})  # papers under seal are among them
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a cell (OWASP)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@hotel_option()
@click.option(
    "--format", "shape", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True
)
@click.option("--open-documents", is_flag=True, help="Write guests' documents readable.")
@database_option
def export(file: Path, code: str, shape: str, open_documents: bool, database: str) -> None:
    """Write everything hotel CODE has, and its chain's guests and companies, into a zip FILE.

    One file for each table: JSON lines, or CSV in which no cell is run by a spreadsheet.
    Passwords, PINs and sign-ins stay here; what stands under seal stays so, and papers that repeat
    it (registration cards, files for the police) are left out, unless said otherwise.
    """
    write = _json_lines if shape == "jsonl" else _csv
    rows = 0
    file.touch(mode=0o600)
    file.chmod(0o600)  # nobody else reads along while it is written
    with session_of(database) as session, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        hotel = hotel_of(session, code)
        for table, wanted in _tables(hotel, open_documents=open_documents):
            with out.open(f"{table.name}.{shape}", "w", force_zip64=True) as part:
                opens = open_documents and table.name in _REPEAT
                names, found = _streamed(session, wanted)
                found = _opened(session, names, found) if opens else found
                rows += write(part.write, names, found)
    click.echo(f"{file}: {rows:,} rows of {hotel.name}.")


def _tables(hotel: Hotel, *, open_documents: bool) -> Iterator[tuple[sa.Table, sa.Select[Any]]]:
    """Yield each table with what is exported of it, the hotel's own and its chain's."""
    for table in Base.metadata.sorted_tables:
        if table.name in _SECRET_TABLES:
            continue
        columns = table.c
        if table.name == "hotels":
            which = columns.id == hotel.id
        elif table.name == "chains":
            which = columns.id == hotel.chain_id
        elif "hotel_id" in columns:
            which = columns.hotel_id == hotel.id
        elif "chain_id" in columns:
            which = columns.chain_id == hotel.chain_id
        else:
            continue
        shown = [
            column if open_documents else _kept_shut(column)
            for column in columns
            if column.name not in _SECRET_COLUMNS
        ]
        yield table, sa.select(*shown).where(which).order_by(*table.primary_key.columns)


def _kept_shut(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column as it stands, under seal; papers that repeat what is sealed are left out."""
    whole = str(column)
    if whole == "police_files.content":
        return sa.null().label(column.name)
    if whole == "documents.content":
        is_card = column.table.c.kind == Kind.REGISTRATION_CARD
        return sa.case((is_card, sa.null()), else_=column).label(column.name)
    return sealed.as_it_stands(column)


def _streamed(
    session: Session, wanted: sa.Select[Any]
) -> tuple[list[str], Iterator[Sequence[Any]]]:
    result = session.execute(wanted.execution_options(yield_per=1_000))
    return list(result.keys()), iter(result)


def _opened(
    session: Session, names: list[str], rows: Iterator[Sequence[Any]]
) -> Iterator[list[Any]]:
    """Open what stands under a key of its own; what is erased is empty."""
    for row in rows:
        said = dict(zip(names, row, strict=True))
        said["content"] = content_keys.readable(
            session, said["hotel_id"], said["content"], of=said["id"]
        )
        yield list(said.values())


def _json_lines(
    write: Callable[[bytes], object], names: list[str], rows: Iterator[Sequence[Any]]
) -> int:
    count = 0
    for row in rows:
        count += 1
        write(orjson.dumps({n: _plain(v) for n, v in zip(names, row, strict=True)}) + b"\n")
    return count


def _csv(write: Callable[[bytes], object], names: list[str], rows: Iterator[Sequence[Any]]) -> int:
    write(_line(names))
    count = 0
    for row in rows:
        count += 1
        write(_line([_cell(_plain(value)) for value in row]))
    return count


def _line(cells: Sequence[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; money stays whole minor units."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _cell(value: Any) -> object:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, (dict, list)):
        value = orjson.dumps(value).decode()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
