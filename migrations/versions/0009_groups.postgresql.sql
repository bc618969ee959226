CREATE TABLE agreements (
	chain_id BIGINT NOT NULL, 
	company_id BIGINT NOT NULL, 
	party VARCHAR(24) NOT NULL, 
	first DATE NOT NULL, 
	until DATE NOT NULL, 
	commission BIGINT NOT NULL, 
	contact VARCHAR, 
	notes VARCHAR, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_agreements PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_agreements_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT fk_agreements_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_agreements_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT uq_agreements_hotel_id_company_id_first UNIQUE (hotel_id, company_id, first), 
	CONSTRAINT ck_agreements_lasts_a_day CHECK (until >= first), 
	CONSTRAINT ck_agreements_commission_is_a_share CHECK (commission >= 0 AND commission <= 10000), 
	CONSTRAINT ck_agreements_agents_earn_it CHECK (party = 'agent' OR commission = 0), 
	CONSTRAINT ck_agreements_party CHECK (party IN ('company', 'agent')), 
	CONSTRAINT fk_agreements_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE turnaways (
	chain_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	why VARCHAR(24) NOT NULL, 
	arrival DATE NOT NULL, 
	departure DATE NOT NULL, 
	type_id BIGINT, 
	rooms BIGINT NOT NULL, 
	adults BIGINT NOT NULL, 
	words VARCHAR, 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_turnaways PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_turnaways_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_turnaways_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_turnaways_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_turnaways_has_a_night CHECK (departure > arrival), 
	CONSTRAINT ck_turnaways_of_a_room CHECK (rooms > 0), 
	CONSTRAINT ck_turnaways_turnawaykind CHECK (kind IN ('denial', 'regret')), 
	CONSTRAINT ck_turnaways_why CHECK (why IN ('sold_out', 'restricted', 'no_such_type', 'price', 'policy', 'location', 'facilities', 'only_asking', 'other')), 
	CONSTRAINT fk_turnaways_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_turnaways_hotel_id_day ON turnaways (hotel_id, day)
;;
CREATE TABLE allotment_nights (
	hotel_id BIGINT NOT NULL, 
	holder_id BIGINT NOT NULL, 
	night DATE NOT NULL, 
	type_id BIGINT NOT NULL, 
	agreed BIGINT NOT NULL, 
	picked BIGINT NOT NULL, 
	kept BIGINT NOT NULL, 
	"over" BIGINT NOT NULL, 
	released BIGINT NOT NULL, 
	keeps BOOLEAN NOT NULL, 
	elastic BOOLEAN NOT NULL, 
	release_on DATE NOT NULL, 
	CONSTRAINT pk_allotment_nights PRIMARY KEY (hotel_id, holder_id, night, type_id), 
	CONSTRAINT fk_allotment_nights_open_for_sale FOREIGN KEY(hotel_id, night, type_id) REFERENCES type_nights (hotel_id, night, type_id), 
	CONSTRAINT fk_allotment_nights_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_allotment_nights_not_negative CHECK (agreed >= 0 AND picked >= 0 AND released >= 0 AND over >= 0), 
	CONSTRAINT ck_allotment_nights_keeps_what_is_left CHECK (kept = CASE WHEN keeps AND agreed > picked THEN agreed - picked ELSE 0 END), 
	CONSTRAINT ck_allotment_nights_over_is_over CHECK (over = CASE WHEN picked > agreed THEN picked - agreed ELSE 0 END)
)
;;
CREATE INDEX ix_allotment_nights_to_release ON allotment_nights (hotel_id, release_on) WHERE keeps
;;
CREATE TABLE group_prices (
	hotel_id BIGINT NOT NULL, 
	group_id BIGINT NOT NULL, 
	type_id BIGINT NOT NULL, 
	price BIGINT NOT NULL, 
	CONSTRAINT pk_group_prices PRIMARY KEY (hotel_id, group_id, type_id), 
	CONSTRAINT fk_group_prices_hotel_id_group_id FOREIGN KEY(hotel_id, group_id) REFERENCES groups (hotel_id, id), 
	CONSTRAINT fk_group_prices_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_group_prices_not_negative CHECK (price >= 0)
)
;;
CREATE TABLE group_terms (
	hotel_id BIGINT NOT NULL, 
	group_id BIGINT NOT NULL, 
	chain_id BIGINT NOT NULL, 
	company_id BIGINT, 
	agent_id BIGINT, 
	plan_id BIGINT NOT NULL, 
	contact VARCHAR, 
	arrival DATE NOT NULL, 
	departure DATE NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	deducts BOOLEAN NOT NULL, 
	elastic BOOLEAN NOT NULL, 
	cut_off DATE, 
	cut_off_days BIGINT, 
	billing VARCHAR(24) NOT NULL, 
	lost_reason VARCHAR, 
	notes VARCHAR, 
	CONSTRAINT pk_group_terms PRIMARY KEY (hotel_id, group_id), 
	CONSTRAINT fk_group_terms_hotel_id_group_id FOREIGN KEY(hotel_id, group_id) REFERENCES groups (hotel_id, id), 
	CONSTRAINT fk_group_terms_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_group_terms_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT fk_group_terms_chain_id_agent_id FOREIGN KEY(chain_id, agent_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT fk_group_terms_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_group_terms_has_a_night CHECK (departure > arrival), 
	CONSTRAINT ck_group_terms_lost_for_a_why CHECK ((status = 'lost') = (lost_reason IS NOT NULL)), 
	CONSTRAINT ck_group_terms_deducts_when_it_is_sure CHECK (CASE status WHEN 'definite' THEN deducts WHEN 'tentative' THEN true ELSE NOT deducts END), 
	CONSTRAINT ck_group_terms_cut_off_in_one_way CHECK (cut_off IS NULL OR cut_off_days IS NULL), 
	CONSTRAINT ck_group_terms_cut_off_before CHECK (cut_off_days IS NULL OR cut_off_days >= 0), 
	CONSTRAINT ck_group_terms_status CHECK (status IN ('inquiry', 'tentative', 'definite', 'lost')), 
	CONSTRAINT ck_group_terms_billing CHECK (billing IN ('own', 'rooms', 'all'))
)
;;
CREATE INDEX ix_group_terms_hotel_id_agent_id ON group_terms (hotel_id, agent_id)
;;
CREATE INDEX ix_group_terms_hotel_id_company_id ON group_terms (hotel_id, company_id)
;;
CREATE INDEX ix_group_terms_hotel_id_departure ON group_terms (hotel_id, departure)
;;
CREATE TABLE alerts (
	chain_id BIGINT NOT NULL, 
	guest_id BIGINT, 
	reservation_id BIGINT, 
	words VARCHAR NOT NULL, 
	at_reservation BOOLEAN NOT NULL, 
	at_check_in BOOLEAN NOT NULL, 
	at_check_out BOOLEAN NOT NULL, 
	at_folio BOOLEAN NOT NULL, 
	staff_id BIGINT NOT NULL, 
	written_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	lifted_at TIMESTAMP WITH TIME ZONE, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_alerts PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_alerts_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_alerts_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_alerts_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_alerts_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_alerts_on_a_guest_or_a_stay CHECK ((guest_id IS NULL) <> (reservation_id IS NULL)), 
	CONSTRAINT ck_alerts_pops_up_somewhere CHECK (at_reservation OR at_check_in OR at_check_out OR at_folio), 
	CONSTRAINT fk_alerts_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_alerts_hotel_id_guest_id ON alerts (hotel_id, guest_id)
;;
CREATE INDEX ix_alerts_hotel_id_reservation_id ON alerts (hotel_id, reservation_id)
;;
CREATE TABLE traces (
	chain_id BIGINT NOT NULL, 
	reservation_id BIGINT, 
	department VARCHAR(24) NOT NULL, 
	due_on DATE NOT NULL, 
	words VARCHAR NOT NULL, 
	staff_id BIGINT NOT NULL, 
	written_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	done_by BIGINT, 
	done_at TIMESTAMP WITH TIME ZONE, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_traces PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_traces_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_traces_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_traces_chain_id_done_by FOREIGN KEY(chain_id, done_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_traces_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_traces_done_by_somebody CHECK ((done_by IS NULL) = (done_at IS NULL)), 
	CONSTRAINT ck_traces_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT fk_traces_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_traces_hotel_id_due_on ON traces (hotel_id, due_on)
;;
CREATE INDEX ix_traces_hotel_id_reservation_id ON traces (hotel_id, reservation_id)
;;
CREATE INDEX ix_traces_to_do ON traces (hotel_id, due_on) WHERE done_at IS NULL
;;
CREATE TABLE waitlist (
	chain_id BIGINT NOT NULL, 
	guest_id BIGINT NOT NULL, 
	type_id BIGINT NOT NULL, 
	plan_id BIGINT NOT NULL, 
	arrival DATE NOT NULL, 
	departure DATE NOT NULL, 
	adults BIGINT NOT NULL, 
	children BIGINT NOT NULL, 
	priority SMALLINT NOT NULL, 
	until DATE NOT NULL, 
	notes VARCHAR, 
	state VARCHAR(24) NOT NULL, 
	offered_at TIMESTAMP WITH TIME ZONE, 
	reservation_id BIGINT, 
	staff_id BIGINT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_waitlist PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_waitlist_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_waitlist_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_waitlist_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_waitlist_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_waitlist_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_waitlist_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT uq_waitlist_hotel_id_reservation_id UNIQUE (hotel_id, reservation_id), 
	CONSTRAINT ck_waitlist_has_a_night CHECK (departure > arrival), 
	CONSTRAINT ck_waitlist_waits_before_it_comes CHECK (until <= arrival), 
	CONSTRAINT ck_waitlist_one_to_three CHECK (priority BETWEEN 1 AND 3), 
	CONSTRAINT ck_waitlist_booked_is_a_reservation CHECK ((state = 'booked') = (reservation_id IS NOT NULL)), 
	CONSTRAINT ck_waitlist_offered_at CHECK ((state = 'offered') <= (offered_at IS NOT NULL)), 
	CONSTRAINT ck_waitlist_waiting CHECK (state IN ('open', 'offered', 'booked', 'withdrawn', 'expired')), 
	CONSTRAINT fk_waitlist_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_waitlist_hotel_id_state_arrival ON waitlist (hotel_id, state, arrival)
;;
CREATE FUNCTION turnaways_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'turnaways is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER turnaways_no_delete BEFORE DELETE ON turnaways FOR EACH ROW EXECUTE FUNCTION turnaways_no_delete()
;;
CREATE TRIGGER turnaways_no_truncate BEFORE TRUNCATE ON turnaways FOR EACH STATEMENT EXECUTE FUNCTION turnaways_no_delete()
;;
CREATE FUNCTION turnaways_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'turnaways is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER turnaways_no_update BEFORE UPDATE ON turnaways FOR EACH ROW EXECUTE FUNCTION turnaways_no_update()
