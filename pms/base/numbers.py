"""Numbers as people type them, and as addresses carry them."""

LARGEST = 2**63 - 1
_LONGEST = len(str(LARGEST))


def whole(text: str | None, *, digits: int = _LONGEST) -> int | None:
    """Return a whole number of at most so many digits; None where it isn't one.

    `str.isdigit` is no such question: it says yes to `²`, which `int` refuses, and to any length.
    """
    if not text or not text.isascii() or not text.isdigit() or len(text) > digits:
        return None
    return number if (number := int(text)) <= LARGEST else None
