"""Pay: published cases of overtime to the cent, each with its reason, and what always holds."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.base import dates
from pms.hotel.people.pay import (
    HOURS,
    Extra,
    ExtraKind,
    PayKind,
    PayLine,
    PayRules,
    Piece,
    Place,
    RateRounding,
    Salary,
    california,
    generic_weekly,
    germany,
    read_rules,
    reckon,
    reckon_week,
    us_federal,
    write_rules,
)

CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[2] / "data/payroll/overtime_cases.json").read_text()
    )
}
SUNDAY = date(2026, 9, 13)  # the workweek of the US presets begins on Sunday
HERE = Place("America/New_York", "USD")
BERLIN = Place("Europe/Berlin", "EUR")
FEDERAL, STATE = us_federal(minimum_wage=0), california(minimum_wage=0)


def shift(
    day: date,
    hours: str | float,
    rate: str | None = "10",
    *,
    position: int = 1,
    at: time = time(8),
    place: Place = HERE,
    **more: bool,
) -> Piece:
    """Hours worked on a day from a local time on; the rate is in major units."""
    starts = dates.instant(datetime.combine(day, at), place.zone)
    minutes = int(Decimal(str(hours)) * 60)
    minor = None if rate is None else int(Decimal(rate) * 100)
    return Piece(starts, starts + timedelta(minutes=minutes), position, minor, **more)


def days(*hours: float, rate: str = "10", **more: object) -> list[Piece]:
    """Hours of each day of the workweek."""
    return [
        shift(SUNDAY + timedelta(days=n), each, rate, **more)  # type: ignore[arg-type]
        for n, each in enumerate(hours)
        if each
    ]


def spread(hours: str, rate: str, **more: object) -> list[Piece]:
    """Hours spread over the workweek, seven a day."""
    left, found = Decimal(hours), []
    while left > 0:
        day = SUNDAY + timedelta(days=len(found))
        found.append(shift(day, float(min(left, Decimal(7))), rate, **more))  # type: ignore[arg-type]
        left -= 7
    return found


def week(
    pieces: list[Piece], rules: PayRules, *extras: Extra, place: Place = HERE
) -> list[PayLine]:
    """The lines of one workweek."""
    return reckon_week(rules.week_of(SUNDAY), pieces, extras, rules, place)


def hours_of(lines: list[PayLine]) -> dict[PayKind, Decimal]:
    """Hours worked, by kind."""
    return {
        kind: Decimal(sum(line.minutes for line in lines if line.kind is kind)) / 60
        for kind in (PayKind.REGULAR, PayKind.OVERTIME, PayKind.DOUBLE_TIME)
    }


def paid(lines: list[PayLine], *kinds: PayKind) -> str:
    """What lines come to, in major units."""
    whole = sum(line.amount for line in lines if not kinds or line.kind in kinds)
    return f"{Decimal(whole) / 100:.2f}"


def because(lines: list[PayLine], kind: PayKind) -> PayLine:
    """The first line of a kind."""
    return next(line for line in lines if line.kind is kind)


# --- the published cases ------------------------------------------------------------------------


def test_half_the_rate_is_added_beyond_forty_hours():
    case = CASES["cfr_778_110a"]
    given_, wanted = case["inputs"], case["expected"]

    lines = week(days(8, 8, 8, 8, 8, 6, rate=given_["rate"]), FEDERAL)

    assert hours_of(lines)[PayKind.REGULAR] == Decimal(wanted["regular_hours"])
    assert hours_of(lines)[PayKind.OVERTIME] == Decimal(wanted["ot_hours"])
    assert paid(lines, *HOURS) == wanted["straight_time_all"]
    assert paid(lines, PayKind.OVERTIME_PREMIUM) == wanted["half_time_premium"]
    assert paid(lines) == wanted["total"]
    assert [
        paid(lines, PayKind.REGULAR),
        paid(lines, PayKind.OVERTIME, PayKind.OVERTIME_PREMIUM),
    ] == wanted["alt_split"]
    premium = because(lines, PayKind.OVERTIME_PREMIUM)
    assert premium.because == (
        "Regular rate 12.00 = 552.00 for hours over 46:00 h; 50 % of it for 6:00 h"
    )
    assert "29 CFR 778.110" in premium.source
    assert because(lines, PayKind.OVERTIME).because == (
        "6:00 h at 12.00 = 72.00, beyond 40:00 h in the workweek"
    )


def test_a_line_says_its_minutes_so_that_its_sum_can_be_done():
    [line] = week(days(7.567, rate="16.80"), FEDERAL)

    assert line.because == "7:34 h at 16.80 = 127.12, straight time"
    assert line.amount == 12_712  # 7.57 h would be 127.18


def test_weeks_are_not_averaged():
    case = CASES["cfr_778_104"]
    short, long = case["inputs"]["weeks"]
    pieces = spread(str(short), "10") + [
        replace(each, starts=each.starts + timedelta(days=7), ends=each.ends + timedelta(days=7))
        for each in days(*[long / 5] * 5)
    ]

    lines = reckon(
        pieces, [], lambda _: FEDERAL, HERE, first=SUNDAY, last=SUNDAY + timedelta(days=13)
    )

    assert hours_of(lines)[PayKind.OVERTIME] == Decimal(case["expected"]["ot_hours"])


def test_a_tipped_hour_of_overtime_is_reckoned_on_the_full_minimum_wage():
    case = CASES["dc_tipped_42h"]
    given_, wanted = case["inputs"], case["expected"]
    minimum, cash = (int(Decimal(given_[key]) * 100) for key in ("min_wage", "cash_wage"))
    rules = us_federal(minimum_wage=minimum, tip_credit=minimum - cash)
    tips = Extra(SUNDAY, ExtraKind.TIPS, 42 * (minimum - cash))

    lines = week(spread(given_["hours"], given_["cash_wage"], tipped=True), rules, tips)

    wages = [line for line in lines if line.kind is not PayKind.TIPS]
    assert paid(wages) == wanted["total"]
    an_hour = Decimal(paid(lines, PayKind.OVERTIME_PREMIUM)) / 2 + Decimal(given_["cash_wage"])
    assert f"{an_hour:.2f}" == wanted["ot_hourly"]


@pytest.mark.parametrize(
    ("name", "rate", "premium"),
    [
        ("two_rates_45h", "regular_rate_exact", "ot_premium"),
        ("two_rates_spectrum", "regular_rate", "premium"),
    ],
)
def test_several_rates_weigh_by_their_hours(name, rate, premium):
    case = CASES[name]
    wanted = case["expected"]
    (low, some), (high, more) = (
        (job["rate"], float(job["hours"])) for job in case["inputs"]["jobs"]
    )
    pieces = days(*[some / 5] * 5, rate=low) + days(
        *[more / 5] * 5, rate=high, position=2, at=time(16)
    )

    lines = week(pieces, FEDERAL)

    assert paid(lines, *HOURS) == wanted["straight"]
    assert paid(lines, PayKind.OVERTIME_PREMIUM) == wanted[premium]
    assert paid(lines) == wanted["total"]
    said = because(lines, PayKind.OVERTIME_PREMIUM)
    assert f"Regular rate {wanted[rate]}" in said.because
    assert "29 CFR 778.109 and 778.115" in said.source


def test_a_tip_credit_is_part_of_the_weighted_average():
    case = CASES["oracle_tip_credit_weighted"]
    wanted, (bar, server) = case["expected"], case["inputs"]["jobs"]
    minimum = int(Decimal(case["inputs"]["min_wage"]) * 100)
    vendor = replace(
        us_federal(minimum_wage=minimum, tip_credit=minimum), rounding=RateRounding.CENT_HALF_EVEN
    )
    tips = Extra(SUNDAY, ExtraKind.CASH_TIPS, int(Decimal(wanted["tip_credit"]) * 100))
    pieces = [
        *days(7, 7, 7, 7, 7, rate=server["rate"], position=2, tipped=True),
        shift(SUNDAY + timedelta(days=5), 7, bar["rate"]),
    ]

    lines = week(pieces, vendor, tips)

    wages = [line for line in lines if line.kind is not PayKind.CASH_TIPS]
    assert not [line for line in lines if line.kind is PayKind.MAKE_UP]
    assert paid(lines, PayKind.OVERTIME_PREMIUM) == wanted["ot_pay_2h"]
    assert paid(wages) == wanted["amount_owed"]
    assert f"Regular rate {wanted['weighted_avg']} = {wanted['total_at_min']} for hours" in (
        because(lines, PayKind.OVERTIME_PREMIUM).because
    )
    # Exact, as the house reckons unless told otherwise: 6.125, and so a cent more.
    exact = week(pieces, replace(vendor, rounding=RateRounding.EXACT), tips)
    assert paid(exact, PayKind.OVERTIME_PREMIUM) == "6.13"


@pytest.mark.parametrize("name", ["ca_13h_day", "ca_six_nines", "ca_6_days_7h"])
def test_california_counts_the_day_and_the_week_and_no_hour_twice(name):
    case = CASES[name]
    wanted = case["expected"]

    lines = week(days(*case["inputs"]["hours_by_day"]), STATE)

    assert hours_of(lines) == {
        PayKind.REGULAR: Decimal(wanted["regular"]),
        PayKind.OVERTIME: Decimal(wanted["ot_1_5"]),
        PayKind.DOUBLE_TIME: Decimal(wanted["dt_2_0"]),
    }
    assert "Cal. Labor Code 510" in because(lines, PayKind.OVERTIME).source


# --- what the law says beside ---------------------------------------------------------------------


def test_the_seventh_day_is_overtime_and_double_beyond_eight():
    lines = week(days(4, 4, 4, 4, 4, 4, 9), STATE)

    assert hours_of(lines) == {
        PayKind.REGULAR: 24,
        PayKind.OVERTIME: 8,
        PayKind.DOUBLE_TIME: 1,
    }
    assert "seventh day worked" in because(lines, PayKind.DOUBLE_TIME).because
    assert hours_of(week(days(4, 4, 4, 0, 4, 4, 9), STATE))[PayKind.DOUBLE_TIME] == 0


def test_double_time_of_several_rates_is_paid_on_the_weighted_average():
    pieces = [shift(SUNDAY, 8, "10"), shift(SUNDAY, 5, "20", position=2, at=time(16))]

    lines = week(pieces, STATE)

    # (80 + 100) / 13 = 13.8462; 4 h at half of it, 1 h at the whole of it
    assert paid(lines, PayKind.OVERTIME_PREMIUM) == "27.69"
    assert paid(lines, PayKind.DOUBLE_TIME_PREMIUM) == "13.85"


@pytest.mark.parametrize(
    ("kind", "rules", "premium"),
    [
        (ExtraKind.EARNED_BONUS, FEDERAL, "35.00"),
        (ExtraKind.FLAT_BONUS, FEDERAL, "35.00"),
        (ExtraKind.SERVICE_CHARGE, FEDERAL, "35.00"),
        (ExtraKind.DISCRETIONARY_BONUS, FEDERAL, "30.00"),
        (ExtraKind.TIPS, FEDERAL, "30.00"),
        (ExtraKind.CASH_TIPS, FEDERAL, "30.00"),
    ],
)
def test_what_was_promised_for_work_is_in_the_regular_rate(kind, rules, premium):
    # 46 h at 10.00 and 76.67 beside: (460.00 + 76.67) / 46 = 11.6667, half of it for 6 h is 35.00
    lines = week(days(8, 8, 8, 8, 8, 6), rules, Extra(SUNDAY, kind, 7_667, "for the season"))

    assert paid(lines, PayKind.OVERTIME_PREMIUM) == premium


def test_california_divides_a_flat_bonus_by_straight_hours():
    # 29 CFR would divide 100.00 by 50 h; Alvarado divides by 40 and pays one and a half of it.
    lines = week(days(10, 10, 10, 10, 10), STATE, Extra(SUNDAY, ExtraKind.FLAT_BONUS, 10_000))

    # 10 h: half of 10.00 is 50.00, and 10 h x 1.5 x 2.50 is 37.50
    assert paid(lines, PayKind.OVERTIME_PREMIUM) == "87.50"
    assert "150 % of the bonus of 2.50 a straight hour" in (
        because(lines, PayKind.OVERTIME_PREMIUM).because
    )


def test_tips_stand_for_wages_only_as_far_as_they_came_and_as_the_law_lets_them():
    rules = us_federal(minimum_wage=725, tip_credit=512)
    pieces = days(8, 8, 8, 8, rate="2.13", tipped=True)  # 32 h: 232.00 at least, 68.16 in cash

    def lacking(rules: PayRules, tips: int) -> str:
        return paid(week(pieces, rules, Extra(SUNDAY, ExtraKind.TIPS, tips)), PayKind.MAKE_UP)

    assert lacking(rules, 16_384) == "0.00"
    assert lacking(rules, 10_000) == "63.84"
    assert lacking(california(minimum_wage=725), 100_000) == "163.84"
    line = because(week(pieces, rules), PayKind.MAKE_UP)
    assert line.because == ("7.25 an hour for 32:00 h is 232.00; paid 68.16, tips that count 0.00")
    assert "203(m)" in line.source


def test_exempt_people_and_salaries_have_hours_and_no_overtime_pay():
    exempt = week(days(12, 12, 12, 12, rate="30", exempt=True), STATE)
    salaried = week([shift(SUNDAY, 9, None, exempt=True)], FEDERAL)

    assert hours_of(exempt)[PayKind.REGULAR] == 48
    assert paid(exempt) == "1440.00"
    assert paid(salaried) == "0.00"
    assert "paid by salary" in salaried[0].because


def test_night_sunday_and_holiday_are_paid_on_top_and_cut_at_their_hours():
    # Saturday 3 October 2026 is German Unity Day; Sunday follows it.
    pieces = [shift(date(2026, 10, 3), 10, "20.00", at=time(16), place=BERLIN)]
    rules = germany(minimum_wage=0)

    lines = reckon_week(date(2026, 9, 28), pieces, [], rules, BERLIN)

    assert {
        kind: (sum(each.minutes for each in lines if each.kind is kind), paid(lines, kind))
        for kind in (PayKind.HOLIDAY, PayKind.SUNDAY, PayKind.NIGHT)
    } == {
        PayKind.HOLIDAY: (480, "200.00"),  # until midnight, 125 %
        PayKind.SUNDAY: (120, "20.00"),  # from midnight to two, 50 %
        PayKind.NIGHT: (360, "30.00"),  # from eight to two, 25 %
    }
    assert because(lines, PayKind.NIGHT).source == "EStG 3b (1) no. 1"


def test_a_night_premium_is_in_the_regular_rate_and_a_holidays_is_not():
    rules = replace(germany(minimum_wage=0), weekly=FEDERAL.weekly, base=FEDERAL.base)
    nights = [
        shift(SUNDAY + timedelta(days=n), 9, "10", at=time(20), place=BERLIN) for n in range(1, 6)
    ]

    lines = reckon_week(date(2026, 9, 14), nights, [], rules, BERLIN)

    # 45 h at 10.00 and a quarter on all of them: 12.50, half of it for 5 h
    assert paid(lines, PayKind.OVERTIME_PREMIUM) == "31.25"


def test_a_house_rule_pays_a_quarter_on_the_hours_own_rate():
    pieces = [*days(10, 10, 10, 10), shift(SUNDAY + timedelta(days=4), 4, "20")]
    rules = replace(generic_weekly(), week_starts=6)

    assert paid(week(pieces, rules), PayKind.OVERTIME_PREMIUM) == "20.00"


def test_a_night_in_which_clocks_change_has_the_hours_that_were_worked():
    piece = shift(date(2026, 10, 24), 9, at=time(22), place=BERLIN)  # until six

    lines = reckon_week(date(2026, 10, 19), [piece], [], germany(minimum_wage=0), BERLIN)

    assert hours_of(lines)[PayKind.REGULAR] == 9
    assert [(line.day.day, line.minutes) for line in lines if line.kind in HOURS] == [
        (24, 120),
        (25, 420),
    ]


# --- what always holds ----------------------------------------------------------------------------

RULES = st.sampled_from([FEDERAL, STATE, generic_weekly(), germany(), us_federal(), california()])
PIECES = st.lists(
    st.builds(
        lambda start, minutes, position, rate, tipped: Piece(
            datetime(2026, 9, 13, 4, tzinfo=UTC) + timedelta(minutes=start),
            datetime(2026, 9, 13, 4, tzinfo=UTC) + timedelta(minutes=start + minutes),
            position,
            rate,
            tipped,
        ),
        st.integers(0, 13 * 1440),
        st.integers(1, 900),
        st.integers(1, 3),
        st.integers(213, 4_000),
        st.booleans(),
    ),
    max_size=12,
)
EXTRAS = st.lists(
    st.builds(
        Extra,
        st.dates(SUNDAY, SUNDAY + timedelta(days=13)),
        st.sampled_from(ExtraKind),
        st.integers(0, 50_000),
    ),
    max_size=4,
)
FIRST, LAST = SUNDAY - timedelta(days=7), SUNDAY + timedelta(days=20)


def of(pieces: list[Piece], extras: list[Extra], rules: PayRules, first=FIRST, last=LAST):
    """The lines of some days."""
    return reckon(pieces, extras, lambda _: rules, HERE, first=first, last=last)


@given(PIECES, EXTRAS, RULES, st.randoms(use_true_random=False))
def test_classes_add_up_to_what_was_worked_and_the_order_of_punches_is_no_matter(
    pieces, extras, rules, chance
):
    lines = of(pieces, extras, rules)
    shuffled = chance.sample(pieces, len(pieces))

    worked = sum(int((each.ends - each.starts).total_seconds() // 60) for each in pieces)
    assert sum(line.minutes for line in lines if line.kind in HOURS) == worked
    assert of(shuffled, extras, rules) == lines
    assert all(line.because and line.source for line in lines)
    beside = sum(each.amount for each in extras)
    assert (
        sum(line.amount for line in lines if line.kind.value in set(ExtraKind) | {"bonus"})
        == beside
    )


@given(PIECES, EXTRAS, RULES, st.integers(1, 26))
def test_a_period_that_cuts_a_week_loses_nothing(pieces, extras, rules, days_):
    cut = FIRST + timedelta(days=days_)

    halves = of(pieces, extras, rules, last=cut) + of(
        pieces, extras, rules, first=cut + timedelta(days=1)
    )

    assert halves == of(pieces, extras, rules)


@given(PIECES)
def test_overtime_is_never_paid_below_one_and_a_half_times_the_lowest_rate(pieces):
    lines = of(pieces, [], FEDERAL)
    lowest = min((each.rate or 0 for each in pieces), default=0)
    beyond = sum(line.minutes for line in lines if line.kind is PayKind.OVERTIME)

    premium = sum(line.amount for line in lines if line.kind is PayKind.OVERTIME_PREMIUM)

    weeks = 4
    assert premium >= Fraction(lowest * beyond, 120) - Fraction(weeks, 2)


@given(RULES)
def test_rules_are_kept_as_data(rules):
    assert read_rules(json.loads(json.dumps(write_rules(rules)))) == rules


# --- salaries that aren't exempt (29 CFR 778.113, 778.114) ----------------------------------------


def salaried(a_week: str, week_hours: float, *hours: float) -> list[PayLine]:
    """A week's lines of who has a salary, for so many hours (0: whatever there are)."""
    salary = Salary(int(Decimal(a_week) * 100) * 52, int(week_hours * 60))
    pieces = [replace(each, rate=None, salary=salary) for each in days(*hours, rate="0")]
    return week(pieces, FEDERAL)


