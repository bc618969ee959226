"""Translations: what the house says to guests (names, a greeting) in their languages.

A name is kept by its words, as in a glossary: one that two things share is translated once, and
what was posted under a name that changed since still reads right. What nobody translated is said
in the words that every house has for it, else as the house says it. What was posted under two
names (`Bar credit: Wine`) is said part by part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers
from pms.base.db import Base, upsert
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.house.usual_names import USUAL

LONGEST = 600
_IN_WORDS = ", ".join(f"'{code}'" for code in LANGUAGES)
Glossary = Mapping[str, Mapping[str, str]]  # by name, then by language


class Translation(Base):
    """One name of the house in one language."""

    __tablename__ = "translations"
    __table_args__ = (
        sa.CheckConstraint(f"language IN ({_IN_WORDS})", name="language_is_spoken"),
        sa.CheckConstraint(
            f"length(trim(name)) > 0 AND length(name) <= {LONGEST}", name="name_is_words"
        ),
        sa.CheckConstraint(
            f"length(trim(words)) > 0 AND length(words) <= {LONGEST}", name="words_are_some"
        ),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(sa.String(LONGEST), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    words: Mapped[str] = mapped_column(sa.String(LONGEST))


class TooLong(Invalid):
    def __init__(self, name: str, language: str) -> None:
        super().__init__(
            f"{name} in {LANGUAGES[language]} is too long: at most {LONGEST} letters.",
            field="names",
        )


@dataclass(frozen=True, slots=True)
class Names:
    """The house's names in one language."""

    language: str
    written: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """Return a name in this language: as translated, as usual, or as the house says it."""
        said = self.written.get(name) or usual(name, self.language)
        if said is not None:
            return said
        first, colon, second = name.partition(": ")
        return f"{self.of(first)}{colon}{self.of(second)}" if colon else name


def usual(name: str, language: str) -> str | None:
    """Return the words that every house has in a language for a usual name."""
    return USUAL.get(language, {}).get(name)


def into(session: Session, hotel: Hotel, language: str) -> Names:
    """Return the hotel's names in a language: one question."""
    rows = session.execute(
        sa.select(Translation.name, Translation.words).where(
            Translation.hotel_id == hotel.id, Translation.language == language
        )
    )
    return Names(language, {row.name: row.words for row in rows})


def of(session: Session, hotel: Hotel, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what is written of these names, by language; a name without any has nothing."""
    found: dict[str, dict[str, str]] = {name: {} for name in names}
    rows = session.execute(
        sa.select(Translation.name, Translation.language, Translation.words).where(
            Translation.hotel_id == hotel.id, Translation.name.in_(found)
        )
    )
    for row in rows:
        found[row.name][row.language] = row.words
    return found


def write(session: Session, hotel: Hotel, said: Glossary, *, by: Staff) -> int:
    """Write names in other languages; no words take a translation back. Return how many changed.

    Languages that a name isn't given in stay as they are. Refuses words that are too long, and
    card numbers.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    there = of(session, hotel, said)
    before = {(name, code): there[name].get(code, "") for name in said for code in said[name]}
    after = {key: _checked(*key, said[key[0]][key[1]]) for key in before}
    changed = [key for key in after if after[key] != before[key]]
    if not changed:
        return 0
    _put(session, hotel, {key: after[key] for key in changed})
    line = logbook.line(
        "translated names", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={_label(key): before[key] for key in changed},
        after={_label(key): after[key] for key in changed},
    )  # fmt: skip
    logbook.write(session, [line])
    return len(changed)


def _checked(name: str, language: str, words: str) -> str:
    kept = " ".join(words.split())
    if len(kept) > LONGEST:
        raise TooLong(name, language)
    card_numbers.refuse(names=kept)
    return kept


def _put(session: Session, hotel: Hotel, said: Mapping[tuple[str, str], str]) -> None:
    rows = [
        {"hotel_id": hotel.id, "name": name, "language": language, "words": words}
        for (name, language), words in said.items()
    ]
    kept = [row for row in rows if row["words"]]
    upsert(session, Translation, kept, key=("hotel_id", "name", "language"))
    gone = [(row["name"], row["language"]) for row in rows if not row["words"]]
    if gone:
        session.execute(
            sa.delete(Translation).where(
                Translation.hotel_id == hotel.id,
                sa.tuple_(Translation.name, Translation.language).in_(gone),
            )
        )


def _label(key: tuple[str, str]) -> str:
    return f"{key[0]} ({key[1]})"
