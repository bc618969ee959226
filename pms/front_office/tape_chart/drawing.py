"""Drawing bars: one element each, written here, since a template's loop takes four times as long.

A full house has 5,000 bars in a month; whatever a guest may have typed is escaped. What was drawn
before is kept: from one look to the next nearly all bars are the same.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape

from flask import url_for
from markupsafe import Markup

from pms.front_office.tape_chart.chart import KEPT, Bar


def pen() -> Callable[[Iterable[Bar]], Markup]:
    """Return what draws the bars of a row; where parties are found is asked once."""
    party = url_for("reservations.reservation", reservation_id=0)[:-1]
    return lambda bars: Markup("".join([_drawn(bar, party) for bar in bars]))  # noqa: S704 - escaped


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
