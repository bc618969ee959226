CREATE TABLE pay_export_settings (
	hotel_id BIGINT NOT NULL, 
	target VARCHAR(24) NOT NULL, 
	data JSON NOT NULL, 
	version BIGINT NOT NULL, 
	CONSTRAINT pk_pay_export_settings PRIMARY KEY (hotel_id, target), 
	CONSTRAINT fk_pay_export_settings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_pay_export_settings_target CHECK (target IN ('adp_workforce_now', 'adp_run', 'adp_template', 'paychex_flex', 'gusto', 'gusto_template', 'quickbooks', 'datev_lodas', 'generic'))
)
;;
CREATE TABLE pay_periods (
	first DATE NOT NULL, 
	last DATE NOT NULL, 
	pays_on DATE NOT NULL, 
	frequency VARCHAR(24), 
	state VARCHAR(24) NOT NULL, 
	fingerprint VARCHAR(64), 
	reviewed_by BIGINT, 
	reviewed_at TIMESTAMP WITH TIME ZONE, 
	approved_by BIGINT, 
	approved_at TIMESTAMP WITH TIME ZONE, 
	locked_by BIGINT, 
	locked_at TIMESTAMP WITH TIME ZONE, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_pay_periods PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_pay_periods_hotel_id_first UNIQUE (hotel_id, first), 
	CONSTRAINT ck_pay_periods_has_a_day CHECK (last >= first), 
	CONSTRAINT ck_pay_periods_paid_when_over CHECK (pays_on >= last), 
	CONSTRAINT ck_pay_periods_reviewed_with_its_figures CHECK ((state = 'open') = (fingerprint IS NULL)), 
	CONSTRAINT ck_pay_periods_has_digest CHECK (fingerprint IS NULL OR length(fingerprint) = 64), 
	CONSTRAINT ck_pay_periods_frequency CHECK (frequency IN ('weekly', 'biweekly', 'semimonthly', 'monthly')), 
	CONSTRAINT ck_pay_periods_periodstate CHECK (state IN ('open', 'reviewed', 'approved', 'locked', 'exported')), 
	CONSTRAINT fk_pay_periods_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE pay_rules (
	jurisdiction VARCHAR NOT NULL, 
	valid_from DATE NOT NULL, 
	data JSON NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_pay_rules PRIMARY KEY (hotel_id, id), 
	CONSTRAINT ck_pay_rules_is_somewhere CHECK (length(jurisdiction) BETWEEN 2 AND 6), 
	CONSTRAINT fk_pay_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_pay_rules_hotel_id_jurisdiction_valid_from ON pay_rules (hotel_id, jurisdiction, valid_from)
;;
CREATE TABLE pay_bonuses (
	employee_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	words VARCHAR NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_pay_bonuses PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_pay_bonuses_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT ck_pay_bonuses_is_something CHECK (amount > 0), 
	CONSTRAINT ck_pay_bonuses_is_a_bonus CHECK (kind LIKE '%%bonus'), 
	CONSTRAINT ck_pay_bonuses_says_what_for CHECK (length(words) > 0), 
	CONSTRAINT ck_pay_bonuses_extrakind CHECK (kind IN ('earned_bonus', 'flat_bonus', 'discretionary_bonus', 'service_charge', 'tips', 'cash_tips')), 
	CONSTRAINT fk_pay_bonuses_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_pay_bonuses_hotel_id_day ON pay_bonuses (hotel_id, day)
;;
CREATE TABLE pay_exports (
	period_id BIGINT NOT NULL, 
	target VARCHAR(24) NOT NULL, 
	name VARCHAR NOT NULL, 
	media_type VARCHAR NOT NULL, 
	content BYTEA NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_pay_exports PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_pay_exports_hotel_id_period_id FOREIGN KEY(hotel_id, period_id) REFERENCES pay_periods (hotel_id, id), 
	CONSTRAINT uq_pay_exports_hotel_id_period_id_target_sha256 UNIQUE (hotel_id, period_id, target, sha256), 
	CONSTRAINT ck_pay_exports_has_digest CHECK (length(sha256) = 64), 
	CONSTRAINT ck_pay_exports_target CHECK (target IN ('adp_workforce_now', 'adp_run', 'adp_template', 'paychex_flex', 'gusto', 'gusto_template', 'quickbooks', 'datev_lodas', 'generic')), 
	CONSTRAINT fk_pay_exports_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE pay_lines (
	period_id BIGINT NOT NULL, 
	employee_id BIGINT NOT NULL, 
	position_id BIGINT, 
	day DATE NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	minutes BIGINT NOT NULL, 
	rate BIGINT, 
	amount BIGINT NOT NULL, 
	because VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	corrects_id BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_pay_lines PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_pay_lines_hotel_id_period_id FOREIGN KEY(hotel_id, period_id) REFERENCES pay_periods (hotel_id, id), 
	CONSTRAINT fk_pay_lines_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT fk_pay_lines_hotel_id_position_id FOREIGN KEY(hotel_id, position_id) REFERENCES positions (hotel_id, id), 
	CONSTRAINT fk_pay_lines_hotel_id_corrects_id FOREIGN KEY(hotel_id, corrects_id) REFERENCES pay_periods (hotel_id, id), 
	CONSTRAINT ck_pay_lines_corrects_another CHECK (corrects_id <> period_id), 
	CONSTRAINT ck_pay_lines_explains_itself CHECK (length(because) > 0 AND length(source) > 0), 
	CONSTRAINT ck_pay_lines_paykind CHECK (kind IN ('regular', 'overtime', 'double_time', 'overtime_premium', 'double_time_premium', 'night', 'sunday', 'holiday', 'vacation', 'sick', 'holiday_pay', 'parental', 'make_up', 'bonus', 'service_charge', 'tips', 'cash_tips')), 
	CONSTRAINT fk_pay_lines_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_pay_lines_hotel_id_corrects_id ON pay_lines (hotel_id, corrects_id) WHERE corrects_id IS NOT NULL
;;
CREATE INDEX ix_pay_lines_hotel_id_period_id_employee_id ON pay_lines (hotel_id, period_id, employee_id)
;;
CREATE TABLE pay_period_rules (
	hotel_id BIGINT NOT NULL, 
	period_id BIGINT NOT NULL, 
	jurisdiction VARCHAR NOT NULL, 
	week DATE NOT NULL, 
	rules_id BIGINT NOT NULL, 
	CONSTRAINT pk_pay_period_rules PRIMARY KEY (hotel_id, period_id, jurisdiction, week), 
	CONSTRAINT fk_pay_period_rules_hotel_id_period_id FOREIGN KEY(hotel_id, period_id) REFERENCES pay_periods (hotel_id, id), 
	CONSTRAINT fk_pay_period_rules_hotel_id_rules_id FOREIGN KEY(hotel_id, rules_id) REFERENCES pay_rules (hotel_id, id), 
	CONSTRAINT fk_pay_period_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE pay_pieces (
	period_id BIGINT NOT NULL, 
	employee_id BIGINT NOT NULL, 
	position_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	rate BIGINT, 
	tipped BOOLEAN NOT NULL, 
	exempt BOOLEAN NOT NULL, 
	jurisdiction VARCHAR NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_pay_pieces PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_pay_pieces_hotel_id_period_id FOREIGN KEY(hotel_id, period_id) REFERENCES pay_periods (hotel_id, id), 
	CONSTRAINT fk_pay_pieces_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT fk_pay_pieces_hotel_id_position_id FOREIGN KEY(hotel_id, position_id) REFERENCES positions (hotel_id, id), 
	CONSTRAINT ck_pay_pieces_takes_some_time CHECK (ends_at > starts_at), 
	CONSTRAINT fk_pay_pieces_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_pay_pieces_hotel_id_period_id_employee_id ON pay_pieces (hotel_id, period_id, employee_id)
;;
CREATE TABLE tip_declarations (
	employee_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	amount BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_tip_declarations PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_tip_declarations_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT ck_tip_declarations_is_something CHECK (amount > 0), 
	CONSTRAINT fk_tip_declarations_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_tip_declarations_hotel_id_day ON tip_declarations (hotel_id, day)
;;
CREATE TABLE tip_pools (
	name VARCHAR NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	shared_by VARCHAR(24) NOT NULL, 
	charge_code_id BIGINT NOT NULL, 
	begins_on DATE NOT NULL, 
	ends_on DATE, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_tip_pools PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_tip_pools_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT ck_tip_pools_begins_before_it_ends CHECK (ends_on IS NULL OR ends_on >= begins_on), 
	CONSTRAINT ck_tip_pools_has_a_name CHECK (length(name) BETWEEN 1 AND 80), 
	CONSTRAINT ck_tip_pools_poolkind CHECK (kind IN ('tips', 'service_charge')), 
	CONSTRAINT ck_tip_pools_sharedby CHECK (shared_by IN ('hours', 'points')), 
	CONSTRAINT fk_tip_pools_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE UNIQUE INDEX uq_tip_pools_one_open ON tip_pools (hotel_id, charge_code_id) WHERE ends_on IS NULL
;;
CREATE TABLE pay_extras (
	period_id BIGINT NOT NULL, 
	employee_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	words VARCHAR NOT NULL, 
	pool_id BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_pay_extras PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_pay_extras_hotel_id_period_id FOREIGN KEY(hotel_id, period_id) REFERENCES pay_periods (hotel_id, id), 
	CONSTRAINT fk_pay_extras_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT fk_pay_extras_hotel_id_pool_id FOREIGN KEY(hotel_id, pool_id) REFERENCES tip_pools (hotel_id, id), 
	CONSTRAINT ck_pay_extras_of_a_pool CHECK (pool_id IS NULL OR kind IN ('tips', 'service_charge')), 
	CONSTRAINT ck_pay_extras_extrakind CHECK (kind IN ('earned_bonus', 'flat_bonus', 'discretionary_bonus', 'service_charge', 'tips', 'cash_tips')), 
	CONSTRAINT fk_pay_extras_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_pay_extras_hotel_id_period_id_employee_id ON pay_extras (hotel_id, period_id, employee_id)
;;
CREATE TABLE pool_takings (
	hotel_id BIGINT NOT NULL, 
	period_id BIGINT NOT NULL, 
	pool_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_pool_takings PRIMARY KEY (hotel_id, period_id, pool_id, day), 
	CONSTRAINT fk_pool_takings_hotel_id_period_id FOREIGN KEY(hotel_id, period_id) REFERENCES pay_periods (hotel_id, id), 
	CONSTRAINT fk_pool_takings_hotel_id_pool_id FOREIGN KEY(hotel_id, pool_id) REFERENCES tip_pools (hotel_id, id), 
	CONSTRAINT fk_pool_takings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE tip_pool_positions (
	hotel_id BIGINT NOT NULL, 
	pool_id BIGINT NOT NULL, 
	position_id BIGINT NOT NULL, 
	points SMALLINT NOT NULL, 
	CONSTRAINT pk_tip_pool_positions PRIMARY KEY (hotel_id, pool_id, position_id), 
	CONSTRAINT fk_tip_pool_positions_hotel_id_pool_id FOREIGN KEY(hotel_id, pool_id) REFERENCES tip_pools (hotel_id, id), 
	CONSTRAINT fk_tip_pool_positions_hotel_id_position_id FOREIGN KEY(hotel_id, position_id) REFERENCES positions (hotel_id, id), 
	CONSTRAINT ck_tip_pool_positions_one_to_a_hundred CHECK (points BETWEEN 1 AND 100), 
	CONSTRAINT fk_tip_pool_positions_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE FUNCTION pay_bonuses_stay_with_the_lock_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = OLD.hotel_id AND OLD.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER pay_bonuses_stay_with_the_lock_delete BEFORE DELETE ON pay_bonuses FOR EACH ROW EXECUTE FUNCTION pay_bonuses_stay_with_the_lock_delete()
;;
CREATE FUNCTION pay_bonuses_stay_with_the_lock_insert() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND NEW.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_bonuses_stay_with_the_lock_insert BEFORE INSERT ON pay_bonuses FOR EACH ROW EXECUTE FUNCTION pay_bonuses_stay_with_the_lock_insert()
;;
CREATE FUNCTION pay_bonuses_stay_with_the_lock_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = OLD.hotel_id AND OLD.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) OR EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND NEW.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_bonuses_stay_with_the_lock_update BEFORE UPDATE ON pay_bonuses FOR EACH ROW EXECUTE FUNCTION pay_bonuses_stay_with_the_lock_update()
;;
CREATE FUNCTION pay_exports_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_exports is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER pay_exports_no_delete BEFORE DELETE ON pay_exports FOR EACH ROW EXECUTE FUNCTION pay_exports_no_delete()
;;
CREATE TRIGGER pay_exports_no_truncate BEFORE TRUNCATE ON pay_exports FOR EACH STATEMENT EXECUTE FUNCTION pay_exports_no_delete()
;;
CREATE FUNCTION pay_exports_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_exports is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_exports_no_update BEFORE UPDATE ON pay_exports FOR EACH ROW EXECUTE FUNCTION pay_exports_no_update()
;;
CREATE FUNCTION pay_exports_of_what_is_locked() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.period_id AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a pay period is exported when it is locked' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_exports_of_what_is_locked BEFORE INSERT ON pay_exports FOR EACH ROW EXECUTE FUNCTION pay_exports_of_what_is_locked()
;;
CREATE FUNCTION pay_extras_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_extras is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER pay_extras_no_delete BEFORE DELETE ON pay_extras FOR EACH ROW EXECUTE FUNCTION pay_extras_no_delete()
;;
CREATE TRIGGER pay_extras_no_truncate BEFORE TRUNCATE ON pay_extras FOR EACH STATEMENT EXECUTE FUNCTION pay_extras_no_delete()
;;
CREATE FUNCTION pay_extras_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_extras is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_extras_no_update BEFORE UPDATE ON pay_extras FOR EACH ROW EXECUTE FUNCTION pay_extras_no_update()
;;
CREATE FUNCTION pay_extras_share_no_pool_with_managers() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.pool_id IS NOT NULL AND EXISTS (SELECT 1 FROM employees e WHERE e.hotel_id = NEW.hotel_id AND e.id = NEW.employee_id AND e.is_manager) THEN RAISE EXCEPTION 'managers share in no tip pool' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_extras_share_no_pool_with_managers BEFORE INSERT ON pay_extras FOR EACH ROW EXECUTE FUNCTION pay_extras_share_no_pool_with_managers()
;;
CREATE FUNCTION pay_extras_with_the_lock() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.period_id AND p.state = 'approved') THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_extras_with_the_lock BEFORE INSERT ON pay_extras FOR EACH ROW EXECUTE FUNCTION pay_extras_with_the_lock()
;;
CREATE FUNCTION pay_lines_correct_what_is_locked() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pay_periods p, pay_periods q WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.corrects_id AND p.state IN ('locked', 'exported') AND q.hotel_id = NEW.hotel_id AND q.id = NEW.period_id AND p.last < q.first) THEN RAISE EXCEPTION 'what is corrected is an earlier period that is locked' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_lines_correct_what_is_locked BEFORE INSERT ON pay_lines FOR EACH ROW EXECUTE FUNCTION pay_lines_correct_what_is_locked()
;;
CREATE FUNCTION pay_lines_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_lines is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER pay_lines_no_delete BEFORE DELETE ON pay_lines FOR EACH ROW EXECUTE FUNCTION pay_lines_no_delete()
;;
CREATE TRIGGER pay_lines_no_truncate BEFORE TRUNCATE ON pay_lines FOR EACH STATEMENT EXECUTE FUNCTION pay_lines_no_delete()
;;
CREATE FUNCTION pay_lines_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_lines is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_lines_no_update BEFORE UPDATE ON pay_lines FOR EACH ROW EXECUTE FUNCTION pay_lines_no_update()
;;
CREATE FUNCTION pay_lines_with_the_lock() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.period_id AND p.state = 'approved') THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_lines_with_the_lock BEFORE INSERT ON pay_lines FOR EACH ROW EXECUTE FUNCTION pay_lines_with_the_lock()
;;
CREATE FUNCTION pay_period_rules_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_period_rules is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER pay_period_rules_no_delete BEFORE DELETE ON pay_period_rules FOR EACH ROW EXECUTE FUNCTION pay_period_rules_no_delete()
;;
CREATE TRIGGER pay_period_rules_no_truncate BEFORE TRUNCATE ON pay_period_rules FOR EACH STATEMENT EXECUTE FUNCTION pay_period_rules_no_delete()
;;
CREATE FUNCTION pay_period_rules_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_period_rules is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_period_rules_no_update BEFORE UPDATE ON pay_period_rules FOR EACH ROW EXECUTE FUNCTION pay_period_rules_no_update()
;;
CREATE FUNCTION pay_period_rules_with_the_lock() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.period_id AND p.state = 'approved') THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_period_rules_with_the_lock BEFORE INSERT ON pay_period_rules FOR EACH ROW EXECUTE FUNCTION pay_period_rules_with_the_lock()
;;
CREATE FUNCTION pay_periods_are_locked_by_somebody() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.state = 'locked' AND (NEW.reviewed_by IS NULL OR NEW.approved_by IS NULL OR NEW.locked_by IS NULL OR NEW.locked_at IS NULL) THEN RAISE EXCEPTION 'a locked period says who reviewed, approved and locked it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_periods_are_locked_by_somebody BEFORE UPDATE ON pay_periods FOR EACH ROW EXECUTE FUNCTION pay_periods_are_locked_by_somebody()
;;
CREATE FUNCTION pay_periods_begin_open() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.state <> 'open' THEN RAISE EXCEPTION 'a pay period begins open' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_periods_begin_open BEFORE INSERT ON pay_periods FOR EACH ROW EXECUTE FUNCTION pay_periods_begin_open()
;;
CREATE FUNCTION pay_periods_do_not_overlap_insert() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods o WHERE o.hotel_id = NEW.hotel_id AND o.id <> NEW.id AND o.first <= NEW.last AND o.last >= NEW.first) THEN RAISE EXCEPTION 'a day is paid in one period' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_periods_do_not_overlap_insert BEFORE INSERT ON pay_periods FOR EACH ROW EXECUTE FUNCTION pay_periods_do_not_overlap_insert()
;;
CREATE FUNCTION pay_periods_do_not_overlap_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods o WHERE o.hotel_id = NEW.hotel_id AND o.id <> NEW.id AND o.first <= NEW.last AND o.last >= NEW.first) THEN RAISE EXCEPTION 'a day is paid in one period' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_periods_do_not_overlap_update BEFORE UPDATE ON pay_periods FOR EACH ROW EXECUTE FUNCTION pay_periods_do_not_overlap_update()
;;
CREATE FUNCTION pay_periods_go_step_by_step() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.state <> OLD.state AND NOT ((OLD.state = 'open' AND NEW.state = 'reviewed') OR (OLD.state = 'reviewed' AND NEW.state = 'approved') OR (OLD.state = 'reviewed' AND NEW.state = 'open') OR (OLD.state = 'approved' AND NEW.state = 'open') OR (OLD.state = 'approved' AND NEW.state = 'locked') OR (OLD.state = 'locked' AND NEW.state = 'exported')) THEN RAISE EXCEPTION 'a pay period is reviewed, approved, locked and exported, in that order' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_periods_go_step_by_step BEFORE UPDATE ON pay_periods FOR EACH ROW EXECUTE FUNCTION pay_periods_go_step_by_step()
;;
CREATE FUNCTION pay_periods_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.state <> 'open' THEN RAISE EXCEPTION 'a pay period that was reviewed stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER pay_periods_no_delete BEFORE DELETE ON pay_periods FOR EACH ROW EXECUTE FUNCTION pay_periods_no_delete()
;;
CREATE FUNCTION pay_periods_stay_locked() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.state IN ('locked', 'exported') AND (NEW.first <> OLD.first OR NEW.last <> OLD.last OR NEW.pays_on <> OLD.pays_on OR NEW.fingerprint <> OLD.fingerprint OR NEW.locked_by <> OLD.locked_by OR NEW.locked_at <> OLD.locked_at OR NEW.approved_by <> OLD.approved_by OR NEW.reviewed_by <> OLD.reviewed_by) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_periods_stay_locked BEFORE UPDATE ON pay_periods FOR EACH ROW EXECUTE FUNCTION pay_periods_stay_locked()
;;
CREATE FUNCTION pay_pieces_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_pieces is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER pay_pieces_no_delete BEFORE DELETE ON pay_pieces FOR EACH ROW EXECUTE FUNCTION pay_pieces_no_delete()
;;
CREATE TRIGGER pay_pieces_no_truncate BEFORE TRUNCATE ON pay_pieces FOR EACH STATEMENT EXECUTE FUNCTION pay_pieces_no_delete()
;;
CREATE FUNCTION pay_pieces_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_pieces is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_pieces_no_update BEFORE UPDATE ON pay_pieces FOR EACH ROW EXECUTE FUNCTION pay_pieces_no_update()
;;
CREATE FUNCTION pay_pieces_with_the_lock() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.period_id AND p.state = 'approved') THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_pieces_with_the_lock BEFORE INSERT ON pay_pieces FOR EACH ROW EXECUTE FUNCTION pay_pieces_with_the_lock()
;;
CREATE FUNCTION pay_rules_hold_from_an_open_day() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND NEW.valid_from <= p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'pay rules change from a day that is not locked' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_rules_hold_from_an_open_day BEFORE INSERT ON pay_rules FOR EACH ROW EXECUTE FUNCTION pay_rules_hold_from_an_open_day()
;;
CREATE FUNCTION pay_rules_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_rules is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER pay_rules_no_delete BEFORE DELETE ON pay_rules FOR EACH ROW EXECUTE FUNCTION pay_rules_no_delete()
;;
CREATE TRIGGER pay_rules_no_truncate BEFORE TRUNCATE ON pay_rules FOR EACH STATEMENT EXECUTE FUNCTION pay_rules_no_delete()
;;
CREATE FUNCTION pay_rules_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pay_rules is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pay_rules_no_update BEFORE UPDATE ON pay_rules FOR EACH ROW EXECUTE FUNCTION pay_rules_no_update()
;;
CREATE FUNCTION pool_takings_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pool_takings is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER pool_takings_no_delete BEFORE DELETE ON pool_takings FOR EACH ROW EXECUTE FUNCTION pool_takings_no_delete()
;;
CREATE TRIGGER pool_takings_no_truncate BEFORE TRUNCATE ON pool_takings FOR EACH STATEMENT EXECUTE FUNCTION pool_takings_no_delete()
;;
CREATE FUNCTION pool_takings_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'pool_takings is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pool_takings_no_update BEFORE UPDATE ON pool_takings FOR EACH ROW EXECUTE FUNCTION pool_takings_no_update()
;;
CREATE FUNCTION pool_takings_with_the_lock() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.period_id AND p.state = 'approved') THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER pool_takings_with_the_lock BEFORE INSERT ON pool_takings FOR EACH ROW EXECUTE FUNCTION pool_takings_with_the_lock()
;;
CREATE FUNCTION tip_declarations_stay_with_the_lock_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = OLD.hotel_id AND OLD.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER tip_declarations_stay_with_the_lock_delete BEFORE DELETE ON tip_declarations FOR EACH ROW EXECUTE FUNCTION tip_declarations_stay_with_the_lock_delete()
;;
CREATE FUNCTION tip_declarations_stay_with_the_lock_insert() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND NEW.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER tip_declarations_stay_with_the_lock_insert BEFORE INSERT ON tip_declarations FOR EACH ROW EXECUTE FUNCTION tip_declarations_stay_with_the_lock_insert()
;;
CREATE FUNCTION tip_declarations_stay_with_the_lock_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = OLD.hotel_id AND OLD.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) OR EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND NEW.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER tip_declarations_stay_with_the_lock_update BEFORE UPDATE ON tip_declarations FOR EACH ROW EXECUTE FUNCTION tip_declarations_stay_with_the_lock_update()
;;
CREATE FUNCTION tip_pool_positions_no_managers_insert() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM positions p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.position_id AND p.department = 'management') THEN RAISE EXCEPTION 'managers share in no tip pool' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER tip_pool_positions_no_managers_insert BEFORE INSERT ON tip_pool_positions FOR EACH ROW EXECUTE FUNCTION tip_pool_positions_no_managers_insert()
;;
CREATE FUNCTION tip_pool_positions_no_managers_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM positions p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.position_id AND p.department = 'management') THEN RAISE EXCEPTION 'managers share in no tip pool' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER tip_pool_positions_no_managers_update BEFORE UPDATE ON tip_pool_positions FOR EACH ROW EXECUTE FUNCTION tip_pool_positions_no_managers_update()
