"""What a hosted page is asked with: an address that can be written to, cards where they stay."""

import pytest

from pms.base.db import transaction
from pms.hotel.service.checkout import Purpose, RequestState, standing_cards
from tests.hotel.service.paying import Till
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.fixture
def till(session):
    till = Till(session)
    yield till
    till.practice.store.close()


@pytest.mark.parametrize(
    ("kept", "said"),
    [("ana@mail.example", "ana@mail.example"), ("guest@hotel", None), ("none", None), (None, None)],
)
def test_who_has_no_address_in_order_can_pay_all_the_same(till, kept, said):
    booked = till.books()
    with transaction(till.session):
        booked.guest.email = kept

    intent = till.opens(till.asks(reservation=booked))

    assert till.stripe.find(intent.object_id)["customer_email"] == said
    till.chooses(intent)
    till.looks(intent)
    assert till.held(booked) == 12_000


@pytest.mark.parametrize("purpose", [Purpose.CARD, Purpose.HOLD])
def test_only_a_card_is_kept_or_held(till, purpose):
    booked = till.books()
    request = till.asks(purpose, reservation=booked)
    intent = till.opens(request)

    till.chooses(intent, "debit")  # a bank account can't be: the page takes none
    till.looks(intent)
    assert (request.is_open, standing_cards.of(till.session, booked)) == (True, [])

    till.chooses(intent, "visa")
    till.looks(intent)
    assert request.state is RequestState.PAID
    assert [card.last_four for card in standing_cards.of(till.session, booked)] == ["4242"]
