"""Verify: finds nothing where a hotel lived by its verbs, and names what is broken by hand."""

import re
from datetime import time, timedelta
from decimal import Decimal
from itertools import chain

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.db import is_postgresql, transaction
from pms.base.money import Money
from pms.hotel.books import cashiers, folios, papers, payments, receivables, routing
from pms.hotel.books.cashiers import Counted, banking, dropping
from pms.hotel.books.papers import Made, issuers
from pms.hotel.books.payments import Method
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.books.receivables import statements
from pms.hotel.close import verify
from pms.hotel.close.verify import cashiers as cashier_rules
from pms.hotel.close.verify import payroll as payroll_rules
from pms.hotel.close.verify import shape
from pms.hotel.guests import agreements, companies
from pms.hotel.house import content_keys, hiring, translations
from pms.hotel.house.content_keys import ContentKey
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Chain
from pms.hotel.house.staff import Role
from pms.hotel.people import away, pay, payroll, roster
from pms.hotel.people.absences import AbsenceKind
from pms.hotel.people.employees import Employment
from pms.hotel.people.exports import Target
from pms.hotel.people.timeclock import Punched, Source, approving, punching
from pms.hotel.people.timeclock.punching import Press
from pms.hotel.rooms import (
    calendar,
    derivations,
    package_allowances,
    packages,
    packaging,
    policies,
    rates,
    season_changes,
    seasons,
    yields,
)
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.derivations import Difference
from pms.hotel.rooms.packages import Details
from pms.hotel.rooms.packaging import Per
from pms.hotel.rooms.rooms import Condition
from pms.hotel.rooms.season_changes import Wish
from pms.hotel.rooms.seasons import Span, TypePrice
from pms.hotel.service import (
    concierge,
    handovers,
    housekeeping,
    maintenance,
    reception,
    requests,
    tickets,
    wake_ups,
)
from pms.hotel.service.checkout import following, intending, payouts
from pms.hotel.service.concierge import catalogue, vendors, vouchers
from pms.hotel.service.requests import categories
from pms.hotel.stays import (
    alerts,
    allowances,
    commissions,
    default_rules,
    express,
    fees,
    guest_links,
    hour_fees,
    house_rules,
    keys,
    night_charges,
    queueing,
    registration,
    settlements,
    stays,
    traces,
    turnaways,
    upgrades,
    waitlist,
)
from pms.hotel.stays.guest_links import Opens
from pms.hotel.stays.reservations import Guarantee
from pms.hotel.stays.reservations import packages as of_reservation
from pms.hotel.tariff import charge_sets, charges, fee_codes, taxes
from pms.hotel.tariff.fee_codes import FeeOf
from tests import make, moulds, papered, prepaid
from tests.engines import ONE_ENGINE
from tests.hotel.close import lived
from tests.hotel.close.lived import SECOND
from tests.hotel.people import make_people, paying
from tests.hotel.service.paying import Till, euros
from tests.hotel.stays import allotted, web

ONE_ENTRY = "(SELECT MIN(id) FROM entries WHERE hotel_id = :hotel)"
TAXED = "(SELECT MIN(entry_id) FROM lines WHERE tax_id IS NOT NULL)"
ONE_ACCOUNT = "(SELECT MIN(account_id) FROM account_days WHERE day = :second)"

