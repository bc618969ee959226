"""F6: a damaged file is found by the doctor or by the recount, and the house doesn't open on it."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.engine import make_url

from pms.base import db
from pms.cli import main
from tests.hotel.close import lived
from tests.proofs import deeds
from tests.proofs.conftest import SQLITE
from tests.sweeping import ALL, Copies, at_rest

pytestmark = SQLITE
SEED = 20261121


@pytest.fixture
def copies(database_url: str, tmp_path: Path) -> Copies:
    """A hotel with one sealed day, at rest in its file."""
    engine = db.connect(database_url)
    with deeds.session_at_noon(engine) as session:
        lived.close(session, lived.plain(session))
    at_rest(engine)
    return Copies(database_url, tmp_path, lambda: tmp_path)


def file_of(url: str) -> Path:
    return Path(str(make_url(url).database))


def pms(url: str, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--database", url])


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 0xFF
    file.write_bytes(data)


def refuses_plainly(result: Result) -> bool:
    """Ended with a sentence, not with a traceback."""
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return True


def pages(file: Path) -> list[int]:
    """Where each page begins, those at rest on the free list left out."""
    with closing(sqlite3.connect(file)) as link:
        size = link.execute("PRAGMA page_size").fetchone()[0]
        count = link.execute("PRAGMA page_count").fetchone()[0]
        assert link.execute("PRAGMA freelist_count").fetchone()[0] == 0
    return [size * n for n in range(1, count)]


def test_a_page_whose_head_is_flipped_is_found_and_nothing_starts(copies: Copies) -> None:
    starts = pages(file_of(copies.copy()))
    chosen = starts if ALL else random.Random(SEED).sample(starts, 3)  # noqa: S311 - a seed

    for at in chosen:
        url = copies.copy()
        flip(file_of(url), at)

        examined = pms(url, "doctor")
        started = pms(url, "serve", "--port", "0", "--no-demo")

        assert refuses_plainly(examined), at
        assert "AILS  integrity" in examined.output or "is damaged" in examined.output, at
        assert "pms restore" in examined.output
        assert refuses_plainly(started), at
        assert "is damaged" in started.output
        assert "pms restore" in started.output


def test_a_file_that_is_no_database_is_said_to_be_none(copies: Copies) -> None:
    url = copies.copy()
    flip(file_of(url), 0)

    assert refuses_plainly(pms(url, "doctor"))
    started = pms(url, "serve", "--port", "0", "--no-demo")

    assert refuses_plainly(started)
    assert "is damaged" in started.output


# What a seal says of an entry and of its lines.
SEALED = (
    """SELECT e.key, e.kind, e.currency, e.text, e.reference, e.reason, e.service_night, e.rule,
    e.turn, l.no, l.account_id, l.amount, l.charge_code_id, l.tax_id, l.quantity, l.base
    FROM entries e JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
    ORDER BY e.key, l.no""",
    "SELECT * FROM day_seals",
)


def sealed(file: Path) -> list[list[tuple[object, ...]]] | None:
    """Every sealed word and amount of a file; none where it can't be read."""
    try:
        with closing(sqlite3.connect(file)) as link:
            return [link.execute(words).fetchall() for words in SEALED]
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None


def test_no_flipped_byte_changes_a_sealed_day_unseen(copies: Copies) -> None:
    """A byte anywhere: SQLite finds the damage, or the chain does, or no sealed day is touched."""
    whole = file_of(copies.copy())
    untouched, size = sealed(whole), whole.stat().st_size
    dice = random.Random(SEED)  # noqa: S311 - a seed
    found = {"by the doctor": 0, "by the chain": 0, "not sealed": 0}

    for at in [dice.randrange(size) for _ in range(200 if ALL else 6)]:
        url = copies.copy()
        flip(file_of(url), at)
        if pms(url, "doctor").exit_code == 1:
            found["by the doctor"] += 1
        elif pms(url, "verify").exit_code == 1:
            found["by the chain"] += 1
        else:
            assert sealed(file_of(url)) == untouched, at
            found["not sealed"] += 1

    print(found)
    assert sum(found.values()) >= 6


def test_a_sealed_amount_changed_in_the_file_breaks_the_seal(copies: Copies) -> None:
    """SQLite can't see it: the page is well. The chain of seals can."""
    url = copies.copy()
    with closing(sqlite3.connect(file_of(url))) as link:
        for (trigger,) in link.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'lines'"
        ).fetchall():
            link.execute(f"DROP TRIGGER {trigger}")
        link.execute("UPDATE lines SET amount = amount * 2")
        link.commit()

    recounted = pms(url, "verify")

    assert recounted.exit_code == 1
    assert "WRONG  L11 each closed day's seal is that of its entries" in recounted.output


def test_a_log_cut_short_leaves_an_earlier_moment_that_is_whole(copies: Copies) -> None:
    """What was in the part that is gone is gone; what is left is of one moment."""
    url = copies.copy()
    file = file_of(url)
    keeper = sqlite3.connect(file)  # keeps the log from being folded in
    keeper.execute("SELECT 1 FROM hotels").fetchall()
    deeds.do(url, deeds.whole(deeds.issue))
    log = Path(f"{file}-wal").read_bytes()
    whole, dice = file.read_bytes(), random.Random(SEED)  # noqa: S311 - a seed
    keeper.close()

    for length in [0, 100, *(dice.randrange(len(log)) for _ in range(20 if ALL else 2)), len(log)]:
        for old in file.parent.glob("copy.db*"):
            old.unlink()
        file.write_bytes(whole)
        Path(f"{file}-wal").write_bytes(log[:length])
        deeds.do(url, deeds.everything_holds)
        assert "AILS  integrity" not in pms(url, "doctor").output
    with closing(sqlite3.connect(file)) as link:
        papers = link.execute("SELECT COUNT(*) FROM documents WHERE kind = 'invoice'").fetchone()
    assert papers == (1,)
