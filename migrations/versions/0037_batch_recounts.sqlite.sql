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
CREATE TRIGGER terminal_batches_in_turn BEFORE INSERT ON terminal_batches FOR EACH ROW WHEN NEW.no <> 1 + (SELECT COUNT(*) FROM terminal_batches b WHERE b.hotel_id = NEW.hotel_id AND b.business_day = NEW.business_day AND b.terminal = NEW.terminal AND b.batch = NEW.batch) BEGIN SELECT RAISE(ABORT, 'the counts of a batch are numbered in turn'); END
;;
CREATE TRIGGER terminal_batches_no_delete BEFORE DELETE ON terminal_batches FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'terminal_batches is written in ink'); END
;;
CREATE TRIGGER terminal_batches_no_update BEFORE UPDATE ON terminal_batches FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'terminal_batches is written in ink'); END