BROKEN = {
    "K1 what a drawer should hold is its float and all that moved, drops off":
        "UPDATE drawer_counts SET expected = expected + 1",
    "K2 a count is its notes and coins": "UPDATE counted_pieces SET pieces = pieces + 1",
    "K3 over and short posted is the last count less what should have been":
        "UPDATE drawer_moves SET amount = amount + 1 WHERE kind = 'over_short'",
    "K4 a closed shift was counted and its drawer is empty":
        "UPDATE drawer_moves SET booked = booked + 1 WHERE kind = 'handed_in'",
    "K5 what moved in a drawer is what its entry says of the drawers":
        "UPDATE drawer_moves SET booked = booked + 1 WHERE kind = 'drop'",
    "K6 foreign money is booked at its kept rate, rounded once":
        "UPDATE drawer_moves SET rate = rate * 2 WHERE rate IS NOT NULL",
    "K7 a paid-out is what its entry took out of the cash":
        "UPDATE paid_outs SET amount = amount + 1",
    "K8 what was taken back of a drawer is a move of it, whole":
        "UPDATE drawer_moves SET amount = amount + 1, booked = booked + 1 WHERE kind = 'voided'",
    "K9 a card brand has one name":
        "UPDATE payments SET brand = 'VISA' WHERE id = (SELECT MIN(id) FROM payments"
        " WHERE brand = 'Visa')",
    "K10 notes that went to the bank are what their entry took out and the bank gave":
        "UPDATE notes_banked SET credited = credited + 1",
    "K11 foreign notes in the safe are what was handed in, less what went to the bank":
        "UPDATE notes_banked SET booked = booked + 1",
    "K12 the bank gave for notes what its rate says, rounded once":
        "UPDATE notes_banked SET rate = rate * 2",
    "K13 the counts of a terminal's batch are numbered in turn and in the logbook":
        "DELETE FROM logbook WHERE noun = 'terminal_batches' AND verb = 'counted again'",
    "K14 foreign notes in the safe are never below none or worth less, and none are worth none":
        "UPDATE notes_banked SET amount = amount * 1000",
    "K15 the safe holds none of the house's own money below nothing":
        "UPDATE lines SET amount = -1000000 WHERE account_id IN"
        " (SELECT id FROM accounts WHERE code = 'cash/safe')",
    "B1 the account of VAT on deposits is the sum of their tax lines, entry by entry":
        "UPDATE deposit_taxes SET tax = tax + 1 WHERE tax > 0",
    "B2 VAT is owed of no more of a deposit than is held, so of none after check-out":
        "UPDATE deposit_taxes SET net = net + 1000000 WHERE tax > 0",
    "B3 no more VAT of a deposit is set off than was owed":
        "UPDATE deposit_taxes SET net = -net, tax = -tax",
    "B4 a deposit invoice names the VAT that was owed of its deposit":
        "UPDATE papers SET tax = tax + 1 WHERE kind = 'deposit_invoice'",
    "B5 what is paid above the price of a stay bears no VAT, and no more than the price does":
        "UPDATE deposit_taxes SET quoted = 0 WHERE tax > 0",
    "H1 a rule that was passed was passed for a reason, for who came or left":
        "UPDATE rules_passed SET why = ' '",
    "H2 a party is in the queue once, on a day on which it was expected":
        "UPDATE queued_parties SET taken_off_at = '2026-01-01 00:00:00'",
    "H3 an early or late hour is charged or waived, once for a stay":
        "UPDATE stay_fees SET waived_why = 'Friend'",
    "H4 an hour that was charged is on the books of its party, one taken back isn't":
        "UPDATE stay_fees SET taken_back_on = day",
    "H5 an upgrade goes to another type, is sold or given for a reason, and is in the logbook":
        "UPDATE upgrades SET amount = 0",
    "H6 the express check-out is asked for once, and mailed to who left":
        "UPDATE express_check_outs SET letter_id = 1",
    "L1 each entry balances":
        f"UPDATE lines SET amount = amount + 1 WHERE entry_id = {ONE_ENTRY} AND no = 1",
    "P1 a plan follows one above it, up to a plan that stands alone":
        "UPDATE derived_plans SET level = 1",
    "P2 a plan that follows has no prices of its own to come":
        "INSERT INTO night_prices (hotel_id, night, type_id, plan_id, price)"
        " SELECT n.hotel_id, n.night, n.type_id, d.plan_id, n.price FROM night_prices n"
        " JOIN derived_plans d ON d.parent_id = n.plan_id WHERE n.night > :third"
        " AND d.level = 1",
    "P3 a price of a season is that season's, on its nights":
        "UPDATE night_prices SET price = price + 1 WHERE season_id IS NOT NULL",
    "P4 a plan is booked under a policy that stands":
        "UPDATE policies SET ended_at = '2026-01-01 00:00:00'",
    "P5 a fee stands only where a promise ended under terms":
        "UPDATE reservation_fees SET of = 'no_show' WHERE taken_back_on IS NULL",
    "P6 a fee that was charged is on the books, and one taken back isn't":
        "UPDATE reservation_fees SET taken_back_on = '2026-12-01' WHERE taken_back_on IS NULL",
    "P7 a rule of yield is in the logbook, by whom it was made and stopped":
        "UPDATE yield_rules SET stopped_at = '2026-12-01 00:00:00'",
    "P8 what was posted as a package is one of that reservation's, on its nights":
        "UPDATE entries SET rule = 'package:99' WHERE rule = 'package:1'",
    "P9 a package of every night was posted with each night that was charged":
        "DELETE FROM entries WHERE rule LIKE 'package:%'",
    "P10 a package of a reservation was agreed with it, or added and taken off by somebody":
        "UPDATE reservation_packages SET taken_off_on = '2026-12-24'",
    "P11 what a charge took of an allowance came off its bill":
        "UPDATE allowance_uses SET amount = amount - 1",
    "P12 an allowance was used as far as it goes, and stands no longer than its charge":
        "UPDATE allowance_uses SET allowed = 1",
    "P13 a season's change that was taken back is in the logbook, and no other is":
        "DELETE FROM logbook WHERE verb = 'took back season'",
    "P14 a season that was removed last has no prices, and its nights are of none":
        "UPDATE night_prices SET season_id = (SELECT MAX(season_id) FROM season_changes"
        " WHERE removes AND undone_at IS NULL) WHERE season_id IS NOT NULL",
    "P15 a fee's taxes are in its price: what was agreed is what is paid":
        "UPDATE fee_codes SET charge_code_id ="
        " (SELECT id FROM charge_codes WHERE code = 'ROOM')",
    "P16 a change of the calendar is in the logbook, and one taken back says by whom":
        "DELETE FROM logbook WHERE verb = 'changed rates'",
    "L1 each line has its entry": f"DELETE FROM entries WHERE id = {ONE_ENTRY}",
    "L2 each business day balances":
        f"UPDATE lines SET amount = amount + 1 WHERE entry_id = {ONE_ENTRY} AND no = 1",
    "L2 lines bear their entry's day":
        f"UPDATE lines SET business_day = '2026-12-24' WHERE entry_id = {ONE_ENTRY}",
    "L3 sealed balances carry forward":
        "UPDATE account_days SET opening = opening + 1, closing = closing + 1"
        f" WHERE day = :second AND account_id = {ONE_ACCOUNT}",
    "L3 no standing balance is left out of a later day":
        "DELETE FROM account_days WHERE day = :second AND opening <> 0",
    "L3 sealed movements are those of the lines":
        "UPDATE account_days SET debits = debits + 1, credits = credits + 1"
        f" WHERE day = :second AND account_id = {ONE_ACCOUNT}",
    "L4 the guest ledger is the sum of its folios":
        "DELETE FROM folio_windows WHERE folio_id = (SELECT MIN(folio_id) FROM folio_windows)",
    "L4 each payment is the money of its entry": "UPDATE payments SET amount = amount + 1",
    "D1 D2 papers are numbered without a gap and unchanged":
        "UPDATE documents SET number = number + 9",
    "D1 D2 issued papers are chained, and say what was issued":
        "UPDATE papers SET addressee = addressee, label = label || 'X' WHERE kind = 'invoice'",
    "D2 kept files are the bytes that were made":
        "UPDATE kept_files SET sha256 = 'changed'",
    "D3 no more is credited of an invoice than it came to":
        "UPDATE papers SET gross = gross * 100 WHERE kind = 'credit_note'",
    "D4 each posting is on one paper at a time":
        "UPDATE paper_entries SET covers = -1"
        " WHERE paper_id = (SELECT MIN(id) FROM papers WHERE kind = 'invoice')",
    "D5 an invoice comes to what its postings come to":
        "UPDATE papers SET gross = gross + 1, net = net + 1 WHERE kind = 'invoice'",
    "D6 a paper's number is the next of its series":
        "UPDATE paper_series SET last = last + 1",
    "D8 the receipt of a payment that was voided is credited":
        "UPDATE papers SET credits_id = NULL WHERE kind = 'credit_note'",
    "D8 of a receipt of several payments those that were voided are credited":
        "DELETE FROM receipt_payments WHERE line_no = 2",
    "D7 what became of papers is in the logbook":
        "DELETE FROM logbook WHERE noun = 'papers'",
    "L6 no entry bears a day before the opening or after today":
        f"UPDATE entries SET business_day = '2027-01-01' WHERE id = {ONE_ENTRY}",
    "L7 a reversal undoes exactly one entry, once":
        "UPDATE lines SET amount = amount * 2 WHERE entry_id ="
        " (SELECT MAX(id) FROM entries WHERE reverses_id IS NOT NULL)",
    "L8 each tax is owed by the payer and to the state alike":
        f"UPDATE lines SET amount = amount + 1 WHERE entry_id = {TAXED} AND no ="
        f" (SELECT MIN(no) FROM lines WHERE entry_id = {TAXED} AND tax_id IS NOT NULL)",
    "L8 each tax is what a rate of it makes of its base":
        "UPDATE tax_rates SET rate = rate + 10000",
    "L8 only a tax by head knows ages of children, three at most":
        "INSERT INTO tax_age_bands (hotel_id, tax_id, from_day, upto, amount)"
        " SELECT r.hotel_id, r.tax_id, r.from_day, 5, 0 FROM tax_rates r JOIN taxes t"
        " ON t.hotel_id = r.hotel_id AND t.id = r.tax_id WHERE t.kind = 'percent'",
    "A2 no card number is written anywhere":
        "UPDATE reservations SET notes = 'Visa 4111 1111 1111 1111, 12/29'",
    "J1 what rules sent of a charge is what it put on the window they lead to":
        "UPDATE routed_amounts SET amount = amount + 1",
    "J2 no rule sends more than its limits": "UPDATE routing_rules SET night_limit = 999",
    "J3 no more of a posting was moved on from a window than it put there":
        "UPDATE lines SET amount = amount * 100 WHERE entry_id = (SELECT MAX(id) FROM entries"
        " WHERE kind = 'transfer' AND concerns_id IS NOT NULL)",
    "J4 a rule, and its end, is in the logbook of its folio":
        "UPDATE routing_rules SET folio_id = to_folio_id + 1",
    "J5 VAT is paid with the charge it is on":
        "UPDATE lines SET tax_id = (SELECT MIN(id) FROM taxes WHERE levy = false), base = 0"
        " WHERE tax_id IS NULL AND entry_id IN (SELECT id FROM entries WHERE kind = 'charge')",
    "J6 a rule takes a set that has charges in it, and names the default it came from":
        "DELETE FROM charge_set_codes",
    "J7 a default rule, and its end, is in the logbook of whose it is":
        "UPDATE default_rules SET ended_at = made_at",
    "L9 moving charges keeps the sum of all folios":
        "UPDATE lines SET amount = amount + 1 WHERE no = 1 AND entry_id ="
        " (SELECT MIN(id) FROM entries WHERE kind = 'transfer')",
    "L10 a closed folio owes and is owed nothing in any window":
        "UPDATE folios SET state = 'closed', closed_on = :second WHERE state = 'open'",
    "L10 a folio is open or closed on a day, and no other":
        "UPDATE folios SET closed_on = opened_on WHERE state = 'open'",
    "L11 each closed day's seal is that of its entries":
        f"UPDATE entries SET text = 'Something else' WHERE id = {ONE_ENTRY}",
    "L11 the seal is the one printed that night":
        "UPDATE day_seals SET digest = 'beef' || SUBSTR(digest, 5) WHERE day = :second",
    "L12 amounts are whole numbers": "ALTER TABLE lines ADD COLUMN about FLOAT",
    "L14 each archived journal balances and is its day's":
        "UPDATE archived_reports SET content = (SELECT content FROM archived_reports AS other"
        " WHERE other.name = 'journal' AND other.form = 'json' AND other.day < :second)"
        " WHERE name = 'journal' AND form = 'json' AND day = :second",
    "L13 a deposit is owed to the guest until arrival":
        "UPDATE reservations SET state = 'in_house' WHERE 'deposit/' || number IN"
        " (SELECT code FROM accounts WHERE ledger = 'deposit')",
    "L13 no night's revenue is recognised before the night":
        "UPDATE entries SET service_night = '2027-01-01' WHERE id ="
        " (SELECT MAX(id) FROM entries WHERE rule = 'room')",
    "A8 who was merged into another profile has no booking of their own":
        "UPDATE guests SET merged_into_id = (SELECT MAX(id) FROM guests)"
        " WHERE id < (SELECT MAX(id) FROM guests)",
    "A9 a key that opens is for who is in house, and for their room":
        "UPDATE room_keys SET room_id = (SELECT MIN(id) FROM rooms WHERE id <> room_id)",
    "I1 no room has two parties in one night or day":
        "UPDATE reservation_nights SET room_id = (SELECT MIN(id) FROM rooms)"
        " WHERE room_id IS NOT NULL AND night = :second",
    "I1 each room of a night is claimed by its party":
        "DELETE FROM room_claims WHERE claimant = 'party' AND night = :second",
    "I1 each claim of a party is a night of it":
        "UPDATE reservation_nights SET room_id = NULL WHERE night = :second",
    "I1 each claim of a block is a night of it": "DELETE FROM room_blocks",
    "I2 no type is oversold unless forced":
        "UPDATE type_nights SET allowance = -100 WHERE night = :third",
    "I2 the house is not oversold unless forced":
        "UPDATE house_nights SET allowance = -100 WHERE night = :third",
    "I2 what is forced says who and why":
        "UPDATE type_nights SET forced = 1 WHERE night = :third",
    "I3 sold is the number of promised nights":
        "UPDATE type_nights SET sold = sold + 1 WHERE night = :third",
    "I3 those who share a room count as one each night to come":
        "UPDATE reservation_nights SET counted_type_id = charged_type_id"
        " WHERE live AND counted_type_id IS NULL",
    "I3 held is the number of rooms on hold and allotted":
        "UPDATE type_nights SET held = held + 1 WHERE night = :third",
    "I3 out of order is the number of rooms blocked":
        "UPDATE type_nights SET out_of_order = out_of_order + 1 WHERE night = :third",
    "I3 rooms to sell are the rooms there are":
        "UPDATE type_nights SET rooms = rooms + 1 WHERE night = :third",
    "I3 the house is the sum of its types":
        "UPDATE house_nights SET sold = sold + 1 WHERE night = :third",
    "I3 the changes of a night add up to what is promised":
        "DELETE FROM night_changes WHERE id = (SELECT MAX(id) FROM night_changes)",
    "I4 who is in house, or was, has one stay that says so":
        "DELETE FROM stays WHERE state = 'in_house'",
    "I4 who is in house has arrived and has a room tonight":
        "UPDATE stays SET arrived_on = '2027-01-01' WHERE state = 'in_house'",
    "I5 a stay's nights are contiguous": "DELETE FROM reservation_nights WHERE night = :third",
    "I5 a price below zero has its reason":
        "UPDATE reservation_nights SET price = -1, manual_reason = NULL WHERE night = :third",
    "I6 who is cancelled or didn't come holds no night":
        "UPDATE reservations SET state = 'no_show' WHERE state = 'booked'",
    "I6 a night given back holds nothing":
        "UPDATE reservation_nights SET room_id = (SELECT MIN(id) FROM rooms) WHERE NOT live",
    "I6 no hold outlives an audit that should have ended it":
        "UPDATE holds SET state = 'open', expires_at = '2020-01-01 00:00:00'",
    "N1 each night in house is charged exactly once": "DELETE FROM entries WHERE rule = 'room'",
    "N2 each day since the opening was closed once, in order":
        "DELETE FROM audits WHERE day = :second",
    "N7 occupancy kept is occupancy recounted":
        "UPDATE day_statistics SET occupied = occupied + 1",
    "N7 revenue and payments kept are those of the lines":
        "UPDATE day_statistics SET payments = payments + 1",
    "N7 markets add up to the house": "UPDATE segment_statistics SET rooms = rooms + 1",
    "N8 archived reports are the bytes that were printed":
        "UPDATE archived_reports SET sha256 = 'changed' WHERE day = :second",
    "N9 a tax is given back where a later night of the stay stands charged":
        "UPDATE entries SET key = key || '/exempt/1', concerns_id = (SELECT MAX(c.id)"
        " FROM entries c WHERE c.rule = 'room' AND c.service_night = :second)"
        " WHERE kind = 'adjustment'",
    "A1 each promise and each presence is in the logbook":
        "DELETE FROM logbook WHERE noun = 'reservations'",
    "A3 who booked is in the party once":
        "UPDATE party_guests SET guest_id = (SELECT r.guest_id FROM reservations r"
        " WHERE r.hotel_id = party_guests.hotel_id AND r.id = party_guests.reservation_id)",
    "A4 letters of a booking are counted without a gap":
        "UPDATE reservation_letters SET no = no + 1",
    "A4 a mailed letter is in the outbox, with who wrote it in the logbook":
        "DELETE FROM logbook WHERE noun = 'letters'",
    "A5 a card signed on screen is among the papers as a registration card":
        "UPDATE registration_cards SET way = 'paper'",
    "A7 a police file has as many guests as it says":
        "DELETE FROM police_reports",
    "A7 police files are counted without a gap":
        "UPDATE police_files SET number = 3",
    "A7 police files are the bytes that were exported":
        "UPDATE police_files SET sha256 = 'changed'",
    "A8 each signed card and police file has a key of its own, and each key opens one":
        "DELETE FROM content_keys",
    "A10 cards and police files that are erased are so by the logbook of that day":
        "DELETE FROM logbook WHERE verb = 'erased cards and police files'",
    "A6 a document names a guest of the chain and stands under seal":
        "UPDATE identity_documents SET number = 'C01X00T47'",
    "G1 what a group picked up is what its parties have":
        "UPDATE allotment_nights SET picked = picked + 1, kept = kept - 1",
    "G2 an allotment is kept for a group that deducts, on its nights":
        "UPDATE group_terms SET deducts = FALSE",
    "G3 no allotment outlives the audit that should have cut it off":
        "UPDATE allotment_nights SET release_on = :second",
    "G4 each group has its master folio": "UPDATE groups SET folio_id = NULL",
    "G5 no option outlives the audit of its day":
        "UPDATE reservations SET option_date = :second WHERE state = 'booked'",
    "G6 who was booked from the waiting list has that very stay's guest":
        "UPDATE waitlist SET state = 'booked'",
    "G7 a turnaway is the no its reason says": "UPDATE turnaways SET kind = 'regret'",
    "G8 who did a trace works here, and did it after it was written":
        "UPDATE traces SET done_at = '2020-01-01 00:00:00', done_by = staff_id",
    "G9 an alert is on a guest or on a stay, and pops up somewhere":
        "UPDATE alerts SET at_folio = FALSE",
    "G10 no two agreements of one company hold on one day":
        "UPDATE agreements SET until = '2028-01-01'",
    "R1 requests are numbered without a gap":
        "UPDATE counters SET last = last + 1 WHERE name = 'request'",
    "R2 a request's clocks run only while somebody waits":
        "UPDATE requests SET escalates_at = due_at WHERE state = 'closed'",
    "R3 a request stands at the highest level that was told, each once":
        "DELETE FROM request_escalations WHERE level = 2",
    "R4 each recovery is what its entry puts on its folio":
        "UPDATE request_recoveries SET amount = amount + 1",
    "R5 what became of a request is in the logbook, a complaint's end with its cause":
        "UPDATE requests SET cause = NULL WHERE state = 'closed'",
    "R6 each category has a clock for every priority, for VIPs and for others":
        "DELETE FROM request_clocks WHERE vip AND priority = 'urgent'",
    "C8 vouchers are numbered without a gap, each for a booking of the house":
        "UPDATE counters SET last = last + 1 WHERE name = 'voucher'",
    "F1 messages are numbered without a gap, and an ended one says by whom and how":
        "UPDATE counters SET last = last + 1 WHERE name = 'message'",
    "F2 calls are numbered without a gap, and what one became speaks of the same party":
        "UPDATE phone_calls SET reservation_id = "
        "(SELECT MIN(id) FROM reservations WHERE id <> reservation_id)"
        " WHERE message_id IS NOT NULL",
    "F3 visitors are numbered without a gap, and each left after coming, seen out by somebody":
        "UPDATE visitors SET left_at = '2020-01-01 00:00:00'",
    "F4 a party's privacy is in the logbook, and who is hidden takes neither calls nor visits":
        "DELETE FROM logbook WHERE verb = 'wished privacy'",
    "R7 a hand-over is signed by two, or waits for the second":
        "UPDATE handovers SET taken_by = given_by, taken_at = given_at",
    "R8 tickets are numbered without a gap, and what is gone says when and to whom":
        "UPDATE tickets SET gone_to = 'Nobody'",
    "C1 the places taken of a time are those of its bookings, never more than it has":
        "UPDATE activity_times SET taken = taken + 1",
    "C2 the concierge's bookings are numbered without a gap":
        "UPDATE counters SET last = last + 1 WHERE name = 'activity booking'",
    "C3 a charged booking has its entry on the folio it names, and a fee its own":
        "UPDATE activity_bookings SET price = price * 2 WHERE entry_id IS NOT NULL",
    "C4 what was charged for a cancelled booking was taken off the bill":
        "UPDATE activity_bookings SET state = 'cancelled', cancel_reason = 'x', commission = 0"
        " WHERE state <> 'cancelled' AND entry_id IS NOT NULL",
    "C5 a commission is its share of what is due":
        "UPDATE activity_bookings SET commission = commission + 1",
    "C6 who isn't woken has a request, and no call waits that was taken back":
        "UPDATE wake_up_calls SET request_id = NULL WHERE state = 'missed'",
    "C7 what became of bookings and calls is in the logbook":
        "DELETE FROM logbook WHERE noun = 'wake_up_calls'",
    "K1 a task says when it was begun, done and inspected, and by whom":
        "UPDATE room_tasks SET done_by = NULL WHERE state = 'done'",
    "K2 each task is on a sheet of its day":
        "UPDATE room_tasks SET day = '2026-12-24'",
    "K3 a day's sheets are numbered without a gap, one for each attendant":
        "UPDATE sheets SET number = number + 1",
    "K4 a difference is one of three kinds, one open in a room, resolved once by somebody":
        "UPDATE discrepancies SET seen_persons = desk_persons",
    "K5 what became of a room is in the logbook":
        "DELETE FROM logbook WHERE noun = 'room_tasks' AND verb = 'done'",
    "W1 work orders are numbered without a gap":
        "UPDATE counters SET last = last + 1 WHERE name = 'work order'",
    "W2 a work order is somewhere, and says when it was begun and done":
        "UPDATE work_orders SET done_at = NULL WHERE state = 'done'",
    "W3 what keeps a room from guests for a work order keeps its room":
        "UPDATE work_orders SET room_id = (SELECT MIN(id) FROM rooms) WHERE block_id IS NOT NULL",
    "E1 nobody works twice at a time":
        "UPDATE time_entries SET employee_id = (SELECT MIN(id) FROM employees)",
    "E2 approved hours are the minutes that somebody else approved, of that version":
        "UPDATE time_approvals SET minutes_paid = minutes_paid + 1",
    "E3 hours are as they were punched, or as an edit says":
        "UPDATE punches SET kind = 'break'",
    "E4 a break is within its hours, one at a time":
        "UPDATE time_breaks SET started_at = '2020-01-01 00:00:00'",
    "E5 what a hand changed in hours is in the logbook, with its reason":
        "UPDATE time_edits SET why = 'Another reason'",
    "E6 nobody has two shifts at a time, one without the position, or one while absent":
        "UPDATE roster_shifts SET position_id = 1",
    "E7 what the roster put on the duty list is a published shift, its person and its hours":
        "UPDATE roster_shifts SET published_at = NULL",
    "E8 a position is held between the hire and the leaving, and no rate is older than it":
        "UPDATE employees SET hired_on = '2027-01-01'",
    "E9 an absence has each of its days": "DELETE FROM absent_days",
    "E10 who corrected hours didn't approve them, or said why":
        "UPDATE time_edits SET staff_id = (SELECT MIN(a.staff_id) FROM time_approvals a"
        " WHERE a.entry_id = time_edits.entry_id) WHERE entry_id IN"
        " (SELECT entry_id FROM time_approvals)",
    "Y1 a day is paid in one period, and a locked one says who looked, approved and locked":
        "UPDATE pay_periods SET locked_by = NULL",
    "Y2 what came into a tip pool is what it paid out, to the cent":
        "UPDATE pay_extras SET amount = amount + 1 WHERE pool_id IS NOT NULL",
    "Y3 what came into a tip pool is in the ledger":
        "UPDATE lines SET amount = amount * 2"
        " WHERE charge_code_id = (SELECT charge_code_id FROM tip_pools)",
    "Y4 what is corrected is an earlier period that is locked":
        "UPDATE pay_lines SET corrects_id = period_id WHERE corrects_id IS NOT NULL",
    "Y5 a locked period's lines are those that were reviewed":
        "UPDATE pay_lines SET because = 'Because'",
    "Y6 a locked period's lines follow from its hours and rules":
        "UPDATE pay_pieces SET rate = rate + 1",
    "Y7 payroll files are the bytes that were made":
        "UPDATE pay_exports SET sha256 = 'beef' || SUBSTR(sha256, 5)",
    "S1 no plan that was agreed with companies is public":
        "INSERT INTO plan_companies (hotel_id, chain_id, plan_id, company_id, first)"
        " SELECT w.hotel_id, c.chain_id, w.plan_id, c.id, '2026-11-20'"
        " FROM web_plans w JOIN companies c ON 1 = 1",
    "S2 who booked on the web accepted terms, and nobody else did": "DELETE FROM web_bookings",
    "S3 each guest's link is in the logbook, with whoever made it":
        "DELETE FROM logbook WHERE verb = 'made guest''s link'",
    "S4 a withdrawn link leaves no visit open that began before":
        "UPDATE guest_visits SET ended_at = NULL",
    "S6 a booking is opened by its first room":
        "UPDATE reservations SET booking_number = booking_number + 1",
    "S8 a booking has the number of its first room, which is of it":
        "UPDATE reservations SET booking_number = 999999 WHERE booking_number <> number",
    "S7 what was translated is in the logbook":
        "DELETE FROM logbook WHERE verb = 'translated names'",
    "S5 what was told of an arrival is in the logbook":
        "DELETE FROM logbook WHERE verb = 'told arrival'",
    "O1 each thing the gateway moved is one payment of the same amount":
        "UPDATE gateway_payments SET amount = amount * 2",
    "O2 a settled intent that moves money is one payment of its amount":
        "UPDATE gateway_intents SET amount = amount + 1 WHERE deed = 'refund'",
    "O3 the clearing account is what the gateway owes":
        "DELETE FROM disputes",
    "O4 no more is given back online than was taken":
        "UPDATE gateway_payments SET amount = -99999 WHERE amount < 0",
    "O5 a request is done by one settled intent, and ends then":
        "UPDATE payment_requests SET state = 'withdrawn' WHERE state = 'paid'",
    "O6 what was taken of a hold is in the books, and no more than was held":
        "UPDATE card_holds SET captured = captured - 1 WHERE state = 'captured'",
    "O7 a card is kept with its guest's consent, of the same reservation":
        "UPDATE kept_cards SET consent_id = 1",
    "O8 a payout is the sum of its lines": "UPDATE payouts SET fees = fees + 1",
    "V1 the city ledger is the sum of what is open":
        "UPDATE city_items SET open = open - 1 WHERE kind = 'opening' AND open > 0",
    "V2 each entry of an account is an item of it, and each item such an entry":
        "DELETE FROM city_items WHERE kind = 'payment'",
    "V3 no more is allocated than an item or a payment comes to, and open is the rest":
        "UPDATE city_allocations SET amount = amount + 1",
    "V4 an allocation sets a credit against a debit of one account":
        "UPDATE city_allocations SET credit_id = debit_id",
    "V5 what was billed of a window is an item of the company":
        "UPDATE direct_bills SET amount = amount + 1",
    "V6 a write-off that stands is wholly set against what it gave up":
        "UPDATE city_items SET open = amount WHERE kind = 'write_off'",
    "V7 what is done to accounts is in the logbook":
        "DELETE FROM logbook WHERE verb = 'put in dispute'",
    "V10 an item that moved is off the one account and on the other, as it was":
        "UPDATE city_items SET dated = '2020-01-01' WHERE kind = 'moved_in'",
    "V11 what a credit note takes off an account is of an invoice billed to it, and no more":
        "UPDATE city_items SET amount = amount * 9, open = 0 WHERE kind = 'credit_note'",
    "V12 between companies' accounts nothing is left":
        "DELETE FROM lines WHERE account_id IN (SELECT id FROM accounts"
        " WHERE code = 'clearing/between-accounts') AND amount > 0",
    "V8 a commission comes to what its stays come to":
        "UPDATE commission_lines SET amount = amount + 1",
    "V9 a stay's commission is paid once, by day and reference":
        "UPDATE commission_lines SET live = NOT live",
    "O9 a refund on its way keeps its credit back, and nothing else does":
        "UPDATE credit_reserves SET amount = amount + 1",
    "O10 a refund that the bank sent back is in the books again, once":
        "UPDATE gateway_intents SET refused = NULL WHERE refused LIKE 'returned%'",
    "O11 a payment for several rooms is the sum of its parts":
        "UPDATE payment_parts SET amount = amount + 1",
    "O12 a charge for several rooms is one payment for each part, on its room's own account":
        "UPDATE payment_parts SET reservation_id = (SELECT MAX(reservation_id) FROM payment_parts)",
    "O13 an open dispute keeps its amount back, a lost one no more, and a won one nothing":
        "UPDATE disputes SET amount = amount + 1",
    "O14 a refund of several rooms is the sum of its shares, each of another part of a charge":
        "UPDATE gateway_payments SET amount = amount - 1 WHERE charge IS NOT NULL AND amount < 0",
    "T3 each reference stays in its hotel":
        "UPDATE stays SET room_id = 1",
}  # fmt: skip
OF_THE_SHAPE = {"L5 the ink's triggers stand", "T2 each row belongs to a hotel or a chain"}


