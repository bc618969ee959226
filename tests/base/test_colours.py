"""Colours: whatever a hotel's own is, what stands on it and is written in it can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.base import colours
from pms.base.refusal import Invalid

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colour=COLOURS)
def test_white_stands_on_it_and_it_is_written_by_day_and_night(colour: str) -> None:
    shades = colours.shades(colour)

    assert colours.contrast("#ffffff", shades.filled) >= colours.READABLE
    assert colours.contrast("#ffffff", shades.pressed) >= colours.READABLE
    assert colours.contrast(colours.PAPER, shades.by_day) >= colours.READABLE
    assert colours.contrast(colours.NIGHT, shades.by_night) >= colours.READABLE


def test_contrast_is_that_of_wcag() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("text", ["", "red", "#12345", "#12345g", "url(x)", "#123456;}"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="like #4350c8"):
        colours.read(text)
