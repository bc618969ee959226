"""Documents under seal: shut in the database, found by number, and shut without their key."""

import base64
import hashlib
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, undefer

from pms.base import keyring
from pms.base.db import transaction
from pms.base.keyring import KeyMissing, KeysFromOutside
from pms.base.refusal import Invalid
from pms.cli import main
from pms.hotel.guests import identity
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.identity import IdentityDocument
from pms.hotel.house import content_keys, documents
from pms.hotel.house.content_keys import ContentKey, Erased
from pms.hotel.house.documents import Document
from pms.hotel.house.hotels import Hotel
from pms.hotel.privacy import duplicates
from pms.hotel.stays import police, registration
from pms.hotel.stays.police import PoliceFile
from tests import make
from tests.hotel.guests.test_identity import ANA
from tests.hotel.stays.test_police import UNIT, arrived

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OPEN_WORDS = ("L898902C3", "1974-08-12", "Lyon")


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ring of its own in a file, with its first key."""
    monkeypatch.delenv(keyring.VARIABLE)
    monkeypatch.setattr(keyring, "FILE", tmp_path / "document_keys")
    keyring.make_first()
    return tmp_path / "document_keys"


def kept(session: Session, house: Hotel, guest: Guest) -> IdentityDocument:
    """Ana's passport, seen with a guest who lives in Lyon."""
    seen = identity.Seen(**{**vars(ANA), "lives_in": "Lyon"})
    return identity.keep(session, guest, seen, hotel=house, by=make.by(session, house))


def raw(session: Session) -> list[str]:
    """Every document as the database has it."""
    return [str(tuple(row)) for row in session.execute(sa.text("SELECT * FROM identity_documents"))]


def afresh(session: Session, document: IdentityDocument) -> IdentityDocument:
    """A document read again."""
    session.refresh(document)
    return document


def test_a_copy_of_the_database_says_nothing_of_a_document(session: Session) -> None:
    house = make.furnished(session)
    ana, other = make.guest(session, house), make.guest(session, house, "Someone")
    first, _second = kept(session, house, ana), kept(session, house, other)

    shut = raw(session)
    assert not [word for row in shut for word in OPEN_WORDS if word in row]
    assert shut[0] != shut[1]
    assert [each.guest.id for each in duplicates.likely(session, ana)] == [other.id]
    opened = afresh(session, first)
    assert (opened.number, opened.birth_date, opened.lives_in) == (
        "L898902C3", date(1974, 8, 12), "Lyon",
    )  # fmt: skip


CARD = b"%PDF L898902C3 1974-08-12"


def repeated(session: Session) -> tuple[Hotel, Document, PoliceFile]:
    """A signed card and a file for the police, which say what the passport says."""
    house, party = arrived(session)
    by = make.by(session, house)
    police.set_up(session, house, UNIT, by=by)
    file = police.export(session, house, by=by)
    picture = registration.PNG + bytes(200)
    signed = registration.sign(session, party, paper=CARD, picture=picture, by=by)
    whole = [undefer(Document.content)]
    document = session.get_one(
        Document, (house.id, signed.document_id), options=whole, populate_existing=True
    )
    return house, document, session.get_one(PoliceFile, (house.id, file.id))


def test_a_copy_of_the_database_says_nothing_of_a_card_or_a_police_file(session: Session) -> None:
    house, card, file = repeated(session)

    for table in ("documents", "police_files"):
        [stands] = session.scalars(sa.text(f"SELECT content FROM {table}"))
        assert not [word for word in (*OPEN_WORDS, "PDF", "xml") if word.encode() in bytes(stands)]
    exported = police.content_of(session, file)
    assert b"L898902C3" in exported
    assert hashlib.sha256(exported).hexdigest() == file.sha256
    assert documents.content_of(session, card) == CARD
    assert documents.wrong(session, house) == []
    with pytest.raises(DBAPIError, match="stands under seal"), session.begin_nested():
        session.execute(sa.text(
            "INSERT INTO police_files (hotel_id, id, number, content, sha256, guests, staff_id,"
            " made_at) SELECT hotel_id, id + 1, number + 1, content, sha256, guests, staff_id,"
            " made_at FROM police_files"
        ))  # fmt: skip


@SQLITE
def test_a_new_key_opens_papers_too_and_no_byte_of_them_is_written_anew(
    session: Session, keys: Path
) -> None:
    house, card, file = repeated(session)
    before = card.content, file.content
    new = keyring.add()

    assert (content_keys.reseal(session), content_keys.reseal(session)) == (2, 0)

    session.refresh(card, ["content"])
    session.refresh(file, ["content"])
    assert (card.content, file.content) == before
    keys.write_text(next(line for line in keys.read_text().split() if line.startswith(new)))
    assert documents.content_of(session, card) == CARD
    assert content_keys.shut(session) == {}
    keys.unlink()
    with pytest.raises(KeyMissing):
        documents.content_of(session, card)
    assert documents.wrong(session, house) == [card.label]  # nobody can tell without the key