@pytest.fixture
def house(session):
    return moulds.pour(session, with_one_of_each)


def with_one_of_each(session):
    """Build a hotel with a row of whatever verify looks at."""
    hotel = lived.busy(session)
    served(session, hotel)
    received(session, hotel)
    arranged(session, hotel)
    grouped(session, hotel)
    sold(session, hotel)
    kept(session, hotel)
    at_the_desk(session, hotel)
    billed(session, hotel)
    paid_ahead(session, hotel)
    routed(session, hotel)
    drawn(session, hotel)
    owed(session, hotel)
    outlived(session, hotel)
    crewed(session, hotel)
    pooled(session, hotel)
    guests_side(session, hotel)
    paid_online(session, hotel)
    lived.close(session, hotel)
    paid(session, hotel)


def at_the_desk(session, hotel):
    """A rule passed, an hour charged, a party that waits, an upgrade sold, an express wish."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by, day = make.by(session, hotel), hotel.business_date
        rule, strict = house_rules.Check.CARD, house_rules.Severity.BLOCKS
        house_rules.set_rule(session, hotel, rule, strict, by=by)
        hour_fees.steps.add(
            session, hotel, hour_fees.Hour.EARLY, at=time(23), percent=10,
            code=make.charge_code(session, hotel), by=by,
        )  # fmt: skip
        suite = make.room_type(session, hotel, "SUI", rank=9)
        made = [make.room(session, hotel, number, kind=suite) for number in ("951", "952")]
        make.plan(session, hotel, suite, price="400.00")
        early = make.reservation(session, hotel, kind=suite)
        stay = stays.check_in(session, early, room=made[0], passing="Known", by=by)
        house_rules.set_rule(session, hotel, rule, house_rules.Severity.WARNS, by=by)
        hour_fees.settle(session, stay, hour_fees.Hour.EARLY, by=by)
        later = make.reservation(session, hotel, arrival=day + timedelta(days=4))
        upgrades.take(session, later, suite, by=by)
        express.ask(session, later, email="ana@example.org", by=by)
        waits = make.reservation(session, hotel, surname="Waits", nights=3, kind=suite)
        queueing.put(session, waits, by=by)


def sold(session, hotel):
    """Plans that follow each other, a season, and promises given up for a fee and taken back."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by, day = make.by(session, hotel), hotel.business_date
        bar = rates.by_code(session, hotel, "BAR")
        strict, friends = (make.plan(session, hotel, code=code) for code in ("NRF", "FRIENDS"))
        less = Difference(points=-1_000)
        derivations.derive(session, strict, bar, less, by=by)
        derivations.derive(session, friends, strict, less, by=by)
        span = Span("Fair", day + timedelta(days=20), day + timedelta(days=22))
        costs = {make.room_type(session, hotel): TypePrice(Money(15_000, hotel.currency))}
        seasons.put(session, bar, span, costs, by=by)
        season_changed_and_removed(session, hotel, bar, by)
        consumed(session, hotel, by)
        fee_codes.put(
            session, hotel, FeeOf.NO_SHOW, make.charge_code(session, hotel, "PARKING"), by=by
        )
        yields.add(session, hotel, make.rule(day), by=by)
        policy = make.policy(session, hotel)
        policies.attach(session, bar, policy, by=by)
        first, second = (
            make.reservation(
                session, hotel, arrival=day + timedelta(days=3), guarantee=Guarantee.CARD
            )
            for _ in range(2)
        )
        for party in (first, second):
            fees.cancel(session, party, reason="Plans", by=by)
        fees.reinstate(session, second, by=by)
        details = Details(
            "Parking", make.charge_code(session, hotel), Per.FIXED, Money(500, hotel.currency)
        )
        parking = packages.add(session, hotel, code="PARK", details=details, by=by)
        of_reservation.add(session, lived.party(session, "Paying"), parking, by=by)


