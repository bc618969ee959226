"""The commands: what the terminal is told, and with which status it ends."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
import urllib.request
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from pms import demo
from pms.base import db
from pms.base.db import transaction
from pms.cli import COMMANDS, main
from pms.commands import database, user
from pms.demo import team
from pms.hotel.guests.guests import Guest
from pms.hotel.house import hotels, signins
from pms.hotel.stays.reservations import Reservation
from pms.replay import living, reading
from pms.replay.opening import Terms
from pms.replay.tally import Tally
from tests.replay import plain

SLICE = Path(__file__).parents[1] / "data" / "bookings" / "slice.csv.gz"
FIRST = date(2015, 7, 1)


def pms(*arguments, status=0, stdin=None):
    """Run a command and return what it printed."""
    done = CliRunner().invoke(main, [str(each) for each in arguments], input=stdin)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.output if status else done.stdout


@pytest.fixture(scope="session")
def replayed_file(sqlite_template, tmp_path_factory):
    """A database in which the slice was lived up to 2 July."""
    copy = tmp_path_factory.mktemp("replayed") / "replayed.db"
    copy.write_bytes(sqlite_template.read_bytes())
    engine = db.connect(f"sqlite:///{copy}")
    with Session(engine, expire_on_commit=False) as session:
        file = reading.read(SLICE, currency="EUR")
        living.Life(session, file, Terms("SLICE"), Tally()).live(FIRST + timedelta(days=1))
    engine.dispose()
    return copy


@pytest.fixture
def replayed(replayed_file, tmp_path):
    """The address of a copy of it."""
    copy = tmp_path / "copy.db"
    copy.write_bytes(replayed_file.read_bytes())
    return f"sqlite:///{copy}"


@pytest.fixture
def session(replayed):
    engine = db.connect(replayed)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def test_help_names_every_command():
    told = pms("--help")

    for command in COMMANDS:
        assert f"  {command.name} " in told


def test_migrate_makes_the_tables_once(tmp_path):
    address = f"sqlite:///{tmp_path / 'new' / 'house.db'}"

    first, second = pms("migrate", "--database", address), pms("migrate", "--database", address)

    assert first == second
    assert "revision" in first


def test_an_empty_database_is_pointed_at_migrate(tmp_path):
    told = pms("verify", "--database", f"sqlite:///{tmp_path / 'none.db'}", status=1)

    assert "pms migrate" in told


def test_the_database_is_taken_from_the_environment_too(replayed, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", replayed)

    assert json.loads(pms("verify", "--json"))["ok"] is True


def test_the_house_and_the_commands_mean_the_same_file():
    from pms import app

    assert f"sqlite:///{app.INSTANCE / 'pms.sqlite3'}" == database.HERE


def test_replay_tells_what_it_did_and_goes_on(replayed):
    arguments = ("replay", SLICE, "--hotel", "SLICE", "--until", "2015-07-02")

    told = json.loads(pms(*arguments, "--database", replayed, "--json"))

    assert (told["deeds_total"], told["audits"]) == (0, 0)
    assert told["refused"] == []
    assert told["max_rss_mb"] > 10


def test_replay_of_another_shape_is_refused_in_a_sentence(tmp_path):
    odd = tmp_path / "odd.csv"
    odd.write_text("name,age\nAda,36\n")

    told = pms("replay", odd, "--hotel", "ODD", "--database", f"sqlite:///{odd}.db", status=1)

    assert "has no column lead_time" in told
    assert "Traceback" not in told


def test_report_nightly_as_csv_and_json(replayed):
    asked = ("report", "nightly", "--hotel", "SLICE", "--from", "2015-07-01", "--to", "2015-07-02")

    rows = list(csv.reader(io.StringIO(pms(*asked, "--database", replayed))))
    records = json.loads(pms(*asked, "--database", replayed, "--format", "json"))

    assert ",".join(rows[0]) == (
        "date,rooms_occupied,room_revenue,available,occupancy_pct,adr,revpar"
    )
    expected = plain.nightly(plain.rows(SLICE))[:2]
    assert [",".join(row) for row in rows[1:]] == expected
    assert [",".join(map(str, record.values())) for record in records] == expected


def test_report_on_the_books_trial_balance_and_flash(replayed):
    def report(name, option, day="2015-07-01"):
        told = pms("report", name, "--hotel", "SLICE", option, day, "--database", replayed)
        return list(csv.reader(io.StringIO(told)))

    books = report("on-the-books", "--as-of")
    balance = report("trial-balance", "--date")
    flash = report("flash", "--date")

    assert books[0] == ["stay_month", "room_nights", "room_revenue", "bookings"]
    assert [",".join(row) for row in books[1:]] == plain.on_the_books(plain.rows(SLICE), FIRST)
    assert balance[0] == ["ledger", "account", "opening", "debits", "credits", "closing"]
    assert flash[0] == ["figure", "day", "month_to_date", "year_to_date"]


def test_a_report_asks_for_the_days_it_needs(replayed):
    told = pms("report", "nightly", "--hotel", "SLICE", "--database", replayed, status=2)

    assert "--from YYYY-MM-DD" in told


def test_an_unknown_hotel_is_answered_with_those_there_are(replayed):
    told = pms("report", "flash", "--hotel", "NONE", "--date", "2015-07-01",
               "--database", replayed, status=1)  # fmt: skip

    assert "Hotels here: SLICE." in told


def test_verify_names_what_is_wrong_and_ends_with_1(replayed, session):
    with transaction(session):
        session.execute(sa.text("UPDATE type_nights SET sold = sold + 1, forced = forced + 1"))

    told = json.loads(pms("verify", "--hotel", "SLICE", "--database", replayed, "--json", status=1))

    assert told["ok"] is False
    broken = [check for check in told["checks"] if not check["ok"]]
    assert broken
    assert all(check["wrong"] > 0 for check in broken)
    assert set(told["checks"][0]) == {"name", "ok", "rows", "wrong"}


def test_a_dry_run_shows_the_charges_and_the_audit_posts_them(replayed, session):
    asked = ("audit", "--hotel", "SLICE", "--database", replayed, "--now")

    seen = json.loads(pms(*asked, "--dry-run", "--json"))
    before = hotels.by_code(session, "SLICE").business_date
    pms(*asked, "--due-outs", "leave-owing")
    session.rollback()

    assert seen["postings"]
    assert before == date(2015, 7, 3)
    session.expire_all()
    assert hotels.by_code(session, "SLICE").business_date == date(2015, 7, 4)


def test_export_keeps_everything_but_secrets_and_formulas(replayed, session, tmp_path):
    with transaction(session):
        guest = session.scalars(sa.select(Guest).limit(1)).one()
        guest.surname = "=HYPERLINK(1)"
    pms("user", "add", "a@b.example", "--name", "A", "--role", "manager", "--hotel", "SLICE",
        "--password", "a very long secret", "--database", replayed)  # fmt: skip
    as_lines, as_csv = tmp_path / "lines.zip", tmp_path / "csv.zip"

    for file, shape in ((as_lines, "jsonl"), (as_csv, "csv")):
        pms("export", file, "--hotel", "SLICE", "--format", shape, "--database", replayed)

    with zipfile.ZipFile(as_lines) as lines, zipfile.ZipFile(as_csv) as cells:
        reservations = lines.read("reservations.jsonl").splitlines()
        assert len(reservations) == session.scalar(
            sa.select(sa.func.count()).select_from(Reservation)
        )
        assert json.loads(reservations[0])["hotel_id"]
        everything = b"".join(lines.read(name) for name in lines.namelist())
        assert b"password_hash" not in everything
        assert b"argon2" not in everything
        assert "sign_ins.jsonl" not in lines.namelist()
        assert b"'=HYPERLINK(1)" in cells.read("guests.csv")
        heads = b"".join(cells.read(name).splitlines()[0] for name in cells.namelist())
        assert b"pin_hash" not in heads  # four digits are guessed from it in a minute
        assert not {"clock_devices.csv", "pin_tries.csv", "guest_links.csv", "guest_visits.csv"} & {
            *cells.namelist()
        }


def test_a_backup_is_brought_back_whole(replayed, tmp_path):
    kept, back = tmp_path / "kept.backup", f"sqlite:///{tmp_path / 'back.db'}"

    pms("backup", kept, "--database", replayed)
    pms("restore", kept, "--database", back)

    assert json.loads(pms("verify", "--database", back, "--json"))["ok"] is True
    assert "Give --replace" in pms("restore", kept, "--database", back, status=1)
    pms("restore", kept, "--database", back, "--replace")


def test_a_house_is_moved_compared_and_never_into_itself_or_another(replayed, tmp_path):
    new = f"sqlite:///{tmp_path / 'new.db'}"

    told = pms("move", "--database", replayed, "--to", new)

    assert "rows moved, compared row by row: equal." in told
    assert f"pms verify --database {new}" in told
    assert json.loads(pms("verify", "--database", new, "--json"))["ok"] is True
    assert "isn't empty: there are account_days" in pms(
        "move", "--database", replayed, "--to", new, status=1
    )
    assert "Give another" in pms("move", "--database", new, "--to", new, status=2)


def test_a_damaged_backup_is_not_brought_back(replayed, tmp_path):
    kept = tmp_path / "kept.backup"
    pms("backup", kept, "--database", replayed)
    content = bytearray(kept.read_bytes())
    content[8192:12288] = bytes(4096)
    kept.write_bytes(content)

    told = pms("restore", kept, "--database", f"sqlite:///{tmp_path / 'back.db'}", status=1)

    assert "is damaged" in told
    assert not (tmp_path / "back.db").exists()


def test_the_doctor_finds_a_missing_trigger(replayed):
    assert json.loads(pms("doctor", "--database", replayed, "--json"))["ok"] is True
    with sqlite3.connect(replayed.removeprefix("sqlite:///")) as connection:
        connection.execute("DROP TRIGGER logbook_no_update")

    told = pms("doctor", "--database", replayed, status=1)

    assert "AILS  triggers: missing: logbook_no_update" in told


def test_users_are_let_in_listed_and_barred(replayed, session):
    def told(*words, **more):
        return pms("user", *words, "--database", replayed, **more)

    told("add", "jo@x.example", "--name", "Jo", "--role", "manager", "--hotel", "SLICE",
         stdin="long enough 1\nlong enough 1\n")  # fmt: skip
    told("password", "jo@x.example", stdin="another long one\nanother long one\n")

    assert "jo@x.example" in told("list", "--hotel", "SLICE")
    signins.check(session, email="jo@x.example", password="another long one", address="::1")
    session.rollback()
    told("disable", "jo@x.example")
    assert "(disabled)" in told("list", "--hotel", "SLICE")
    assert "Nobody signs in as" in told("disable", "nobody@x.example", status=1)
    assert user.user.commands


def test_a_hotel_is_opened_in_an_empty_house_and_its_manager_let_in(tmp_path):
    address = ("--database", f"sqlite:///{tmp_path / 'house.db'}")

    pms("hotel", "open", "ELM", "--name", "Elm House", "--time-zone", "Asia/Tokyo",
        "--currency", "jpy", "--on", "2026-04-01", *address)  # fmt: skip
    pms("user", "add", "m@elm.example", "--name", "M", "--role", "manager", "--hotel", "ELM",
        "--password", "a very long secret", *address)  # fmt: skip

    assert "ELM              2026-04-01  JPY  Elm House" in pms("hotel", "list", *address)
    assert "m@elm.example" in pms("user", "list", "--hotel", "ELM", *address)
    again = ("hotel", "open", "ELM", "--name", "Elm", "--time-zone", "UTC", "--currency", "EUR")
    assert "There is a hotel ELM already" in pms(*again, *address, status=1)


def test_the_house_is_served_and_ends_when_told(tmp_path):
    address = f"sqlite:///{tmp_path / 'house.db'}"
    arguments = ["serve", "--no-demo", "--port", "0", "--database", address]
    served = subprocess.Popen(
        [sys.executable, "-u", "-m", "pms.cli", *arguments], stdout=subprocess.PIPE, text=True
    )
    try:
        lines = []
        while not (lines and "The house is open" in lines[-1]):
            lines.append(served.stdout.readline())
            assert lines[-1], lines
        url = lines[-1].split(": ", 1)[1].strip()
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own address
            assert answer.status == 200
    finally:
        served.terminate()
        served.stdout.close()
    assert served.wait(timeout=30) == 0
    assert any("pms hotel open" in line for line in lines)


def test_the_demo_tells_its_sign_ins_once_it_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr("pms.commands.demo.SIGN_INS", tmp_path / "sign-ins.txt")
    monkeypatch.setattr("pms.demo.make.__kwdefaults__", demo.make.__kwdefaults__ | {
        "plans": [demo.TINY]})  # fmt: skip
    file = tmp_path / "demo.db"

    told = pms("demo", "--database", f"sqlite:///{file}")

    assert all(team.email(role) in told for role in team.TEAM)
    assert team.kept_password(tmp_path / "sign-ins.txt") in told
    assert not list(tmp_path.glob("*.part*"))
    assert "has a hotel already" in pms("demo", "--database", f"sqlite:///{file}", status=1)


def test_benches_are_listed_and_a_missing_data_folder_is_said(tmp_path):
    assert "replay" in pms("bench")
    assert "There is no H1.csv.gz" in pms("bench", "replay", "--data", tmp_path, status=1)


def test_online_payment_is_set_shown_and_asked_about(tmp_path, sqlite_template, monkeypatch):
    file = tmp_path / "hotel.db"
    file.write_bytes(sqlite_template.read_bytes())
    where = ("--database", f"sqlite:///{file}")
    monkeypatch.setattr("pms.commands.online_payment.INSTANCE", tmp_path)
    monkeypatch.setenv("STRIPE_INN_SECRET_KEY", "sk_test_of_the_inn")
    pms("hotel", "open", "INN", "--name", "Inn", "--time-zone", "Europe/Berlin",
        "--currency", "EUR", *where)  # fmt: skip

    said = pms("online-payment", "set", "practice", "--hotel", "INN", *where)

    assert said == "Online payment of INN is practice.\n"
    shown = pms("online-payment", "show", *where)
    assert shown.split() == ["INN", "practice", "test", "keys"]
    asked = pms("online-payment", "reconcile", "--hotel", "INN", *where)
    assert asked == "0 asked about, 0 payouts booked.\n"
