"""The chain moves in on any day: its dice fall anew each day, and none may end in a refusal.

`PMS_DEMO_DAYS=2026-11-23,2027-02-28 PMS_DEMO_WHOLE=1` tries those days, with the large hotel too.
"""

import os
from datetime import UTC, date, datetime, time

import pytest

from pms import demo
from pms.hotel.close import verify
from pms.hotel.house import hotels
from tests.engines import ONE_ENGINE

# On that morning a firm's guest left the second hotel, which had granted the firm nothing.
DAYS = os.environ.get("PMS_DEMO_DAYS", "2026-11-23").split(",")
FIRST = demo.BIG if os.environ.get("PMS_DEMO_WHOLE") else demo.TINY


@ONE_ENGINE
@pytest.mark.parametrize("day", DAYS)
def test_the_chain_moves_in_and_everything_adds_up(session, day):
    now = datetime.combine(date.fromisoformat(day), time(4), UTC)

    demo.make(session, password="a-demo-password", now=now, plans=[FIRST, demo.SMALL])

    for plan in (FIRST, demo.SMALL):
        hotel = hotels.by_code(session, plan.code)
        assert [each.name for each in verify.checks(session, hotel) if not each.ok] == []