def season_changed_and_removed(session, hotel, bar, by):
    """One season of the week after taken back, another removed; and prices raised by hand."""
    first = hotel.business_date + timedelta(days=25)
    kind = make.room_type(session, hotel)
    costs = {kind: TypePrice(Money(16_000, hotel.currency))}
    wish = Wish(Span("Week", first, first + timedelta(days=2)), costs)
    season_changes.undo(session, season_changes.put(session, bar, wish, by=by), by=by)
    made = season_changes.put(session, bar, wish, by=by)
    season = session.get_one(seasons.Season, (hotel.id, made.season_id))
    season_changes.remove(session, season, by=by)
    ten = Money(1_000, hotel.currency)
    nights = [first + timedelta(days=5)]
    dearer = calendar.work_out(
        session, hotel, nights, types=[kind], plans=[bar], how=calendar.How.ADD, amount=ten
    )
    calendar.apply(session, hotel, dearer, words="Dearer", by=by)


def consumed(session, hotel, by):
    """A party with a credit of 5.00 a day that has been to the minibar."""
    party, minibar = lived.party(session, "Paying"), make.charge_code(session, hotel, "MINIBAR")
    five = Money(500, hotel.currency)
    details = Details("Credit", make.charge_code(session, hotel, "CREDIT"), Per.FIXED, five)
    credit = packages.add(session, hotel, code="CREDIT", details=details, by=by)
    package_allowances.allow(
        session, credit, span=packaging.Span.DAY, amount=five, codes=[minibar], by=by
    )
    of_reservation.add(session, party, credit, by=by)
    folio = settlements.folio_of(session, party, by=by)
    nine = Money(900, hotel.currency)
    entry = folios.charge(session, folio, code=minibar, amount=nine, by=by)
    assert allowances.absorb(session, folio, entry) == five


