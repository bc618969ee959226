CREATE TABLE key_settings (
	hotel_id BIGINT NOT NULL, 
	system VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_key_settings PRIMARY KEY (hotel_id), 
	CONSTRAINT fk_key_settings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_key_settings_locksystem CHECK (system IN ('by_hand', 'file_drop'))
)
;;
CREATE TABLE room_keys (
	stay_id BIGINT NOT NULL, 
	room_id BIGINT NOT NULL, 
	no BIGINT NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	until DATE NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	answer VARCHAR, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_room_keys PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_room_keys_hotel_id_stay_id FOREIGN KEY(hotel_id, stay_id) REFERENCES stays (hotel_id, id), 
	CONSTRAINT fk_room_keys_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT uq_room_keys_hotel_id_stay_id_no UNIQUE (hotel_id, stay_id, no), 
	CONSTRAINT ck_room_keys_counted_from_one CHECK (no > 0), 
	CONSTRAINT ck_room_keys_ended_at_a_moment CHECK ((state IN ('ordered', 'issued')) = (ended_at IS NULL)), 
	CONSTRAINT ck_room_keys_keystate CHECK (state IN ('ordered', 'issued', 'refused', 'cancelled', 'lost')), 
	CONSTRAINT fk_room_keys_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_room_keys_hotel_id_state ON room_keys (hotel_id, state)
;;
CREATE TRIGGER room_keys_end_once BEFORE UPDATE OF state ON room_keys FOR EACH ROW WHEN OLD.state NOT IN ('ordered', 'issued') AND NEW.state <> OLD.state BEGIN SELECT RAISE(ABORT, 'a key that was ended opens nothing again'); END
;;
CREATE TRIGGER room_keys_open_for_who_is_in_house BEFORE INSERT ON room_keys FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM stays WHERE hotel_id = NEW.hotel_id AND id = NEW.stay_id AND state = 'in_house' AND room_id = NEW.room_id) BEGIN SELECT RAISE(ABORT, 'a key is for who is in house, and for that room'); END