def test_what_is_erased_is_read_by_nobody_and_its_chain_stands(session: Session) -> None:
    house, card, file = repeated(session)
    by = make.by(session, house)
    tomorrow = house.business_date + timedelta(days=1)
    assert content_keys.erase_before(session, house, before=house.business_date, by=by) == 0
    with pytest.raises(Invalid, match="still to come"):
        content_keys.erase_before(session, house, before=tomorrow, by=by)
    house.business_date = tomorrow
    session.flush()

    assert content_keys.erase_before(session, house, before=tomorrow, by=by) == 2

    with pytest.raises(Erased, match="its time was over"):
        documents.content_of(session, card)
    with pytest.raises(Erased):
        police.content_of(session, file)
    assert documents.wrong(session, house) == []
    for broken in ("UPDATE content_keys SET key = 'v1.', erased_on = NULL",
                   "DELETE FROM content_keys"):  # fmt: skip
        with pytest.raises(DBAPIError, match="erased"), session.begin_nested():
            session.execute(sa.text(broken))
    assert session.scalar(sa.select(sa.func.count()).select_from(ContentKey)) == 2


@SQLITE
def test_without_its_key_a_document_is_shut_and_nothing_is_lost(
    session: Session, keys: Path
) -> None:
    house = make.furnished(session)
    document = kept(session, house, make.guest(session, house))
    before, ring = raw(session), keys.read_text()
    keys.unlink()

    found = afresh(session, document)
    assert found.is_shut
    assert (found.masked, found.birth_date) == ("can't be read without its key", None)
    with pytest.raises(KeyMissing, match=r"on this machine\. Put instance/document_keys back"):
        identity.look_up(session, found, hotel=house, by=make.by(session, house))
    with pytest.raises(KeyMissing):
        kept(session, house, make.guest(session, house))
    assert raw(session) == before

    keys.write_text(ring)
    assert afresh(session, document).number == "L898902C3"


def test_a_new_key_seals_all_and_the_old_one_may_go(session: Session, keys: Path) -> None:
    house = make.furnished(session)
    guest = make.guest(session, house)
    document = kept(session, house, guest)
    old = keyring.current()

    new = keyring.add()
    assert kept(session, house, guest).id == document.id  # found by the old key's index, too
    assert (identity.reseal(session), identity.reseal(session)) == (1, 0)

    lines = {name: line for line in keys.read_text().split() for name in [line[:8]]}
    keys.write_text(lines[new])
    assert afresh(session, document).number == "L898902C3"
    assert identity.shut(session) == {}
    keys.write_text(lines[old])
    assert identity.shut(session) == {new: 1}
    with pytest.raises(KeyMissing):
        identity.reseal(session)


def test_the_ring_is_made_once_and_readable_by_us_alone(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = keys.read_text()
    keyring.make_first()
    assert keys.read_text() == made
    assert keys.stat().st_mode & 0o777 == 0o600
    sealed = keyring.seal("L898902C3", about="number")
    assert keyring.unseal(sealed, about="number") == "L898902C3"
    with pytest.raises(KeyMissing):
        keyring.unseal(sealed, about="birth date")
    with pytest.raises(KeyMissing):
        keyring.unseal("L898902C3", about="number")
    monkeypatch.setenv(keyring.VARIABLE, made.strip())
    assert keyring.unseal(sealed, about="number") == "L898902C3"
    with pytest.raises(KeysFromOutside):
        keyring.add()


@SQLITE
def test_the_commands_rotate_examine_and_export(
    session: Session, database_url: str, keys: Path, tmp_path: Path
) -> None:
    with transaction(session):
        house = make.furnished(session)
        kept(session, house, make.guest(session, house))
    old, file = keyring.current(), tmp_path / "all.zip"

    def pms(*words: str) -> str:
        done = CliRunner().invoke(main, [*words, "--database", database_url])
        assert done.exit_code == 0, done.output
        return done.output

    def exported() -> str:
        return zipfile.ZipFile(file).read("identity_documents.jsonl").decode()

    assert "1 documents are sealed with key" in pms("rotate-keys")
    assert keyring.current() != old
    assert "2, all documents open" in pms("doctor")
    pms("export", str(file), "--hotel", house.code)
    assert "L898902C3" not in exported()
    pms("export", str(file), "--hotel", house.code, "--open-documents")
    assert "L898902C3" in exported()
    erased = pms("erase-papers", "--hotel", house.code, "--before", "2026-11-01")
    assert "0 cards and police files" in erased


@SQLITE
def test_what_is_sealed_is_not_exported_in_a_paper_that_repeats_it(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "all.zip"
    with transaction(session):
        house, _card, _file = repeated(session)

    def contents(*words: str) -> list[str]:
        line = ["export", str(file), "--hotel", house.code, *words, "--database", database_url]
        done = CliRunner().invoke(main, line)
        assert done.exit_code == 0, done.output
        with zipfile.ZipFile(file) as kept:
            tables = [kept.read(f"{name}.jsonl") for name in ("police_files", "documents")]
        return [json.loads(rows)["content"] for rows in tables]

    assert contents() == [None, None]
    said = [base64.b64decode(each) for each in contents("--open-documents")]
    assert all(b"L898902C3" in each for each in said)
    assert CARD in said


@SQLITE
def test_what_is_deleted_is_overwritten_in_the_file(session: Session) -> None:
    assert session.scalar(sa.text("PRAGMA secure_delete")) == 1