def grouped(session, hotel):
    """A group that comes in a week, with three rooms kept and one of them picked up."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        week = hotel.business_date + timedelta(days=7)
        allotted.wedding(session, hotel, rooms=3, arrival=week)
        by, stay = make.by(session, hotel), {"arrival": week, "departure": week + timedelta(days=1)}
        waitlist.put(
            session, hotel, guest=make.guest(session, hotel), plan=make.plan(session, hotel),
            room_type=make.room_type(session, hotel), adults=1, by=by, **stay,
        )  # fmt: skip
        turnaways.note(session, hotel, why=turnaways.Why.SOLD_OUT, by=by, **stay)
        traces.add(
            session, hotel, department=Department.FRONT_OFFICE, due_on=week, words="Cot", by=by
        )
        firm = companies.enter(session, hotel, code="AGENT", name="Agent", by=by)
        for first in (hotel.business_date, week):
            agreements.make(
                session, hotel, firm, party=agreements.Party.AGENT, first=first, until=first, by=by
            )
        party = lived.party(session, "Paying")
        alerts.put(session, hotel, party, words="Pays cash", areas=[alerts.Area.FOLIO], by=by)


def served(session, hotel):
    """A complaint made good on the bill and closed, and one that reached the duty manager."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by = make.by(session, hotel)
        categories.furnish(session, hotel, by=by)
        kind = categories.by_code(session, hotel, "C-NOISE")
        where = requests.Where(reservation=lived.party(session, "Paying"))
        loud, _lobby = (
            requests.enter(session, hotel, category=kind, words="Music", where=place, by=by)
            for place in (where, requests.Where(place="Lobby"))
        )
        keys.make(session, stays.of(session, lived.party(session, "Paying")), by=by)
        requests.take(session, loud, by=by)
        code = make.charge_code(session, hotel)
        ten = Money(1_000, hotel.currency)
        requests.take_off(session, loud, code=code, amount=ten, reason="Noise", by=by)
        requests.finish(session, loud, words="Bar was closed", by=by)
        requests.close(session, loud, cause="Bar", by=by)
        tickets.keep(
            session, hotel, kind=tickets.TicketKind.PARCEL, words="Box", kept_in="Shelf", by=by
        )
        handovers.give(
            session, hotel, department=Department.FRONT_OFFICE, words="Bar is loud", by=by
        )


