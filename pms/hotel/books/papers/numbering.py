"""Numbering: the next number of a series, taken and written in one transaction with the paper."""

import json
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import insert_new, lock, new_id
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books.papers import issuers
from pms.hotel.books.papers.freezing import Data
from pms.hotel.books.papers.issuers import Issuer
from pms.hotel.books.papers.tables import Paper, PaperKind, PaperSeries, digest_of
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff


class NumberTaken(Refusal):
    """Another series gave out that number, in a pattern that was since changed."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"Another paper has the number {label}. A manager changes the pattern under Invoicing."
        )


def issued(
    session: Session,
    hotel: Hotel,
    issuer: Issuer,
    kind: PaperKind,
    data: Data,
    *,
    day: date,
    by: Staff,
    folio_id: int | None = None,
    window_no: int | None = None,
    payment_id: int | None = None,
    credits_id: int | None = None,
) -> Paper:
    """Write a paper under the next number of its series, chained to the one before.

    The number goes back when the deed is rolled back, so issue last, when nothing else can fail.
    """
    series = lock(session, _series(session, hotel, issuer, kind, day))
    label = issuers.label(series.pattern, series.year, series.last + 1)
    if session.scalar(sa.select(Paper.id).where(Paper.hotel_id == hotel.id, Paper.label == label)):
        raise NumberTaken(label)
    totals = data["totals"]
    paper = Paper(
        hotel_id=hotel.id,
        id=new_id(),
        series_id=series.id,
        kind=kind,
        number=series.last + 1,
        label=label,
        folio_id=folio_id,
        window_no=window_no,
        payment_id=payment_id,
        credits_id=credits_id,
        addressee=data["buyer"]["name"],
        currency=hotel.currency,
        net=totals["net"],
        tax=totals["tax"],
        gross=totals["gross"],
        paid=totals["paid"],
        data=json.loads(json.dumps(data)),  # as it comes back
        issued_on=day,
        issued_at=clock.now(),
        staff_id=by.id,
        previous=series.last_digest,
    )
    paper.digest = digest_of(paper)
    series.last, series.last_digest = paper.number, paper.digest
    session.add(paper)
    session.flush()
    logbook.record(
        session, "issued", paper, by=by, day=day, label=label, kind=kind.value,
        to=paper.addressee, amount=Money(paper.gross, hotel.currency),
    )  # fmt: skip
    return paper


def _series(
    session: Session, hotel: Hotel, issuer: Issuer, kind: PaperKind, day: date
) -> PaperSeries:
    year = issuer.fiscal_year(day)
    new = {
        "hotel_id": hotel.id, "id": new_id(), "kind": kind, "year": year,
        "pattern": issuer.pattern(kind), "last": 0, "last_digest": "",
    }  # fmt: skip
    insert_new(session, PaperSeries, [new])
    return session.scalars(
        sa.select(PaperSeries).where(
            PaperSeries.hotel_id == hotel.id, PaperSeries.kind == kind, PaperSeries.year == year
        )
    ).one()


def wrong(session: Session, hotel: Hotel) -> tuple[int, list[str]]:
    """Return how many papers there are, and which aren't what was issued or don't follow on.

    Recounts every series from its first paper: number, label, digest, and the series' own head.
    """
    count, found = 0, []
    for series in session.scalars(sa.select(PaperSeries).where(PaperSeries.hotel_id == hotel.id)):
        number, previous = 0, ""
        papers = session.scalars(
            sa.select(Paper)
            .where(Paper.hotel_id == hotel.id, Paper.series_id == series.id)
            .order_by(Paper.number)
            .execution_options(yield_per=100, populate_existing=True)
        )
        for paper in papers:
            number += 1
            label = issuers.label(series.pattern, series.year, paper.number)
            follows = (paper.number, paper.previous, paper.label) == (number, previous, label)
            if not follows or digest_of(paper) != paper.digest:
                found.append(paper.label)
            number, previous = paper.number, paper.digest
            count += 1
        if (series.last, series.last_digest) != (number, previous):
            found.append(issuers.label(series.pattern, series.year, series.last))
    return count, found
