CREATE TABLE safe_clearings (
	entry_id BIGINT NOT NULL, 
	business_day DATE NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	booked BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_safe_clearings PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_safe_clearings_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT uq_safe_clearings_hotel_id_entry_id UNIQUE (hotel_id, entry_id), 
	CONSTRAINT ck_safe_clearings_clears_something CHECK (booked <> 0), 
	CONSTRAINT fk_safe_clearings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_safe_clearings_hotel_id_currency ON safe_clearings (hotel_id, currency)
;;
CREATE FUNCTION safe_clearings_are_what_their_entry_moved() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM lines l JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.entry_id AND a.code = 'cash/safe/' || LOWER(NEW.currency) AND l.amount = -NEW.booked) THEN RAISE EXCEPTION 'what is cleared of the safe is what its entry took out of it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER safe_clearings_are_what_their_entry_moved BEFORE INSERT ON safe_clearings FOR EACH ROW EXECUTE FUNCTION safe_clearings_are_what_their_entry_moved()
;;
CREATE FUNCTION safe_clearings_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'safe_clearings is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER safe_clearings_no_delete BEFORE DELETE ON safe_clearings FOR EACH ROW EXECUTE FUNCTION safe_clearings_no_delete()
;;
CREATE TRIGGER safe_clearings_no_truncate BEFORE TRUNCATE ON safe_clearings FOR EACH STATEMENT EXECUTE FUNCTION safe_clearings_no_delete()
;;
CREATE FUNCTION safe_clearings_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'safe_clearings is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER safe_clearings_no_update BEFORE UPDATE ON safe_clearings FOR EACH ROW EXECUTE FUNCTION safe_clearings_no_update()
;;
CREATE FUNCTION safe_clearings_of_no_notes() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (SELECT COALESCE(SUM(-amount), 0) FROM drawer_moves WHERE hotel_id = NEW.hotel_id AND currency = NEW.currency AND kind = 'handed_in' AND rate IS NOT NULL) <> (SELECT COALESCE(SUM(b.amount), 0) FROM notes_banked b WHERE b.hotel_id = NEW.hotel_id AND b.currency = NEW.currency AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.hotel_id = b.hotel_id AND e.reverses_id = b.entry_id)) OR (SELECT COALESCE(SUM(-booked), 0) FROM drawer_moves WHERE hotel_id = NEW.hotel_id AND currency = NEW.currency AND kind = 'handed_in' AND rate IS NOT NULL) - (SELECT COALESCE(SUM(b.booked), 0) FROM notes_banked b WHERE b.hotel_id = NEW.hotel_id AND b.currency = NEW.currency AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.hotel_id = b.hotel_id AND e.reverses_id = b.entry_id)) - (SELECT COALESCE(SUM(booked), 0) FROM safe_clearings WHERE hotel_id = NEW.hotel_id AND currency = NEW.currency) <> NEW.booked THEN RAISE EXCEPTION 'what is cleared of the safe is what is left without notes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER safe_clearings_of_no_notes BEFORE INSERT ON safe_clearings FOR EACH ROW EXECUTE FUNCTION safe_clearings_of_no_notes()
;;
CREATE FUNCTION deposit_taxes_above_price_untaxed() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.quoted < 0 OR (NEW.quoted = 0 AND (NEW.tax_id IS NOT NULL OR NEW.tax <> 0)) THEN RAISE EXCEPTION 'what is above the price of a stay bears no tax' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER deposit_taxes_above_price_untaxed BEFORE INSERT ON deposit_taxes FOR EACH ROW EXECUTE FUNCTION deposit_taxes_above_price_untaxed()
;;
CREATE FUNCTION deposit_taxes_no_more_than_paid() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.net + NEW.tax > 0 AND NEW.net + NEW.tax + (SELECT COALESCE(SUM(net + tax), 0) FROM deposit_taxes WHERE hotel_id = NEW.hotel_id AND payment_id = NEW.payment_id) > (SELECT amount FROM payments WHERE hotel_id = NEW.hotel_id AND id = NEW.payment_id) THEN RAISE EXCEPTION 'no more of a deposit is taxed than was paid' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER deposit_taxes_no_more_than_paid BEFORE INSERT ON deposit_taxes FOR EACH ROW EXECUTE FUNCTION deposit_taxes_no_more_than_paid()
;;
CREATE FUNCTION entries_leave_no_debt_in_the_safe() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.kind IN ('transfer', 'reversal') AND EXISTS (SELECT 1 FROM lines WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.id AND amount < 0 AND account_id = (SELECT id FROM accounts WHERE hotel_id = NEW.hotel_id AND code = 'cash/safe')) AND (SELECT COALESCE(SUM(amount), 0) FROM lines WHERE hotel_id = NEW.hotel_id AND account_id = (SELECT id FROM accounts WHERE hotel_id = NEW.hotel_id AND code = 'cash/safe')) < 0 THEN RAISE EXCEPTION 'no more is taken out of the safe than lies there' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER entries_leave_no_debt_in_the_safe BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_leave_no_debt_in_the_safe()
