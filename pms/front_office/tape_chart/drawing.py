"""Drawing bars: one element each, written here, since a template's loop takes four times as long.

A full house has 5,000 bars in a month; whatever a guest may have typed is escaped.
"""

from collections.abc import Callable, Iterable
from html import escape

from flask import url_for
from markupsafe import Markup

from pms.front_office.tape_chart.chart import Bar


def pen() -> Callable[[Iterable[Bar]], Markup]:
    """Return what draws the bars of a row; where parties are found is asked once."""
    party = url_for("reservations.reservation", reservation_id=0)[:-1]

    def drawn(bar: Bar) -> str:
        name, says = escape(bar.name), escape(bar.says)
        look = f'class="b {bar.look} s{bar.start} l{bar.length}"'
        if bar.party is None:
            return f'<span {look} role="img" aria-label="{says}">{name}</span>'
        since = f' data-since="{bar.since}"' if bar.since else ""
        return (
            f'<a {look} href="{party}{bar.party}" data-v="{bar.version}"{since}'
            f' aria-label="{says}">{name}</a>'
        )

    return lambda bars: Markup("".join(map(drawn, bars)))  # noqa: S704 - escaped above