def received(session, hotel):
    """A call that became a message, a visitor, and a party that is hidden."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by = make.by(session, hotel)
        party = lived.party(session, "Paying")
        called = reception.log(
            session, hotel, direction=reception.Direction.INCOMING, with_whom="Abel",
            matter="Dinner at eight", outcome=reception.Outcome.NOT_REACHED,
            about=reception.phone_calls.About(party), by=by,
        )  # fmt: skip
        reception.pass_on(session, called, by=by)
        reception.arrive(session, hotel, name="Roy", visits=party, by=by)
        reception.wish(session, party, no_information=True, by=by)


def arranged(session, hotel):
    """A walk on the bill, one cancelled late for a fee, and a call that nobody made."""
    afternoon = make.NOON + timedelta(days=1, hours=1)
    party = lived.party(session, "Paying")
    with clock.set_to(afternoon), transaction(session):
        by = make.by(session, hotel)
        terms = vendors.Terms(name="Walks", free_hours=48, fee_percent=50, commission_rate=1_250)
        walk = catalogue.add(
            session, vendors.add(session, hotel, terms, by=by),
            catalogue.Details(
                kind=concierge.ActivityKind.TOUR, name="Walk", capacity=4,
                price=Money(2_000, hotel.currency), charge_code=make.charge_code(session, hotel),
            ), by=by,
        )  # fmt: skip
        day = hotel.business_date
        catalogue.open_times(session, walk, first=day, last=day, hours=[time(20)], by=by)
        [at_eight] = catalogue.times(
            session, hotel, first=afternoon, until=afternoon + timedelta(days=1)
        )
        stays_, off = (
            concierge.book(session, at_eight, party, concierge.Asked(persons=1, charge=True), by=by)
            for _ in range(2)
        )
        concierge.cancel(session, off, reason="Rain", by=by)
        vouchers.issue(session, stays_, write=lambda _: vouchers.Written("Walk", "en"), by=by)
        wake_ups.ask(session, hotel, [party], at=time(16), by=by)
    with clock.set_to(afternoon + timedelta(hours=3)), transaction(session):
        wake_ups.look_after(session, hotel, by=make.by(session, hotel))


def paid_online(session, hotel):
    """A refund the bank sent back and one on its way, a hold taken, a dispute, and a payout."""
    with clock.set_to(make.NOON + timedelta(days=1)):
        till = Till(session, house=hotel)
        arrival = hotel.business_date + timedelta(days=3)
        party = till.books(arrival=arrival, surname="Online")
        paid = till.pays(till.asks(reservation=party))
        till.does(intending.capture, till.holds(party), amount=euros(4_000))
        of = session.get_one(GatewayPayment, (hotel.id, paid.gateway_payment_id))
        session.rollback()
        back, _ = (
            till.does(intending.refund, of, amount=euros(minor), reason="Short", reservation=party)
            for minor in (1_000, 500)
        )
        till.stripe.return_refund(back.object_id)
        till.looks(back)
        with transaction(session):
            intending.refund(
                session, of, amount=euros(100), reason="Later", reservation=party, by=till.by
            )
        both = till.pays_rooms([party, till.books(arrival=arrival, with_booking=party)])
        till.stripe.refund({"payment_intent": both.payment, "amount": 7_000})
        till.stripe.open_dispute(paid.payment)
        for event in till.news():
            till.hears(event)
        till.works()
        till.stripe.pay_out()
        following.fetch_payouts(session, hotel, till.gateways)
        session.rollback()
        assert payouts.owed(session, hotel).adds_up
        session.rollback()
        till.practice.store.close()


def kept(session, hotel):
    """A room cleaned and one still to do, a difference, a repair done and one that keeps a room."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by = make.by(session, hotel)
        made = [make.room(session, hotel, f"9{n}", condition=Condition.DIRTY) for n in range(3)]
        first, _second = (housekeeping.put(session, each, on=by, by=by) for each in made[:2])
        housekeeping.finish(session, first, by=by)
        housekeeping.look(session, made[0], persons=1, by=by)
        lamp, bath = (
            maintenance.report(session, hotel, words=words, room=made[2], by=by)
            for words in ("Lamp", "Bath")
        )
        maintenance.finish(session, lamp, by=by)
        first_night = hotel.business_date + timedelta(days=5)
        maintenance.keep_from_guests(
            session, bath, Block.OUT_OF_SERVICE, first=first_night,
            until=first_night + timedelta(days=1), by=by,
        )  # fmt: skip


