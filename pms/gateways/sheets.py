"""Sheets: rows of words out of what spreadsheets write: XLSX, CSV, or cells pasted as text."""

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 501, 40, 400
MOST_BYTES_UNPACKED = 40 * 1024 * 1024

Rows = list[list[str]]


class UnreadableSheet(ValueError):
    """The file is no sheet that can be read; the message says what to send instead."""


def read(content: bytes) -> Rows:
    """Return the rows of a file's first sheet, at most 500 below the heads, without empty ones.

    Raises UnreadableSheet for what is neither a workbook nor text.
    """
    if content[:4] == b"PK\x03\x04":
        return _tidy(_workbook(content))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return read_text(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise UnreadableSheet("That file can't be read. Save it as XLSX or CSV.")


def read_text(text: str) -> Rows:
    """Return the rows of text as a spreadsheet writes or copies it: tabs, semicolons or commas."""
    if "\0" in text:
        raise UnreadableSheet("That file can't be read. Save it as XLSX or CSV.")
    head = text.lstrip("\n").split("\n", 1)[0]
    mark = max("\t;,", key=head.count)
    try:
        return _tidy(list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)))
    except csv.Error:
        raise UnreadableSheet("That text can't be read. Save it as XLSX or CSV.") from None


def as_text(rows: Rows) -> str:
    """Write rows as tabs and lines, to be read again."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(rows)
    return written.getvalue()


def _workbook(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_BYTES_UNPACKED:
                raise UnreadableSheet("That workbook is too large. Save the one sheet as CSV.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS * 2, max_col=MOST_COLUMNS, values_only=True)
        return [[_word(cell) for cell in row] for row in rows]
    except UnreadableSheet:
        raise
    except Exception as problem:
        raise UnreadableSheet("That workbook can't be read. Save it anew, or as CSV.") from problem


def _word(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _tidy(rows: list[list[str]]) -> Rows:
    tidy = [[cell.strip()[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]] for row in rows]
    for row in tidy:
        while row and not row[-1]:
            row.pop()
    return [row for row in tidy if any(row)][:MOST_ROWS]
