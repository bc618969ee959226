"""Vouchers: numbered without a gap, kept as they were issued, one for each state of a booking."""

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.hotel.service import concierge
from pms.hotel.service.concierge import vouchers
from tests import make
from tests.hotel.service import outing


def test_the_database_itself_keeps_vouchers_numbered_and_in_ink(session):
    with clock.set_to(outing.NOON):
        made = outing.house(session)
        keeps_vouchers(session, made)


def keeps_vouchers(session, made):
    """Two vouchers of one booking, and what is done to them by hand."""
    booking = outing.booked(session, made)
    by = make.by(session, made.hotel)

    def write(number):
        return vouchers.Written(f"Voucher {number}", "en")

    first = vouchers.issue(session, booking, write=write, by=by)
    with pytest.raises(vouchers.IssuedAlready, match="Voucher 10001 is issued"):
        vouchers.issue(session, booking, write=write, by=by)
    concierge.confirm(session, booking, by=by)
    second = vouchers.issue(session, booking, write=write, by=by)

    assert (first.number, second.number, second.page) == (10_001, 10_002, "Voucher 10002")
    assert vouchers.newest(session, booking) is second
    for sql in ("UPDATE vouchers SET page = 'x'", "DELETE FROM vouchers"):
        with pytest.raises(sa.exc.IntegrityError, match="written in ink"), session.begin_nested():
            session.execute(sa.text(sql))
    session.execute(sa.text("UPDATE counters SET last = last + 1 WHERE name = 'voucher'"))
    booking.version += 1
    session.flush()
    with pytest.raises(sa.exc.IntegrityError, match="without a gap"), session.begin_nested():
        vouchers.issue(session, booking, write=write, by=by)
