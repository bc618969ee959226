CREATE TABLE charge_sets (
	name VARCHAR, 
	active BOOLEAN NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_charge_sets PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_charge_sets_hotel_id_name UNIQUE (hotel_id, name), 
	CONSTRAINT ck_charge_sets_some_name CHECK (name IS NULL OR name <> ''), 
	CONSTRAINT fk_charge_sets_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE charge_set_codes (
	hotel_id BIGINT NOT NULL, 
	set_id BIGINT NOT NULL, 
	charge_code_id BIGINT NOT NULL, 
	CONSTRAINT pk_charge_set_codes PRIMARY KEY (hotel_id, set_id, charge_code_id), 
	CONSTRAINT fk_charge_set_codes_hotel_id_set_id FOREIGN KEY(hotel_id, set_id) REFERENCES charge_sets (hotel_id, id), 
	CONSTRAINT fk_charge_set_codes_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id)
)
;;
CREATE TABLE default_rules (
	chain_id BIGINT NOT NULL, 
	agreement_id BIGINT, 
	plan_id BIGINT, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	charge_code_id BIGINT, 
	charge_set_id BIGINT, 
	department VARCHAR(24), 
	levies VARCHAR(24) NOT NULL, 
	weekdays SMALLINT NOT NULL, 
	percent SMALLINT NOT NULL, 
	night_limit BIGINT, 
	total_limit BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_default_rules PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_default_rules_hotel_id_agreement_id FOREIGN KEY(hotel_id, agreement_id) REFERENCES agreements (hotel_id, id), 
	CONSTRAINT fk_default_rules_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_default_rules_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT fk_default_rules_hotel_id_charge_set_id FOREIGN KEY(hotel_id, charge_set_id) REFERENCES charge_sets (hotel_id, id), 
	CONSTRAINT fk_default_rules_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_default_rules_of_one CHECK ((agreement_id IS NULL) <> (plan_id IS NULL)), 
	CONSTRAINT ck_default_rules_from_first_to_last CHECK (ended_at >= made_at), 
	CONSTRAINT ck_default_rules_code_or_department CHECK (charge_code_id IS NULL OR department IS NULL), 
	CONSTRAINT ck_default_rules_a_set_by_itself CHECK (charge_set_id IS NULL OR charge_code_id IS NULL AND department IS NULL), 
	CONSTRAINT ck_default_rules_some_weekday CHECK (weekdays BETWEEN 1 AND 127), 
	CONSTRAINT ck_default_rules_some_percent CHECK (percent BETWEEN 1 AND 10000), 
	CONSTRAINT ck_default_rules_some_a_night CHECK (night_limit > 0), 
	CONSTRAINT ck_default_rules_some_in_all CHECK (total_limit > 0), 
	CONSTRAINT ck_default_rules_department CHECK (department IN ('rooms', 'food_and_beverage', 'other', 'miscellaneous')), 
	CONSTRAINT ck_default_rules_levies CHECK (levies IN ('along', 'left', 'only')), 
	CONSTRAINT fk_default_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_default_rules_hotel_id_agreement_id ON default_rules (hotel_id, agreement_id)
;;
CREATE INDEX ix_default_rules_hotel_id_plan_id ON default_rules (hotel_id, plan_id)
;;
CREATE FUNCTION charge_set_codes_are_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a code is put into a set or taken out' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER charge_set_codes_are_not_changed BEFORE UPDATE ON charge_set_codes FOR EACH ROW EXECUTE FUNCTION charge_set_codes_are_not_changed()
;;
CREATE FUNCTION charge_set_codes_of_a_rule_stay() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM charge_sets s WHERE s.hotel_id = OLD.hotel_id AND s.id = OLD.set_id AND s.name IS NULL) THEN RAISE EXCEPTION 'what one rule chose for itself stays as it was made' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER charge_set_codes_of_a_rule_stay BEFORE DELETE ON charge_set_codes FOR EACH ROW EXECUTE FUNCTION charge_set_codes_of_a_rule_stay()
;;
CREATE FUNCTION charge_sets_are_retired() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a charge set is retired, it is not deleted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER charge_sets_are_retired BEFORE DELETE ON charge_sets FOR EACH ROW EXECUTE FUNCTION charge_sets_are_retired()
;;
CREATE FUNCTION charge_sets_keep_or_lack_a_name() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (OLD.name IS NULL) <> (NEW.name IS NULL) THEN RAISE EXCEPTION 'what one rule chose for itself has no name' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER charge_sets_keep_or_lack_a_name BEFORE UPDATE OF name ON charge_sets FOR EACH ROW EXECUTE FUNCTION charge_sets_keep_or_lack_a_name()
;;
CREATE FUNCTION default_rules_are_followed_by_others() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a default rule is ended and followed by another, it is not changed' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER default_rules_are_followed_by_others BEFORE UPDATE OF agreement_id, chain_id, charge_code_id, charge_set_id, department, hotel_id, id, levies, made_at, night_limit, percent, plan_id, staff_id, total_limit, weekdays ON default_rules FOR EACH ROW EXECUTE FUNCTION default_rules_are_followed_by_others()
;;
CREATE FUNCTION default_rules_end_once() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.ended_at IS NOT NULL THEN RAISE EXCEPTION 'a default rule ends once' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER default_rules_end_once BEFORE UPDATE OF ended_at ON default_rules FOR EACH ROW EXECUTE FUNCTION default_rules_end_once()
;;
CREATE FUNCTION default_rules_stay() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a default rule ends, it is not deleted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER default_rules_stay BEFORE DELETE ON default_rules FOR EACH ROW EXECUTE FUNCTION default_rules_stay()
;;
CREATE FUNCTION routing_rules_change_to_a_set_that_is() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.charge_set_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM charge_sets s WHERE s.hotel_id = NEW.hotel_id AND s.id = NEW.charge_set_id) THEN RAISE EXCEPTION 'a routing rule takes a charge set of its hotel' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER routing_rules_change_to_a_set_that_is BEFORE UPDATE OF charge_set_id ON routing_rules FOR EACH ROW EXECUTE FUNCTION routing_rules_change_to_a_set_that_is()
;;
CREATE FUNCTION routing_rules_keep_their_default() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF COALESCE(OLD.default_id, 0) <> COALESCE(NEW.default_id, 0) THEN RAISE EXCEPTION 'a routing rule names the default rule that laid it down' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER routing_rules_keep_their_default BEFORE UPDATE OF default_id ON routing_rules FOR EACH ROW EXECUTE FUNCTION routing_rules_keep_their_default()
;;
CREATE FUNCTION routing_rules_know_their_default() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.default_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM default_rules d WHERE d.hotel_id = NEW.hotel_id AND d.id = NEW.default_id) THEN RAISE EXCEPTION 'a routing rule names the default rule that laid it down' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER routing_rules_know_their_default BEFORE INSERT ON routing_rules FOR EACH ROW EXECUTE FUNCTION routing_rules_know_their_default()
;;
CREATE FUNCTION routing_rules_know_their_set() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.charge_set_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM charge_sets s WHERE s.hotel_id = NEW.hotel_id AND s.id = NEW.charge_set_id) THEN RAISE EXCEPTION 'a routing rule takes a charge set of its hotel' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER routing_rules_know_their_set BEFORE INSERT ON routing_rules FOR EACH ROW EXECUTE FUNCTION routing_rules_know_their_set()
