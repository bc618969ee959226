"""Sheets: rows of words, whichever way a spreadsheet writes them."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from pms.gateways import sheets


def test_sheets_are_read_as_spreadsheets_write_them():
    book = Workbook()
    book.active.append(["Surname", "Arrival", "Pax"])
    book.active.append(["Dvořák", date(2026, 11, 27), 2.0])
    file = io.BytesIO()
    book.save(file)
    wanted = [["Surname", "Arrival", "Pax"], ["Dvořák", "2026-11-27", "2"]]

    assert sheets.read(file.getvalue()) == wanted
    for mark in "\t;,":
        text = "\n".join(mark.join(row) for row in wanted)
        assert sheets.read(text.encode()) == wanted
        assert sheets.read_text(sheets.as_text(sheets.read(text.encode("utf-8-sig")))) == wanted
    for broken in (b"PK\x03\x04rubbish", b"\x00\x01\x02\x03"):
        with pytest.raises(sheets.UnreadableSheet):
            sheets.read(broken)
