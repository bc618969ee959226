"""Reckoning: a person's lines of pay for some days, each workweek by the rules it goes by."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

from pms.base.dates import ONE_DAY
from pms.base.money import Money, round_half_up
from pms.hotel.people.pay import salaried
from pms.hotel.people.pay.lines import (
    BONUSES,
    PREMIUM_OF,
    TIPPED,
    Extra,
    PayKind,
    PayLine,
)
from pms.hotel.people.pay.overtime import STRAIGHT, Classed, classify
from pms.hotel.people.pay.place import Place
from pms.hotel.people.pay.regular_rate import RegularRate, regular_rate
from pms.hotel.people.pay.rules import OvertimeBase, PayRules, Premium, Tier
from pms.hotel.people.pay.worked import Piece, cut
from pms.hotel.people.rules import in_hours

_SIX_DAYS = timedelta(days=6)
_ORDER = list(PayKind)


def reckon(
    pieces: Sequence[Piece],
    extras: Sequence[Extra],
    rules_of: Callable[[date], PayRules],
    place: Place,
    *,
    first: date,
    last: date,
) -> list[PayLine]:
    """Return the lines of one person that fall on the days from first to last.

    `pieces` and `extras` cover the whole workweeks that these days touch. A workweek goes by the
    rules that hold on its last day, and its premiums and make-up fall on that day: a period that
    cuts the week pays its hours straight, and the week's premiums come with the next (29 CFR
    778.106).
    """
    lines = []
    for week in weeks(rules_of, first, last):
        rules = rules_of(week + _SIX_DAYS)
        lines += reckon_week(week, pieces, extras, rules, place)
    return [line for line in lines if first <= line.day <= last]


def weeks(rules_of: Callable[[date], PayRules], first: date, last: date) -> list[date]:
    """Return the first days of the workweeks that touch some days."""
    week, found = rules_of(first).week_of(first), []
    while week <= last:
        found.append(week)
        week += 7 * ONE_DAY
    return found


def reckon_week(
    week: date, pieces: Iterable[Piece], extras: Sequence[Extra], rules: PayRules, place: Place
) -> list[PayLine]:
    """Return one person's lines of the workweek that begins on a day, by day and kind."""
    until = week + _SIX_DAYS
    near = (each for each in pieces if _may_touch(each, week, until))
    stretches = [each for each in cut(near, rules, place.zone) if week <= each.day <= until]
    classed = classify(week, stretches, rules)
    of_week = [each for each in extras if week <= each.day <= until]
    lines = [
        *_straight(classed, place),
        *_premiums(classed, place),
        *_overtime(until, classed, of_week, rules, place),
        *salaried.overtime(until, classed, of_week, place),
        *_make_up(until, classed, of_week, rules, place),
        *_extras(of_week),
    ]
    return sorted(lines, key=_order)


def _order(line: PayLine) -> tuple[date, int, int, int, str]:
    place = _ORDER.index(line.kind)
    return line.day, place, line.position_id or 0, line.amount, line.because


def _may_touch(piece: Piece, week: date, until: date) -> bool:
    return piece.ends.date() >= week - ONE_DAY and piece.starts.date() <= until + 2 * ONE_DAY


def _straight(classed: Sequence[Classed], place: Place) -> list[PayLine]:
    """Pay every hour once at its own rate; a day's pay at a rate is rounded, then shared out."""

    def job(each: Classed) -> tuple[date, int, int]:
        piece = each.stretch.piece
        return each.stretch.day, piece.position_id, -1 if piece.rate is None else piece.rate

    lines = []
    for (day, position_id, rate), group in groupby(sorted(classed, key=job), key=job):
        of_tier: dict[Tier, list[Classed]] = {}
        for each in group:
            of_tier.setdefault(each.tier, []).append(each)
        minutes = [sum(each.stretch.minutes for each in alike) for alike in of_tier.values()]
        shares = _shared(Fraction(max(rate, 0) * sum(minutes), 60), minutes, place)
        for (tier, alike), worked, share in zip(of_tier.items(), minutes, shares, strict=True):
            reason = sorted({each.because for each in alike})
            paid = "paid by salary"
            if rate >= 0:
                paid = f"at {place.said(rate)} = {place.said(share)}"
            lines.append(
                PayLine(
                    kind=tier.kind,
                    day=day,
                    position_id=position_id,
                    minutes=worked,
                    rate=None if rate < 0 else rate,
                    amount=share,
                    because=f"{in_hours(worked)} h {paid}, {', '.join(reason)}",
                    source=tier.source,
                )
            )
    return lines


def _shared(exact: Fraction, weights: Sequence[int], place: Place) -> list[int]:
    """Round an amount once, half up, and share it out by the one splitting rule."""
    whole = round_half_up(exact)
    if len(weights) == 1:
        return [whole]
    return [share.minor for share in Money(whole, place.currency).split(weights)]


def _premiums(classed: Sequence[Classed], place: Place) -> list[PayLine]:
    """Pay nights, Sundays and holidays: a percentage of the hour's own rate, rounded by the day."""
    found: dict[tuple[date, int, int, Premium], int] = {}
    for each in classed:
        piece = each.stretch.piece
        for premium in each.stretch.premiums if piece.rate else ():
            key = (each.stretch.day, piece.position_id, piece.rate or 0, premium)
            found[key] = found.get(key, 0) + each.stretch.minutes
    return [
        PayLine(
            kind=premium.on.pays,
            day=day,
            position_id=position_id,
            minutes=minutes,
            rate=rate,
            amount=round_half_up(Fraction(rate * minutes * premium.percent, 6000)),
            because=f"{premium.percent} % of {place.said(rate)} for {in_hours(minutes)} h of "
            f"{premium.on.value}",
            source=premium.source,
        )
        for (day, position_id, rate, premium), minutes in found.items()
    ]


