CREATE TABLE rate_changes (
	"of" VARCHAR(24) NOT NULL, 
	words VARCHAR NOT NULL, 
	before JSON NOT NULL, 
	after JSON NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	undone_by BIGINT, 
	undone_at TIMESTAMP WITH TIME ZONE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_rate_changes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT ck_rate_changes_undone_by_someone CHECK ((undone_at IS NULL) = (undone_by IS NULL)), 
	CONSTRAINT ck_rate_changes_of CHECK ("of" IN ('prices', 'restrictions')), 
	CONSTRAINT fk_rate_changes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_rate_changes_hotel_id_made_at ON rate_changes (hotel_id, made_at)
;;
CREATE TABLE restrictions (
	night DATE NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	type_id BIGINT, 
	plan_id BIGINT, 
	value SMALLINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_restrictions PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_restrictions_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_restrictions_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT ck_restrictions_number_where_it_counts CHECK ((value IS NULL) = (kind IN ('closed', 'closed_to_arrival', 'closed_to_departure'))), 
	CONSTRAINT ck_restrictions_number_in_reason CHECK (value BETWEEN 1 AND 999), 
	CONSTRAINT ck_restrictions_kind CHECK (kind IN ('closed', 'closed_to_arrival', 'closed_to_departure', 'min_stay', 'max_stay', 'min_stay_through', 'min_advance', 'max_advance')), 
	CONSTRAINT fk_restrictions_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE UNIQUE INDEX uq_restrictions_of_both ON restrictions (hotel_id, night, kind, type_id, plan_id) WHERE type_id IS NOT NULL AND plan_id IS NOT NULL
;;
CREATE UNIQUE INDEX uq_restrictions_of_house ON restrictions (hotel_id, night, kind) WHERE type_id IS NULL AND plan_id IS NULL
;;
CREATE UNIQUE INDEX uq_restrictions_of_plan ON restrictions (hotel_id, night, kind, plan_id) WHERE type_id IS NULL AND plan_id IS NOT NULL
;;
CREATE UNIQUE INDEX uq_restrictions_of_type ON restrictions (hotel_id, night, kind, type_id) WHERE type_id IS NOT NULL AND plan_id IS NULL
;;
CREATE FUNCTION restrictions_keep_their_night() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a restriction is lifted and set anew' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER restrictions_keep_their_night BEFORE UPDATE OF night, kind, type_id, plan_id ON restrictions FOR EACH ROW EXECUTE FUNCTION restrictions_keep_their_night()
