CREATE TABLE fee_codes (
	hotel_id BIGINT NOT NULL, 
	"of" VARCHAR(24) NOT NULL, 
	charge_code_id BIGINT NOT NULL, 
	CONSTRAINT pk_fee_codes PRIMARY KEY (hotel_id, "of"), 
	CONSTRAINT fk_fee_codes_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT ck_fee_codes_feeof CHECK ("of" IN ('cancellation', 'no_show'))
)
;;
CREATE TABLE packages (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	charge_code_id BIGINT NOT NULL, 
	per VARCHAR(24) NOT NULL, 
	price BIGINT NOT NULL, 
	rhythm VARCHAR(24) NOT NULL, 
	weekdays SMALLINT NOT NULL, 
	meals SMALLINT NOT NULL, 
	active BOOLEAN NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_packages PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_packages_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT fk_packages_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT ck_packages_price_not_negative CHECK (price >= 0), 
	CONSTRAINT ck_packages_some_weekday CHECK (weekdays BETWEEN 1 AND 127), 
	CONSTRAINT ck_packages_known_meals CHECK (meals BETWEEN 0 AND 7), 
	CONSTRAINT ck_packages_per CHECK (per IN ('person', 'room', 'fixed')), 
	CONSTRAINT ck_packages_rhythm CHECK (rhythm IN ('every_night', 'arrival_night', 'last_night', 'all_but_first', 'all_but_last', 'weekdays', 'once')), 
	CONSTRAINT fk_packages_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE package_children (
	hotel_id BIGINT NOT NULL, 
	package_id BIGINT NOT NULL, 
	age SMALLINT NOT NULL, 
	price BIGINT NOT NULL, 
	CONSTRAINT pk_package_children PRIMARY KEY (hotel_id, package_id, age), 
	CONSTRAINT fk_package_children_hotel_id_package_id FOREIGN KEY(hotel_id, package_id) REFERENCES packages (hotel_id, id), 
	CONSTRAINT ck_package_children_age_of_a_child CHECK (age BETWEEN 0 AND 17), 
	CONSTRAINT ck_package_children_price_not_negative CHECK (price >= 0)
)
;;
CREATE TABLE plan_packages (
	hotel_id BIGINT NOT NULL, 
	plan_id BIGINT NOT NULL, 
	package_id BIGINT NOT NULL, 
	included BOOLEAN NOT NULL, 
	CONSTRAINT pk_plan_packages PRIMARY KEY (hotel_id, plan_id, package_id), 
	CONSTRAINT fk_plan_packages_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_plan_packages_hotel_id_package_id FOREIGN KEY(hotel_id, package_id) REFERENCES packages (hotel_id, id)
)
;;
CREATE TABLE season_changes (
	plan_id BIGINT NOT NULL, 
	season_id BIGINT NOT NULL, 
	season_before JSON, 
	before JSON NOT NULL, 
	after JSON NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	undone_by BIGINT, 
	undone_at TIMESTAMP WITH TIME ZONE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_season_changes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_season_changes_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT ck_season_changes_undone_by_someone CHECK ((undone_at IS NULL) = (undone_by IS NULL)), 
	CONSTRAINT fk_season_changes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_season_changes_hotel_id_plan_id_made_at ON season_changes (hotel_id, plan_id, made_at)
;;
CREATE TABLE reservation_packages (
	hotel_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	package_id BIGINT NOT NULL, 
	plan_id BIGINT, 
	charge_code_id BIGINT NOT NULL, 
	included BOOLEAN NOT NULL, 
	quantity SMALLINT NOT NULL, 
	per VARCHAR(24) NOT NULL, 
	price BIGINT NOT NULL, 
	child_prices JSON NOT NULL, 
	children_price BIGINT NOT NULL, 
	rhythm VARCHAR(24) NOT NULL, 
	weekdays SMALLINT NOT NULL, 
	first DATE, 
	taken_off_on DATE, 
	CONSTRAINT pk_reservation_packages PRIMARY KEY (hotel_id, reservation_id, no), 
	CONSTRAINT fk_reservation_packages_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_reservation_packages_hotel_id_package_id FOREIGN KEY(hotel_id, package_id) REFERENCES packages (hotel_id, id), 
	CONSTRAINT fk_reservation_packages_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_reservation_packages_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT ck_reservation_packages_some_of_it CHECK (quantity BETWEEN 1 AND 99), 
	CONSTRAINT ck_reservation_packages_price_not_negative CHECK (price >= 0 AND children_price >= 0), 
	CONSTRAINT ck_reservation_packages_some_weekday CHECK (weekdays BETWEEN 1 AND 127), 
	CONSTRAINT ck_reservation_packages_per CHECK (per IN ('person', 'room', 'fixed')), 
	CONSTRAINT ck_reservation_packages_rhythm CHECK (rhythm IN ('every_night', 'arrival_night', 'last_night', 'all_but_first', 'all_but_last', 'weekdays', 'once'))
)
;;
CREATE INDEX ix_reservation_packages_hotel_id_package_id ON reservation_packages (hotel_id, package_id)
;;
CREATE UNIQUE INDEX uq_reservation_packages_of_plan ON reservation_packages (hotel_id, reservation_id, plan_id, package_id) WHERE plan_id IS NOT NULL AND taken_off_on IS NULL
