"""Knowledge: looked up by anybody who is signed in, written by who serves guests."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from pms.hotel.house.staff import Permission
from pms.hotel.service import knowledge as shelf
from pms.hotel.service.knowledge import LONGEST, Article, Topic, Written
from pms.web import history
from pms.web.asked import word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty, open_to_staff
from pms.web.database import session
from pms.web.forms import ChoiceField, Form
from pms.web.saying import say, say_refused

bp = Blueprint("knowledge", __name__)


class ArticleForm(Form):
    """An article, as it is written."""

    title = StringField("Title", [InputRequired("Say what it is about."), Length(max=80)])
    topic = ChoiceField("Topic", [InputRequired("Choose one.")])
    words = TextAreaField(
        "In words", [InputRequired("Say it in a few words."), Length(max=LONGEST["words"])]
    )
    hours = StringField("Opening hours", [Length(max=LONGEST["hours"])])
    phone = StringField("Telephone", [Length(max=LONGEST["phone"])])
    address = StringField("Address", [Length(max=LONGEST["address"])])
    map_url = StringField("Map", [Length(max=LONGEST["map_url"])])

    @property
    def written(self) -> Written:
        """The article as it was typed."""
        return Written(
            title=self.title.data or "",
            topic=self.topic.chosen,
            words=self.words.data or "",
            hours=self.hours.data,
            phone=self.phone.data,
            address=self.address.data,
            map_url=self.map_url.data,
        )


@bp.get("/knowledge")
@open_to_staff
def knowledge() -> ResponseReturnValue:
    """Look something up, by words and by topic."""
    text = request.args.get("q", "").strip()[:80]
    asked = word_asked("topic", set(Topic), "")
    away = request.args.get("show") == "away" and may(Permission.CONCIERGE)
    found = shelf.search(session(), here(), text, topic=Topic(asked) if asked else None, away=away)
    return render_template(
        "knowledge/knowledge.html",
        articles=found,
        q=text,
        asked=asked,
        topics=list(Topic),
        away=away,
        may_write=may(Permission.CONCIERGE),
    )


@bp.get("/knowledge/<int:article_id>")
@open_to_staff
def article(article_id: int) -> ResponseReturnValue:
    """Read an article."""
    found = find(Article, article_id)
    return render_template(
        "knowledge/article.html",
        article=found,
        history=history.of(found, here(), limit=10),
        may_write=may(Permission.CONCIERGE),
    )


@bp.route("/knowledge/new", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def new() -> ResponseReturnValue:
    """Write an article for everybody."""
    form = _form()
    if form.validate_on_submit():
        made = attempt(form, shelf.write, here(), form.written, by=on_duty())
        if made:
            say(f"“{made.title}” can be looked up by everybody.")
            return redirect(url_for("knowledge.article", article_id=made.id))
    status = 422 if form.is_submitted() else 200
    return render_template("knowledge/article_form.html", form=form, article=None), status


@bp.route("/knowledge/<int:article_id>/change", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def change(article_id: int) -> ResponseReturnValue:
    """Change an article."""
    found, form = find(Article, article_id), _form()
    form.shows(found, lambda shown: _fill(shown, found))
    if form.validate_on_submit() and attempt(
        form, shelf.rewrite, found, form.written, by=on_duty()
    ):
        say(f"“{found.title}” is changed.")
        return redirect(url_for("knowledge.article", article_id=article_id))
    status = 422 if form.is_submitted() else 200
    return render_template("knowledge/article_form.html", form=form, article=found), status


def _fill(form: ArticleForm, found: Article) -> None:
    for name in ("title", "words", "hours", "phone", "address", "map_url"):
        form[name].data = getattr(found, name)
    form.topic.begin_with(found.topic)


def _form() -> ArticleForm:
    form = ArticleForm()
    form.topic.offer(Topic, label=lambda each: each.words)
    return form


@bp.post("/knowledge/<int:article_id>/<name>")
@allows(Permission.CONCIERGE)
def shelve(article_id: int, name: str) -> ResponseReturnValue:
    """Put an article away, or back on the shelf."""
    found, form = find(Article, article_id), Form()
    if name not in {"away", "back"}:
        abort(404)
    if attempt(form, shelf.put_away, found, away=name == "away", by=on_duty()):
        say(f"“{found.title}” is {'put away' if name == 'away' else 'back on the shelf'}.")
    say_refused(form)
    return redirect(url_for("knowledge.article", article_id=article_id))
