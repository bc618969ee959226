CREATE TABLE articles (
	chain_id BIGINT NOT NULL, 
	title VARCHAR NOT NULL, 
	topic VARCHAR(24) NOT NULL, 
	words VARCHAR NOT NULL, 
	hours VARCHAR, 
	phone VARCHAR, 
	address VARCHAR, 
	map_url VARCHAR, 
	sought VARCHAR NOT NULL, 
	staff_id BIGINT NOT NULL, 
	written_at DATETIME NOT NULL, 
	active BOOLEAN NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_articles PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_articles_hotel_id_title UNIQUE (hotel_id, title), 
	CONSTRAINT fk_articles_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_articles_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_articles_map_is_a_page CHECK (map_url IS NULL OR map_url LIKE 'https://%'), 
	CONSTRAINT ck_articles_topic CHECK (topic IN ('eating', 'sights', 'transport', 'shops', 'health', 'house')), 
	CONSTRAINT fk_articles_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_articles_hotel_id_topic_title ON articles (hotel_id, topic, title)
;;
CREATE TABLE vendors (
	name VARCHAR NOT NULL, 
	contact VARCHAR, 
	phone VARCHAR, 
	email VARCHAR, 
	address VARCHAR, 
	free_hours BIGINT NOT NULL, 
	fee_percent BIGINT NOT NULL, 
	commission_rate BIGINT NOT NULL, 
	notes VARCHAR, 
	active BOOLEAN NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_vendors PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_vendors_hotel_id_name UNIQUE (hotel_id, name), 
	CONSTRAINT ck_vendors_free_hours_or_none CHECK (free_hours BETWEEN 0 AND 2160), 
	CONSTRAINT ck_vendors_fee_is_a_share CHECK (fee_percent BETWEEN 0 AND 100), 
	CONSTRAINT ck_vendors_commission_is_a_share CHECK (commission_rate BETWEEN 0 AND 10000), 
	CONSTRAINT fk_vendors_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE activities (
	vendor_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	name VARCHAR NOT NULL, 
	words VARCHAR NOT NULL, 
	meets VARCHAR, 
	minutes BIGINT, 
	counts VARCHAR(24) NOT NULL, 
	capacity BIGINT NOT NULL, 
	price BIGINT, 
	charge_code_id BIGINT, 
	active BOOLEAN NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_activities PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_activities_hotel_id_name UNIQUE (hotel_id, name), 
	CONSTRAINT fk_activities_hotel_id_vendor_id FOREIGN KEY(hotel_id, vendor_id) REFERENCES vendors (hotel_id, id), 
	CONSTRAINT fk_activities_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT ck_activities_price_not_negative CHECK (price IS NULL OR price >= 0), 
	CONSTRAINT ck_activities_somebody_can_go CHECK (capacity > 0), 
	CONSTRAINT ck_activities_takes_time CHECK (minutes IS NULL OR minutes > 0), 
	CONSTRAINT ck_activities_activitykind CHECK (kind IN ('tour', 'table', 'transport', 'spa', 'ticket')), 
	CONSTRAINT ck_activities_counts CHECK (counts IN ('persons', 'bookings')), 
	CONSTRAINT fk_activities_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_activities_hotel_id_vendor_id ON activities (hotel_id, vendor_id)
;;
CREATE TABLE activity_times (
	activity_id BIGINT NOT NULL, 
	starts_at DATETIME NOT NULL, 
	capacity BIGINT NOT NULL, 
	taken BIGINT NOT NULL, 
	closed BOOLEAN NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_activity_times PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_activity_times_hotel_id_activity_id FOREIGN KEY(hotel_id, activity_id) REFERENCES activities (hotel_id, id), 
	CONSTRAINT uq_activity_times_hotel_id_activity_id_starts_at UNIQUE (hotel_id, activity_id, starts_at), 
	CONSTRAINT ck_activity_times_never_overbooked CHECK (taken <= capacity), 
	CONSTRAINT ck_activity_times_not_negative CHECK (taken >= 0), 
	CONSTRAINT fk_activity_times_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_activity_times_hotel_id_starts_at ON activity_times (hotel_id, starts_at)
;;
CREATE TABLE activity_bookings (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	time_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	persons BIGINT NOT NULL, 
	places BIGINT NOT NULL, 
	price BIGINT NOT NULL, 
	pays VARCHAR(24) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	vendor_ref VARCHAR, 
	confirmed_at DATETIME, 
	free_until DATETIME NOT NULL, 
	fee_percent BIGINT NOT NULL, 
	fee BIGINT NOT NULL, 
	commission_rate BIGINT NOT NULL, 
	commission BIGINT NOT NULL, 
	folio_id BIGINT, 
	entry_id BIGINT, 
	fee_entry_id BIGINT, 
	turn BIGINT NOT NULL, 
	pickup_at DATETIME, 
	pickup_place VARCHAR, 
	notes VARCHAR, 
	staff_id BIGINT NOT NULL, 
	booked_on DATE NOT NULL, 
	booked_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	cancel_reason VARCHAR, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_activity_bookings PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_activity_bookings_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT uq_activity_bookings_hotel_id_entry_id UNIQUE (hotel_id, entry_id), 
	CONSTRAINT uq_activity_bookings_hotel_id_fee_entry_id UNIQUE (hotel_id, fee_entry_id), 
	CONSTRAINT fk_activity_bookings_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_activity_bookings_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_activity_bookings_hotel_id_time_id FOREIGN KEY(hotel_id, time_id) REFERENCES activity_times (hotel_id, id), 
	CONSTRAINT fk_activity_bookings_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_activity_bookings_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT fk_activity_bookings_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_activity_bookings_hotel_id_fee_entry_id FOREIGN KEY(hotel_id, fee_entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT ck_activity_bookings_somebody_goes CHECK (persons > 0 AND places > 0), 
	CONSTRAINT ck_activity_bookings_not_negative CHECK (price >= 0 AND commission >= 0), 
	CONSTRAINT ck_activity_bookings_fee_within_the_price CHECK (fee BETWEEN 0 AND price), 
	CONSTRAINT ck_activity_bookings_fee_for_cancelling CHECK (fee = 0 OR state = 'cancelled'), 
	CONSTRAINT ck_activity_bookings_fee_is_a_share CHECK (fee_percent BETWEEN 0 AND 100), 
	CONSTRAINT ck_activity_bookings_commission_is_a_share CHECK (commission_rate BETWEEN 0 AND 10000), 
	CONSTRAINT ck_activity_bookings_cancelled_because CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL)), 
	CONSTRAINT ck_activity_bookings_confirmed_at_a_time CHECK (state <> 'confirmed' OR confirmed_at IS NOT NULL), 
	CONSTRAINT ck_activity_bookings_charge_stands_on_a_folio CHECK ((entry_id IS NULL) = (folio_id IS NULL)), 
	CONSTRAINT ck_activity_bookings_fee_has_its_amount CHECK (fee_entry_id IS NULL OR fee > 0), 
	CONSTRAINT ck_activity_bookings_pays CHECK (pays IN ('folio', 'vendor', 'house')), 
	CONSTRAINT ck_activity_bookings_bookingstate CHECK (state IN ('booked', 'confirmed', 'cancelled', 'no_show')), 
	CONSTRAINT fk_activity_bookings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_activity_bookings_hotel_id_reservation_id_id ON activity_bookings (hotel_id, reservation_id, id)
;;
CREATE INDEX ix_activity_bookings_hotel_id_state_id ON activity_bookings (hotel_id, state, id)
;;
CREATE INDEX ix_activity_bookings_hotel_id_time_id ON activity_bookings (hotel_id, time_id)
;;
CREATE TABLE wake_ups (
	chain_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	batch_id BIGINT, 
	at TIME NOT NULL, 
	first_on DATE NOT NULL, 
	daily BOOLEAN NOT NULL, 
	again_minutes BIGINT NOT NULL, 
	notes VARCHAR, 
	staff_id BIGINT NOT NULL, 
	asked_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_wake_ups PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_wake_ups_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_wake_ups_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_wake_ups_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT ck_wake_ups_called_again_within_the_hour CHECK (again_minutes BETWEEN 1 AND 60), 
	CONSTRAINT fk_wake_ups_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_wake_ups_hotel_id_daily_ended_at ON wake_ups (hotel_id, daily, ended_at)
;;
CREATE INDEX ix_wake_ups_hotel_id_reservation_id ON wake_ups (hotel_id, reservation_id)
;;
CREATE TABLE wake_up_calls (
	chain_id BIGINT NOT NULL, 
	wake_up_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	due_at DATETIME NOT NULL, 
	next_at DATETIME, 
	state VARCHAR(24) NOT NULL, 
	tries BIGINT NOT NULL, 
	room_id BIGINT, 
	request_id BIGINT, 
	staff_id BIGINT, 
	ended_at DATETIME, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_wake_up_calls PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_wake_up_calls_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_wake_up_calls_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_wake_up_calls_hotel_id_wake_up_id FOREIGN KEY(hotel_id, wake_up_id) REFERENCES wake_ups (hotel_id, id), 
	CONSTRAINT fk_wake_up_calls_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT fk_wake_up_calls_hotel_id_request_id FOREIGN KEY(hotel_id, request_id) REFERENCES requests (hotel_id, id), 
	CONSTRAINT uq_wake_up_calls_hotel_id_wake_up_id_day UNIQUE (hotel_id, wake_up_id, day), 
	CONSTRAINT ck_wake_up_calls_waits_for_a_time CHECK ((state = 'waiting') = (next_at IS NOT NULL)), 
	CONSTRAINT ck_wake_up_calls_ended_at_a_time CHECK ((state = 'waiting') = (ended_at IS NULL)), 
	CONSTRAINT ck_wake_up_calls_somebody_is_sent_up CHECK ((state IN ('no_answer', 'missed')) = (request_id IS NOT NULL)), 
	CONSTRAINT ck_wake_up_calls_tries_not_negative CHECK (tries >= 0), 
	CONSTRAINT ck_wake_up_calls_not_before_it_is_due CHECK (next_at IS NULL OR next_at >= due_at), 
	CONSTRAINT ck_wake_up_calls_callstate CHECK (state IN ('waiting', 'answered', 'no_answer', 'missed', 'cancelled')), 
	CONSTRAINT fk_wake_up_calls_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_wake_up_calls_hotel_id_due_at ON wake_up_calls (hotel_id, due_at)
;;
CREATE INDEX ix_wake_up_calls_waiting ON wake_up_calls (hotel_id, next_at) WHERE next_at IS NOT NULL
;;
CREATE TRIGGER activity_bookings_go_by_the_steps BEFORE UPDATE ON activity_bookings FOR EACH ROW WHEN (OLD.state IN ('cancelled', 'no_show') AND NEW.state <> OLD.state) OR (NEW.version <> OLD.version + 1 AND (NEW.state <> OLD.state OR NEW.time_id <> OLD.time_id)) BEGIN SELECT RAISE(ABORT, 'somebody changed this booking first'); END
;;
CREATE TRIGGER activity_bookings_keep_their_size BEFORE UPDATE OF persons, places, price, reservation_id ON activity_bookings FOR EACH ROW WHEN NEW.persons <> OLD.persons OR NEW.places <> OLD.places OR NEW.price <> OLD.price OR NEW.reservation_id <> OLD.reservation_id BEGIN SELECT RAISE(ABORT, 'a booking is cancelled and made anew, not rewritten'); END
;;
CREATE TRIGGER activity_bookings_stay BEFORE DELETE ON activity_bookings FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'a booking is cancelled, not erased'); END
;;
CREATE TRIGGER activity_times_closed_are_closed BEFORE UPDATE OF taken ON activity_times FOR EACH ROW WHEN NEW.closed AND NEW.taken > OLD.taken BEGIN SELECT RAISE(ABORT, 'that time is closed'); END
;;
CREATE TRIGGER wake_up_calls_end_once BEFORE UPDATE ON wake_up_calls FOR EACH ROW WHEN OLD.state <> 'waiting' OR (NEW.version <> OLD.version + 1 AND (NEW.state <> OLD.state OR NEW.tries <> OLD.tries)) BEGIN SELECT RAISE(ABORT, 'somebody has seen to this call first'); END
;;
CREATE TRIGGER wake_up_calls_stay BEFORE DELETE ON wake_up_calls FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'a call is cancelled, not erased'); END
