CREATE TABLE account_statements (
	chain_id BIGINT NOT NULL, 
	company_id BIGINT NOT NULL, 
	no BIGINT NOT NULL, 
	tells VARCHAR(24) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	as_of DATE NOT NULL, 
	balance BIGINT NOT NULL, 
	data JSON NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_account_statements PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_account_statements_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_account_statements_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT uq_account_statements_hotel_id_company_id_no UNIQUE (hotel_id, company_id, no), 
	CONSTRAINT ck_account_statements_counts_up CHECK (no > 0), 
	CONSTRAINT ck_account_statements_language_is_written CHECK (language IN ('en', 'de', 'fr', 'es')), 
	CONSTRAINT ck_account_statements_tells CHECK (tells IN ('statement', 'reminder')), 
	CONSTRAINT fk_account_statements_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE city_ledger_terms (
	hotel_id BIGINT NOT NULL, 
	write_off_limit BIGINT NOT NULL, 
	CONSTRAINT pk_city_ledger_terms PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_city_ledger_terms_limit_is_an_amount CHECK (write_off_limit >= 0), 
	CONSTRAINT fk_city_ledger_terms_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE commission_statements (
	chain_id BIGINT NOT NULL, 
	company_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	first DATE NOT NULL, 
	last DATE NOT NULL, 
	amount BIGINT NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	approved_on DATE NOT NULL, 
	approved_by BIGINT NOT NULL, 
	paid_on DATE, 
	reference VARCHAR, 
	reversed_on DATE, 
	reason VARCHAR, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_commission_statements PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_commission_statements_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_commission_statements_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT uq_commission_statements_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT ck_commission_statements_owes_something CHECK (amount > 0), 
	CONSTRAINT ck_commission_statements_lasts_a_day CHECK (last >= first), 
	CONSTRAINT ck_commission_statements_paid_with_day_and_reference CHECK ((paid_on IS NULL) = (reference IS NULL) AND (state <> 'paid' OR paid_on IS NOT NULL) AND (state <> 'approved' OR paid_on IS NULL)), 
	CONSTRAINT ck_commission_statements_reversed_with_reason CHECK ((state = 'reversed') = (reversed_on IS NOT NULL) AND (reversed_on IS NULL) = (reason IS NULL)), 
	CONSTRAINT ck_commission_statements_commissionstate CHECK (state IN ('approved', 'paid', 'reversed')), 
	CONSTRAINT fk_commission_statements_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_commission_statements_hotel_id_company_id_first ON commission_statements (hotel_id, company_id, first)
;;
CREATE TABLE account_statement_letters (
	hotel_id BIGINT NOT NULL, 
	statement_id BIGINT NOT NULL, 
	letter_id BIGINT NOT NULL, 
	file_id BIGINT NOT NULL, 
	CONSTRAINT pk_account_statement_letters PRIMARY KEY (hotel_id, statement_id, letter_id), 
	CONSTRAINT fk_account_statement_letters_hotel_id_statement_id FOREIGN KEY(hotel_id, statement_id) REFERENCES account_statements (hotel_id, id), 
	CONSTRAINT fk_account_statement_letters_hotel_id_letter_id FOREIGN KEY(hotel_id, letter_id) REFERENCES letters (hotel_id, id), 
	CONSTRAINT fk_account_statement_letters_hotel_id_file_id FOREIGN KEY(hotel_id, file_id) REFERENCES kept_files (hotel_id, id)
)
;;
CREATE TABLE city_items (
	chain_id BIGINT NOT NULL, 
	company_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	dated DATE NOT NULL, 
	amount BIGINT NOT NULL, 
	open BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_city_items PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_city_items_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_city_items_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT fk_city_items_hotel_id_id FOREIGN KEY(hotel_id, id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT ck_city_items_is_something CHECK (amount <> 0), 
	CONSTRAINT ck_city_items_open_is_a_part CHECK ((amount > 0 AND open BETWEEN 0 AND amount) OR (amount < 0 AND open BETWEEN amount AND 0)), 
	CONSTRAINT ck_city_items_is_on_its_side CHECK (kind = 'reversal' OR (kind IN ('bill', 'opening', 'refund')) = (amount > 0)), 
	CONSTRAINT ck_city_items_itemkind CHECK (kind IN ('bill', 'opening', 'payment', 'refund', 'write_off', 'reversal')), 
	CONSTRAINT fk_city_items_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_city_items_hotel_id_company_id_dated ON city_items (hotel_id, company_id, dated)
;;
CREATE INDEX ix_city_items_open ON city_items (hotel_id, company_id) WHERE open <> 0
;;
CREATE TABLE city_allocations (
	debit_id BIGINT NOT NULL, 
	credit_id BIGINT NOT NULL, 
	undoes_id BIGINT, 
	amount BIGINT NOT NULL, 
	reason VARCHAR, 
	made_on DATE NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_city_allocations PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_city_allocations_hotel_id_debit_id FOREIGN KEY(hotel_id, debit_id) REFERENCES city_items (hotel_id, id), 
	CONSTRAINT fk_city_allocations_hotel_id_credit_id FOREIGN KEY(hotel_id, credit_id) REFERENCES city_items (hotel_id, id), 
	CONSTRAINT fk_city_allocations_hotel_id_undoes_id FOREIGN KEY(hotel_id, undoes_id) REFERENCES city_allocations (hotel_id, id), 
	CONSTRAINT uq_city_allocations_hotel_id_undoes_id UNIQUE (hotel_id, undoes_id), 
	CONSTRAINT ck_city_allocations_moves_something CHECK (amount <> 0), 
	CONSTRAINT ck_city_allocations_undoes_one CHECK ((amount < 0) = (undoes_id IS NOT NULL)), 
	CONSTRAINT ck_city_allocations_undone_says_why CHECK (undoes_id IS NULL OR reason IS NOT NULL), 
	CONSTRAINT fk_city_allocations_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_city_allocations_hotel_id_credit_id ON city_allocations (hotel_id, credit_id)
;;
CREATE INDEX ix_city_allocations_hotel_id_debit_id ON city_allocations (hotel_id, debit_id)
;;
CREATE INDEX ix_city_allocations_hotel_id_made_on ON city_allocations (hotel_id, made_on)
;;
CREATE TABLE city_disputes (
	item_id BIGINT NOT NULL, 
	reason VARCHAR NOT NULL, 
	raised_on DATE NOT NULL, 
	raised_by BIGINT NOT NULL, 
	outcome VARCHAR, 
	resolved_on DATE, 
	resolved_by BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_city_disputes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_city_disputes_hotel_id_item_id FOREIGN KEY(hotel_id, item_id) REFERENCES city_items (hotel_id, id), 
	CONSTRAINT ck_city_disputes_resolved_with_its_outcome CHECK ((resolved_on IS NULL) = (outcome IS NULL) AND (resolved_on IS NULL) = (resolved_by IS NULL)), 
	CONSTRAINT ck_city_disputes_resolved_after CHECK (resolved_on >= raised_on), 
	CONSTRAINT fk_city_disputes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_city_disputes_hotel_id_item_id ON city_disputes (hotel_id, item_id)
;;
CREATE UNIQUE INDEX uq_city_disputes_one_at_a_time ON city_disputes (hotel_id, item_id) WHERE resolved_on IS NULL
;;
CREATE TABLE commission_lines (
	hotel_id BIGINT NOT NULL, 
	statement_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	revenue BIGINT NOT NULL, 
	percent BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	live BOOLEAN NOT NULL, 
	CONSTRAINT pk_commission_lines PRIMARY KEY (hotel_id, statement_id, reservation_id), 
	CONSTRAINT fk_commission_lines_hotel_id_statement_id FOREIGN KEY(hotel_id, statement_id) REFERENCES commission_statements (hotel_id, id), 
	CONSTRAINT fk_commission_lines_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id)
)
;;
CREATE UNIQUE INDEX uq_commission_lines_a_stay_once ON commission_lines (hotel_id, reservation_id) WHERE live
;;
CREATE FUNCTION account_statement_letters_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'account_statement_letters is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER account_statement_letters_no_delete BEFORE DELETE ON account_statement_letters FOR EACH ROW EXECUTE FUNCTION account_statement_letters_no_delete()
;;
CREATE TRIGGER account_statement_letters_no_truncate BEFORE TRUNCATE ON account_statement_letters FOR EACH STATEMENT EXECUTE FUNCTION account_statement_letters_no_delete()
;;
CREATE FUNCTION account_statement_letters_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'account_statement_letters is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER account_statement_letters_no_update BEFORE UPDATE ON account_statement_letters FOR EACH ROW EXECUTE FUNCTION account_statement_letters_no_update()
;;
CREATE FUNCTION account_statements_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'account_statements is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER account_statements_no_delete BEFORE DELETE ON account_statements FOR EACH ROW EXECUTE FUNCTION account_statements_no_delete()
;;
CREATE TRIGGER account_statements_no_truncate BEFORE TRUNCATE ON account_statements FOR EACH STATEMENT EXECUTE FUNCTION account_statements_no_delete()
;;
CREATE FUNCTION account_statements_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'account_statements is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER account_statements_no_update BEFORE UPDATE ON account_statements FOR EACH ROW EXECUTE FUNCTION account_statements_no_update()
;;
CREATE FUNCTION city_allocations_are_taken_off_both() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.debit_id) < 0 OR (SELECT amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.credit_id) > 0 OR (SELECT company_id FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.debit_id) <> (SELECT company_id FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.credit_id) OR (SELECT amount - open FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.debit_id) <> (SELECT COALESCE(SUM(amount), 0) FROM city_allocations WHERE hotel_id = NEW.hotel_id AND debit_id = NEW.debit_id) + NEW.amount OR (SELECT open - amount FROM city_items WHERE hotel_id = NEW.hotel_id AND id = NEW.credit_id) <> (SELECT COALESCE(SUM(amount), 0) FROM city_allocations WHERE hotel_id = NEW.hotel_id AND credit_id = NEW.credit_id) + NEW.amount THEN RAISE EXCEPTION 'an allocation is taken off both its items' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER city_allocations_are_taken_off_both BEFORE INSERT ON city_allocations FOR EACH ROW EXECUTE FUNCTION city_allocations_are_taken_off_both()
;;
CREATE FUNCTION city_allocations_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'city_allocations is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER city_allocations_no_delete BEFORE DELETE ON city_allocations FOR EACH ROW EXECUTE FUNCTION city_allocations_no_delete()
;;
CREATE TRIGGER city_allocations_no_truncate BEFORE TRUNCATE ON city_allocations FOR EACH STATEMENT EXECUTE FUNCTION city_allocations_no_delete()
;;
CREATE FUNCTION city_allocations_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'city_allocations is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER city_allocations_no_update BEFORE UPDATE ON city_allocations FOR EACH ROW EXECUTE FUNCTION city_allocations_no_update()
;;
CREATE FUNCTION city_allocations_undo_exactly() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.undoes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM city_allocations WHERE hotel_id = NEW.hotel_id AND id = NEW.undoes_id AND amount = -NEW.amount AND debit_id = NEW.debit_id AND credit_id = NEW.credit_id) THEN RAISE EXCEPTION 'an allocation is undone exactly' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER city_allocations_undo_exactly BEFORE INSERT ON city_allocations FOR EACH ROW EXECUTE FUNCTION city_allocations_undo_exactly()
;;
CREATE FUNCTION city_disputes_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a dispute stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER city_disputes_no_delete BEFORE DELETE ON city_disputes FOR EACH ROW EXECUTE FUNCTION city_disputes_no_delete()
;;
CREATE FUNCTION city_disputes_stay() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.resolved_on IS NOT NULL OR NEW.item_id <> OLD.item_id OR NEW.reason <> OLD.reason OR NEW.raised_on <> OLD.raised_on OR NEW.raised_by <> OLD.raised_by THEN RAISE EXCEPTION 'a dispute is resolved once, and otherwise stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER city_disputes_stay BEFORE UPDATE ON city_disputes FOR EACH ROW EXECUTE FUNCTION city_disputes_stay()
;;
CREATE FUNCTION city_items_are_their_entries() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.open <> NEW.amount OR NEW.amount <> COALESCE((SELECT SUM(l.amount) FROM lines l JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id AND a.ledger = 'city' WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.id), 0) THEN RAISE EXCEPTION 'an item is its entry, and wholly open at first' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER city_items_are_their_entries BEFORE INSERT ON city_items FOR EACH ROW EXECUTE FUNCTION city_items_are_their_entries()
;;
CREATE FUNCTION city_items_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'an item of an account stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER city_items_no_delete BEFORE DELETE ON city_items FOR EACH ROW EXECUTE FUNCTION city_items_no_delete()
;;
CREATE FUNCTION city_items_stay() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.amount <> OLD.amount OR NEW.company_id <> OLD.company_id OR NEW.kind <> OLD.kind OR NEW.dated <> OLD.dated THEN RAISE EXCEPTION 'only what is open of an item changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER city_items_stay BEFORE UPDATE ON city_items FOR EACH ROW EXECUTE FUNCTION city_items_stay()
;;
CREATE FUNCTION commission_lines_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'what was approved stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER commission_lines_no_delete BEFORE DELETE ON commission_lines FOR EACH ROW EXECUTE FUNCTION commission_lines_no_delete()
;;
CREATE FUNCTION commission_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.revenue <> OLD.revenue OR NEW.percent <> OLD.percent OR NEW.amount <> OLD.amount OR NEW.reservation_id <> OLD.reservation_id OR NEW.statement_id <> OLD.statement_id OR (NEW.live AND NOT OLD.live) THEN RAISE EXCEPTION 'what was approved stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER commission_lines_stay BEFORE UPDATE ON commission_lines FOR EACH ROW EXECUTE FUNCTION commission_lines_stay()
;;
CREATE FUNCTION commission_statements_go_one_way() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.amount <> OLD.amount OR NEW.company_id <> OLD.company_id OR NEW.first <> OLD.first OR NEW.last <> OLD.last OR NEW.number <> OLD.number OR OLD.state = 'reversed' OR (OLD.state = 'paid' AND NEW.state <> 'reversed') OR (OLD.paid_on IS NOT NULL AND (NEW.paid_on IS NULL OR NEW.paid_on <> OLD.paid_on)) THEN RAISE EXCEPTION 'a commission is approved, paid, or reversed, once' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER commission_statements_go_one_way BEFORE UPDATE ON commission_statements FOR EACH ROW EXECUTE FUNCTION commission_statements_go_one_way()
;;
CREATE FUNCTION commission_statements_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'what was approved stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER commission_statements_no_delete BEFORE DELETE ON commission_statements FOR EACH ROW EXECUTE FUNCTION commission_statements_no_delete()
