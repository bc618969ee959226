CREATE TABLE cashier_rules (
	hotel_id BIGINT NOT NULL, 
	asks_for_shift BOOLEAN NOT NULL, 
	usual_float BIGINT NOT NULL, 
	CONSTRAINT pk_cashier_rules PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_cashier_rules_float_not_below_nothing CHECK (usual_float >= 0), 
	CONSTRAINT fk_cashier_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE cashier_shifts (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	opening_float BIGINT NOT NULL, 
	opened_on DATE NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_on DATE, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	reviewed_by BIGINT, 
	reviewed_at TIMESTAMP WITH TIME ZONE, 
	review VARCHAR, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_cashier_shifts PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_cashier_shifts_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_cashier_shifts_chain_id_reviewed_by FOREIGN KEY(chain_id, reviewed_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_cashier_shifts_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT uq_cashier_shifts_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT ck_cashier_shifts_float_not_below_nothing CHECK (opening_float >= 0), 
	CONSTRAINT ck_cashier_shifts_closed_at_an_hour CHECK ((state IN ('closed', 'reviewed')) = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_on IS NULL)), 
	CONSTRAINT ck_cashier_shifts_reviewed_by_somebody CHECK ((state = 'reviewed') = (reviewed_at IS NOT NULL) AND (reviewed_at IS NULL) = (reviewed_by IS NULL)), 
	CONSTRAINT ck_cashier_shifts_reviewed_by_somebody_else CHECK (reviewed_by <> staff_id), 
	CONSTRAINT ck_cashier_shifts_shiftstate CHECK (state IN ('open', 'counting', 'closed', 'reviewed')), 
	CONSTRAINT fk_cashier_shifts_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_cashier_shifts_hotel_id_opened_on ON cashier_shifts (hotel_id, opened_on)
;;
CREATE INDEX ix_cashier_shifts_hotel_id_state ON cashier_shifts (hotel_id, state)
;;
CREATE UNIQUE INDEX uq_cashier_shifts_one_open ON cashier_shifts (hotel_id, staff_id) WHERE state IN ('open', 'counting')
;;
CREATE TABLE exchange_rates (
	currency VARCHAR(3) NOT NULL, 
	from_day DATE NOT NULL, 
	rate BIGINT, 
	staff_id BIGINT NOT NULL, 
	set_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_exchange_rates PRIMARY KEY (hotel_id, id), 
	CONSTRAINT ck_exchange_rates_rate_above_zero CHECK (rate > 0), 
	CONSTRAINT fk_exchange_rates_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_exchange_rates_hotel_id_currency_from_day ON exchange_rates (hotel_id, currency, from_day)
;;
CREATE TABLE drawer_counts (
	shift_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	expected BIGINT NOT NULL, 
	counted BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_drawer_counts PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_drawer_counts_hotel_id_shift_id FOREIGN KEY(hotel_id, shift_id) REFERENCES cashier_shifts (hotel_id, id), 
	CONSTRAINT uq_drawer_counts_hotel_id_shift_id_no_currency UNIQUE (hotel_id, shift_id, no, currency), 
	CONSTRAINT ck_drawer_counts_counted_not_below_nothing CHECK (counted >= 0), 
	CONSTRAINT ck_drawer_counts_first_is_one CHECK (no >= 1), 
	CONSTRAINT fk_drawer_counts_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE drawer_moves (
	shift_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	business_day DATE NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	amount BIGINT NOT NULL, 
	booked BIGINT NOT NULL, 
	rate BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_drawer_moves PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_drawer_moves_hotel_id_shift_id FOREIGN KEY(hotel_id, shift_id) REFERENCES cashier_shifts (hotel_id, id), 
	CONSTRAINT fk_drawer_moves_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT uq_drawer_moves_hotel_id_entry_id_currency UNIQUE (hotel_id, entry_id, currency), 
	CONSTRAINT ck_drawer_moves_moves_money CHECK (amount <> 0), 
	CONSTRAINT ck_drawer_moves_rate_above_zero CHECK (rate > 0), 
	CONSTRAINT ck_drawer_moves_house_money_is_itself CHECK (rate IS NOT NULL OR booked = amount), 
	CONSTRAINT ck_drawer_moves_movekind CHECK (kind IN ('float', 'taken', 'change', 'given_back', 'voided', 'paid_out', 'drop', 'over_short', 'handed_in')), 
	CONSTRAINT fk_drawer_moves_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_drawer_moves_hotel_id_business_day ON drawer_moves (hotel_id, business_day)
;;
CREATE INDEX ix_drawer_moves_hotel_id_shift_id_currency ON drawer_moves (hotel_id, shift_id, currency)
;;
CREATE TABLE paid_outs (
	number BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	folio_id BIGINT, 
	expense VARCHAR(24), 
	words VARCHAR(80) NOT NULL, 
	amount BIGINT NOT NULL, 
	business_day DATE NOT NULL, 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_paid_outs PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_paid_outs_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_paid_outs_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT uq_paid_outs_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT uq_paid_outs_hotel_id_entry_id UNIQUE (hotel_id, entry_id), 
	CONSTRAINT ck_paid_outs_guest_or_house CHECK ((folio_id IS NULL) = (expense IS NOT NULL)), 
	CONSTRAINT ck_paid_outs_hands_money_out CHECK (amount > 0), 
	CONSTRAINT ck_paid_outs_expense CHECK (expense IN ('supplies', 'food', 'postage', 'travel', 'repairs', 'other')), 
	CONSTRAINT fk_paid_outs_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_paid_outs_hotel_id_business_day ON paid_outs (hotel_id, business_day)
;;
CREATE TABLE counted_pieces (
	hotel_id BIGINT NOT NULL, 
	count_id BIGINT NOT NULL, 
	value BIGINT NOT NULL, 
	pieces BIGINT NOT NULL, 
	CONSTRAINT pk_counted_pieces PRIMARY KEY (hotel_id, count_id, value), 
	CONSTRAINT fk_counted_pieces_hotel_id_count_id FOREIGN KEY(hotel_id, count_id) REFERENCES drawer_counts (hotel_id, id), 
	CONSTRAINT ck_counted_pieces_something_of_worth CHECK (value > 0 AND pieces > 0)
)
;;
CREATE FUNCTION cashier_shifts_keep_their_beginning() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.number <> OLD.number OR NEW.staff_id <> OLD.staff_id OR NEW.opening_float <> OLD.opening_float OR NEW.opened_on <> OLD.opened_on OR NEW.opened_at <> OLD.opened_at THEN RAISE EXCEPTION 'whose shift it is and its float stay' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER cashier_shifts_keep_their_beginning BEFORE UPDATE ON cashier_shifts FOR EACH ROW EXECUTE FUNCTION cashier_shifts_keep_their_beginning()
;;
CREATE FUNCTION cashier_shifts_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a shift is never taken away' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER cashier_shifts_no_delete BEFORE DELETE ON cashier_shifts FOR EACH ROW EXECUTE FUNCTION cashier_shifts_no_delete()
;;
CREATE FUNCTION cashier_shifts_stay_closed() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.state = 'reviewed' OR OLD.state = 'closed' AND (NEW.state NOT IN ('closed', 'reviewed') OR NEW.number <> OLD.number OR NEW.staff_id <> OLD.staff_id OR NEW.opening_float <> OLD.opening_float OR NEW.opened_on <> OLD.opened_on OR NEW.opened_at <> OLD.opened_at OR NEW.closed_on <> OLD.closed_on OR NEW.closed_at <> OLD.closed_at) THEN RAISE EXCEPTION 'a closed shift stays closed, a reviewed one as it is' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER cashier_shifts_stay_closed BEFORE UPDATE ON cashier_shifts FOR EACH ROW EXECUTE FUNCTION cashier_shifts_stay_closed()
;;
CREATE FUNCTION counted_pieces_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'counted_pieces is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER counted_pieces_no_delete BEFORE DELETE ON counted_pieces FOR EACH ROW EXECUTE FUNCTION counted_pieces_no_delete()
;;
CREATE TRIGGER counted_pieces_no_truncate BEFORE TRUNCATE ON counted_pieces FOR EACH STATEMENT EXECUTE FUNCTION counted_pieces_no_delete()
;;
CREATE FUNCTION counted_pieces_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'counted_pieces is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER counted_pieces_no_update BEFORE UPDATE ON counted_pieces FOR EACH ROW EXECUTE FUNCTION counted_pieces_no_update()
;;
CREATE FUNCTION drawer_counts_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'drawer_counts is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER drawer_counts_no_delete BEFORE DELETE ON drawer_counts FOR EACH ROW EXECUTE FUNCTION drawer_counts_no_delete()
;;
CREATE TRIGGER drawer_counts_no_truncate BEFORE TRUNCATE ON drawer_counts FOR EACH STATEMENT EXECUTE FUNCTION drawer_counts_no_delete()
;;
CREATE FUNCTION drawer_counts_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'drawer_counts is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER drawer_counts_no_update BEFORE UPDATE ON drawer_counts FOR EACH ROW EXECUTE FUNCTION drawer_counts_no_update()
;;
CREATE FUNCTION drawer_counts_of_a_shift_being_closed() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM cashier_shifts s WHERE s.hotel_id = NEW.hotel_id AND s.id = NEW.shift_id AND s.state IN ('counting', 'closed')) THEN RAISE EXCEPTION 'a drawer is counted when its shift closes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER drawer_counts_of_a_shift_being_closed BEFORE INSERT ON drawer_counts FOR EACH ROW EXECUTE FUNCTION drawer_counts_of_a_shift_being_closed()
;;
CREATE FUNCTION drawer_moves_into_an_open_shift() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM cashier_shifts s WHERE s.hotel_id = NEW.hotel_id AND s.id = NEW.shift_id AND (s.state = 'open' OR s.state IN ('counting', 'closed') AND NEW.kind IN ('over_short', 'handed_in'))) THEN RAISE EXCEPTION 'a drawer that is counted takes and gives nothing' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER drawer_moves_into_an_open_shift BEFORE INSERT ON drawer_moves FOR EACH ROW EXECUTE FUNCTION drawer_moves_into_an_open_shift()
;;
CREATE FUNCTION drawer_moves_keep_the_rate_of_foreign_money() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (NEW.rate IS NULL) <> EXISTS (SELECT 1 FROM hotels h WHERE h.id = NEW.hotel_id AND h.currency = NEW.currency) THEN RAISE EXCEPTION 'foreign money keeps its rate, and only that has one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER drawer_moves_keep_the_rate_of_foreign_money BEFORE INSERT ON drawer_moves FOR EACH ROW EXECUTE FUNCTION drawer_moves_keep_the_rate_of_foreign_money()
;;
CREATE FUNCTION drawer_moves_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'drawer_moves is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER drawer_moves_no_delete BEFORE DELETE ON drawer_moves FOR EACH ROW EXECUTE FUNCTION drawer_moves_no_delete()
;;
CREATE TRIGGER drawer_moves_no_truncate BEFORE TRUNCATE ON drawer_moves FOR EACH STATEMENT EXECUTE FUNCTION drawer_moves_no_delete()
;;
CREATE FUNCTION drawer_moves_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'drawer_moves is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER drawer_moves_no_update BEFORE UPDATE ON drawer_moves FOR EACH ROW EXECUTE FUNCTION drawer_moves_no_update()
;;
CREATE FUNCTION exchange_rates_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'exchange_rates is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER exchange_rates_no_delete BEFORE DELETE ON exchange_rates FOR EACH ROW EXECUTE FUNCTION exchange_rates_no_delete()
;;
CREATE TRIGGER exchange_rates_no_truncate BEFORE TRUNCATE ON exchange_rates FOR EACH STATEMENT EXECUTE FUNCTION exchange_rates_no_delete()
;;
CREATE FUNCTION exchange_rates_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'exchange_rates is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER exchange_rates_no_update BEFORE UPDATE ON exchange_rates FOR EACH ROW EXECUTE FUNCTION exchange_rates_no_update()
;;
CREATE FUNCTION paid_outs_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'paid_outs is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER paid_outs_no_delete BEFORE DELETE ON paid_outs FOR EACH ROW EXECUTE FUNCTION paid_outs_no_delete()
;;
CREATE TRIGGER paid_outs_no_truncate BEFORE TRUNCATE ON paid_outs FOR EACH STATEMENT EXECUTE FUNCTION paid_outs_no_delete()
;;
CREATE FUNCTION paid_outs_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'paid_outs is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER paid_outs_no_update BEFORE UPDATE ON paid_outs FOR EACH ROW EXECUTE FUNCTION paid_outs_no_update()
