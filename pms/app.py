"""The application: the floors put together."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from pms.api.stripe_news import bp as stripe_news
from pms.api.views import bp as api
from pms.back_office.cashier.views import bp as cashier
from pms.back_office.charge_sets.views import bp as charge_sets
from pms.back_office.city_ledger.views import bp as city_ledger
from pms.back_office.clock.views import bp as clock
from pms.back_office.default_routing.views import bp as default_routing
from pms.back_office.folios.deposits import bp as deposits
from pms.back_office.folios.limits import bp as limits
from pms.back_office.folios.paid_together import bp as paid_together
from pms.back_office.folios.payments import bp as payments
from pms.back_office.folios.posting import bp as posting
from pms.back_office.folios.refreshing import bp as refreshing
from pms.back_office.folios.routing import bp as routing
from pms.back_office.folios.views import bp as folios
from pms.back_office.folios.windows import bp as windows
from pms.back_office.hours.views import bp as hours
from pms.back_office.house_rules.views import bp as house_rules
from pms.back_office.housekeeping.views import bp as housekeeping
from pms.back_office.identity_papers.views import bp as identity_papers
from pms.back_office.journal.views import bp as journal
from pms.back_office.letterhead.views import bp as letterhead
from pms.back_office.maintenance.views import bp as maintenance
from pms.back_office.meals.views import bp as meals
from pms.back_office.my_rooms.views import bp as my_rooms
from pms.back_office.names.views import bp as names
from pms.back_office.night_audit.views import bp as night_audit
from pms.back_office.online_payment.views import bp as online_payment
from pms.back_office.papers.views import bp as papers
from pms.back_office.payment_requests.views import bp as payment_requests
from pms.back_office.payroll.views import bp as payroll
from pms.back_office.people.views import bp as people
from pms.back_office.rates.views import bp as rates
from pms.back_office.reports.views import bp as reports
from pms.back_office.roster.views import bp as roster
from pms.back_office.set_up.views import bp as set_up
from pms.back_office.taxes.adding import bp as new_taxes
from pms.back_office.taxes.views import bp as taxes
from pms.back_office.web_sales.views import bp as web_sales
from pms.base import memory
from pms.base.db import database_url, engine_options, prepare
from pms.front_office.booking.views import bp as booking
from pms.front_office.check_out.views import bp as check_out
from pms.front_office.checkin.views import bp as checkin
from pms.front_office.companies.earning import bp as commissions
from pms.front_office.companies.views import bp as companies
from pms.front_office.concierge.views import bp as concierge
from pms.front_office.groups.views import bp as groups
from pms.front_office.guests.views import bp as guests
from pms.front_office.knowledge.views import bp as knowledge
from pms.front_office.police.views import bp as police
from pms.front_office.reception.views import bp as reception
from pms.front_office.requests.views import bp as requests
from pms.front_office.reservations.views import bp as reservations
from pms.front_office.rooms.views import bp as rooms
from pms.front_office.search.views import bp as search
from pms.front_office.sign_in.views import bp as sign_in
from pms.front_office.tape_chart.views import bp as tape_chart
from pms.front_office.today.views import bp as today
from pms.front_office.traces.views import bp as traces
from pms.front_office.waiting.views import bp as waiting
from pms.gateways.stripe import Accounts
from pms.guest_side.booking.views import bp as web_booking
from pms.guest_side.my_stay.views import bp as my_stay
from pms.guest_side.pay.views import bp as pay
from pms.web import auth, checkout, errors, filters, frame, misses, security, sheets, signed_out
from pms.web.database import db
from pms.web.guest_pages import framing, knocking
from pms.web.practice import PracticePages

ROOT = Path(__file__).parents[1]
INSTANCE = ROOT / "instance"

BLUEPRINTS = (
    api,
    sign_in,
    today,
    search,
    reservations,
    booking,
    groups,
    waiting,
    traces,
    guests,
    companies,
    commissions,
    checkin,
    check_out,
    rooms,
    tape_chart,
    folios,
    posting,
    paid_together,
    payments,
    payment_requests,
    online_payment,
    stripe_news,
    pay,
    windows,
    refreshing,
    routing,
    limits,
    default_routing,
    deposits,
    papers,
    night_audit,
    house_rules,
    housekeeping,
    identity_papers,
    my_rooms,
    maintenance,
    payroll,
    requests,
    reception,
    concierge,
    knowledge,
    cashier,
    charge_sets,
    city_ledger,
    reports,
    meals,
    journal,
    rates,
    letterhead,
    names,
    new_taxes,
    taxes,
    web_sales,
    set_up,
    police,
    people,
    roster,
    clock,
    hours,
    web_booking,
    my_stay,
)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Return the application, set by `config` over the environment over what suits one machine."""
    memory.give_back_what_is_freed()
    app = Flask(
        "pms",
        root_path=str(ROOT),
        instance_path=str(INSTANCE),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
    )
    app.config.from_mapping(_settings(config or {}))
    if app.config["BEHIND_PROXY"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    Compress(app)
    security.protect(app)
    sheets.install(app)
    signed_out.install(app)
    auth.guard(app)
    signed_out.install_after_the_door(app)
    frame.install(app)
    filters.install(app)
    framing.install(app)
    errors.install(app)
    misses.install(app)
    knocking.install(app)
    checkout.install(app, Accounts(INSTANCE, os.environ))
    app.wsgi_app = PracticePages(app)  # type: ignore[assignment,method-assign]
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _settings(given: Mapping[str, Any]) -> dict[str, Any]:
    url = database_url(
        given.get("DATABASE_URL")
        or os.environ.get("DATABASE_URL")
        or f"sqlite:///{INSTANCE / 'pms.sqlite3'}"
    )
    public_url = str(given.get("PUBLIC_URL") or os.environ.get("PUBLIC_URL", ""))
    https = public_url.startswith("https://")
    return {
        "PUBLIC_URL": public_url,
        "BEHIND_PROXY": https,
        "SECRET_KEY": given.get("SECRET_KEY") or os.environ.get("SECRET_KEY") or _kept_secret(),
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url),
        "SESSION_COOKIE_NAME": "__Host-duty" if https else "duty",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PREFERRED_URL_SCHEME": "https" if https else "http",
        "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,
        "SEND_FILE_MAX_AGE_DEFAULT": 300,
        "WTF_CSRF_TIME_LIMIT": None,  # lives as long as the sign-in: pages stay open all day
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 3,  # a page is made once and read once
        "COMPRESS_LEVEL": 1,
        **given,
    }


def _kept_secret() -> str:
    """Return the secret of this machine, made on the first start and readable by us alone."""
    kept = INSTANCE / "secret_key"
    INSTANCE.mkdir(exist_ok=True)
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
