"""Drawing rooms and bars, written here, since a template's loop takes four times as long.

A full house has 500 rows and 5,000 bars in a month; whatever somebody may have typed is escaped.
What was drawn before is kept: from one look to the next nearly all bars are the same.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from flask import url_for
from markupsafe import Markup

from pms.front_office.tape_chart.chart import KEPT, Bar, Row


class Pen:
    """What draws rows and bars; where rooms and parties are found is asked once a page."""

    def __init__(self) -> None:
        self._party = url_for("reservations.reservation", reservation_id=0)[:-1]
        self._room = url_for("rooms.room", room_id=0)[:-1]

    def bars(self, bars: Iterable[Bar]) -> Markup:
        """Draw the bars of one lane, one element each."""
        return Markup(self._bars(bars))  # noqa: S704 - escaped

    def rows(self, rows: Iterable[Row]) -> Markup:
        """Draw rooms: number and condition, then the lane with its bars."""
        return Markup("\n".join([self._row(row) for row in rows]))  # noqa: S704 - escaped

    def _bars(self, bars: Iterable[Bar]) -> str:
        return "".join([_drawn(bar, self._party) for bar in bars])

    def _row(self, row: Row) -> str:
        room = row.room
        number, says = escape(room.number), escape(row.condition)
        return (
            f'<div class="tr" role="row" id="room-{room.id}" data-room="{room.id}"'
            f' data-number="{number}"><div class="rm" role="rowheader">'
            f'<a href="{self._room}{room.id}">{number}</a>'
            f'<span class="rc {room.condition.value}" title="{says}">'
            f'<span class="unseen">{says}</span></span></div>'
            f'<div class="lane" role="gridcell">{self._bars(row.bars)}</div></div>'
        )


@lru_cache(maxsize=KEPT)
def _drawn(bar: Bar, party: str) -> str:
    name, says = escape(bar.name), escape(bar.says)
    look = f'class="b {bar.look} s{bar.start} l{bar.length}"'
    if bar.party is None:
        return f'<span {look} role="img" aria-label="{says}">{name}</span>'
    since = f' data-since="{bar.since}"' if bar.since else ""
    return (
        f'<a {look} href="{party}{bar.party}" data-v="{bar.version}"{since}'
        f' aria-label="{says}">{name}</a>'
    )
