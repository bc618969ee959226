"""Saying what was done, and offering to undo it where that is possible."""

from flask import flash

from pms.web.forms import Form


def say(sentence: str, *, undo: str | None = None) -> None:
    """Say what was done on the next page; with `undo`, offer for 8 seconds to post there."""
    if undo is None:
        flash(sentence)
    else:
        flash({"sentence": sentence, "address": undo}, "undo")  # type: ignore[arg-type]


def say_so(sentence: str) -> None:
    """Say on top of this page, or of the next, what can't be as it was asked for."""
    flash(sentence, "refusal")


def say_refused(form: Form) -> None:
    """Say on the next page what was refused to a form that has no page of its own."""
    if form.said:
        flash(form.said, "refusal")


def say_outcome(form: Form, sentence: str, *, undo: str | None = None) -> None:
    """Say on the next page what was done, as `say` does, or what was refused to the form."""
    if form.said:
        say_refused(form)
    else:
        say(sentence, undo=undo)
