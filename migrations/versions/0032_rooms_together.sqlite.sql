CREATE TABLE payment_parts (
	request_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	folio_id BIGINT, 
	window SMALLINT NOT NULL, 
	amount BIGINT NOT NULL, 
	stands_for_id BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_payment_parts PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_payment_parts_hotel_id_request_id FOREIGN KEY(hotel_id, request_id) REFERENCES payment_requests (hotel_id, id), 
	CONSTRAINT fk_payment_parts_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_payment_parts_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT fk_payment_parts_hotel_id_stands_for_id FOREIGN KEY(hotel_id, stands_for_id) REFERENCES payment_requests (hotel_id, id), 
	CONSTRAINT uq_payment_parts_hotel_id_request_id_no UNIQUE (hotel_id, request_id, no), 
	CONSTRAINT ck_payment_parts_pays_something CHECK (amount > 0), 
	CONSTRAINT ck_payment_parts_counted_from_one CHECK (no > 0), 
	CONSTRAINT ck_payment_parts_stands_for_a_deposit CHECK (stands_for_id IS NULL OR folio_id IS NULL), 
	CONSTRAINT fk_payment_parts_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_payment_parts_hotel_id_reservation_id ON payment_parts (hotel_id, reservation_id)
;;
CREATE TRIGGER payment_parts_are_fixed_before_the_gateway_is_asked BEFORE INSERT ON payment_parts FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM payment_requests r WHERE r.hotel_id = NEW.hotel_id AND r.id = NEW.request_id AND r.purpose = 'rooms') OR EXISTS (SELECT 1 FROM gateway_intents i WHERE i.hotel_id = NEW.hotel_id AND i.request_id = NEW.request_id) BEGIN SELECT RAISE(ABORT, 'the parts of a payment are fixed before the gateway is asked'); END
;;
CREATE TRIGGER payment_parts_no_delete BEFORE DELETE ON payment_parts FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'payment_parts is written in ink'); END
;;
CREATE TRIGGER payment_parts_no_update BEFORE UPDATE ON payment_parts FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'payment_parts is written in ink'); END
;;
CREATE TRIGGER gateway_intents_ask_for_the_sum_of_their_parts BEFORE INSERT ON gateway_intents FOR EACH ROW WHEN NEW.deed = 'checkout' AND EXISTS (SELECT 1 FROM payment_requests r WHERE r.hotel_id = NEW.hotel_id AND r.id = NEW.request_id AND r.purpose = 'rooms') AND NEW.amount <> (SELECT COALESCE(SUM(p.amount), 0) FROM payment_parts p WHERE p.hotel_id = NEW.hotel_id AND p.request_id = NEW.request_id) BEGIN SELECT RAISE(ABORT, 'a payment is the sum of its parts'); END
;;
CREATE TRIGGER reservations_go_by_the_number_of_their_first_room BEFORE UPDATE OF booking_number ON reservations FOR EACH ROW WHEN NEW.booking_number <> NEW.number AND (EXISTS (SELECT 1 FROM reservations r WHERE r.hotel_id = NEW.hotel_id AND r.booking_number = NEW.number AND r.id <> NEW.id) OR NOT EXISTS (SELECT 1 FROM reservations r WHERE r.hotel_id = NEW.hotel_id AND r.number = NEW.booking_number AND r.booking_number = r.number)) BEGIN SELECT RAISE(ABORT, 'a booking has the number of its first room'); END
