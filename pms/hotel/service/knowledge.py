"""Knowledge: what the house knows of the town and of itself, in short articles for everybody."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, clock
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_chain
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests.spelling import folded
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

LONGEST = {"title": 80, "words": 4000, "hours": 120, "phone": 40, "address": 200, "map_url": 500}
MOST_WORDS = 6
MOST = 200


class Topic(enum.StrEnum):
    """What an article is about."""

    EATING = "eating"
    SIGHTS = "sights"
    TRANSPORT = "transport"
    SHOPS = "shops"
    HEALTH = "health"
    HOUSE = "house"

    @property
    def words(self) -> str:
        """The topic in words."""
        return {
            Topic.EATING: "Eating and drinking",
            Topic.SIGHTS: "Sights",
            Topic.TRANSPORT: "Getting around",
            Topic.SHOPS: "Shops",
            Topic.HEALTH: "Doctors and pharmacies",
            Topic.HOUSE: "In the house",
        }[self]


class TitleTaken(Refusal):
    def __init__(self, title: str) -> None:
        super().__init__(
            f"There is an article “{title}” already. Change that one, or choose another title.",
            field="title",
        )


class Article(OfHotel, Base):
    """A short article; `sought` holds its words as they are searched, without accents or case."""

    __tablename__ = "articles"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "title"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("staff_id", "staff"),
        sa.CheckConstraint("map_url IS NULL OR map_url LIKE 'https://%'", name="map_is_a_page"),
        sa.Index(None, "hotel_id", "topic", "title"),
    )

    chain_id: Mapped[int]
    title: Mapped[str]
    topic: Mapped[Topic] = mapped_column(choice(Topic))
    words: Mapped[str]
    hours: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    map_url: Mapped[str | None]
    sought: Mapped[str]
    staff_id: Mapped[int]
    written_at: Mapped[datetime]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True, kw_only=True)
class Written:
    """An article as somebody wrote it."""

    title: str
    topic: Topic
    words: str
    hours: str | None = None
    phone: str | None = None
    address: str | None = None
    map_url: str | None = None


def write(session: Session, hotel: Hotel, written: Written, *, by: Staff) -> Article:
    """Write an article for everybody; refuses a title that is there, and a map that is no page."""
    require(by, Permission.CONCIERGE, hotel.id)
    day = business_day.hold(session, hotel)
    kept = _checked(written)
    _refuse_taken(session, hotel.id, kept["title"], but=None)
    made = Article(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        staff_id=by.id,
        written_at=clock.now(),
        **kept,
    )
    session.add(made)
    session.flush()
    logbook.record(session, "wrote", made, by=by, day=day, title=made.title, topic=made.topic.value)
    return made


def rewrite(session: Session, article: Article, written: Written, *, by: Staff) -> Article:
    """Change an article."""
    require(by, Permission.CONCIERGE, article.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, article.hotel_id))
    kept = _checked(written)
    lock(session, article)
    _refuse_taken(session, article.hotel_id, kept["title"], but=article.id)
    before = {"title": article.title, "topic": article.topic.value}
    for name, value in kept.items():
        setattr(article, name, value)
    article.staff_id, article.written_at = by.id, clock.now()
    article.version += 1
    session.flush()
    logbook.record(
        session, "rewrote", article, by=by, day=day, before=before, title=article.title,
        topic=article.topic.value,
    )  # fmt: skip
    return article


def put_away(session: Session, article: Article, *, away: bool = True, by: Staff) -> Article:
    """Take an article off the shelf, or put it back."""
    require(by, Permission.CONCIERGE, article.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, article.hotel_id))
    lock(session, article)
    article.active = not away
    article.version += 1
    session.flush()
    logbook.record(session, "put away" if away else "put back", article, by=by, day=day)
    return article


def search(
    session: Session,
    hotel: Hotel,
    text: str = "",
    *,
    topic: Topic | None = None,
    away: bool = False,
    limit: int = MOST,
) -> Sequence[Article]:
    """Return the articles in which every word occurs, those whose title begins so first."""
    query = (
        sa.select(Article)
        .where(Article.hotel_id == hotel.id, Article.active.is_(not away))
        .limit(limit)
    )
    if topic is not None:
        query = query.where(Article.topic == topic)
    words = folded(text).split()[:MOST_WORDS]
    for word in words:
        query = query.where(Article.sought.contains(word, autoescape=True))
    first = Article.sought.startswith(" ".join(words), autoescape=True)
    return session.scalars(query.order_by(sa.not_(first), Article.title)).all()


def _refuse_taken(session: Session, hotel_id: int, title: str, *, but: int | None) -> None:
    there = session.scalar(sa.select(Article.id).filter_by(hotel_id=hotel_id, title=title))
    if there is not None and there != but:
        raise TitleTaken(title)


def _checked(written: Written) -> dict[str, Any]:
    kept: dict[str, Any] = {"topic": written.topic}
    for name, longest in LONGEST.items():
        text = (getattr(written, name) or "").strip()
        if len(text) > longest:
            raise Invalid(f"At most {longest:,} letters.", field=name)
        card_numbers.refuse(**{name: text})
        kept[name] = text or None
    if kept["title"] is None:
        raise Invalid("An article has a title.", field="title")
    if kept["words"] is None:
        raise Invalid("Say it in a few words.", field="words")
    if kept["map_url"] is not None and not _is_a_page(kept["map_url"]):
        raise Invalid("A map is a page that begins with https://.", field="map_url")
    spoken = (kept["title"], written.topic.words, kept["words"], kept["address"], kept["phone"])
    kept["sought"] = folded(" ".join(each for each in spoken if each))
    return kept


def _is_a_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.netloc) and " " not in address
