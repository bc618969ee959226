CREATE TABLE guest_knocks (
	door VARCHAR(24) NOT NULL, 
	whose VARCHAR NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_guest_knocks PRIMARY KEY (hotel_id, id), 
	CONSTRAINT ck_guest_knocks_door CHECK (door IN ('stay', 'stay_from', 'booking')), 
	CONSTRAINT fk_guest_knocks_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_guest_knocks_hotel_id_door_whose_at ON guest_knocks (hotel_id, door, whose, at)
;;
CREATE TABLE web_sales (
	hotel_id BIGINT NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	colour VARCHAR(7) NOT NULL, 
	greetings JSON NOT NULL, 
	CONSTRAINT pk_web_sales PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_web_sales_colour_is_one CHECK (length(colour) = 7), 
	CONSTRAINT fk_web_sales_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE web_types (
	hotel_id BIGINT NOT NULL, 
	type_id BIGINT NOT NULL, 
	words JSON NOT NULL, 
	CONSTRAINT pk_web_types PRIMARY KEY (hotel_id, type_id), 
	CONSTRAINT fk_web_types_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id)
)
;;
CREATE TABLE web_plans (
	hotel_id BIGINT NOT NULL, 
	plan_id BIGINT NOT NULL, 
	words JSON NOT NULL, 
	CONSTRAINT pk_web_plans PRIMARY KEY (hotel_id, plan_id), 
	CONSTRAINT fk_web_plans_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id)
)
;;
CREATE TABLE arrival_details (
	hotel_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	transport VARCHAR(24), 
	words VARCHAR NOT NULL, 
	told_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_arrival_details PRIMARY KEY (hotel_id, reservation_id), 
	CONSTRAINT fk_arrival_details_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT ck_arrival_details_transport CHECK (transport IN ('car', 'train', 'plane', 'bus', 'taxi', 'other'))
)
;;
CREATE TABLE guest_links (
	chain_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_guest_links PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_guest_links_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_guest_links_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_guest_links_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT uq_guest_links_digest UNIQUE (digest), 
	CONSTRAINT ck_guest_links_has_digest CHECK (length(digest) = 64), 
	CONSTRAINT ck_guest_links_made_before_withdrawn CHECK (withdrawn_at IS NULL OR withdrawn_at >= made_at), 
	CONSTRAINT fk_guest_links_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE UNIQUE INDEX uq_guest_links_standing ON guest_links (hotel_id, reservation_id) WHERE withdrawn_at IS NULL
;;
CREATE TABLE guest_visits (
	reservation_id BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_guest_visits PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_guest_visits_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT uq_guest_visits_digest UNIQUE (digest), 
	CONSTRAINT ck_guest_visits_has_digest CHECK (length(digest) = 64), 
	CONSTRAINT ck_guest_visits_seen_after_it_opened CHECK (seen_at >= opened_at), 
	CONSTRAINT fk_guest_visits_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_guest_visits_hotel_id_reservation_id ON guest_visits (hotel_id, reservation_id)
;;
CREATE TABLE web_bookings (
	reservation_id BIGINT NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	total BIGINT NOT NULL, 
	terms VARCHAR NOT NULL, 
	agreed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_web_bookings PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_web_bookings_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT uq_web_bookings_hotel_id_reservation_id UNIQUE (hotel_id, reservation_id), 
	CONSTRAINT ck_web_bookings_costs_something_or_nothing CHECK (total >= 0), 
	CONSTRAINT fk_web_bookings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE FUNCTION guest_links_stay_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.withdrawn_at IS NOT NULL OR NEW.digest <> OLD.digest OR NEW.reservation_id <> OLD.reservation_id THEN RAISE EXCEPTION 'a link opens one stay, and a withdrawn one nothing' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER guest_links_stay_withdrawn BEFORE UPDATE ON guest_links FOR EACH ROW EXECUTE FUNCTION guest_links_stay_withdrawn()
;;
CREATE FUNCTION web_bookings_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'web_bookings is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER web_bookings_no_delete BEFORE DELETE ON web_bookings FOR EACH ROW EXECUTE FUNCTION web_bookings_no_delete()
;;
CREATE TRIGGER web_bookings_no_truncate BEFORE TRUNCATE ON web_bookings FOR EACH STATEMENT EXECUTE FUNCTION web_bookings_no_delete()
;;
CREATE FUNCTION web_bookings_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'web_bookings is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER web_bookings_no_update BEFORE UPDATE ON web_bookings FOR EACH ROW EXECUTE FUNCTION web_bookings_no_update()
;;
CREATE FUNCTION web_plans_are_everybodys() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM plan_companies WHERE hotel_id = NEW.hotel_id AND plan_id = NEW.plan_id) THEN RAISE EXCEPTION 'a plan agreed with certain companies is not public' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER web_plans_are_everybodys BEFORE INSERT ON web_plans FOR EACH ROW EXECUTE FUNCTION web_plans_are_everybodys()