def _overtime(
    until: date, classed: Sequence[Classed], extras: Sequence[Extra], rules: PayRules, place: Place
) -> list[PayLine]:
    """Pay what overtime is worth above its straight pay, rounded once a tier and week."""
    beyond: dict[Tier, list[Classed]] = {}
    for each in classed:
        if each.tier is not STRAIGHT and each.stretch.piece.rate is not None:
            beyond.setdefault(each.tier, []).append(each)
    if not beyond:
        return []
    whole = regular_rate(classed, extras, rules)
    lines = []
    for tier, alike in beyond.items():
        of_position: dict[int, int] = {}
        for each in alike:
            position_id = each.stretch.piece.position_id
            of_position[position_id] = of_position.get(position_id, 0) + each.stretch.minutes
        exact, because = _premium_of(tier, alike, whole, rules, place)
        shares = _shared(exact, list(of_position.values()), place)
        for (position_id, minutes), share in zip(of_position.items(), shares, strict=True):
            lines.append(
                PayLine(
                    kind=PREMIUM_OF[tier.kind],
                    day=until,
                    position_id=position_id,
                    minutes=minutes,
                    rate=None,
                    amount=share,
                    because=because,
                    source="; ".join(filter(None, (tier.source, rules.rate_source))),
                )
            )
    return lines


def _premium_of(
    tier: Tier, alike: Sequence[Classed], whole: RegularRate, rules: PayRules, place: Place
) -> tuple[Fraction, str]:
    """Return the exact premium of a tier's hours in a week, and how it is reckoned."""
    minutes = sum(each.stretch.minutes for each in alike)
    more = Fraction(tier.percent - 100, 100)
    if rules.base is OvertimeBase.OWN_RATE:
        exact = sum(
            (Fraction((each.stretch.piece.rate or 0) * each.stretch.minutes, 60) for each in alike),
            Fraction(0),
        )
        because = f"{tier.percent - 100} % of their own rates for {in_hours(minutes)} h"
        return exact * more, because
    exact = whole.rate * more * Fraction(minutes, 60)
    because = (
        f"Regular rate {place.said(whole.rate)} = {_made_of(whole, place)} over "
        f"{in_hours(whole.minutes)} h; {tier.percent - 100} % of it for {in_hours(minutes)} h"
    )
    if whole.flat:
        times = Fraction(tier.percent, 100)
        exact += whole.flat * times * Fraction(minutes, 60)
        because += (
            f", and {tier.percent} % of the bonus of {place.said(whole.flat)} a straight hour"
        )
    return exact, because


def _made_of(whole: RegularRate, place: Place) -> str:
    parts = [f"{place.said(whole.straight)} for hours"]
    if whole.premiums:
        parts.append(f"{place.said(whole.premiums)} in premiums")
    if whole.extras:
        parts.append(f"{place.said(whole.extras)} in bonuses and service charge")
    return " + ".join(parts)


def _make_up(
    until: date, classed: Sequence[Classed], extras: Sequence[Extra], rules: PayRules, place: Place
) -> list[PayLine]:
    """Pay what lacks to the minimum wage of a workweek, after the tips that may stand for wages.

    Reckoned apart for hours with tips and without: a well-paid hour doesn't make up for another.
    """
    tips = sum(each.amount for each in extras if each.kind in TIPPED)
    lines = []
    for tipped in (True, False):
        paid = [
            each.stretch
            for each in classed
            if each.stretch.piece.rate is not None
            and each.stretch.piece.tipped is tipped
            and not each.stretch.piece.exempt
            and each.stretch.piece.rate < rules.minimum_wage
        ]
        minutes = sum(each.minutes for each in paid)
        cash = sum(((each.piece.rate or 0) * each.minutes for each in paid), 0)
        credit = min(tips * 60, rules.tip_credit * minutes) if tipped else 0
        lacks = round_half_up(Fraction(rules.minimum_wage * minutes - cash - credit, 60))
        if lacks <= 0:
            continue
        because = (
            f"{place.said(rules.minimum_wage)} an hour for {in_hours(minutes)} h is "
            f"{place.said(round_half_up(Fraction(rules.minimum_wage * minutes, 60)))}; paid "
            f"{place.said(round_half_up(Fraction(cash, 60)))}, tips that count "
            f"{place.said(round_half_up(Fraction(credit, 60)))}"
        )
        position_id = paid[0].piece.position_id
        source = rules.minimum_source
        lines.append(
            PayLine(PayKind.MAKE_UP, until, position_id, minutes, None, lacks, because, source)
        )
    return lines


def _extras(extras: Sequence[Extra]) -> list[PayLine]:
    return [
        PayLine(
            kind=each.kind.pays,
            day=each.day,
            position_id=None,
            minutes=0,
            rate=None,
            amount=each.amount,
            because=each.words or each.kind.words,
            source=each.kind.words if each.kind in BONUSES else "Tips and service charge",
        )
        for each in extras
    ]
