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
        "3782 822463 10005",
        "AB12 4111 1111 1111 1111",  # no account: its check digits are wrong
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
        "Her mobile 0049 170 7654324 or 0049 30 1234567",
        "0170 7654324 0170 5552368",
        "IBAN DE89 3704 0044 0532 0130 00",
        "2026-11-20 2026-11-24",
        "from 2026-11-22, call 030 1234567",
    ],
)
def test_other_words_and_numbers_pass(text):
    card_numbers.refuse(note=text)


@pytest.mark.parametrize(
    ("write", "at_most"),
    [
        (lambda n: f"0170 {1_000_000 + n * 7_919} 0151 {1_000_000 + n * 104_729}", 0),
        (lambda n: f"2026-11-{1 + n % 30:02} 2026-12-{1 + n // 30 % 31:02}", 0),
        (lambda n: f"transfer {(n * 2_654_435_761 + 10**15) % 10**16:016}", 0.06),
    ],
)
def test_few_other_numbers_are_taken_for_cards(write, at_most):
    taken = sum(card_numbers.found_in(write(n)) for n in range(500))

    assert taken / 500 <= at_most
