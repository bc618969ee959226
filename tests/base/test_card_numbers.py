"""Card numbers: found however they are typed, and never written."""

import pytest

from pms.base import card_numbers

TEST_CARD = "4111111111111111"


@pytest.mark.parametrize(
    "text",
    [
        TEST_CARD,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "card 4111.1111.1111.1111 exp 12/29",
        "room 204 5555 5555 5555 4444",
        "378282246310005",
        "６０１１１１１１１１１１１１１７",
        "4222222222222",
    ],
)
def test_what_looks_like_a_card_number_is_refused(text):
    with pytest.raises(card_numbers.LooksLikeACardNumber, match="the house keeps none") as refusal:
        card_numbers.refuse(note=text)

    assert refusal.value.field == "note"
    assert TEST_CARD not in refusal.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "Visa 1111",
        "4111111111111112",
        "+351 218 870 000",
        "2026-11-20",
        "0" * 16,
        "1" * 40,
    ],
)
def test_other_words_and_numbers_pass(text):
    card_numbers.refuse(note=text)
