CREATE TABLE notes_banked (
	entry_id BIGINT NOT NULL, 
	business_day DATE NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	amount BIGINT NOT NULL, 
	rate BIGINT NOT NULL, 
	booked BIGINT NOT NULL, 
	credited BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_notes_banked PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_notes_banked_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT uq_notes_banked_hotel_id_entry_id UNIQUE (hotel_id, entry_id), 
	CONSTRAINT ck_notes_banked_moves_notes CHECK (amount > 0), 
	CONSTRAINT ck_notes_banked_rate_above_zero CHECK (rate > 0), 
	CONSTRAINT fk_notes_banked_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_notes_banked_hotel_id_currency ON notes_banked (hotel_id, currency)
;;
CREATE FUNCTION notes_banked_are_what_their_entry_moved() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM lines l JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.entry_id AND a.code = 'cash/safe/' || LOWER(NEW.currency) AND l.amount = -NEW.booked) THEN RAISE EXCEPTION 'what goes to the bank is what its entry took out of the safe' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER notes_banked_are_what_their_entry_moved BEFORE INSERT ON notes_banked FOR EACH ROW EXECUTE FUNCTION notes_banked_are_what_their_entry_moved()
;;
CREATE FUNCTION notes_banked_lay_in_the_safe() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (SELECT COALESCE(SUM(-amount), 0) FROM drawer_moves WHERE hotel_id = NEW.hotel_id AND currency = NEW.currency AND kind = 'handed_in' AND rate IS NOT NULL) - (SELECT COALESCE(SUM(b.amount), 0) FROM notes_banked b WHERE b.hotel_id = NEW.hotel_id AND b.currency = NEW.currency AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.hotel_id = b.hotel_id AND e.reverses_id = b.entry_id)) < NEW.amount THEN RAISE EXCEPTION 'no more notes go to the bank than lie in the safe' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER notes_banked_lay_in_the_safe BEFORE INSERT ON notes_banked FOR EACH ROW EXECUTE FUNCTION notes_banked_lay_in_the_safe()
;;
CREATE FUNCTION notes_banked_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'notes_banked is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER notes_banked_no_delete BEFORE DELETE ON notes_banked FOR EACH ROW EXECUTE FUNCTION notes_banked_no_delete()
;;
CREATE TRIGGER notes_banked_no_truncate BEFORE TRUNCATE ON notes_banked FOR EACH STATEMENT EXECUTE FUNCTION notes_banked_no_delete()
;;
CREATE FUNCTION notes_banked_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'notes_banked is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER notes_banked_no_update BEFORE UPDATE ON notes_banked FOR EACH ROW EXECUTE FUNCTION notes_banked_no_update()
;;
CREATE FUNCTION cashier_shifts_reviewed_by_who_didnt_count() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.state = 'reviewed' AND EXISTS (SELECT 1 FROM drawer_counts c WHERE c.hotel_id = NEW.hotel_id AND c.shift_id = NEW.id AND c.staff_id = NEW.reviewed_by AND c.no = (SELECT MAX(n.no) FROM drawer_counts n WHERE n.hotel_id = NEW.hotel_id AND n.shift_id = NEW.id)) THEN RAISE EXCEPTION 'who counted a drawer does not accept the count' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER cashier_shifts_reviewed_by_who_didnt_count BEFORE UPDATE ON cashier_shifts FOR EACH ROW EXECUTE FUNCTION cashier_shifts_reviewed_by_who_didnt_count()
;;
CREATE FUNCTION drawer_moves_void_what_moved() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.kind = 'voided' AND NOT EXISTS (SELECT 1 FROM entries e JOIN drawer_moves m ON m.hotel_id = e.hotel_id AND m.entry_id = e.reverses_id WHERE e.hotel_id = NEW.hotel_id AND e.id = NEW.entry_id AND m.shift_id = NEW.shift_id AND m.currency = NEW.currency AND m.amount = -NEW.amount AND m.booked = -NEW.booked) THEN RAISE EXCEPTION 'what is taken back of a drawer is a move of it, whole' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER drawer_moves_void_what_moved BEFORE INSERT ON drawer_moves FOR EACH ROW EXECUTE FUNCTION drawer_moves_void_what_moved()
;;
CREATE FUNCTION payments_name_a_card_brand_one_way() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.brand IS NOT NULL AND LOWER(NEW.brand) IN ('visa', 'mastercard', 'american express', 'girocard', 'maestro', 'diners', 'discover', 'jcb', 'unionpay') AND NEW.brand NOT IN ('Visa', 'Mastercard', 'American Express', 'girocard', 'Maestro', 'Diners', 'Discover', 'JCB', 'UnionPay') THEN RAISE EXCEPTION 'a card brand has one name' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER payments_name_a_card_brand_one_way BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION payments_name_a_card_brand_one_way()
