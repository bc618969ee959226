"""The one sheet of the house, and addresses that change with what they show."""

import re
from pathlib import Path
from typing import Any

from pms.web import sheets
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY
STATIC = Path(__file__).parents[2] / "static"


def test_a_page_asks_for_one_sheet_and_keeps_it_for_good(app: Any) -> None:
    page = app.test_client().get("/sign-in").text
    asked = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert len(asked) == 1
    answer = app.test_client().get(asked[0])
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == sheets.FOREVER
    assert "Cache-Control" not in app.test_client().get("/static/house.css").headers


def test_the_one_sheet_holds_each_sheet_and_finds_its_fonts(app: Any) -> None:
    whole = app.test_client().get("/static/house.css").text
    for name in sheets.SHEETS:
        last = (STATIC / f"{name}.css").read_text().strip().splitlines()[-1]
        assert last in whole, name
    fonts = re.findall(r"url\(([^)]*woff2)\)", whole)
    assert fonts
    assert all((STATIC / each).is_file() for each in fonts)


def test_every_file_named_by_a_page_has_its_digest(app: Any) -> None:
    page = app.test_client().get("/sign-in").text
    named = re.findall(r'"(/static/(?!house\.css)[^"#]+)', page)
    assert named
    for address in named:
        with app.test_client().get(address) as answer:
            assert "?v=" in address
            assert answer.headers["Cache-Control"] == sheets.FOREVER
