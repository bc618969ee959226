CREATE TABLE arrival_letter_rules (
	hotel_id BIGINT NOT NULL, 
	days SMALLINT NOT NULL, 
	CONSTRAINT pk_arrival_letter_rules PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_arrival_letter_rules_within_a_month CHECK (days BETWEEN 1 AND 30), 
	CONSTRAINT fk_arrival_letter_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE tax_age_bands (
	hotel_id BIGINT NOT NULL, 
	tax_id BIGINT NOT NULL, 
	from_day DATE NOT NULL, 
	upto SMALLINT NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_tax_age_bands PRIMARY KEY (hotel_id, tax_id, from_day, upto), 
	CONSTRAINT fk_tax_age_bands_hotel_id_tax_id_from_day FOREIGN KEY(hotel_id, tax_id, from_day) REFERENCES tax_rates (hotel_id, tax_id, from_day), 
	CONSTRAINT ck_tax_age_bands_age_of_a_child CHECK (upto BETWEEN 0 AND 17), 
	CONSTRAINT ck_tax_age_bands_not_negative CHECK (amount >= 0)
)
;;
CREATE FUNCTION absent_days_stay_with_the_lock_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.minutes_paid > 0 AND EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = OLD.hotel_id AND OLD.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER absent_days_stay_with_the_lock_delete BEFORE DELETE ON absent_days FOR EACH ROW EXECUTE FUNCTION absent_days_stay_with_the_lock_delete()
;;
CREATE FUNCTION absent_days_stay_with_the_lock_insert() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.minutes_paid > 0 AND EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND NEW.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER absent_days_stay_with_the_lock_insert BEFORE INSERT ON absent_days FOR EACH ROW EXECUTE FUNCTION absent_days_stay_with_the_lock_insert()
;;
CREATE FUNCTION absent_days_stay_with_the_lock_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (OLD.minutes_paid > 0 AND EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = OLD.hotel_id AND OLD.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported'))) OR (NEW.minutes_paid > 0 AND EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND NEW.day BETWEEN p.first AND p.last AND p.state IN ('locked', 'exported'))) THEN RAISE EXCEPTION 'a locked pay period is corrected in the next one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER absent_days_stay_with_the_lock_update BEFORE UPDATE ON absent_days FOR EACH ROW EXECUTE FUNCTION absent_days_stay_with_the_lock_update()
;;
CREATE FUNCTION tip_pools_begin_on_an_open_day_moved() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND NEW.begins_on <= p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a tip pool begins on a day that is not locked' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER tip_pools_begin_on_an_open_day_moved BEFORE UPDATE OF begins_on ON tip_pools FOR EACH ROW EXECUTE FUNCTION tip_pools_begin_on_an_open_day_moved()
;;
CREATE FUNCTION tip_pools_begin_on_an_open_day_opened() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM pay_periods p WHERE p.hotel_id = NEW.hotel_id AND NEW.begins_on <= p.last AND p.state IN ('locked', 'exported')) THEN RAISE EXCEPTION 'a tip pool begins on a day that is not locked' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER tip_pools_begin_on_an_open_day_opened BEFORE INSERT ON tip_pools FOR EACH ROW EXECUTE FUNCTION tip_pools_begin_on_an_open_day_opened()
