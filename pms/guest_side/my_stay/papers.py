"""Papers: the invoices and receipts of a stay, as its guest may have them."""

from flask import abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.guest_side.my_stay.bill import issued_to
from pms.guest_side.my_stay.desk import guest_of, mine, place
from pms.hotel.books import papers
from pms.hotel.books.papers import Made, Paper, PaperFile, PaperPrint
from pms.hotel.house.hotels import Hotel
from pms.web.asked import handed_out
from pms.web.attempt import attempt
from pms.web.database import session
from pms.web.forms import Form
from pms.web.guest_pages.visiting import of_a_stay
from pms.web.letters import issued


@place("/papers/<int:paper_id>", "POST")
@of_a_stay
def paper(paper_id: int) -> ResponseReturnValue:
    """Hand out a paper as PDF, as the desk would: the first time the original, then copies.

    What isn't this stay's, or stands on somebody else's window, is a 404.
    """
    my, form = mine(), Form()
    found = next((each for each in issued_to(my) if each.id == paper_id), None)
    if found is None:
        abort(404)
    shelf = str(current_app.static_folder)
    kept = papers.kept_of(session(), found)
    if kept is None:
        kept = attempt(form, _keep, found, issued.made(found, shelf), my.hotel)
    printed = attempt(form, _print, found, my.hotel) if kept else None
    if kept is None or printed is None:
        return redirect(url_for("my_stay.folio"))
    file = papers.pdf_of(session(), kept)
    content = file.content
    if printed.no > 1:
        content = issued.copy(content, found.data["language"], shelf)
    return handed_out(content, file.name, saved=True)


def _keep(session: Session, paper: Paper, made: Made, hotel: Hotel) -> PaperFile:
    return papers.keep(session, paper, made, by=guest_of(session, hotel))


def _print(session: Session, paper: Paper, hotel: Hotel) -> PaperPrint:
    return papers.print_(session, paper, by=guest_of(session, hotel))
