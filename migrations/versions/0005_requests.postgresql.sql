CREATE TABLE duties (
	chain_id BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	department VARCHAR(24) NOT NULL, 
	level SMALLINT NOT NULL, 
	day DATE NOT NULL, 
	shift VARCHAR(24) NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_duties PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_duties_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_duties_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT uq_duties_hotel_id_staff_id_department_starts_at UNIQUE (hotel_id, staff_id, department, starts_at), 
	CONSTRAINT ck_duties_ends_after_it_starts CHECK (ends_at > starts_at), 
	CONSTRAINT ck_duties_one_to_three CHECK (level BETWEEN 1 AND 3), 
	CONSTRAINT ck_duties_management_is_third CHECK ((level = 3) = (department = 'management')), 
	CONSTRAINT ck_duties_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT ck_duties_shift CHECK (shift IN ('early', 'late', 'night')), 
	CONSTRAINT fk_duties_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_duties_hotel_id_day ON duties (hotel_id, day)
;;
CREATE INDEX ix_duties_hotel_id_department_ends_at ON duties (hotel_id, department, ends_at)
;;
CREATE TABLE handovers (
	chain_id BIGINT NOT NULL, 
	department VARCHAR(24) NOT NULL, 
	day DATE NOT NULL, 
	shift VARCHAR(24) NOT NULL, 
	words VARCHAR NOT NULL, 
	open_requests JSON NOT NULL, 
	given_by BIGINT NOT NULL, 
	given_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	taken_by BIGINT, 
	taken_at TIMESTAMP WITH TIME ZONE, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_handovers PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_handovers_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_handovers_chain_id_given_by FOREIGN KEY(chain_id, given_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_handovers_chain_id_taken_by FOREIGN KEY(chain_id, taken_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_handovers_signed_at_a_time CHECK ((taken_by IS NULL) = (taken_at IS NULL)), 
	CONSTRAINT ck_handovers_signed_by_two CHECK (taken_by IS NULL OR taken_by <> given_by), 
	CONSTRAINT ck_handovers_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT ck_handovers_shift CHECK (shift IN ('early', 'late', 'night')), 
	CONSTRAINT fk_handovers_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_handovers_hotel_id_day ON handovers (hotel_id, day)
;;
CREATE TABLE request_categories (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	department VARCHAR(24) NOT NULL, 
	priority VARCHAR(24) NOT NULL, 
	complaint BOOLEAN NOT NULL, 
	guest_visible BOOLEAN NOT NULL, 
	active BOOLEAN NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_request_categories PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_request_categories_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT ck_request_categories_done_by_a_department CHECK (department <> 'management'), 
	CONSTRAINT ck_request_categories_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT ck_request_categories_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')), 
	CONSTRAINT fk_request_categories_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE request_clocks (
	hotel_id BIGINT NOT NULL, 
	category_id BIGINT NOT NULL, 
	priority VARCHAR(24) NOT NULL, 
	vip BOOLEAN NOT NULL, 
	seen_minutes BIGINT NOT NULL, 
	due_minutes BIGINT NOT NULL, 
	step_minutes BIGINT NOT NULL, 
	CONSTRAINT pk_request_clocks PRIMARY KEY (hotel_id, category_id, priority, vip), 
	CONSTRAINT fk_request_clocks_hotel_id_category_id FOREIGN KEY(hotel_id, category_id) REFERENCES request_categories (hotel_id, id), 
	CONSTRAINT ck_request_clocks_takes_time CHECK (seen_minutes > 0 AND step_minutes > 0), 
	CONSTRAINT ck_request_clocks_seen_before_it_is_due CHECK (due_minutes >= seen_minutes), 
	CONSTRAINT fk_request_clocks_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_request_clocks_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent'))
)
;;
CREATE TABLE tickets (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	words VARCHAR NOT NULL, 
	pieces BIGINT NOT NULL, 
	kept_in VARCHAR NOT NULL, 
	found_in VARCHAR, 
	room_id BIGINT, 
	guest_id BIGINT, 
	state VARCHAR(24) NOT NULL, 
	staff_id BIGINT NOT NULL, 
	taken_on DATE NOT NULL, 
	taken_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	remind_on DATE, 
	gone_at TIMESTAMP WITH TIME ZONE, 
	gone_to VARCHAR, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_tickets PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_tickets_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT fk_tickets_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_tickets_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT fk_tickets_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_tickets_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_tickets_something_is_kept CHECK (pieces > 0), 
	CONSTRAINT ck_tickets_gone_at_a_time CHECK ((state = 'kept') = (gone_at IS NULL)), 
	CONSTRAINT ck_tickets_gone_to_somebody CHECK ((state = 'kept') = (gone_to IS NULL)), 
	CONSTRAINT ck_tickets_ticketkind CHECK (kind IN ('lost_property', 'luggage', 'parcel')), 
	CONSTRAINT ck_tickets_ticketstate CHECK (state IN ('kept', 'handed_over', 'disposed')), 
	CONSTRAINT fk_tickets_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_tickets_hotel_id_guest_id_id ON tickets (hotel_id, guest_id, id)
;;
CREATE INDEX ix_tickets_hotel_id_state_remind_on ON tickets (hotel_id, state, remind_on)
;;
CREATE TABLE requests (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	category_id BIGINT NOT NULL, 
	department VARCHAR(24) NOT NULL, 
	priority VARCHAR(24) NOT NULL, 
	vip BOOLEAN NOT NULL, 
	source VARCHAR(24) NOT NULL, 
	guest_visible BOOLEAN NOT NULL, 
	words VARCHAR NOT NULL, 
	place VARCHAR, 
	room_id BIGINT, 
	reservation_id BIGINT, 
	guest_id BIGINT, 
	state VARCHAR(24) NOT NULL, 
	turn BIGINT NOT NULL, 
	level SMALLINT NOT NULL, 
	assignee_id BIGINT, 
	taken_at TIMESTAMP WITH TIME ZONE, 
	staff_id BIGINT NOT NULL, 
	asked_on DATE NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	wanted_at TIMESTAMP WITH TIME ZONE, 
	clock_from TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_by TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	escalates_at TIMESTAMP WITH TIME ZONE, 
	held_at TIMESTAMP WITH TIME ZONE, 
	held_from VARCHAR, 
	held_left BIGINT, 
	hold_reason VARCHAR, 
	paused BIGINT NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE, 
	started_at TIMESTAMP WITH TIME ZONE, 
	done_at TIMESTAMP WITH TIME ZONE, 
	done_words VARCHAR, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	cancel_reason VARCHAR, 
	labour_minutes BIGINT NOT NULL, 
	parts_cost BIGINT NOT NULL, 
	complaint BOOLEAN NOT NULL, 
	cause VARCHAR, 
	follow_up_on DATE, 
	followed_up_at TIMESTAMP WITH TIME ZONE, 
	follow_up_words VARCHAR, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_requests PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_requests_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT fk_requests_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_requests_hotel_id_category_id FOREIGN KEY(hotel_id, category_id) REFERENCES request_categories (hotel_id, id), 
	CONSTRAINT fk_requests_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT fk_requests_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_requests_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_requests_chain_id_assignee_id FOREIGN KEY(chain_id, assignee_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_requests_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_requests_held_since CHECK ((state = 'on_hold') = (held_at IS NOT NULL)), 
	CONSTRAINT ck_requests_held_because CHECK (state <> 'on_hold' OR hold_reason IS NOT NULL), 
	CONSTRAINT ck_requests_cancelled CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL)), 
	CONSTRAINT ck_requests_done_at_a_time CHECK ((state IN ('done', 'closed')) = (done_at IS NOT NULL)), 
	CONSTRAINT ck_requests_rests_untold CHECK (escalates_at IS NULL OR state IN ('new', 'reopened', 'acknowledged', 'assigned', 'in_progress')), 
	CONSTRAINT ck_requests_somebody_has_it CHECK (state NOT IN ('assigned', 'in_progress', 'done', 'closed') OR taken_at IS NOT NULL), 
	CONSTRAINT ck_requests_taken_by_somebody CHECK (taken_at IS NULL OR assignee_id IS NOT NULL), 
	CONSTRAINT ck_requests_one_to_three CHECK (level BETWEEN 1 AND 3), 
	CONSTRAINT ck_requests_seen_before_it_is_due CHECK (seen_by <= due_at), 
	CONSTRAINT ck_requests_is_somewhere CHECK (room_id IS NOT NULL OR reservation_id IS NOT NULL OR place IS NOT NULL), 
	CONSTRAINT ck_requests_cause_is_known CHECK (state <> 'closed' OR NOT complaint OR cause IS NOT NULL), 
	CONSTRAINT ck_requests_complaints_are_followed CHECK (complaint OR follow_up_on IS NULL), 
	CONSTRAINT ck_requests_followed_as_agreed CHECK (followed_up_at IS NULL OR follow_up_on IS NOT NULL), 
	CONSTRAINT ck_requests_costs_not_negative CHECK (labour_minutes >= 0 AND parts_cost >= 0), 
	CONSTRAINT ck_requests_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT ck_requests_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')), 
	CONSTRAINT ck_requests_source CHECK (source IN ('desk', 'phone', 'staff', 'guest')), 
	CONSTRAINT ck_requests_state CHECK (state IN ('new', 'acknowledged', 'assigned', 'in_progress', 'on_hold', 'done', 'closed', 'cancelled', 'reopened')), 
	CONSTRAINT fk_requests_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_requests_escalating ON requests (hotel_id, escalates_at) WHERE escalates_at IS NOT NULL
;;
CREATE INDEX ix_requests_hotel_id_assignee_id_state ON requests (hotel_id, assignee_id, state)
;;
CREATE INDEX ix_requests_hotel_id_department_id ON requests (hotel_id, department, id)
;;
CREATE INDEX ix_requests_hotel_id_guest_id_id ON requests (hotel_id, guest_id, id)
;;
CREATE INDEX ix_requests_hotel_id_reservation_id_id ON requests (hotel_id, reservation_id, id)
;;
CREATE INDEX ix_requests_hotel_id_room_id_id ON requests (hotel_id, room_id, id)
;;
CREATE INDEX ix_requests_hotel_id_state_due_at ON requests (hotel_id, state, due_at)
;;
CREATE INDEX ix_requests_to_follow_up ON requests (hotel_id, follow_up_on) WHERE follow_up_on IS NOT NULL AND followed_up_at IS NULL
;;
CREATE TABLE request_escalations (
	hotel_id BIGINT NOT NULL, 
	request_id BIGINT NOT NULL, 
	turn BIGINT NOT NULL, 
	level SMALLINT NOT NULL, 
	chain_id BIGINT NOT NULL, 
	why VARCHAR(24) NOT NULL, 
	staff_id BIGINT, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_request_escalations PRIMARY KEY (hotel_id, request_id, turn, level), 
	CONSTRAINT fk_request_escalations_hotel_id_request_id FOREIGN KEY(hotel_id, request_id) REFERENCES requests (hotel_id, id), 
	CONSTRAINT fk_request_escalations_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_request_escalations_goes_up CHECK (level BETWEEN 2 AND 3), 
	CONSTRAINT fk_request_escalations_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_request_escalations_why CHECK (why IN ('unseen', 'overdue', 'nobody_on_duty', 'by_hand'))
)
;;
CREATE TABLE request_notes (
	chain_id BIGINT NOT NULL, 
	request_id BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	notes VARCHAR NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_request_notes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_request_notes_hotel_id_request_id FOREIGN KEY(hotel_id, request_id) REFERENCES requests (hotel_id, id), 
	CONSTRAINT fk_request_notes_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_request_notes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_request_notes_hotel_id_request_id_id ON request_notes (hotel_id, request_id, id)
;;
CREATE TABLE request_recoveries (
	request_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	reason VARCHAR NOT NULL, 
	folio_id BIGINT, 
	entry_id BIGINT, 
	staff_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_request_recoveries PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_request_recoveries_hotel_id_request_id FOREIGN KEY(hotel_id, request_id) REFERENCES requests (hotel_id, id), 
	CONSTRAINT fk_request_recoveries_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT fk_request_recoveries_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT uq_request_recoveries_hotel_id_entry_id UNIQUE (hotel_id, entry_id), 
	CONSTRAINT ck_request_recoveries_money_has_its_entry CHECK ((kind = 'gift') = (entry_id IS NULL)), 
	CONSTRAINT ck_request_recoveries_entry_on_a_folio CHECK ((entry_id IS NULL) = (folio_id IS NULL)), 
	CONSTRAINT ck_request_recoveries_not_negative CHECK (amount >= 0), 
	CONSTRAINT ck_request_recoveries_recovery CHECK (kind IN ('adjustment', 'charge', 'gift')), 
	CONSTRAINT fk_request_recoveries_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_request_recoveries_hotel_id_request_id ON request_recoveries (hotel_id, request_id)
;;
CREATE FUNCTION handovers_in_ink() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.taken_at IS NOT NULL OR NEW.words <> OLD.words OR NEW.given_by <> OLD.given_by THEN RAISE EXCEPTION 'a hand-over is signed, not rewritten' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER handovers_in_ink BEFORE UPDATE ON handovers FOR EACH ROW EXECUTE FUNCTION handovers_in_ink()
;;
CREATE FUNCTION handovers_stay() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a hand-over is signed, not rewritten' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER handovers_stay BEFORE DELETE ON handovers FOR EACH ROW EXECUTE FUNCTION handovers_stay()
;;
CREATE FUNCTION request_escalations_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'request_escalations is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER request_escalations_no_delete BEFORE DELETE ON request_escalations FOR EACH ROW EXECUTE FUNCTION request_escalations_no_delete()
;;
CREATE TRIGGER request_escalations_no_truncate BEFORE TRUNCATE ON request_escalations FOR EACH STATEMENT EXECUTE FUNCTION request_escalations_no_delete()
;;
CREATE FUNCTION request_escalations_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'request_escalations is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER request_escalations_no_update BEFORE UPDATE ON request_escalations FOR EACH ROW EXECUTE FUNCTION request_escalations_no_update()
;;
CREATE FUNCTION request_recoveries_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'request_recoveries is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER request_recoveries_no_delete BEFORE DELETE ON request_recoveries FOR EACH ROW EXECUTE FUNCTION request_recoveries_no_delete()
;;
CREATE TRIGGER request_recoveries_no_truncate BEFORE TRUNCATE ON request_recoveries FOR EACH STATEMENT EXECUTE FUNCTION request_recoveries_no_delete()
;;
CREATE FUNCTION request_recoveries_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'request_recoveries is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER request_recoveries_no_update BEFORE UPDATE ON request_recoveries FOR EACH ROW EXECUTE FUNCTION request_recoveries_no_update()
;;
CREATE FUNCTION requests_go_by_the_steps() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (OLD.state IN ('closed', 'cancelled') AND NEW.state NOT IN (OLD.state, 'reopened')) OR (OLD.state = 'done' AND NEW.state NOT IN ('done', 'closed', 'reopened')) OR (NEW.state = 'closed' AND OLD.state NOT IN ('done', 'closed')) OR (NEW.state = 'reopened' AND OLD.state NOT IN ('done', 'closed', 'cancelled', 'reopened', 'on_hold')) OR (NEW.state = 'new' AND OLD.state NOT IN ('new', 'on_hold')) THEN RAISE EXCEPTION 'a request goes by its steps; reopen it first' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER requests_go_by_the_steps BEFORE UPDATE OF state ON requests FOR EACH ROW EXECUTE FUNCTION requests_go_by_the_steps()
;;
CREATE FUNCTION requests_one_hand_at_a_time() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.version <> OLD.version + 1 AND (NEW.state <> OLD.state OR NEW.level <> OLD.level OR COALESCE(NEW.assignee_id, 0) <> COALESCE(OLD.assignee_id, 0) OR (NEW.taken_at IS NULL) <> (OLD.taken_at IS NULL)) THEN RAISE EXCEPTION 'somebody changed this request first' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER requests_one_hand_at_a_time BEFORE UPDATE ON requests FOR EACH ROW EXECUTE FUNCTION requests_one_hand_at_a_time()
;;
CREATE FUNCTION tickets_gone_stay_gone() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.state <> 'kept' THEN RAISE EXCEPTION 'what was handed over is not kept any more' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER tickets_gone_stay_gone BEFORE UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_gone_stay_gone()
