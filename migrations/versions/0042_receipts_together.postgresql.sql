CREATE TABLE receipt_payments (
	hotel_id BIGINT NOT NULL, 
	payment_id BIGINT NOT NULL, 
	paper_id BIGINT NOT NULL, 
	line_no SMALLINT NOT NULL, 
	CONSTRAINT pk_receipt_payments PRIMARY KEY (hotel_id, payment_id), 
	CONSTRAINT fk_receipt_payments_hotel_id_payment_id FOREIGN KEY(hotel_id, payment_id) REFERENCES payments (hotel_id, id), 
	CONSTRAINT fk_receipt_payments_hotel_id_paper_id FOREIGN KEY(hotel_id, paper_id) REFERENCES papers (hotel_id, id), 
	CONSTRAINT uq_receipt_payments_hotel_id_paper_id_line_no UNIQUE (hotel_id, paper_id, line_no), 
	CONSTRAINT ck_receipt_payments_counts_from_one CHECK (line_no >= 1)
)
;;
CREATE FUNCTION receipt_payments_have_no_other() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM papers p WHERE p.hotel_id = NEW.hotel_id AND p.payment_id = NEW.payment_id AND p.kind = 'receipt' AND p.id <> NEW.paper_id) OR NOT EXISTS (SELECT 1 FROM papers p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.paper_id AND p.kind = 'receipt') THEN RAISE EXCEPTION 'a payment has one receipt' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER receipt_payments_have_no_other BEFORE INSERT ON receipt_payments FOR EACH ROW EXECUTE FUNCTION receipt_payments_have_no_other()
;;
CREATE FUNCTION receipt_payments_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'receipt_payments is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER receipt_payments_no_delete BEFORE DELETE ON receipt_payments FOR EACH ROW EXECUTE FUNCTION receipt_payments_no_delete()
;;
CREATE TRIGGER receipt_payments_no_truncate BEFORE TRUNCATE ON receipt_payments FOR EACH STATEMENT EXECUTE FUNCTION receipt_payments_no_delete()
;;
CREATE FUNCTION receipt_payments_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'receipt_payments is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER receipt_payments_no_update BEFORE UPDATE ON receipt_payments FOR EACH ROW EXECUTE FUNCTION receipt_payments_no_update()
;;
CREATE FUNCTION papers_receipt_a_payment_once() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.kind = 'receipt' AND EXISTS (SELECT 1 FROM receipt_payments r WHERE r.hotel_id = NEW.hotel_id AND r.payment_id = NEW.payment_id) THEN RAISE EXCEPTION 'a payment has one receipt' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER papers_receipt_a_payment_once BEFORE INSERT ON papers FOR EACH ROW EXECUTE FUNCTION papers_receipt_a_payment_once()
