CREATE TABLE content_keys (
	"key" VARCHAR, 
	made_on DATE NOT NULL, 
	erased_on DATE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_content_keys PRIMARY KEY (hotel_id, id), 
	CONSTRAINT ck_content_keys_stands_under_seal CHECK (substr(key, 1, 3) = 'v1.'), 
	CONSTRAINT ck_content_keys_erased_on_a_day CHECK ((key IS NULL) = (erased_on IS NOT NULL)), 
	CONSTRAINT fk_content_keys_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_content_keys_hotel_id_made_on ON content_keys (hotel_id, made_on)
;;
CREATE TABLE credit_reserves (
	account_id BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	reserved_at DATETIME NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_credit_reserves PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_credit_reserves_hotel_id_account_id FOREIGN KEY(hotel_id, account_id) REFERENCES accounts (hotel_id, id), 
	CONSTRAINT ck_credit_reserves_keeps_something CHECK (amount > 0), 
	CONSTRAINT fk_credit_reserves_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_credit_reserves_hotel_id_account_id ON credit_reserves (hotel_id, account_id)
;;
CREATE TRIGGER content_keys_erased_stay_so BEFORE UPDATE ON content_keys FOR EACH ROW WHEN OLD.key IS NULL OR NEW.hotel_id <> OLD.hotel_id OR NEW.id <> OLD.id OR NEW.made_on <> OLD.made_on BEGIN SELECT RAISE(ABORT, 'what is erased stays erased'); END
;;
CREATE TRIGGER content_keys_no_delete BEFORE DELETE ON content_keys FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'a content key is erased, not deleted'); END
;;
CREATE TRIGGER documents_cards_are_sealed BEFORE INSERT ON documents FOR EACH ROW WHEN NEW.kind = 'registration-card' AND NOT EXISTS (SELECT 1 FROM content_keys WHERE hotel_id = NEW.hotel_id AND id = NEW.id) BEGIN SELECT RAISE(ABORT, 'a registration card stands under seal'); END
;;
CREATE TRIGGER papers_credit_no_more BEFORE INSERT ON papers FOR EACH ROW WHEN NEW.credits_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM papers WHERE hotel_id = NEW.hotel_id AND id = NEW.credits_id AND kind IN ('invoice', 'receipt', 'deposit_invoice')) OR NEW.gross + (SELECT COALESCE(SUM(gross), 0) FROM papers WHERE hotel_id = NEW.hotel_id AND credits_id = NEW.credits_id) > (SELECT gross FROM papers WHERE hotel_id = NEW.hotel_id AND id = NEW.credits_id)) BEGIN SELECT RAISE(ABORT, 'no more is credited than was invoiced'); END
;;
CREATE TRIGGER payments_keep_reserved_credit BEFORE INSERT ON payments FOR EACH ROW WHEN NEW.kind = 'refund' AND EXISTS (SELECT 1 FROM credit_reserves WHERE hotel_id = NEW.hotel_id AND account_id = NEW.account_id) AND (SELECT substr(key, 1, 8) FROM entries WHERE hotel_id = NEW.hotel_id AND id = NEW.entry_id) <> 'gateway/' AND (SELECT COALESCE(SUM(amount), 0) FROM lines WHERE hotel_id = NEW.hotel_id AND account_id = NEW.account_id) + (SELECT COALESCE(SUM(amount), 0) FROM credit_reserves WHERE hotel_id = NEW.hotel_id AND account_id = NEW.account_id) > 0 BEGIN SELECT RAISE(ABORT, 'that credit is on its way back online'); END
;;
CREATE TRIGGER police_files_are_sealed BEFORE INSERT ON police_files FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM content_keys WHERE hotel_id = NEW.hotel_id AND id = NEW.id) BEGIN SELECT RAISE(ABORT, 'a police file stands under seal'); END
