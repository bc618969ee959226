CREATE TABLE deposit_tax_rules (
	hotel_id BIGINT NOT NULL, 
	from_day DATE NOT NULL, 
	due VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_deposit_tax_rules PRIMARY KEY (hotel_id, from_day), 
	CONSTRAINT fk_deposit_tax_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_deposit_tax_rules_taxdue CHECK (due IN ('on_receipt', 'on_invoice'))
)
 WITHOUT ROWID
;;
CREATE TABLE deposit_taxes (
	payment_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	moved_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	tax_id BIGINT, 
	rate BIGINT NOT NULL, 
	net BIGINT NOT NULL, 
	tax BIGINT NOT NULL, 
	quoted BIGINT NOT NULL, 
	credited BOOLEAN NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_deposit_taxes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_deposit_taxes_hotel_id_payment_id FOREIGN KEY(hotel_id, payment_id) REFERENCES payments (hotel_id, id), 
	CONSTRAINT fk_deposit_taxes_hotel_id_account_id FOREIGN KEY(hotel_id, account_id) REFERENCES accounts (hotel_id, id), 
	CONSTRAINT fk_deposit_taxes_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_deposit_taxes_hotel_id_moved_id FOREIGN KEY(hotel_id, moved_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_deposit_taxes_hotel_id_tax_id FOREIGN KEY(hotel_id, tax_id) REFERENCES taxes (hotel_id, id), 
	CONSTRAINT uq_deposit_taxes_hotel_id_entry_id_payment_id_no UNIQUE (hotel_id, entry_id, payment_id, no), 
	CONSTRAINT ck_deposit_taxes_tax_has_a_name CHECK (tax_id IS NOT NULL OR rate = 0 AND tax = 0), 
	CONSTRAINT ck_deposit_taxes_owed_or_set_off CHECK (net >= 0 AND tax >= 0 OR net <= 0 AND tax <= 0), 
	CONSTRAINT ck_deposit_taxes_credits_what_is_set_off CHECK (credited = false OR net + tax < 0), 
	CONSTRAINT fk_deposit_taxes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_deposit_taxes_hotel_id_account_id ON deposit_taxes (hotel_id, account_id)
;;
CREATE INDEX ix_deposit_taxes_hotel_id_moved_id ON deposit_taxes (hotel_id, moved_id)
;;
CREATE INDEX ix_deposit_taxes_hotel_id_payment_id ON deposit_taxes (hotel_id, payment_id)
;;
CREATE TRIGGER deposit_tax_rules_delete_not_of_the_past BEFORE DELETE ON deposit_tax_rules FOR EACH ROW WHEN OLD.from_day < (SELECT business_date FROM hotels WHERE id = OLD.hotel_id) BEGIN SELECT RAISE(ABORT, 'when tax on past deposits was due stays as it was'); END
;;
CREATE TRIGGER deposit_tax_rules_insert_not_of_the_past BEFORE INSERT ON deposit_tax_rules FOR EACH ROW WHEN NEW.from_day < (SELECT business_date FROM hotels WHERE id = NEW.hotel_id) BEGIN SELECT RAISE(ABORT, 'when tax on past deposits was due stays as it was'); END
;;
CREATE TRIGGER deposit_tax_rules_update_not_of_the_past BEFORE UPDATE ON deposit_tax_rules FOR EACH ROW WHEN OLD.from_day < (SELECT business_date FROM hotels WHERE id = OLD.hotel_id) BEGIN SELECT RAISE(ABORT, 'when tax on past deposits was due stays as it was'); END
;;
CREATE TRIGGER deposit_taxes_no_delete BEFORE DELETE ON deposit_taxes FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'deposit_taxes is written in ink'); END
;;
CREATE TRIGGER deposit_taxes_no_more_than_owed BEFORE INSERT ON deposit_taxes FOR EACH ROW WHEN NEW.net + (SELECT COALESCE(SUM(net), 0) FROM deposit_taxes WHERE hotel_id = NEW.hotel_id AND payment_id = NEW.payment_id AND no = NEW.no) < 0 OR NEW.tax + (SELECT COALESCE(SUM(tax), 0) FROM deposit_taxes WHERE hotel_id = NEW.hotel_id AND payment_id = NEW.payment_id AND no = NEW.no) < 0 BEGIN SELECT RAISE(ABORT, 'no more tax is set off than is owed of a deposit'); END
;;
CREATE TRIGGER deposit_taxes_no_update BEFORE UPDATE ON deposit_taxes FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'deposit_taxes is written in ink'); END
;;
CREATE TRIGGER deposit_taxes_of_a_deposit BEFORE INSERT ON deposit_taxes FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM payments WHERE hotel_id = NEW.hotel_id AND id = NEW.payment_id AND kind = 'deposit' AND account_id = NEW.account_id) BEGIN SELECT RAISE(ABORT, 'only a deposit has tax of its own'); END
;;
CREATE TRIGGER deposit_taxes_owed_once BEFORE INSERT ON deposit_taxes FOR EACH ROW WHEN (NEW.net > 0 OR NEW.tax > 0) AND EXISTS (SELECT 1 FROM deposit_taxes WHERE hotel_id = NEW.hotel_id AND payment_id = NEW.payment_id AND no = NEW.no) AND NOT EXISTS (SELECT 1 FROM entries WHERE hotel_id = NEW.hotel_id AND id = NEW.entry_id AND reverses_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a share of a deposit is taxed once'); END
;;
CREATE TRIGGER deposit_taxes_posted BEFORE INSERT ON deposit_taxes FOR EACH ROW WHEN NEW.tax_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lines l JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id AND a.ledger = 'tax' WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.entry_id AND l.tax_id = NEW.tax_id AND l.amount = -NEW.tax AND l.base = NEW.net) BEGIN SELECT RAISE(ABORT, 'tax on a deposit is posted'); END
