CREATE TABLE guest_merges (
	kept_id BIGINT NOT NULL, 
	retired_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	merged_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	undone_at TIMESTAMP WITH TIME ZONE, 
	moved JSON NOT NULL, 
	filled JSON NOT NULL, 
	chain_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_guest_merges PRIMARY KEY (chain_id, id), 
	CONSTRAINT fk_guest_merges_chain_id_kept_id FOREIGN KEY(chain_id, kept_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_guest_merges_chain_id_retired_id FOREIGN KEY(chain_id, retired_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_guest_merges_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_guest_merges_of_two CHECK (kept_id <> retired_id), 
	CONSTRAINT fk_guest_merges_chain_id FOREIGN KEY(chain_id) REFERENCES chains (id)
)
;;
CREATE INDEX ix_guest_merges_chain_id_kept_id ON guest_merges (chain_id, kept_id)
;;
CREATE UNIQUE INDEX uq_guest_merges_standing ON guest_merges (chain_id, retired_id) WHERE undone_at IS NULL
;;
CREATE FUNCTION guests_merge_into_who_stands() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.merged_into_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM guests AS other WHERE other.chain_id = NEW.chain_id AND other.id = NEW.merged_into_id AND other.merged_into_id IS NULL) THEN RAISE EXCEPTION 'a profile merges into one of its chain that stands' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER guests_merge_into_who_stands BEFORE UPDATE OF merged_into_id ON guests FOR EACH ROW EXECUTE FUNCTION guests_merge_into_who_stands()
;;
CREATE FUNCTION party_guests_name_who_stands() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM guests WHERE chain_id = NEW.chain_id AND id = NEW.guest_id AND merged_into_id IS NOT NULL) THEN RAISE EXCEPTION 'that profile is merged into another' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER party_guests_name_who_stands BEFORE INSERT ON party_guests FOR EACH ROW EXECUTE FUNCTION party_guests_name_who_stands()
;;
CREATE FUNCTION reservations_begin_with_who_stands() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM guests WHERE chain_id = NEW.chain_id AND id = NEW.guest_id AND merged_into_id IS NOT NULL) THEN RAISE EXCEPTION 'that profile is merged into another' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER reservations_begin_with_who_stands BEFORE INSERT ON reservations FOR EACH ROW EXECUTE FUNCTION reservations_begin_with_who_stands()
;;
CREATE FUNCTION reservations_name_who_stands() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM guests WHERE chain_id = NEW.chain_id AND id = NEW.guest_id AND merged_into_id IS NOT NULL) THEN RAISE EXCEPTION 'that profile is merged into another' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER reservations_name_who_stands BEFORE UPDATE OF guest_id ON reservations FOR EACH ROW EXECUTE FUNCTION reservations_name_who_stands()
;;
CREATE FUNCTION tickets_gone_stay_gone() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.state <> 'kept' THEN RAISE EXCEPTION 'what was handed over is not kept any more' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER tickets_gone_stay_gone BEFORE UPDATE OF number, kind, words, pieces, kept_in, found_in, room_id, state, gone_at, gone_to ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_gone_stay_gone()
;;
CREATE FUNCTION waitlist_names_who_stands() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM guests WHERE chain_id = NEW.chain_id AND id = NEW.guest_id AND merged_into_id IS NOT NULL) THEN RAISE EXCEPTION 'that profile is merged into another' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER waitlist_names_who_stands BEFORE INSERT ON waitlist FOR EACH ROW EXECUTE FUNCTION waitlist_names_who_stands()
