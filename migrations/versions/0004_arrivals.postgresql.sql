CREATE TABLE identity_documents (
	guest_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	number VARCHAR NOT NULL, 
	issuing_country VARCHAR(3) NOT NULL, 
	nationality VARCHAR(3) NOT NULL, 
	surname VARCHAR NOT NULL, 
	given_name VARCHAR NOT NULL, 
	birth_date DATE, 
	sex VARCHAR(24) NOT NULL, 
	expires_on DATE, 
	lives_in VARCHAR NOT NULL, 
	from_lines BOOLEAN NOT NULL, 
	staff_id BIGINT NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	chain_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_identity_documents PRIMARY KEY (chain_id, id), 
	CONSTRAINT uq_identity_documents_chain_id_guest_id_kind_number UNIQUE (chain_id, guest_id, kind, number), 
	CONSTRAINT fk_identity_documents_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_identity_documents_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_identity_documents_number_is_written CHECK (length(number) BETWEEN 1 AND 40), 
	CONSTRAINT ck_identity_documents_born_before_it_expires CHECK (birth_date IS NULL OR expires_on IS NULL OR birth_date < expires_on), 
	CONSTRAINT ck_identity_documents_identitykind CHECK (kind IN ('passport', 'identity_card', 'residence_permit', 'driving_licence', 'visa', 'other')), 
	CONSTRAINT ck_identity_documents_sex CHECK (sex IN ('F', 'M', 'X')), 
	CONSTRAINT fk_identity_documents_chain_id FOREIGN KEY(chain_id) REFERENCES chains (id)
)
;;
CREATE TABLE letterheads (
	hotel_id BIGINT NOT NULL, 
	address VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	arrive_from TIME WITHOUT TIME ZONE NOT NULL, 
	leave_until TIME WITHOUT TIME ZONE NOT NULL, 
	rules VARCHAR NOT NULL, 
	CONSTRAINT pk_letterheads PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_letterheads_language_is_written CHECK (language IN ('en', 'de', 'fr', 'es')), 
	CONSTRAINT fk_letterheads_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE police_files (
	number BIGINT NOT NULL, 
	content BYTEA NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	guests BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_police_files PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_police_files_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT ck_police_files_is_numbered CHECK (number > 0 AND length(sha256) = 64), 
	CONSTRAINT fk_police_files_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE police_units (
	hotel_id BIGINT NOT NULL, 
	code VARCHAR NOT NULL, 
	establishment VARCHAR NOT NULL, 
	short_name VARCHAR NOT NULL, 
	street VARCHAR NOT NULL, 
	town VARCHAR NOT NULL, 
	postcode VARCHAR NOT NULL, 
	zone VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	contact VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	CONSTRAINT pk_police_units PRIMARY KEY (hotel_id), 
	CONSTRAINT fk_police_units_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE party_guests (
	chain_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	guest_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_party_guests PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_party_guests_hotel_id_reservation_id_guest_id UNIQUE (hotel_id, reservation_id, guest_id), 
	CONSTRAINT fk_party_guests_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_party_guests_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_party_guests_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_party_guests_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_party_guests_chain_id_guest_id ON party_guests (chain_id, guest_id)
;;
CREATE TABLE police_reports (
	chain_id BIGINT NOT NULL, 
	file_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	guest_id BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_police_reports PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_police_reports_hotel_id_file_id_reservation_id_guest_id UNIQUE (hotel_id, file_id, reservation_id, guest_id), 
	CONSTRAINT fk_police_reports_hotel_id_file_id FOREIGN KEY(hotel_id, file_id) REFERENCES police_files (hotel_id, id), 
	CONSTRAINT fk_police_reports_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_police_reports_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT ck_police_reports_has_digest CHECK (length(digest) = 64), 
	CONSTRAINT fk_police_reports_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_police_reports_hotel_id_reservation_id ON police_reports (hotel_id, reservation_id)
;;
CREATE TABLE registration_cards (
	reservation_id BIGINT NOT NULL, 
	document_id BIGINT, 
	way VARCHAR(24) NOT NULL, 
	staff_id BIGINT NOT NULL, 
	signed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_registration_cards PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_registration_cards_hotel_id_document_id UNIQUE (hotel_id, document_id), 
	CONSTRAINT fk_registration_cards_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_registration_cards_hotel_id_document_id FOREIGN KEY(hotel_id, document_id) REFERENCES documents (hotel_id, id), 
	CONSTRAINT ck_registration_cards_screen_is_kept CHECK ((way = 'screen') = (document_id IS NOT NULL)), 
	CONSTRAINT ck_registration_cards_signed CHECK (way IN ('screen', 'paper')), 
	CONSTRAINT fk_registration_cards_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_registration_cards_hotel_id_reservation_id ON registration_cards (hotel_id, reservation_id)
;;
CREATE TABLE reservation_letters (
	reservation_id BIGINT NOT NULL, 
	no BIGINT NOT NULL, 
	tells VARCHAR(24) NOT NULL, 
	way VARCHAR(24) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	letter_id BIGINT, 
	html VARCHAR, 
	digest VARCHAR(64) NOT NULL, 
	repeats BIGINT, 
	staff_id BIGINT NOT NULL, 
	written_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_reservation_letters PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_reservation_letters_hotel_id_reservation_id_no UNIQUE (hotel_id, reservation_id, no), 
	CONSTRAINT uq_reservation_letters_hotel_id_letter_id UNIQUE (hotel_id, letter_id), 
	CONSTRAINT fk_reservation_letters_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_reservation_letters_hotel_id_letter_id FOREIGN KEY(hotel_id, letter_id) REFERENCES letters (hotel_id, id), 
	CONSTRAINT ck_reservation_letters_counts_up CHECK (no > 0 AND (repeats IS NULL OR repeats < no)), 
	CONSTRAINT ck_reservation_letters_mail_is_in_outbox CHECK ((way = 'mail') = (letter_id IS NOT NULL)), 
	CONSTRAINT ck_reservation_letters_print_is_kept CHECK ((way = 'print') = (html IS NOT NULL)), 
	CONSTRAINT ck_reservation_letters_has_digest CHECK (length(digest) = 64), 
	CONSTRAINT ck_reservation_letters_tells CHECK (tells IN ('confirmation', 'change', 'cancellation')), 
	CONSTRAINT ck_reservation_letters_way CHECK (way IN ('mail', 'print')), 
	CONSTRAINT fk_reservation_letters_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE FUNCTION party_guests_come_with_another() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM reservations WHERE hotel_id = NEW.hotel_id AND id = NEW.reservation_id AND guest_id = NEW.guest_id) THEN RAISE EXCEPTION 'who booked is in the party already' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER party_guests_come_with_another BEFORE INSERT ON party_guests FOR EACH ROW EXECUTE FUNCTION party_guests_come_with_another()
;;
CREATE FUNCTION police_files_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'police_files is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER police_files_no_delete BEFORE DELETE ON police_files FOR EACH ROW EXECUTE FUNCTION police_files_no_delete()
;;
CREATE TRIGGER police_files_no_truncate BEFORE TRUNCATE ON police_files FOR EACH STATEMENT EXECUTE FUNCTION police_files_no_delete()
;;
CREATE FUNCTION police_files_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'police_files is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER police_files_no_update BEFORE UPDATE ON police_files FOR EACH ROW EXECUTE FUNCTION police_files_no_update()
;;
CREATE FUNCTION police_reports_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'police_reports is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER police_reports_no_delete BEFORE DELETE ON police_reports FOR EACH ROW EXECUTE FUNCTION police_reports_no_delete()
;;
CREATE TRIGGER police_reports_no_truncate BEFORE TRUNCATE ON police_reports FOR EACH STATEMENT EXECUTE FUNCTION police_reports_no_delete()
;;
CREATE FUNCTION police_reports_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'police_reports is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER police_reports_no_update BEFORE UPDATE ON police_reports FOR EACH ROW EXECUTE FUNCTION police_reports_no_update()
;;
CREATE FUNCTION registration_cards_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'registration_cards is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER registration_cards_no_delete BEFORE DELETE ON registration_cards FOR EACH ROW EXECUTE FUNCTION registration_cards_no_delete()
;;
CREATE TRIGGER registration_cards_no_truncate BEFORE TRUNCATE ON registration_cards FOR EACH STATEMENT EXECUTE FUNCTION registration_cards_no_delete()
;;
CREATE FUNCTION registration_cards_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'registration_cards is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER registration_cards_no_update BEFORE UPDATE ON registration_cards FOR EACH ROW EXECUTE FUNCTION registration_cards_no_update()
