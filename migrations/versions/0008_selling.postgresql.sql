CREATE TABLE tariff_versions (
	hotel_id BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	CONSTRAINT pk_tariff_versions PRIMARY KEY (hotel_id), 
	CONSTRAINT fk_tariff_versions_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE policies (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	asks VARCHAR(24) NOT NULL, 
	deposit_by VARCHAR(24) NOT NULL, 
	deposit_value BIGINT NOT NULL, 
	deposit_days BIGINT, 
	cancel_days BIGINT, 
	cancel_at TIME WITHOUT TIME ZONE NOT NULL, 
	cancel_by VARCHAR(24) NOT NULL, 
	cancel_value BIGINT NOT NULL, 
	no_show_by VARCHAR(24) NOT NULL, 
	no_show_value BIGINT NOT NULL, 
	fee_code_id BIGINT NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_policies PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_policies_hotel_id_fee_code_id FOREIGN KEY(hotel_id, fee_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT ck_policies_deposit_can_be_reckoned CHECK ((deposit_by = 'none' AND deposit_value = 0) OR (deposit_by = 'nights' AND deposit_value BETWEEN 1 AND 99) OR (deposit_by = 'percent' AND deposit_value BETWEEN 1 AND 10000) OR (deposit_by = 'amount' AND deposit_value > 0)), 
	CONSTRAINT ck_policies_cancel_can_be_reckoned CHECK ((cancel_by = 'none' AND cancel_value = 0) OR (cancel_by = 'nights' AND cancel_value BETWEEN 1 AND 99) OR (cancel_by = 'percent' AND cancel_value BETWEEN 1 AND 10000) OR (cancel_by = 'amount' AND cancel_value > 0)), 
	CONSTRAINT ck_policies_no_show_can_be_reckoned CHECK ((no_show_by = 'none' AND no_show_value = 0) OR (no_show_by = 'nights' AND no_show_value BETWEEN 1 AND 99) OR (no_show_by = 'percent' AND no_show_value BETWEEN 1 AND 10000) OR (no_show_by = 'amount' AND no_show_value > 0)), 
	CONSTRAINT ck_policies_days_in_reason CHECK (cancel_days BETWEEN 0 AND 365 AND deposit_days BETWEEN 0 AND 365), 
	CONSTRAINT ck_policies_asks CHECK (asks IN ('none', 'any', 'card', 'deposit', 'company')), 
	CONSTRAINT ck_policies_deposit_by CHECK (deposit_by IN ('none', 'nights', 'percent', 'amount')), 
	CONSTRAINT ck_policies_cancel_by CHECK (cancel_by IN ('none', 'nights', 'percent', 'amount')), 
	CONSTRAINT ck_policies_no_show_by CHECK (no_show_by IN ('none', 'nights', 'percent', 'amount')), 
	CONSTRAINT fk_policies_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE UNIQUE INDEX uq_policies_standing ON policies (hotel_id, code) WHERE ended_at IS NULL
;;
CREATE TABLE derived_plans (
	hotel_id BIGINT NOT NULL, 
	plan_id BIGINT NOT NULL, 
	parent_id BIGINT NOT NULL, 
	level SMALLINT NOT NULL, 
	points BIGINT, 
	amount BIGINT, 
	step BIGINT NOT NULL, 
	rounding VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_derived_plans PRIMARY KEY (hotel_id, plan_id), 
	CONSTRAINT fk_derived_plans_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_derived_plans_hotel_id_parent_id FOREIGN KEY(hotel_id, parent_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT ck_derived_plans_percent_or_amount CHECK ((points IS NULL) != (amount IS NULL)), 
	CONSTRAINT ck_derived_plans_percent_in_reason CHECK (points BETWEEN -10000 AND 50000), 
	CONSTRAINT ck_derived_plans_rounds_to_something CHECK (step > 0), 
	CONSTRAINT ck_derived_plans_not_too_deep CHECK (level BETWEEN 1 AND 5), 
	CONSTRAINT ck_derived_plans_not_of_itself CHECK (plan_id != parent_id), 
	CONSTRAINT ck_derived_plans_rounding CHECK (rounding IN ('nearest', 'up', 'down'))
)
;;
CREATE INDEX ix_derived_plans_hotel_id_parent_id ON derived_plans (hotel_id, parent_id)
;;
CREATE TABLE occupancy_supplements (
	plan_id BIGINT NOT NULL, 
	type_id BIGINT, 
	who VARCHAR(24) NOT NULL, 
	number SMALLINT NOT NULL, 
	amount BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_occupancy_supplements PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_occupancy_supplements_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_occupancy_supplements_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_occupancy_supplements_number_fits_who CHECK ((who = 'adults' AND number BETWEEN 1 AND 4) OR (who = 'extra_adult' AND number = 0) OR (who = 'child' AND number BETWEEN 0 AND 17)), 
	CONSTRAINT ck_occupancy_supplements_who CHECK (who IN ('adults', 'extra_adult', 'child')), 
	CONSTRAINT fk_occupancy_supplements_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE UNIQUE INDEX uq_occupancy_supplements_of_plan ON occupancy_supplements (hotel_id, plan_id, who, number) WHERE type_id IS NULL
;;
CREATE UNIQUE INDEX uq_occupancy_supplements_of_type ON occupancy_supplements (hotel_id, plan_id, who, number, type_id) WHERE type_id IS NOT NULL
;;
CREATE TABLE plan_companies (
	hotel_id BIGINT NOT NULL, 
	plan_id BIGINT NOT NULL, 
	company_id BIGINT NOT NULL, 
	chain_id BIGINT NOT NULL, 
	first DATE NOT NULL, 
	last DATE, 
	CONSTRAINT pk_plan_companies PRIMARY KEY (hotel_id, plan_id, company_id), 
	CONSTRAINT fk_plan_companies_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_plan_companies_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_plan_companies_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT ck_plan_companies_ends_after_it_begins CHECK (last IS NULL OR last >= first)
)
;;
CREATE TABLE plan_policies (
	hotel_id BIGINT NOT NULL, 
	plan_id BIGINT NOT NULL, 
	policy_id BIGINT NOT NULL, 
	CONSTRAINT pk_plan_policies PRIMARY KEY (hotel_id, plan_id), 
	CONSTRAINT fk_plan_policies_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_plan_policies_hotel_id_policy_id FOREIGN KEY(hotel_id, policy_id) REFERENCES policies (hotel_id, id)
)
;;
CREATE TABLE seasons (
	plan_id BIGINT NOT NULL, 
	name VARCHAR NOT NULL, 
	first DATE NOT NULL, 
	last DATE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_seasons PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_seasons_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT ck_seasons_has_a_night CHECK (last >= first), 
	CONSTRAINT fk_seasons_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_seasons_hotel_id_plan_id_first ON seasons (hotel_id, plan_id, first)
;;
CREATE TABLE yield_rules (
	name VARCHAR NOT NULL, 
	plan_id BIGINT, 
	type_id BIGINT, 
	first DATE NOT NULL, 
	last DATE NOT NULL, 
	measure VARCHAR(24) NOT NULL, 
	below BOOLEAN NOT NULL, 
	mark BIGINT NOT NULL, 
	days BIGINT, 
	does VARCHAR(24) NOT NULL, 
	value BIGINT, 
	stopped_at TIMESTAMP WITH TIME ZONE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_yield_rules PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_yield_rules_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_yield_rules_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_yield_rules_has_a_night CHECK (last >= first), 
	CONSTRAINT ck_yield_rules_mark_fits_measure CHECK ((measure = 'occupancy' AND mark BETWEEN 0 AND 100 AND days IS NULL) OR (measure = 'pick_up' AND mark BETWEEN 1 AND 9999 AND days BETWEEN 1 AND 60)), 
	CONSTRAINT ck_yield_rules_value_fits CHECK ((value IS NULL) = (does IN ('closed', 'closed_to_arrival'))), 
	CONSTRAINT ck_yield_rules_measure CHECK (measure IN ('occupancy', 'pick_up')), 
	CONSTRAINT ck_yield_rules_does CHECK (does IN ('percent', 'amount', 'closed', 'closed_to_arrival', 'min_stay')), 
	CONSTRAINT fk_yield_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE reservation_fees (
	reservation_id BIGINT NOT NULL, 
	"of" VARCHAR(24) NOT NULL, 
	due BIGINT NOT NULL, 
	waived_why VARCHAR, 
	entry_id BIGINT, 
	staff_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	taken_back_on DATE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_reservation_fees PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_reservation_fees_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_reservation_fees_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT ck_reservation_fees_of_something CHECK (due > 0), 
	CONSTRAINT ck_reservation_fees_charged_or_waived CHECK (waived_why IS NULL OR entry_id IS NULL), 
	CONSTRAINT ck_reservation_fees_of CHECK ("of" IN ('cancellation', 'no_show')), 
	CONSTRAINT fk_reservation_fees_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_reservation_fees_hotel_id_day ON reservation_fees (hotel_id, day)
;;
CREATE UNIQUE INDEX uq_reservation_fees_standing ON reservation_fees (hotel_id, reservation_id) WHERE taken_back_on IS NULL
;;
CREATE TABLE reservation_terms (
	hotel_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	policy_id BIGINT, 
	child_ages JSON NOT NULL, 
	CONSTRAINT pk_reservation_terms PRIMARY KEY (hotel_id, reservation_id), 
	CONSTRAINT fk_reservation_terms_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_reservation_terms_hotel_id_policy_id FOREIGN KEY(hotel_id, policy_id) REFERENCES policies (hotel_id, id)
)
;;
CREATE INDEX ix_reservation_terms_hotel_id_policy_id ON reservation_terms (hotel_id, policy_id)
;;
CREATE TABLE season_prices (
	hotel_id BIGINT NOT NULL, 
	season_id BIGINT NOT NULL, 
	type_id BIGINT NOT NULL, 
	price BIGINT NOT NULL, 
	weekend_price BIGINT NOT NULL, 
	CONSTRAINT pk_season_prices PRIMARY KEY (hotel_id, season_id, type_id), 
	CONSTRAINT fk_season_prices_hotel_id_season_id FOREIGN KEY(hotel_id, season_id) REFERENCES seasons (hotel_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_season_prices_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_season_prices_not_negative CHECK (price >= 0 AND weekend_price >= 0)
)
;;
CREATE FUNCTION derived_plans_go_down_on_insert() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM derived_plans p WHERE p.hotel_id = NEW.hotel_id AND p.plan_id = NEW.parent_id AND p.level >= NEW.level) OR EXISTS (SELECT 1 FROM derived_plans c WHERE c.hotel_id = NEW.hotel_id AND c.parent_id = NEW.plan_id AND c.level <= NEW.level) THEN RAISE EXCEPTION 'a plan follows only plans above it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER derived_plans_go_down_on_insert BEFORE INSERT ON derived_plans FOR EACH ROW EXECUTE FUNCTION derived_plans_go_down_on_insert()
;;
CREATE FUNCTION derived_plans_go_down_on_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM derived_plans p WHERE p.hotel_id = NEW.hotel_id AND p.plan_id = NEW.parent_id AND p.level >= NEW.level) OR EXISTS (SELECT 1 FROM derived_plans c WHERE c.hotel_id = NEW.hotel_id AND c.parent_id = NEW.plan_id AND c.level <= NEW.level) THEN RAISE EXCEPTION 'a plan follows only plans above it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER derived_plans_go_down_on_update BEFORE UPDATE ON derived_plans FOR EACH ROW EXECUTE FUNCTION derived_plans_go_down_on_update()
;;
CREATE FUNCTION plan_companies_are_kept() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'an agreement ends, it is not taken away' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER plan_companies_are_kept BEFORE DELETE ON plan_companies FOR EACH ROW EXECUTE FUNCTION plan_companies_are_kept()
;;
CREATE FUNCTION policies_keep_their_terms() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'terms that were agreed are written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER policies_keep_their_terms BEFORE UPDATE OF code, asks, deposit_by, deposit_value, deposit_days, cancel_days, cancel_at, cancel_by, cancel_value, no_show_by, no_show_value, fee_code_id ON policies FOR EACH ROW EXECUTE FUNCTION policies_keep_their_terms()
;;
CREATE FUNCTION seasons_apart_on_insert() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM seasons s WHERE s.hotel_id = NEW.hotel_id AND s.plan_id = NEW.plan_id AND s.id != NEW.id AND s.first <= NEW.last AND s.last >= NEW.first) THEN RAISE EXCEPTION 'a night has one season' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER seasons_apart_on_insert BEFORE INSERT ON seasons FOR EACH ROW EXECUTE FUNCTION seasons_apart_on_insert()
;;
CREATE FUNCTION seasons_apart_on_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM seasons s WHERE s.hotel_id = NEW.hotel_id AND s.plan_id = NEW.plan_id AND s.id != NEW.id AND s.first <= NEW.last AND s.last >= NEW.first) THEN RAISE EXCEPTION 'a night has one season' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER seasons_apart_on_update BEFORE UPDATE ON seasons FOR EACH ROW EXECUTE FUNCTION seasons_apart_on_update()
