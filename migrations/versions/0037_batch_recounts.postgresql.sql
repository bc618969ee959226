CREATE TABLE terminal_batches (
	business_day DATE NOT NULL, 
	terminal VARCHAR(24) NOT NULL, 
	batch VARCHAR(24) NOT NULL, 
	no BIGINT NOT NULL, 
	counted BIGINT NOT NULL, 
	recorded BIGINT NOT NULL, 
	reason VARCHAR(200), 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_terminal_batches PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_terminal_batches_hotel_id_business_day_terminal_batch_no UNIQUE (hotel_id, business_day, terminal, batch, no), 
	CONSTRAINT ck_terminal_batches_numbered_from_one CHECK (no >= 1), 
	CONSTRAINT ck_terminal_batches_counted_again_for_a_reason CHECK ((no = 1) = (reason IS NULL)), 
	CONSTRAINT fk_terminal_batches_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE FUNCTION terminal_batches_in_turn() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.no <> 1 + (SELECT COUNT(*) FROM terminal_batches b WHERE b.hotel_id = NEW.hotel_id AND b.business_day = NEW.business_day AND b.terminal = NEW.terminal AND b.batch = NEW.batch) THEN RAISE EXCEPTION 'the counts of a batch are numbered in turn' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER terminal_batches_in_turn BEFORE INSERT ON terminal_batches FOR EACH ROW EXECUTE FUNCTION terminal_batches_in_turn()
;;
CREATE FUNCTION terminal_batches_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'terminal_batches is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER terminal_batches_no_delete BEFORE DELETE ON terminal_batches FOR EACH ROW EXECUTE FUNCTION terminal_batches_no_delete()
;;
CREATE TRIGGER terminal_batches_no_truncate BEFORE TRUNCATE ON terminal_batches FOR EACH STATEMENT EXECUTE FUNCTION terminal_batches_no_delete()
;;
CREATE FUNCTION terminal_batches_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'terminal_batches is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER terminal_batches_no_update BEFORE UPDATE ON terminal_batches FOR EACH ROW EXECUTE FUNCTION terminal_batches_no_update()
