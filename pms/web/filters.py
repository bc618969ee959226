"""Filters: the one way in which money, dates, nights and counts are written on a page."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from flask import Flask, g, has_request_context

from pms.base import countries, dates
from pms.base.money import MINUS, Money, digits_of
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.people import rules


def install(app: Flask) -> None:
    """Hand the filters to the templates."""
    for filter_ in (
        money, money_of, digits_of, minor, figure, amount, day, short_day, weekday, at_time, moment,
        last_moment, nights, ordinal, plural, percent, in_hours, initials, house_letter, device,
        tongue, lasted, own_script, country,
    ):  # fmt: skip
        app.add_template_filter(filter_)


def money(value: Money | None, *, cents: bool = True) -> str:
    """Write an amount: `€1,096.00`, minus as a minus sign; without `cents`, rounded for a chart."""
    if value is None:
        return "—"
    return value.said if cents else value.rounded_off(0)


def money_of(value: int, currency: str) -> str:
    """Write whole minor units of any currency as an amount."""
    return money(Money(value, currency))


def minor(value: int | None) -> str:
    """Write whole minor units of the hotel's currency as an amount."""
    return money(None if value is None else Money(value, g.currency))


def figure(value: int | None) -> str:
    """Write whole minor units without the currency, for a column of many."""
    return amount(None if value is None else Money(value, g.currency))


def amount(value: Money | None) -> str:
    """Write an amount without its currency, for a column that names it once."""
    if value is None:
        return ""
    sign = MINUS if value.minor < 0 else ""
    return f"{sign}{abs(value.decimal):,.{digits_of(value.currency)}f}"


def _business_year() -> int | None:
    today = g.get("business_date") if has_request_context() else None
    return today.year if today else None


def day(value: date | None, *, year: bool | None = None) -> str:
    """Write a day: `Sat 21 Nov 2026`; the year goes when it is the business year."""
    if value is None:
        return "—"
    with_year = year if year is not None else value.year != _business_year()
    return f"{value:%a} {value.day} {value:%b}" + (f" {value.year}" if with_year else "")


def short_day(value: date | None) -> str:
    """Write a day without its weekday: `21 Nov`, with the year when it isn't the business year."""
    if value is None:
        return "—"
    return f"{value.day} {value:%b}" + (f" {value.year}" if value.year != _business_year() else "")


def weekday(value: date) -> str:
    """Write the weekday: `Sat`."""
    return f"{value:%a}"


def _here(value: datetime) -> datetime:
    zone = g.get("time_zone", "UTC") if has_request_context() else "UTC"
    return dates.local(value, zone)


def at_time(value: datetime | None) -> str:
    """Write an instant as the hotel's clock shows it: `15:02`."""
    return f"{_here(value):%H:%M}" if value else "—"


def moment(value: datetime | None) -> str:
    """Write an instant as day and time: `Sat 21 Nov 15:02`."""
    return f"{day(_here(value).date())} {_here(value):%H:%M}" if value else "—"


def last_moment(value: datetime | None) -> str:
    """Write until when something is: the last whole day if it ends at midnight, or the hour."""
    if value is None or _here(value).time() != time.min:
        return moment(value)
    return day(_here(value).date() - timedelta(days=1))


def nights(value: int | timedelta) -> str:
    """Write a length of stay: `1 night`, `4 nights`."""
    count = value.days if isinstance(value, timedelta) else value
    return plural(count, "night")


def ordinal(count: int) -> str:
    """Write which of a row it is: `1st`, `2nd`, `11th`, `23rd`."""
    ends = "th" if 10 < count % 100 < 20 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count:,}{ends}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: `1 room`, `2 rooms`, `2 parties`."""
    if count == 1:
        return f"1 {one}"
    if many is None:
        ends_in_y = one.endswith("y") and one[-2:-1] not in "aeiou"
        many = f"{one[:-1]}ies" if ends_in_y else f"{one}s"
    return f"{count:,} {many}"


def percent(value: float | Decimal, places: int = 0) -> str:
    """Write a share of one: `88%`."""
    return f"{value * 100:.{places}f}%"


def in_hours(minutes: int) -> str:
    """Write minutes as hours: `7:30`."""
    return rules.in_hours(minutes).replace("-", MINUS)


def initials(name: str) -> str:
    """Write whose face it is: `JK`."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def house_letter(name: str) -> str:
    """Write the house's mark: the first letter of its own name, not of the word hotel."""
    words = [word for word in name.split() if word.lower() not in {"hotel", "the", "grand"}]
    return (words or [name])[0][:1].upper()


def tongue(code: str | None) -> str:
    """Write a language by its name: `Español`; one that the house doesn't write, in English."""
    short = (code or "").strip().lower()[:2]
    if short in LANGUAGES:
        return LANGUAGES[short]
    try:
        return str(Locale.parse(short).get_display_name("en"))
    except (UnknownLocaleError, ValueError):
        return code or ""


def lasted(value: timedelta) -> str:
    """Write how long something took: `under a second`, `12 s`, `1 min 40 s`."""
    seconds = round(value.total_seconds())
    if value < timedelta(seconds=1):
        return "under a second"
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min {seconds % 60} s"


def own_script(native: str | None, name: str) -> str:
    """Write a name in its own script; nothing where that is the name itself, in any order."""
    said = sorted(name.casefold().replace(",", " ").split())
    return native if native and sorted(native.casefold().split()) != said else ""


def country(code: str | None) -> str:
    """Write a country by its name: `South Korea` for `KOR`."""
    return countries.name(code)


def device(agent: str) -> str:
    """Write what a browser says of itself in two words: `Firefox on Windows`."""
    browsers = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {
        "Android": "Android", "iPhone": "iPhone", "iPad": "iPad",
        "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux",
    }  # fmt: skip
    browser = next((name for mark, name in browsers.items() if mark in agent), "A browser")
    system = next((name for mark, name in systems.items() if mark in agent), "")
    return f"{browser} on {system}" if system else browser
