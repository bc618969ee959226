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
CREATE TRIGGER safe_clearings_are_what_their_entry_moved BEFORE INSERT ON safe_clearings FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM lines l JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.entry_id AND a.code = 'cash/safe/' || LOWER(NEW.currency) AND l.amount = -NEW.booked) BEGIN SELECT RAISE(ABORT, 'what is cleared of the safe is what its entry took out of it'); END
;;
CREATE TRIGGER safe_clearings_no_delete BEFORE DELETE ON safe_clearings FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'safe_clearings is written in ink'); END
;;
CREATE TRIGGER safe_clearings_no_update BEFORE UPDATE ON safe_clearings FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'safe_clearings is written in ink'); END
;;
CREATE TRIGGER safe_clearings_of_no_notes BEFORE INSERT ON safe_clearings FOR EACH ROW WHEN (SELECT COALESCE(SUM(-amount), 0) FROM drawer_moves WHERE hotel_id = NEW.hotel_id AND currency = NEW.currency AND kind = 'handed_in' AND rate IS NOT NULL) <> (SELECT COALESCE(SUM(b.amount), 0) FROM notes_banked b WHERE b.hotel_id = NEW.hotel_id AND b.currency = NEW.currency AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.hotel_id = b.hotel_id AND e.reverses_id = b.entry_id)) OR (SELECT COALESCE(SUM(-booked), 0) FROM drawer_moves WHERE hotel_id = NEW.hotel_id AND currency = NEW.currency AND kind = 'handed_in' AND rate IS NOT NULL) - (SELECT COALESCE(SUM(b.booked), 0) FROM notes_banked b WHERE b.hotel_id = NEW.hotel_id AND b.currency = NEW.currency AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.hotel_id = b.hotel_id AND e.reverses_id = b.entry_id)) - (SELECT COALESCE(SUM(booked), 0) FROM safe_clearings WHERE hotel_id = NEW.hotel_id AND currency = NEW.currency) <> NEW.booked BEGIN SELECT RAISE(ABORT, 'what is cleared of the safe is what is left without notes'); END
;;
CREATE TRIGGER deposit_taxes_above_price_untaxed BEFORE INSERT ON deposit_taxes FOR EACH ROW WHEN NEW.quoted < 0 OR (NEW.quoted = 0 AND (NEW.tax_id IS NOT NULL OR NEW.tax <> 0)) BEGIN SELECT RAISE(ABORT, 'what is above the price of a stay bears no tax'); END
;;
CREATE TRIGGER deposit_taxes_no_more_than_paid BEFORE INSERT ON deposit_taxes FOR EACH ROW WHEN NEW.net + NEW.tax > 0 AND NEW.net + NEW.tax + (SELECT COALESCE(SUM(net + tax), 0) FROM deposit_taxes WHERE hotel_id = NEW.hotel_id AND payment_id = NEW.payment_id) > (SELECT amount FROM payments WHERE hotel_id = NEW.hotel_id AND id = NEW.payment_id) BEGIN SELECT RAISE(ABORT, 'no more of a deposit is taxed than was paid'); END
;;
CREATE TRIGGER entries_leave_no_debt_in_the_safe BEFORE INSERT ON entries FOR EACH ROW WHEN NEW.kind IN ('transfer', 'reversal') AND EXISTS (SELECT 1 FROM lines WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.id AND amount < 0 AND account_id = (SELECT id FROM accounts WHERE hotel_id = NEW.hotel_id AND code = 'cash/safe')) AND (SELECT COALESCE(SUM(amount), 0) FROM lines WHERE hotel_id = NEW.hotel_id AND account_id = (SELECT id FROM accounts WHERE hotel_id = NEW.hotel_id AND code = 'cash/safe')) < 0 BEGIN SELECT RAISE(ABORT, 'no more is taken out of the safe than lies there'); END
