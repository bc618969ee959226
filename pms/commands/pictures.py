"""`pms pictures`: the README's pictures, taken of the real pages in a real browser."""

import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session
from waitress.server import create_server

from pms.app import create_app
from pms.base import db
from pms.base.db import transaction
from pms.commands.database import database_option
from pms.hotel.house import hiring, hotels
from pms.hotel.house.hotels import Chain
from pms.hotel.house.staff import Role

FOLDER = Path(__file__).parents[2] / "static" / "pictures"
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
PHOTOGRAPHER = "jana.kovac@linden.example"


@dataclass(frozen=True)
class Picture:
    """One page: where it is, how wide the window is, light or dark, and what to press first."""

    name: str
    path: str
    width: int = 1440
    height: int = 900
    theme: str = "light"
    follow: str | None = None


PICTURES = (
    Picture("today", "/"),
    Picture("today-dark", "/", theme="dark"),
    Picture("today-phone", "/", width=390, height=844),
    Picture("tape-chart", "/tape-chart"),
    Picture("new-reservation", "/book"),
    Picture("rates", "/rates"),
    Picture("plans", "/rates/plans", follow="main .rows tbody a"),
    Picture("groups", "/groups", follow="main .rows tbody a"),
    Picture("requests", "/requests"),
    Picture("concierge", "/concierge"),
    Picture("reservation", "/reservations", follow="main table.rows tbody a"),
    Picture("check-in", "/", follow="main .rows a[data-row-key=c]"),
    Picture("folio", "/folios", follow="main table.rows tbody a"),
    Picture("night-audit", "/night-audit"),
    Picture("housekeeping", "/housekeeping/sheets"),
    Picture("housekeeping-phone", "/housekeeping", width=390, height=844),
    Picture("maintenance", "/maintenance"),
    Picture("cashier", "/cashier"),
    Picture("city-ledger", "/city-ledger"),
    Picture("papers", "/papers"),
    Picture("payment-request", "/payment-requests", follow="main .rows tbody a"),
    Picture("roster", "/roster"),
    Picture("payroll", "/payroll", follow="main .rows tbody tr:last-child a"),
    Picture("guest-booking", "/h/DEMO", width=390, height=844),
)


@click.command()
@click.option("--hotel", "code", default="DEMO", show_default=True, help="Whose pages.")
@click.option("--chromium", default=None, help="The browser, if it isn't found by itself.")
@click.option("--only", multiple=True, help="Just the pictures of these names.")
@database_option
def pictures(code: str, chromium: str | None, only: tuple[str, ...], database: str) -> None:
    """Take the README's pictures of a hotel's pages; works on a copy of an SQLite database.

    Needs Chromium and the test tools (`python3 -m pms test` installs both).
    """
    browser = chromium or shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise click.ClickException("No Chromium here. Run `python3 -m pms test` once.")
    url = db.database_url(database)
    if url.get_backend_name() != "sqlite":
        raise click.ClickException("Pictures are taken of an SQLite database, such as the demo.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "pictures.db"
        _copy(str(url.database), copy)
        address = f"sqlite:///{copy}"
        password = _hire_photographer(address, code)
        with _served(address) as base, _page(browser) as open_page:
            for picture in PICTURES:
                if not only or picture.name in only:
                    _take(open_page, base, password, picture)
                    click.echo(f"static/pictures/{picture.name}.png")


def _copy(source: str, target: Path) -> None:
    engine = db.connect(f"sqlite:///{source}")
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
    engine.dispose()


def _hire_photographer(address: str, code: str) -> str:
    engine = db.connect(address)
    password = secrets.token_urlsafe(12)
    with Session(engine) as session, transaction(session):
        hotel = hotels.by_code(session, code)
        if hotel is None:
            raise click.ClickException(f"There is no hotel {code}. Run `pms demo` first.")
        hiring.hire(
            session,
            session.get_one(Chain, hotel.chain_id),
            email=PHOTOGRAPHER,
            name="Jana Kovač",
            password=password,
            roles={hotel: Role.MANAGER},
        )
    engine.dispose()
    return password


@contextmanager
def _served(address: str) -> Iterator[str]:
    app = create_app({"DATABASE_URL": address, "SECRET_KEY": secrets.token_hex(32)})
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    port = server.effective_port  # type: ignore[union-attr]  # the stubs forget it
    yield f"http://127.0.0.1:{port}"
    server.close()


@contextmanager
def _page(browser: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # a test tool, not there in a plain house

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=BROWSER_FLAGS)
        yield chromium.new_context
        chromium.close()


def _take(new_context: Any, base: str, password: str, picture: Picture) -> None:
    context = new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.theme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{base}/sign-in")
    page.fill("input[name=email]", PHOTOGRAPHER)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/")
    page.goto(base + picture.path)
    if picture.follow is not None:
        page.locator(picture.follow).first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(FOLDER / f"{picture.name}.png"))
    context.close()
