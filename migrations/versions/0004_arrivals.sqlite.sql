CREATE TABLE letterheads (
	hotel_id BIGINT NOT NULL, 
	address VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	arrive_from TIME NOT NULL, 
	leave_until TIME NOT NULL, 
	rules VARCHAR NOT NULL, 
	CONSTRAINT pk_letterheads PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_letterheads_language_is_written CHECK (language IN ('en', 'de', 'fr', 'es')), 
	CONSTRAINT fk_letterheads_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
 WITHOUT ROWID
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
	written_at DATETIME NOT NULL, 
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
