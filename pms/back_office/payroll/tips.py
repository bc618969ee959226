"""Tip pools: what they share, among whom."""

from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.payroll.desk import ask, bp, titles
from pms.back_office.payroll.forms import PoolForm, ShareForm
from pms.hotel.house.staff import Permission
from pms.hotel.people import payroll
from pms.hotel.people import tips as pools
from pms.hotel.people.employees import Position, positions
from pms.hotel.people.tips import PoolKind, SharedBy, TipPool
from pms.hotel.tariff import charges
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@bp.get("/payroll/tips")
@allows(Permission.SEE_PAY)
def tip_pools() -> ResponseReturnValue:
    """Show the pools with who shares them."""
    return render_template(
        "payroll/tips.html",
        pools=pools.pools(session(), here(), date.min, date.max),
        last_locked=payroll.last_locked(session(), here()) or date.min,
        titles=titles(),
        may_set=may(Permission.SET_PAY),
    )


@bp.route("/payroll/tips/new", methods=["GET", "POST"])
@allows(Permission.SET_PAY)
def new_pool() -> ResponseReturnValue:
    """Open a pool."""
    form = PoolForm()
    codes = charges.active(session(), here())
    form.charge_code.offer(codes, label=lambda each: f"{each.code}, {each.name}")
    form.kind.offer(PoolKind, label=lambda each: each.words)
    form.shared_by.offer(SharedBy, label=lambda each: each.words)
    if not form.is_submitted():
        form.begins_on.data = here().business_date
    if form.validate_on_submit():
        made = attempt(
            form,
            payroll.open_pool,
            here(),
            name=form.name.data or "",
            kind=form.kind.chosen or PoolKind.TIPS,
            shared_by=form.shared_by.chosen or SharedBy.HOURS,
            charge_code=form.charge_code.chosen,
            begins_on=form.begins_on.data or here().business_date,
            by=on_duty(),
        )
        if made:
            say(f"{made.name} is open. Now say who shares it.")
            return redirect(url_for("payroll.tip_pools"))
    return ask(form, "Open a pool", back=url_for("payroll.tip_pools"))


@bp.route("/payroll/tips/<int:pool_id>/share", methods=["GET", "POST"])
@allows(Permission.SET_PAY)
def share(pool_id: int) -> ResponseReturnValue:
    """Let a position share in a pool."""
    pool, form = find(TipPool, pool_id), ShareForm()
    form.shows(pool)
    form.position.offer(positions.of_hotel(session(), here()), label=lambda each: each.title)
    if form.validate_on_submit() and attempt(
        form,
        pools.put_position,
        pool,
        form.position.chosen,
        points=form.points.data or 1,
        by=on_duty(),
    ):
        return redirect(url_for("payroll.tip_pools"))
    return ask(form, "Let a position share", sub=pool.name, back=url_for("payroll.tip_pools"))


@bp.post("/payroll/tips/<int:pool_id>/share/<int:position_id>/out")
@allows(Permission.SET_PAY)
def take_out(pool_id: int, position_id: int) -> ResponseReturnValue:
    """Let a position share no longer."""
    pool, position, form = find(TipPool, pool_id), find(Position, position_id), Form()
    attempt(form, pools.take_out_position, pool, position, by=on_duty())
    say_refused(form)
    return redirect(url_for("payroll.tip_pools"))


@bp.post("/payroll/tips/<int:pool_id>/close")
@allows(Permission.SET_PAY)
def close(pool_id: int) -> ResponseReturnValue:
    """Let a pool end with today."""
    pool, form = find(TipPool, pool_id), Form()
    attempt(form, pools.close_pool, pool, ends_on=here().business_date, by=on_duty())
    say_refused(form)
    return redirect(url_for("payroll.tip_pools"))


@bp.post("/payroll/tips/<int:pool_id>/take-back")
@allows(Permission.SET_PAY)
def take_pool_back(pool_id: int) -> ResponseReturnValue:
    """Take back a pool that was opened by mistake."""
    pool, form = find(TipPool, pool_id), Form()
    name = pool.name
    attempt(form, payroll.take_pool_back, pool, by=on_duty())
    if not form.said:
        say(f"{name} is taken back; nothing of it was shared out.")
    say_refused(form)
    return redirect(url_for("payroll.tip_pools"))