def billed(session, hotel):
    """An invoice with its file and an amount credited of it, and receipts taken back."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by = make.by(session, hotel)
        issuers.write(session, hotel, papered.ISSUER, by=by)
        folio, code = make.folio(session, hotel), make.charge_code(session, hotel)
        folios.charge(session, folio, code=code, amount=Money(10_700, hotel.currency), by=by)
        paper = papered.invoice(session, folio)
        papers.keep(session, paper, Made(b"%PDF", None), by=by)
        ten = Money(1_000, hotel.currency)
        papers.credit_amount(session, paper, line=1, amount=ten, reason="Noise", by=by)
        taken = payments.pay(session, folio, amount=ten, method=Method.CASH, by=by)
        papers.receipt(session, taken, to=papered.GUEST, by=by)
        papers.void_payment(session, taken, reason="Typed twice", by=by)
        cash = {"amount": ten, "method": Method.CASH, "by": by}
        rooms = [payments.pay(session, folio, **cash) for _ in range(2)]
        several = [papers.PaidFor(each, "Ana Dvořák") for each in rooms]
        papers.receipt_together(session, several, to=papered.GUEST, by=by)
        papers.void_payment(session, rooms[1], reason="Typed twice", by=by)


def paid_ahead(session, hotel):
    """A deposit that was taxed when it came, with its invoice, part of it given back."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by = make.by(session, hotel)
        vat = taxes.add(
            session, hotel, code="VAT7", name="VAT 7 %", kind=taxes.TaxKind.PERCENT,
            rate=7 * taxes.PERCENT, inclusive=True, by=by,
        )  # fmt: skip
        lodging = taxes.add_class(session, hotel, code="AHEAD", name="Ahead", taxes=[vat], by=by)
        room = make.charge_code(session, hotel)
        usual = session.get_one(taxes.TaxClass, (hotel.id, room.tax_class_id))
        charges.tax_as(session, room, lodging, by=by)
        booked = make.reservation(session, hotel, surname="Ahead")
        prepaid.deposit_invoice(session, prepaid.deposit(session, booked))
        some = Money(5_000, hotel.currency)
        settlements.return_deposit(
            session, booked, amount=some, method=Method.CASH, reason="A shorter stay", by=by
        )
        charges.tax_as(session, room, usual, by=by)


def routed(session, hotel):
    """A bill that a company pays in part, a rule that ended, and a posting split in two."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by = make.by(session, hotel)
        folio = make.folio(session, hotel, windows=2, name="A couple")
        company = routing.Takes(percent=6_000, night_limit=Money(1_000, "EUR"))
        routing.route(session, folio, to_window=2, takes=company, by=by)
        spa = charge_sets.add(
            session, hotel, name="Spa", codes=[make.charge_code(session, hotel, "SPA")], by=by
        )
        routing.route(session, folio, to_window=2, takes=routing.Takes(charge_set=spa), by=by)
        [plan] = rates.plans(session, hotel)[:1]
        default_rules.add(session, hotel, plan, takes=routing.Takes(charge_set=spa), by=by)
        old = routing.route(session, folio, to_window=2, by=by)
        routing.stop(session, old, by=by)
        dinner = folios.charge(
            session, folio, code=make.charge_code(session, hotel), amount=Money(4_000, "EUR"), by=by
        )
        folios.split(
            session, dinner, amount=Money(500, "EUR"), to_folio=folio, to_window=2,
            leaving=folio.windows[0], by=by,
        )  # fmt: skip


def drawn(session, hotel):
    """A shift with foreign notes, a drop, one taken back and a paid-out; the notes banked."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by, folio = make.by(session, hotel), make.folio(session, hotel)
        cashiers.set_rate(session, hotel, currency="USD", rate=Decimal("1.08"), by=by)
        make.filled_safe(session, hotel)
        shift = cashiers.open_shift(session, hotel, opening_float=euros(10_000), by=by)
        payments.pay(
            session, folio, amount=euros(9_200), method=Method.CASH,
            tendered=Money(10_000, "USD"), by=by,
        )  # fmt: skip
        for amount in (9_000, 1_000):
            cashiers.drop(session, shift, amount=euros(amount), by=by)
        wrong = cashiers.drops(session, shift)[-1].move
        dropping.take_back(session, wrong, reason="Typed wrongly", by=by)
        payments.pay_out(session, folio, amount=euros(2_000), words="Taxi", by=by)
        cashiers.begin_count(session, shift, by=by)
        counts = [Counted("EUR", {5_000: 1, 1_000: 1}), Counted("USD", {10_000: 1})]
        cashiers.close(session, shift, counts=counts, by=by)
        for rate in ("1.1", "1.05"):
            banked = banking.bank(
                session, hotel, notes=Money(5_000, "USD"), rate=Decimal(rate), by=by
            )
        banking.undo(session, banked, reason="Wrong bag", by=by)
        batch = {"terminal": "T1", "batch": "7", "by": by}
        payments.tie_out(session, hotel, counted=euros(100), **batch)
        payments.recount(session, hotel, counted=euros(10), reason="Misread", **batch)


def owed(session, hotel):
    """A firm's account with a bill, a payment of some, a dispute, a loss; an agent that is paid."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by, day = make.by(session, hotel), hotel.business_date
        firm = companies.enter(session, hotel, code="FIRM", name="Firm", direct_bill=True, by=by)
        bill = make.folio(session, hotel)
        five = Money(500, hotel.currency)
        folios.charge(session, bill, code=make.charge_code(session, hotel), amount=five, by=by)
        receivables.direct_bill(session, bill, company=firm, by=by)
        old = receivables.bring_forward(
            session, hotel, firm, amount=five, dated=day - timedelta(days=99), reference="1", by=by
        )
        receivables.pay_city(
            session, hotel, firm, amount=Money(100, hotel.currency), method=Method.TRANSFER,
            oldest_first=True, by=by,
        )  # fmt: skip
        receivables.write_off_item(
            session, old, amount=Money(10, hotel.currency), reason="Bank", by=by
        )
        receivables.dispute(session, old, reason="Never came", by=by)
        statements.issue(session, hotel, firm, by=by)
        receivables.credit(session, papered.invoice(session, bill), reason="Never came", by=by)
        wrong = receivables.bring_forward(
            session, hotel, firm, amount=five, dated=day - timedelta(days=9), reference="2", by=by
        )
        right = companies.enter(session, hotel, code="RIGHT", name="Right", direct_bill=True, by=by)
        receivables.move_to(session, wrong, to=right, reason="Right's bill", by=by)
        agent = companies.enter(session, hotel, code="EARNS", name="Earns", by=by)
        agreements.make(
            session, hotel, agent, party=agreements.Party.AGENT, first=day, until=day,
            commission=1_000, by=by,
        )  # fmt: skip
        room = make.room(session, hotel, "990")
        party = make.reservation(session, hotel, company=agent, nights=1, surname="Earns")
        stay = stays.check_in(session, party, room=room, by=by)
        night_charges.charge_nights(session, hotel, party, [day], by=by)
        stays.check_out(session, stay, leave_owing="agent pays", by=by)
        tomorrow = day + timedelta(days=1)
        commissions.approve(session, hotel, agent, first=day, last=tomorrow, by=by)


def outlived(session, hotel):
    """A signed card whose time is over."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by, picture = make.by(session, hotel), registration.PNG + bytes(200)
        party = lived.party(session, "Paying")
        card = registration.sign(session, party, paper=b"%PDF card", picture=picture, by=by)
        which, day = ContentKey.id == card.document_id, hotel.business_date
        content_keys.erase(session, hotel, which, said={}, day=day, by=by)


