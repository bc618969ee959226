"""Filing: a paper's files made after it was issued, once, whoever asks first."""

from flask import current_app

from pms.hotel.books import papers
from pms.hotel.books.papers import Paper, PaperFile
from pms.web.attempt import attempt
from pms.web.auth import on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.letters import issued


def filed(paper: Paper) -> PaperFile:
    """Return a paper's files; where there are none yet, make them from its data and keep them."""
    kept = papers.kept_of(session(), paper)
    if kept is not None:
        return kept
    made = issued.made(paper, str(current_app.static_folder))
    form = Form()
    kept = attempt(form, papers.keep, paper, made, by=on_duty())
    if kept is None:
        raise LookupError(f"{paper.label} could not be kept: {form.said}")
    return kept
