"""The words of a stay's own pages, each in every language of the house."""

from pms.guest_side.my_stay.words import changing, home, registering, rooms
from pms.web.guest_pages.words import in_each_language

WORDS = in_each_language({**home.ROWS, **registering.ROWS, **changing.ROWS, **rooms.ROWS})
