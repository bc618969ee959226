CREATE TABLE allowance_codes (
	hotel_id BIGINT NOT NULL, 
	package_id BIGINT NOT NULL, 
	charge_code_id BIGINT NOT NULL, 
	CONSTRAINT pk_allowance_codes PRIMARY KEY (hotel_id, package_id, charge_code_id), 
	CONSTRAINT fk_allowance_codes_hotel_id_package_id FOREIGN KEY(hotel_id, package_id) REFERENCES packages (hotel_id, id), 
	CONSTRAINT fk_allowance_codes_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id)
)
;;
CREATE INDEX ix_allowance_codes_hotel_id_charge_code_id ON allowance_codes (hotel_id, charge_code_id)
;;
CREATE TABLE package_allowances (
	hotel_id BIGINT NOT NULL, 
	package_id BIGINT NOT NULL, 
	span VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_package_allowances PRIMARY KEY (hotel_id, package_id), 
	CONSTRAINT fk_package_allowances_hotel_id_package_id FOREIGN KEY(hotel_id, package_id) REFERENCES packages (hotel_id, id), 
	CONSTRAINT ck_package_allowances_allows_something CHECK (amount > 0), 
	CONSTRAINT ck_package_allowances_span CHECK (span IN ('day', 'stay'))
)
;;
CREATE TABLE reservation_allowances (
	hotel_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	span VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_reservation_allowances PRIMARY KEY (hotel_id, reservation_id, no), 
	CONSTRAINT fk_reservation_allowances_hotel_id_reservation_id_no FOREIGN KEY(hotel_id, reservation_id, no) REFERENCES reservation_packages (hotel_id, reservation_id, no), 
	CONSTRAINT ck_reservation_allowances_allows_something CHECK (amount > 0), 
	CONSTRAINT ck_reservation_allowances_span CHECK (span IN ('day', 'stay'))
)
;;
CREATE TABLE allowance_uses (
	hotel_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	charge_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	since DATE NOT NULL, 
	allowed BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_allowance_uses PRIMARY KEY (hotel_id, entry_id), 
	CONSTRAINT fk_allowance_uses_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_allowance_uses_hotel_id_charge_id FOREIGN KEY(hotel_id, charge_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_allowance_uses_hotel_id_reservation_id_no FOREIGN KEY(hotel_id, reservation_id, no) REFERENCES reservation_allowances (hotel_id, reservation_id, no), 
	CONSTRAINT uq_allowance_uses_hotel_id_charge_id_no UNIQUE (hotel_id, charge_id, no), 
	CONSTRAINT ck_allowance_uses_uses_something CHECK (amount > 0)
)
;;
CREATE INDEX ix_allowance_uses_hotel_id_reservation_id_no_since ON allowance_uses (hotel_id, reservation_id, no, since)
;;
CREATE INDEX ix_allowance_uses_hotel_id_since ON allowance_uses (hotel_id, since)
;;
CREATE FUNCTION allowance_uses_go_so_far() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (SELECT COALESCE(SUM(u.amount), 0) FROM allowance_uses u WHERE u.hotel_id = NEW.hotel_id AND u.reservation_id = NEW.reservation_id AND u.no = NEW.no AND u.since = NEW.since AND NOT EXISTS (SELECT 1 FROM entries r WHERE r.hotel_id = u.hotel_id AND r.reverses_id = u.entry_id)) + NEW.amount > NEW.allowed THEN RAISE EXCEPTION 'an allowance goes as far as it goes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER allowance_uses_go_so_far BEFORE INSERT ON allowance_uses FOR EACH ROW EXECUTE FUNCTION allowance_uses_go_so_far()
;;
CREATE FUNCTION allowance_uses_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'allowance_uses is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER allowance_uses_no_delete BEFORE DELETE ON allowance_uses FOR EACH ROW EXECUTE FUNCTION allowance_uses_no_delete()
;;
CREATE TRIGGER allowance_uses_no_truncate BEFORE TRUNCATE ON allowance_uses FOR EACH STATEMENT EXECUTE FUNCTION allowance_uses_no_delete()
;;
CREATE FUNCTION allowance_uses_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'allowance_uses is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER allowance_uses_no_update BEFORE UPDATE ON allowance_uses FOR EACH ROW EXECUTE FUNCTION allowance_uses_no_update()
