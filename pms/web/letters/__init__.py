"""Letters: what the house writes to a guest, in the guest's language, by mail and on paper."""

from pms.web.letters.writing import language_of, open_pages, tell, tell_link, written

__all__ = ["language_of", "open_pages", "tell", "tell_link", "written"]
