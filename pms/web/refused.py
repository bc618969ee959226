"""Refused: a small form whose page has no place for a refusal stands on a page of its own.

Its view does a deed and leads back. Where that is refused, what was typed would be gone, and the
sentence would stand far from its field; here both stay, to be mended and pressed again.
"""

from collections.abc import Mapping

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from pms.web.forms import Form
from pms.web.saying import say_refused
from pms.web.shown_again import does

_OURS = {"csrf_token", "version", "opened", "key"}


def or_back(
    form: Form, back: str, *, unseen: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """Lead back from a deed that was done; one that was refused stands as it was typed.

    `unseen` is what its page carries in fields that nobody types, as it is now. Where nothing was
    typed but pressed, the sentence is said on the page that is led to; what was sent by somebody
    who was signed out is shown by `signed_out`.
    """
    unseen = unseen or {}
    fields = [each for each in form if each.name not in {*_OURS, *unseen}]
    if not form.said or g.get("only_looks") or not any(each.raw_data for each in fields):
        say_refused(form)
        return redirect(back)
    shown = {*_OURS, *unseen, *(each.name for each in fields)}
    pressed = [pair for pair in request.form.items(multi=True) if pair[0] not in shown]
    html = render_template(
        "refused.html",
        form=form,
        fields=fields,
        carried=[*unseen.items(), *pressed],
        does=does(),
        address=request.full_path.rstrip("?"),
        back=back,
    )
    return html, 422
