CREATE TABLE content_keys (
	key VARCHAR, 
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
	reserved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
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
CREATE FUNCTION content_keys_erased_stay_so() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.key IS NULL OR NEW.hotel_id <> OLD.hotel_id OR NEW.id <> OLD.id OR NEW.made_on <> OLD.made_on THEN RAISE EXCEPTION 'what is erased stays erased' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER content_keys_erased_stay_so BEFORE UPDATE ON content_keys FOR EACH ROW EXECUTE FUNCTION content_keys_erased_stay_so()
;;
CREATE FUNCTION content_keys_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a content key is erased, not deleted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER content_keys_no_delete BEFORE DELETE ON content_keys FOR EACH ROW EXECUTE FUNCTION content_keys_no_delete()
;;
CREATE FUNCTION documents_cards_are_sealed() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.kind = 'registration-card' AND NOT EXISTS (SELECT 1 FROM content_keys WHERE hotel_id = NEW.hotel_id AND id = NEW.id) THEN RAISE EXCEPTION 'a registration card stands under seal' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER documents_cards_are_sealed BEFORE INSERT ON documents FOR EACH ROW EXECUTE FUNCTION documents_cards_are_sealed()
;;
CREATE FUNCTION papers_credit_no_more() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.credits_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM papers WHERE hotel_id = NEW.hotel_id AND id = NEW.credits_id AND kind IN ('invoice', 'receipt', 'deposit_invoice')) OR NEW.gross + (SELECT COALESCE(SUM(gross), 0) FROM papers WHERE hotel_id = NEW.hotel_id AND credits_id = NEW.credits_id) > (SELECT gross FROM papers WHERE hotel_id = NEW.hotel_id AND id = NEW.credits_id)) THEN RAISE EXCEPTION 'no more is credited than was invoiced' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER papers_credit_no_more BEFORE INSERT ON papers FOR EACH ROW EXECUTE FUNCTION papers_credit_no_more()
;;
CREATE FUNCTION payments_keep_reserved_credit() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.kind = 'refund' AND EXISTS (SELECT 1 FROM credit_reserves WHERE hotel_id = NEW.hotel_id AND account_id = NEW.account_id) AND (SELECT substr(key, 1, 8) FROM entries WHERE hotel_id = NEW.hotel_id AND id = NEW.entry_id) <> 'gateway/' AND (SELECT COALESCE(SUM(amount), 0) FROM lines WHERE hotel_id = NEW.hotel_id AND account_id = NEW.account_id) + (SELECT COALESCE(SUM(amount), 0) FROM credit_reserves WHERE hotel_id = NEW.hotel_id AND account_id = NEW.account_id) > 0 THEN RAISE EXCEPTION 'that credit is on its way back online' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER payments_keep_reserved_credit BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION payments_keep_reserved_credit()
;;
CREATE FUNCTION police_files_are_sealed() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM content_keys WHERE hotel_id = NEW.hotel_id AND id = NEW.id) THEN RAISE EXCEPTION 'a police file stands under seal' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER police_files_are_sealed BEFORE INSERT ON police_files FOR EACH ROW EXECUTE FUNCTION police_files_are_sealed()
