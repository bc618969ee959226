CREATE TABLE house_rules (
	hotel_id BIGINT NOT NULL, 
	rule VARCHAR(24) NOT NULL, 
	severity VARCHAR(24) NOT NULL, 
	least_age BIGINT, 
	CONSTRAINT pk_house_rules PRIMARY KEY (hotel_id, rule), 
	CONSTRAINT ck_house_rules_age_has_its_least CHECK ((rule = 'age') = (least_age IS NOT NULL)), 
	CONSTRAINT ck_house_rules_least_age_is_an_age CHECK (least_age BETWEEN 1 AND 30), 
	CONSTRAINT fk_house_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_house_rules_check CHECK (rule IN ('unwanted', 'document', 'contact', 'age', 'card', 'guarantee', 'deposit', 'other_balance', 'inspected', 'vip_room', 'alert', 'trace', 'owing', 'late_fee', 'keys_out', 'alert_out', 'trace_out')), 
	CONSTRAINT ck_house_rules_severity CHECK (severity IN ('blocks', 'warns', 'silent'))
)
;;
CREATE TABLE upgrade_prices (
	hotel_id BIGINT NOT NULL, 
	from_type_id BIGINT NOT NULL, 
	to_type_id BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_upgrade_prices PRIMARY KEY (hotel_id, from_type_id, to_type_id), 
	CONSTRAINT fk_upgrade_prices_hotel_id_from_type_id FOREIGN KEY(hotel_id, from_type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_upgrade_prices_hotel_id_to_type_id FOREIGN KEY(hotel_id, to_type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_upgrade_prices_of_something CHECK (amount > 0), 
	CONSTRAINT ck_upgrade_prices_to_another_type CHECK (from_type_id <> to_type_id), 
	CONSTRAINT fk_upgrade_prices_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE hour_steps (
	hour VARCHAR(24) NOT NULL, 
	at TIME WITHOUT TIME ZONE NOT NULL, 
	percent BIGINT, 
	amount BIGINT, 
	code_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_hour_steps PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_hour_steps_hotel_id_hour_at UNIQUE (hotel_id, hour, at), 
	CONSTRAINT fk_hour_steps_hotel_id_code_id FOREIGN KEY(hotel_id, code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT ck_hour_steps_a_share_or_an_amount CHECK ((percent IS NULL) <> (amount IS NULL)), 
	CONSTRAINT ck_hour_steps_share_of_a_night CHECK (percent BETWEEN 1 AND 100), 
	CONSTRAINT ck_hour_steps_amount_of_something CHECK (amount > 0), 
	CONSTRAINT ck_hour_steps_hour CHECK (hour IN ('early', 'late')), 
	CONSTRAINT fk_hour_steps_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE express_check_outs (
	chain_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	email VARCHAR NOT NULL, 
	staff_id BIGINT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	letter_id BIGINT, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_express_check_outs PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_express_check_outs_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_express_check_outs_hotel_id_letter_id FOREIGN KEY(hotel_id, letter_id) REFERENCES letters (hotel_id, id), 
	CONSTRAINT fk_express_check_outs_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_express_check_outs_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_express_check_outs_mailed_or_withdrawn CHECK (withdrawn_at IS NULL OR letter_id IS NULL), 
	CONSTRAINT fk_express_check_outs_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE UNIQUE INDEX uq_express_check_outs_once ON express_check_outs (hotel_id, reservation_id) WHERE withdrawn_at IS NULL
;;
CREATE TABLE queued_parties (
	chain_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	queued_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	waits_at VARCHAR, 
	phone VARCHAR, 
	promised_by TIMESTAMP WITH TIME ZONE, 
	letter_id BIGINT, 
	staff_id BIGINT NOT NULL, 
	taken_off_at TIMESTAMP WITH TIME ZONE, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_queued_parties PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_queued_parties_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_queued_parties_hotel_id_letter_id FOREIGN KEY(hotel_id, letter_id) REFERENCES letters (hotel_id, id), 
	CONSTRAINT fk_queued_parties_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_queued_parties_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_queued_parties_off_after_on CHECK (taken_off_at IS NULL OR taken_off_at >= queued_at), 
	CONSTRAINT fk_queued_parties_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_queued_parties_hotel_id_day ON queued_parties (hotel_id, day)
;;
CREATE UNIQUE INDEX uq_queued_parties_once ON queued_parties (hotel_id, reservation_id) WHERE taken_off_at IS NULL
;;
CREATE TABLE rules_passed (
	chain_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	rule VARCHAR(24) NOT NULL, 
	fact VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	staff_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_rules_passed PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_rules_passed_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_rules_passed_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_rules_passed_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_rules_passed_passed_for_a_reason CHECK (length(why) > 0), 
	CONSTRAINT ck_rules_passed_check CHECK (rule IN ('unwanted', 'document', 'contact', 'age', 'card', 'guarantee', 'deposit', 'other_balance', 'inspected', 'vip_room', 'alert', 'trace', 'owing', 'late_fee', 'keys_out', 'alert_out', 'trace_out')), 
	CONSTRAINT fk_rules_passed_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_rules_passed_hotel_id_reservation_id ON rules_passed (hotel_id, reservation_id)
;;
CREATE TABLE upgrades (
	chain_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	from_type_id BIGINT NOT NULL, 
	to_type_id BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	free_why VARCHAR, 
	before JSON NOT NULL, 
	staff_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	taken_back_on DATE, 
	taken_back_why VARCHAR, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_upgrades PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_upgrades_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_upgrades_hotel_id_from_type_id FOREIGN KEY(hotel_id, from_type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_upgrades_hotel_id_to_type_id FOREIGN KEY(hotel_id, to_type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_upgrades_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_upgrades_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_upgrades_to_another_type CHECK (from_type_id <> to_type_id), 
	CONSTRAINT ck_upgrades_never_paid_to_the_guest CHECK (amount >= 0), 
	CONSTRAINT ck_upgrades_given_for_a_reason CHECK ((amount = 0) = (free_why IS NOT NULL)), 
	CONSTRAINT ck_upgrades_taken_back_for_a_reason CHECK ((taken_back_on IS NULL) = (taken_back_why IS NULL)), 
	CONSTRAINT fk_upgrades_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_upgrades_hotel_id_reservation_id ON upgrades (hotel_id, reservation_id)
;;
CREATE TABLE stay_fees (
	chain_id BIGINT NOT NULL, 
	stay_id BIGINT NOT NULL, 
	hour VARCHAR(24) NOT NULL, 
	due BIGINT NOT NULL, 
	entry_id BIGINT, 
	waived_why VARCHAR, 
	staff_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	taken_back_on DATE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_stay_fees PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_stay_fees_hotel_id_stay_id FOREIGN KEY(hotel_id, stay_id) REFERENCES stays (hotel_id, id), 
	CONSTRAINT fk_stay_fees_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_stay_fees_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_stay_fees_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_stay_fees_of_something CHECK (due > 0), 
	CONSTRAINT ck_stay_fees_charged_or_waived CHECK ((entry_id IS NULL) = (waived_why IS NOT NULL)), 
	CONSTRAINT ck_stay_fees_hour CHECK (hour IN ('early', 'late')), 
	CONSTRAINT fk_stay_fees_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE UNIQUE INDEX uq_stay_fees_standing ON stay_fees (hotel_id, stay_id, hour) WHERE taken_back_on IS NULL
;;
CREATE FUNCTION rules_passed_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'rules_passed is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER rules_passed_no_delete BEFORE DELETE ON rules_passed FOR EACH ROW EXECUTE FUNCTION rules_passed_no_delete()
;;
CREATE TRIGGER rules_passed_no_truncate BEFORE TRUNCATE ON rules_passed FOR EACH STATEMENT EXECUTE FUNCTION rules_passed_no_delete()
;;
CREATE FUNCTION rules_passed_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'rules_passed is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER rules_passed_no_update BEFORE UPDATE ON rules_passed FOR EACH ROW EXECUTE FUNCTION rules_passed_no_update()
