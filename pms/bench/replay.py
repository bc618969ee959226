"""The replay as a bench: every real booking, compared with figures reckoned elsewhere."""

import csv
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from pms.base import db, migrations
from pms.base.refusal import Refusal
from pms.bench import raw
from pms.hotel.close import reports, verify
from pms.hotel.house import hotels
from pms.hotel.house.hotels import Hotel
from pms.replay import reading
from pms.replay.living import Life
from pms.replay.opening import Terms
from pms.replay.tally import Tally

DATA = Path(__file__).parents[2] / "tests" / "data" / "bookings"
CODE = "H1"


class NoData(Refusal):
    """The real bookings come with the repository, not with the installed package."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no H1.csv.gz with its reference in {folder}. Give its folder: --data FOLDER"
        )


def bench(data: Path | None, say: Callable[[str], None]) -> dict[str, Any]:
    """Replay the whole file in a database of its own and return figures and differences."""
    data = data or DATA
    if not (data / "H1.csv.gz").exists() or not (data / "reference").is_dir():
        raise NoData(data)
    with tempfile.TemporaryDirectory(prefix="pms-bench-") as folder:
        engine = db.connect(f"sqlite:///{folder}/bench.db")
        migrations.upgrade(engine)
        with Session(engine, expire_on_commit=False) as session:
            answer = _live(session, data, say)
            answer |= _compare(session, data / "reference")
            answer["verify"] = verify.broken(session, _hotel(session))
        engine.dispose()
        answer["database_mb"] = round(Path(folder, "bench.db").stat().st_size / 2**20, 1)
        answer |= _raw(Path(folder), answer["deeds_total"], answer["deeds_per_second"])
    answer["ok"] = not answer["differences"] and not answer["refused"] and not answer["verify"]
    return answer


def _live(session: Session, data: Path, say: Callable[[str], None]) -> dict[str, Any]:
    file = reading.read(data / "H1.csv.gz", currency="EUR")
    cpu = time.process_time()
    tally = Life(session, file, Terms(CODE), Tally(), say=say).live(file.last_departure())
    return tally.as_dict() | {"cpu_seconds": round(time.process_time() - cpu, 1)}


def _compare(session: Session, reference: Path) -> dict[str, Any]:
    """Set each night and each snapshot beside the reference; amounts are compared as text."""
    hotel = _hotel(session)
    expected = {row[0]: row[:7] for row in _rows(reference / "H1_nightly.csv")}
    first, last = (date.fromisoformat(f(expected)) for f in (min, max))
    report = reports.nightly(session, hotel, first, last)
    differences = [
        f"night {row[0]}: {row[1:]}, expected {expected[str(row[0])][1:]}"
        for row in report.rows
        if [str(value) for value in row] != expected[str(row[0])]
    ]
    snapshots: dict[str, list[list[str]]] = defaultdict(list)
    for as_of, *row in _rows(reference / "H1_on_the_books.csv"):
        snapshots[as_of].append(row)
    for as_of, rows in snapshots.items():
        found = reports.on_the_books(session, hotel, date.fromisoformat(as_of))
        if [[str(value) for value in row] for row in found.rows] != rows:
            differences.append(f"on the books as of {as_of}")
    return {
        "nights": len(report.rows),
        "snapshots": len(snapshots),
        "room_nights": sum(int(row[1] or 0) for row in report.rows),
        "room_revenue": _sum_of_cents(str(row[2]) for row in report.rows),
        "differences": differences,
    }


def _sum_of_cents(amounts: Any) -> str:
    cents = sum(int(amount.replace(".", "")) for amount in amounts)
    return f"{cents // 100}.{cents % 100:02}"


def _rows(file: Path) -> list[list[str]]:
    with file.open(newline="", encoding="utf-8") as text:
        return list(csv.reader(text))[1:]


def _hotel(session: Session) -> Hotel:
    hotel = hotels.by_code(session, CODE)
    if hotel is None:
        raise LookupError(CODE)
    return hotel


def _raw(folder: Path, deeds: int, speed: float) -> dict[str, Any]:
    limit = raw.bookings_per_second(folder, deeds)
    return {
        "raw_bookings_per_second": round(limit, 1),
        "share_of_raw_pct": round(100 * speed / limit, 1),
    }
