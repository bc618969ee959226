CREATE TABLE identity_documents (
	guest_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	number VARCHAR NOT NULL, 
	number_index VARCHAR(64) NOT NULL, 
	issuing_country VARCHAR(3) NOT NULL, 
	nationality VARCHAR(3) NOT NULL, 
	surname VARCHAR NOT NULL, 
	given_name VARCHAR NOT NULL, 
	birth_date VARCHAR, 
	sex VARCHAR(24) NOT NULL, 
	expires_on DATE, 
	lives_in VARCHAR NOT NULL, 
	from_lines BOOLEAN NOT NULL, 
	staff_id BIGINT NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	chain_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_identity_documents PRIMARY KEY (chain_id, id), 
	CONSTRAINT uq_identity_documents_chain_id_guest_id_kind_number_index UNIQUE (chain_id, guest_id, kind, number_index), 
	CONSTRAINT fk_identity_documents_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_identity_documents_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_identity_documents_stands_under_seal CHECK (substr(number, 1, 3) = 'v1.' AND substr(lives_in, 1, 3) = 'v1.' AND (birth_date IS NULL OR substr(birth_date, 1, 3) = 'v1.')), 
	CONSTRAINT ck_identity_documents_number_is_indexed CHECK (length(number_index) = 64), 
	CONSTRAINT ck_identity_documents_identitykind CHECK (kind IN ('passport', 'identity_card', 'residence_permit', 'driving_licence', 'visa', 'other')), 
	CONSTRAINT ck_identity_documents_sex CHECK (sex IN ('F', 'M', 'X')), 
	CONSTRAINT fk_identity_documents_chain_id FOREIGN KEY(chain_id) REFERENCES chains (id)
)
;;
CREATE INDEX ix_identity_documents_chain_id_number_index ON identity_documents (chain_id, number_index)
;;
CREATE TABLE guest_messages (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	sender VARCHAR NOT NULL, 
	phone VARCHAR, 
	words VARCHAR NOT NULL, 
	urgent BOOLEAN NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	how VARCHAR(24), 
	why VARCHAR, 
	staff_id BIGINT NOT NULL, 
	taken_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_by BIGINT, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_guest_messages PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_guest_messages_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT fk_guest_messages_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_guest_messages_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_guest_messages_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_guest_messages_chain_id_ended_by FOREIGN KEY(chain_id, ended_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_guest_messages_ended_at_a_time CHECK ((state = 'waiting') = (ended_at IS NULL)), 
	CONSTRAINT ck_guest_messages_ended_by_somebody CHECK ((state = 'waiting') = (ended_by IS NULL)), 
	CONSTRAINT ck_guest_messages_delivered_somehow CHECK ((state = 'delivered') = (how IS NOT NULL)), 
	CONSTRAINT ck_guest_messages_withdrawn_for_why CHECK ((state = 'withdrawn') = (why IS NOT NULL)), 
	CONSTRAINT ck_guest_messages_messagestate CHECK (state IN ('waiting', 'delivered', 'withdrawn')), 
	CONSTRAINT ck_guest_messages_how CHECK (how IN ('on_paper', 'in_person', 'read_back')), 
	CONSTRAINT fk_guest_messages_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_guest_messages_hotel_id_reservation_id ON guest_messages (hotel_id, reservation_id)
;;
CREATE INDEX ix_guest_messages_waiting ON guest_messages (hotel_id, id) WHERE state = 'waiting'
;;
CREATE TABLE privacy_wishes (
	hotel_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	no_calls BOOLEAN NOT NULL, 
	no_visitors BOOLEAN NOT NULL, 
	no_information BOOLEAN NOT NULL, 
	CONSTRAINT pk_privacy_wishes PRIMARY KEY (hotel_id, reservation_id), 
	CONSTRAINT fk_privacy_wishes_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT ck_privacy_wishes_hidden_from_all CHECK (NOT no_information OR (no_calls AND no_visitors)), 
	CONSTRAINT fk_privacy_wishes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE visitors (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	name VARCHAR NOT NULL, 
	reservation_id BIGINT, 
	host VARCHAR, 
	badge VARCHAR, 
	vehicle VARCHAR, 
	staff_id BIGINT NOT NULL, 
	came_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	left_by BIGINT, 
	left_at TIMESTAMP WITH TIME ZONE, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_visitors PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_visitors_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT fk_visitors_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_visitors_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_visitors_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_visitors_chain_id_left_by FOREIGN KEY(chain_id, left_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_visitors_seen_out_by_somebody CHECK ((left_at IS NULL) = (left_by IS NULL)), 
	CONSTRAINT ck_visitors_leaves_after_coming CHECK (left_at IS NULL OR left_at >= came_at), 
	CONSTRAINT ck_visitors_visits_someone CHECK (reservation_id IS NOT NULL OR host IS NOT NULL), 
	CONSTRAINT fk_visitors_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_visitors_hotel_id_reservation_id ON visitors (hotel_id, reservation_id)
;;
CREATE INDEX ix_visitors_still_in ON visitors (hotel_id, came_at) WHERE left_at IS NULL
;;
CREATE UNIQUE INDEX uq_visitors_one_per_badge ON visitors (hotel_id, badge) WHERE left_at IS NULL AND badge IS NOT NULL
;;
CREATE TABLE phone_calls (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	direction VARCHAR(24) NOT NULL, 
	with_whom VARCHAR NOT NULL, 
	phone VARCHAR, 
	reservation_id BIGINT, 
	room_id BIGINT, 
	matter VARCHAR NOT NULL, 
	outcome VARCHAR(24) NOT NULL, 
	back_by TIMESTAMP WITH TIME ZONE, 
	called_back_at TIMESTAMP WITH TIME ZONE, 
	called_back_by BIGINT, 
	request_id BIGINT, 
	message_id BIGINT, 
	staff_id BIGINT NOT NULL, 
	called_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_phone_calls PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_phone_calls_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT uq_phone_calls_hotel_id_request_id UNIQUE (hotel_id, request_id), 
	CONSTRAINT uq_phone_calls_hotel_id_message_id UNIQUE (hotel_id, message_id), 
	CONSTRAINT fk_phone_calls_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_phone_calls_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_phone_calls_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT fk_phone_calls_hotel_id_request_id FOREIGN KEY(hotel_id, request_id) REFERENCES requests (hotel_id, id), 
	CONSTRAINT fk_phone_calls_hotel_id_message_id FOREIGN KEY(hotel_id, message_id) REFERENCES guest_messages (hotel_id, id), 
	CONSTRAINT fk_phone_calls_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_phone_calls_chain_id_called_back_by FOREIGN KEY(chain_id, called_back_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_phone_calls_called_back_by_somebody CHECK ((called_back_at IS NULL) = (called_back_by IS NULL)), 
	CONSTRAINT ck_phone_calls_called_back_as_promised CHECK (called_back_at IS NULL OR back_by IS NOT NULL), 
	CONSTRAINT ck_phone_calls_called_back_later CHECK (back_by IS NULL OR back_by > called_at), 
	CONSTRAINT ck_phone_calls_becomes_one_thing_at_most CHECK (request_id IS NULL OR message_id IS NULL), 
	CONSTRAINT ck_phone_calls_direction CHECK (direction IN ('incoming', 'outgoing')), 
	CONSTRAINT ck_phone_calls_outcome CHECK (outcome IN ('dealt_with', 'put_through', 'not_reached')), 
	CONSTRAINT fk_phone_calls_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_phone_calls_hotel_id_reservation_id ON phone_calls (hotel_id, reservation_id)
;;
CREATE INDEX ix_phone_calls_to_call_back ON phone_calls (hotel_id, back_by) WHERE back_by IS NOT NULL AND called_back_at IS NULL
;;
CREATE TABLE vouchers (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	booking_id BIGINT NOT NULL, 
	booking_version BIGINT NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	page VARCHAR NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	staff_id BIGINT NOT NULL, 
	issued_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_vouchers PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_vouchers_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT uq_vouchers_hotel_id_booking_id_booking_version UNIQUE (hotel_id, booking_id, booking_version), 
	CONSTRAINT fk_vouchers_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_vouchers_hotel_id_booking_id FOREIGN KEY(hotel_id, booking_id) REFERENCES activity_bookings (hotel_id, id), 
	CONSTRAINT fk_vouchers_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_vouchers_has_digest CHECK (length(sha256) = 64), 
	CONSTRAINT fk_vouchers_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE FUNCTION guest_messages_end_once() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.state <> 'waiting' THEN RAISE EXCEPTION 'somebody has seen to this message first' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER guest_messages_end_once BEFORE UPDATE OF state, how, why, ended_at, ended_by, reservation_id, number ON guest_messages FOR EACH ROW EXECUTE FUNCTION guest_messages_end_once()
;;
CREATE FUNCTION guest_messages_stay() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'what reception wrote down has a number and stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER guest_messages_stay BEFORE DELETE ON guest_messages FOR EACH ROW EXECUTE FUNCTION guest_messages_stay()
;;
CREATE FUNCTION phone_calls_become_one_thing() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF COALESCE(OLD.request_id, OLD.message_id) IS NOT NULL AND COALESCE(NEW.request_id, NEW.message_id, 0) <> COALESCE(OLD.request_id, OLD.message_id) THEN RAISE EXCEPTION 'this call became something already' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER phone_calls_become_one_thing BEFORE UPDATE OF request_id, message_id ON phone_calls FOR EACH ROW EXECUTE FUNCTION phone_calls_become_one_thing()
;;
CREATE FUNCTION phone_calls_stay() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'what reception wrote down has a number and stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER phone_calls_stay BEFORE DELETE ON phone_calls FOR EACH ROW EXECUTE FUNCTION phone_calls_stay()
;;
CREATE FUNCTION visitors_leave_once() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.left_at IS NOT NULL THEN RAISE EXCEPTION 'this visitor has left already' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER visitors_leave_once BEFORE UPDATE OF left_at, left_by, came_at, number ON visitors FOR EACH ROW EXECUTE FUNCTION visitors_leave_once()
;;
CREATE FUNCTION visitors_stay() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'what reception wrote down has a number and stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER visitors_stay BEFORE DELETE ON visitors FOR EACH ROW EXECUTE FUNCTION visitors_stay()
;;
CREATE FUNCTION vouchers_gapless() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.number <> COALESCE((SELECT MAX(number) FROM vouchers WHERE hotel_id = NEW.hotel_id), 10000) + 1 THEN RAISE EXCEPTION 'vouchers are numbered without a gap' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER vouchers_gapless BEFORE INSERT ON vouchers FOR EACH ROW EXECUTE FUNCTION vouchers_gapless()
;;
CREATE FUNCTION vouchers_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'vouchers is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER vouchers_no_delete BEFORE DELETE ON vouchers FOR EACH ROW EXECUTE FUNCTION vouchers_no_delete()
;;
CREATE TRIGGER vouchers_no_truncate BEFORE TRUNCATE ON vouchers FOR EACH STATEMENT EXECUTE FUNCTION vouchers_no_delete()
;;
CREATE FUNCTION vouchers_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'vouchers is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER vouchers_no_update BEFORE UPDATE ON vouchers FOR EACH ROW EXECUTE FUNCTION vouchers_no_update()
