CREATE TABLE identity_paper_terms (
	hotel_id BIGINT NOT NULL, 
	card_days SMALLINT NOT NULL, 
	police_days SMALLINT NOT NULL, 
	CONSTRAINT pk_identity_paper_terms PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_identity_paper_terms_days_are_sensible CHECK (card_days BETWEEN 7 AND 3650 AND police_days BETWEEN 7 AND 3650), 
	CONSTRAINT fk_identity_paper_terms_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
 WITHOUT ROWID
;;
CREATE TABLE city_item_moves (
	item_id BIGINT NOT NULL, 
	out_id BIGINT NOT NULL, 
	in_id BIGINT NOT NULL, 
	origin_id BIGINT NOT NULL, 
	reason VARCHAR NOT NULL, 
	moved_on DATE NOT NULL, 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_city_item_moves PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_city_item_moves_hotel_id_item_id FOREIGN KEY(hotel_id, item_id) REFERENCES city_items (hotel_id, id), 
	CONSTRAINT fk_city_item_moves_hotel_id_out_id FOREIGN KEY(hotel_id, out_id) REFERENCES city_items (hotel_id, id), 
	CONSTRAINT fk_city_item_moves_hotel_id_in_id FOREIGN KEY(hotel_id, in_id) REFERENCES city_items (hotel_id, id), 
	CONSTRAINT fk_city_item_moves_hotel_id_origin_id FOREIGN KEY(hotel_id, origin_id) REFERENCES city_items (hotel_id, id), 
	CONSTRAINT uq_city_item_moves_hotel_id_out_id UNIQUE (hotel_id, out_id), 
	CONSTRAINT uq_city_item_moves_hotel_id_in_id UNIQUE (hotel_id, in_id), 
	CONSTRAINT fk_city_item_moves_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_city_item_moves_hotel_id_item_id ON city_item_moves (hotel_id, item_id)
;;
CREATE TABLE city_credit_notes (
	note_id BIGINT NOT NULL, 
	claim_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_city_credit_notes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_city_credit_notes_hotel_id_id FOREIGN KEY(hotel_id, id) REFERENCES city_items (hotel_id, id), 
	CONSTRAINT fk_city_credit_notes_hotel_id_note_id FOREIGN KEY(hotel_id, note_id) REFERENCES papers (hotel_id, id), 
	CONSTRAINT fk_city_credit_notes_hotel_id_claim_id FOREIGN KEY(hotel_id, claim_id) REFERENCES city_items (hotel_id, id), 
	CONSTRAINT uq_city_credit_notes_hotel_id_note_id_claim_id UNIQUE (hotel_id, note_id, claim_id), 
	CONSTRAINT fk_city_credit_notes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_city_credit_notes_hotel_id_claim_id ON city_credit_notes (hotel_id, claim_id)
;;
CREATE TRIGGER city_credit_notes_no_delete BEFORE DELETE ON city_credit_notes FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'city_credit_notes is written in ink'); END
;;
CREATE TRIGGER city_credit_notes_no_update BEFORE UPDATE ON city_credit_notes FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'city_credit_notes is written in ink'); END
;;
CREATE TRIGGER city_credit_notes_take_off_no_more BEFORE INSERT ON city_credit_notes FOR EACH ROW WHEN (SELECT kind FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.id) <> 'credit_note' OR (SELECT kind FROM papers WHERE hotel_id = NEW.hotel_id AND id = NEW.note_id) <> 'credit_note' OR (SELECT company_id FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.id) <> (SELECT company_id FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.claim_id) OR (SELECT COALESCE(-SUM(i.amount), 0) FROM city_credit_notes n JOIN city_items i ON i.hotel_id = n.hotel_id AND i.id = n.id WHERE n.hotel_id = NEW.hotel_id AND n.claim_id = NEW.claim_id) - (SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.id) > (SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.claim_id) OR (SELECT COALESCE(-SUM(i.amount), 0) FROM city_credit_notes n JOIN city_items i ON i.hotel_id = n.hotel_id AND i.id = n.id WHERE n.hotel_id = NEW.hotel_id AND n.note_id = NEW.note_id) - (SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.id) > (SELECT gross FROM papers WHERE hotel_id = NEW.hotel_id AND id = NEW.note_id) BEGIN SELECT RAISE(ABORT, 'no more comes off an account than the credit note and the bill say'); END
;;
CREATE TRIGGER city_item_moves_no_delete BEFORE DELETE ON city_item_moves FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'city_item_moves is written in ink'); END
;;
CREATE TRIGGER city_item_moves_no_update BEFORE UPDATE ON city_item_moves FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'city_item_moves is written in ink'); END
;;
CREATE TRIGGER city_items_move_to_another_account BEFORE INSERT ON city_item_moves FOR EACH ROW WHEN (SELECT kind FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.out_id) <> 'moved_out' OR (SELECT kind FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.in_id) <> 'moved_in' OR (SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.out_id) <> -(SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.in_id) OR (SELECT company_id FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.out_id) <> (SELECT company_id FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.item_id) OR (SELECT company_id FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.in_id) = (SELECT company_id FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.item_id) OR (SELECT dated FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.in_id) <> (SELECT dated FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.item_id) OR (SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.in_id) * (SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.item_id) < 0 OR ABS((SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.in_id)) > ABS((SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.item_id)) BEGIN SELECT RAISE(ABORT, 'an item moves as it is to another account'); END