def crewed(session, hotel):
    """Two at work at once, one of them as punched; a published shift, and somebody away."""
    day = hotel.business_date + timedelta(days=2)
    with clock.set_to(make.NOON), transaction(session):
        by = make.by(session, hotel)
        desk = hiring.hire(
            session, session.get_one(Chain, hotel.chain_id), email="d@crew.example", name="Desk",
            password=None, roles={hotel: Role.FRONT_DESK},
        )  # fmt: skip
        ana = make_people.employed(session, hotel, staff=desk).employee
        ben = make_people.employed(session, hotel, "Ben Okafor")
        make_people.shift(session, hotel, day, who=ana)
        roster.publish(session, hotel, Department.FRONT_OFFICE, day, by=by)
        away.be_absent(session, ben.employee, kind=AbsenceKind.SICK, first=day, last=day, by=by)
    rest = ("2026-11-20 14:00", "2026-11-20 14:30")
    with transaction(session):
        make_people.worked(session, ben, "2026-11-20 13:00", "2026-11-20 16:00", rest=rest)
    for hours, kind in ((1, Punched.IN), (3, Punched.OUT)):
        with clock.set_to(make.NOON + timedelta(hours=hours)), transaction(session):
            punching.punch(session, ana, kind, press=Press(Source.TABLET), by=by)
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        first = make.DAY
        approving.approve_days(session, hotel, first=first, last=first, by=by)


def pooled(session, hotel):
    """A tip on a bill, and who worked for it."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        paying.hold(session, hotel, pay.us_federal())
        server = make_people.position(session, hotel, "SERVER", tipped=True)
        paying.pool(session, hotel, server, begins_on=make.DAY)
        paying.tip(session, hotel, "10.00")
        for name in ("Ana Reyes", "Ben Okafor", "Cy Ito"):
            ana = make_people.employed(session, hotel, name, held=server)
            paying.day(session, ana, SECOND, 8)


def paid(session, hotel):
    """A day paid, exported, and corrected in the next, as a shift was found after it was locked."""
    newest = sa.select(Employment).order_by(Employment.id.desc()).limit(1)
    ana = session.scalars(newest).one()
    with clock.set_to(make.NOON + timedelta(days=5)), transaction(session):
        found = make_people.worked(
            session, ana, f"{make.DAY} 20:00", f"{make.DAY} 22:00", approved=False
        )
        paying.day(session, ana, make.DAY, 8)
        locked = paying.period(session, hotel, make.DAY, make.DAY, until="locked")
        payroll.export(session, locked, Target.GENERIC, by=make.by(session, hotel))
    with clock.set_to(make.NOON + timedelta(days=6)), transaction(session):
        approving.approve(session, found, by=make.by(session, hotel))
        paying.period(session, hotel, SECOND, SECOND, until="locked")


def guests_side(session, hotel):
    """A page on the web, a name in French, somebody who booked there, and a link withdrawn."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by = make.by(session, hotel)
        translations.write(session, hotel, {"Double": {"fr": "Chambre double"}}, by=by)
        made = web.booked(session, web.open_shop(session, hotel))
        for opens in Opens:
            guest_links.issue(
                session, made, opens=opens, sealed="{}-{}".format, by=make.by(session, hotel)
            )
        guest_links.open_visit(session, made)
    with clock.set_to(make.NOON + timedelta(days=1, hours=1)), transaction(session):
        guest_links.withdraw(session, made, by=make.by(session, hotel))


def guards_off(session):
    """Let raw SQL do what the database would refuse, until the transaction is taken back."""
    session.rollback()
    if is_postgresql(session):
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table, constraint in session.execute(
            sa.text(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint"
                " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
            )
        ).all():
            session.execute(sa.text(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"'))
        return
    raw = session.connection().connection.driver_connection
    session.rollback()
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in session.execute(
        sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    ).all():
        session.execute(sa.text(f"DROP TRIGGER {name}"))


def guards_on(session):
    session.rollback()
    if not is_postgresql(session):
        raw = session.connection().connection.driver_connection
        session.rollback()
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA ignore_check_constraints = OFF")


def named(session, hotel, name):
    """What verify says under a name."""
    rule = next((rule for rule in verify.RULES if rule.name == name), None)
    if rule is not None:
        return rule.check(session, hotel)
    reckoned = chain(
        payroll_rules.checks(session, hotel),
        cashier_rules.checks(session, hotel),
        shape.checks(session, hotel),
        shape.of_the_database(session, hotel),
    )
    return next(check for check in reckoned if check.name == name)


def test_a_hotel_that_lived_by_its_verbs_is_in_order(session, house):
    found = verify.checks(session, house)

    assert [check for check in found if not check.ok] == []
    assert {check.name for check in found} == set(BROKEN) | OF_THE_SHAPE
    looked_at_nothing = {check.name for check in found if check.rows == 0}
    assert looked_at_nothing <= {
        "G5 no option outlives the audit of its day",
        "I2 what is forced says who and why",
        "I3 held is the number of rooms on hold and allotted",
        "I3 out of order is the number of rooms blocked",
    }
    as_said = verify.as_dict(found)
    assert as_said["ok"] is True
    assert set(as_said["checks"][0]) == {"name", "ok", "rows", "wrong"}


def test_a_rule_says_that_it_reads_the_table_whose_rows_break_it():
    unread = []
    for rule in verify.RULES:
        table = re.match(r"\s*(?:UPDATE|DELETE FROM|INSERT INTO)\s+(\w+)", BROKEN[rule.name])[1]
        if not rule.reads({table}) or rule.reads({"sign_in_tries"}):
            unread.append((rule.name, table))

    assert unread == []


@pytest.mark.timeout(300)
def test_whatever_is_broken_by_raw_sql_is_named(session, house):
    days = {"second": SECOND, "third": house.business_date, "hotel": house.id}
    unseen = []
    guards_off(session)
    try:
        for name, sql in BROKEN.items():
            before = named(session, house, name)
            spoiled = session.begin_nested()
            wanted = {key: value for key, value in days.items() if f":{key}" in sql}
            session.execute(sa.text(sql), wanted)
            after = named(session, house, name)
            spoiled.rollback()
            if not before.ok or after.ok:
                unseen.append((name, before, after))
    finally:
        guards_on(session)

    assert unseen == []


def test_a_trigger_that_was_dropped_is_named(session, house):
    table = " ON lines" if is_postgresql(session) else ""
    session.execute(sa.text(f"DROP TRIGGER lines_no_update{table}"))

    found = named(session, house, "L5 the ink's triggers stand")

    assert found.examples == ("lines_no_update",)
    session.rollback()


@ONE_ENGINE
def test_a_table_that_is_nobodys_is_named(session, house, monkeypatch):
    monkeypatch.setattr(shape, "_NOBODYS", frozenset())

    found = named(session, house, "T2 each row belongs to a hotel or a chain")

    assert "chains" in found.examples