@pytest.mark.parametrize(
    ("a_week", "for_hours", "worked", "beyond"),
    [
        # 778.113(a): 405.00 for 35 h is 11.57 an hour; 5 h straight, then time and a half
        ("405.00", 35, (8, 8, 8, 8, 8), "57.86"),
        # 778.113(a): 480.00 for 40 h is 12.00, 44 h: four at time and a half
        ("480.00", 40, (9, 9, 9, 9, 8), "72.00"),
        # 480.00 for 45 h is 10.67: half for 5 h that the salary paid, one and a half beyond
        ("480.00", 45, (10, 10, 10, 10, 8), "74.67"),
        # 778.114(b): 600.00 for whatever there is; 48 h make 12.50, eight hours half
        ("600.00", 0, (10, 10, 10, 10, 8), "50.00"),
        ("600.00", 0, (10, 10, 10, 10), "0.00"),
        ("600.00", 0, (10, 10, 10, 10, 10), "60.00"),
    ],
)
def test_overtime_of_a_salary_is_by_the_hours_it_is_for(a_week, for_hours, worked, beyond):
    lines = salaried(a_week, for_hours, *worked)

    assert paid(lines) == beyond
    assert sum(line.minutes for line in lines) == 60 * sum(worked)


def test_a_salarys_lines_say_how_they_are_made_and_who_is_exempt_gets_none():
    premium = because(salaried("600.00", 0, 10, 10, 10, 10, 8), PayKind.OVERTIME_PREMIUM)
    [straight, _] = [line for line in salaried("405.00", 35, 10, 10, 10, 10, 2) if line.amount]
    salary = Salary(60_000 * 52, 0)
    pieces = days(10, 10, 10, 10, 8, rate="0")
    exempt = [replace(each, rate=None, salary=salary, exempt=True) for each in pieces]
    bonus = Extra(SUNDAY, ExtraKind.EARNED_BONUS, 4_800)
    with_bonus = week([replace(each, exempt=False) for each in exempt], FEDERAL, bonus)

    assert premium.because == "600.00 a week for 48:00 h is 12.50 an hour; 50 % of it for 8:00 h"
    assert premium.source.endswith("29 CFR 778.114")
    assert straight.because.endswith("7:00 h beyond these, straight")
    assert straight.source == "29 CFR 778.113"
    assert paid(week(exempt, FEDERAL)) == "0.00"
    assert paid(with_bonus, PayKind.OVERTIME_PREMIUM) == "54.00"  # 12.50 and 1.00 of bonus
