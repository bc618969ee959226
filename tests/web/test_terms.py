"""Terms: guest and desk read the same of what cancelling and not coming cost, and until when."""

from datetime import UTC, datetime, time

import pytest

from pms.base import clock
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.rooms.policies import Amount, By
from pms.web import terms
from pms.web.letters import agreeing
from pms.web.letters.writing import Tongue
from tests import make

AFTERNOON = datetime(2026, 11, 20, 15, tzinfo=UTC)  # 16:00 in Berlin
NIGHT = datetime(2026, 11, 20, 21, 25, tzinfo=UTC)
AGREED = make.terms(cancel_days=0, no_show=Amount(By.NIGHTS, 1))
HOTEL = Hotel(
    currency="EUR", time_zone="Europe/Berlin", release_at=time(18, 0), business_date=make.DAY
)


class Night:
    room = for_fees = Money(10_000, "EUR")


def read(language, at, *, is_sure):
    return " ".join(
        agreeing.sentences(
            Tongue(language), HOTEL, AGREED, arrival=make.DAY, booked_on=make.DAY,
            promised_at=at, is_sure=is_sure,
        )
    )  # fmt: skip


def at_desk(at, *, is_sure):
    with clock.set_to(at):
        said = terms.facts(
            HOTEL, AGREED, arrival=make.DAY, booked_on=make.DAY, nights=[Night()],
            is_sure=is_sure, promised_at=at,
        )  # fmt: skip
    return dict(said)


def test_who_guarantees_nothing_pays_no_fee_and_has_the_room_until_the_release_hour():
    assert read("de", AFTERNOON, is_sure=False) == (
        "Die Stornierung ist kostenfrei. Wir halten das Zimmer am Anreisetag bis 18:00 Uhr. "
        "Nichtanreise kostet nichts."
    )
    desk = at_desk(AFTERNOON, is_sure=False)
    assert desk["Not coming"] == "nothing, the room is kept until 18:00"
    assert at_desk(AFTERNOON, is_sure=None)["Not guaranteed"] == "neither fee, kept until 18:00"
    assert "berechnen wir die erste Nacht" in read("de", AFTERNOON, is_sure=True)
    assert at_desk(AFTERNOON, is_sure=True)["Not coming"] == "1 night, €100.00"


def test_what_holds_once_the_deposit_is_paid_is_said_before():
    asks = make.terms(deposit=Amount(By.NIGHTS, 1))
    said = agreeing.sentences(
        Tongue("en"), HOTEL, asks, arrival=make.DAY, booked_on=make.DAY, promised_at=AFTERNOON,
        is_sure=False,
    )  # fmt: skip

    assert said[2].startswith("Once the deposit is paid")
    assert said[3:5] == [
        "If you cancel we charge the first night.",
        "If you don't arrive we charge the whole stay.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_books_after_the_hour_is_promised_nothing_that_is_past(language):
    for is_sure in (True, False):
        assert "18" not in read(language, NIGHT, is_sure=is_sure)


def test_what_is_past_is_said_to_be_past():
    assert read("en", NIGHT, is_sure=True).startswith("It can no longer be cancelled free of")
    assert "the room all night" in read("en", NIGHT, is_sure=False)
    assert at_desk(NIGHT, is_sure=True)["Cancelling"] == "no longer free: 1 night, €100.00"
    assert at_desk(NIGHT, is_sure=False)["Not coming"].endswith("kept all night")
