CREATE TABLE account_mappings (
	hotel_id BIGINT NOT NULL, 
	account VARCHAR NOT NULL, 
	number VARCHAR(16) NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	CONSTRAINT pk_account_mappings PRIMARY KEY (hotel_id, account), 
	CONSTRAINT fk_account_mappings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE issuers (
	hotel_id BIGINT NOT NULL, 
	name VARCHAR NOT NULL, 
	street VARCHAR NOT NULL, 
	postcode VARCHAR NOT NULL, 
	city VARCHAR NOT NULL, 
	country VARCHAR(2) NOT NULL, 
	tax_number VARCHAR NOT NULL, 
	registration VARCHAR NOT NULL, 
	bank VARCHAR NOT NULL, 
	iban VARCHAR NOT NULL, 
	due_days SMALLINT NOT NULL, 
	year_begins SMALLINT NOT NULL, 
	closing_words VARCHAR NOT NULL, 
	duty_met VARCHAR NOT NULL, 
	patterns JSON NOT NULL, 
	CONSTRAINT pk_issuers PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_issuers_year_begins_in_a_month CHECK (year_begins BETWEEN 1 AND 12), 
	CONSTRAINT ck_issuers_due_within_a_year CHECK (due_days BETWEEN 0 AND 365), 
	CONSTRAINT fk_issuers_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE kept_files (
	name VARCHAR NOT NULL, 
	media_type VARCHAR NOT NULL, 
	content BYTEA NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_kept_files PRIMARY KEY (hotel_id, id), 
	CONSTRAINT ck_kept_files_has_digest CHECK (length(sha256) = 64), 
	CONSTRAINT fk_kept_files_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE paper_series (
	kind VARCHAR(24) NOT NULL, 
	year BIGINT NOT NULL, 
	pattern VARCHAR(24) NOT NULL, 
	last BIGINT NOT NULL, 
	last_digest VARCHAR(64) NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_paper_series PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_paper_series_hotel_id_kind_year UNIQUE (hotel_id, kind, year), 
	CONSTRAINT ck_paper_series_counts_up CHECK (last >= 0), 
	CONSTRAINT ck_paper_series_paperkind CHECK (kind IN ('invoice', 'credit_note', 'receipt', 'deposit_invoice', 'pro_forma')), 
	CONSTRAINT fk_paper_series_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE papers (
	series_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	number BIGINT NOT NULL, 
	label VARCHAR(32) NOT NULL, 
	folio_id BIGINT, 
	window_no SMALLINT, 
	payment_id BIGINT, 
	credits_id BIGINT, 
	addressee VARCHAR NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	net BIGINT NOT NULL, 
	tax BIGINT NOT NULL, 
	gross BIGINT NOT NULL, 
	paid BIGINT NOT NULL, 
	data JSON NOT NULL, 
	issued_on DATE NOT NULL, 
	issued_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	staff_id BIGINT NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_papers PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_papers_hotel_id_series_id FOREIGN KEY(hotel_id, series_id) REFERENCES paper_series (hotel_id, id), 
	CONSTRAINT fk_papers_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT fk_papers_hotel_id_payment_id FOREIGN KEY(hotel_id, payment_id) REFERENCES payments (hotel_id, id), 
	CONSTRAINT fk_papers_hotel_id_credits_id FOREIGN KEY(hotel_id, credits_id) REFERENCES papers (hotel_id, id), 
	CONSTRAINT uq_papers_hotel_id_series_id_number UNIQUE (hotel_id, series_id, number), 
	CONSTRAINT uq_papers_hotel_id_label UNIQUE (hotel_id, label), 
	CONSTRAINT ck_papers_adds_up CHECK (gross = net + tax), 
	CONSTRAINT ck_papers_credits_one CHECK ((kind = 'credit_note') = (credits_id IS NOT NULL)), 
	CONSTRAINT ck_papers_is_for_a_payment CHECK ((kind IN ('receipt', 'deposit_invoice')) = (payment_id IS NOT NULL)), 
	CONSTRAINT ck_papers_credits_something CHECK (kind <> 'credit_note' OR gross > 0), 
	CONSTRAINT ck_papers_has_digest CHECK (length(digest) = 64), 
	CONSTRAINT ck_papers_paperkind CHECK (kind IN ('invoice', 'credit_note', 'receipt', 'deposit_invoice', 'pro_forma')), 
	CONSTRAINT fk_papers_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_papers_hotel_id_credits_id ON papers (hotel_id, credits_id)
;;
CREATE INDEX ix_papers_hotel_id_folio_id ON papers (hotel_id, folio_id)
;;
CREATE INDEX ix_papers_hotel_id_issued_on ON papers (hotel_id, issued_on)
;;
CREATE UNIQUE INDEX uq_papers_payment_once ON papers (hotel_id, payment_id, kind) WHERE payment_id IS NOT NULL
;;
CREATE TABLE paper_entries (
	hotel_id BIGINT NOT NULL, 
	paper_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	covers SMALLINT NOT NULL, 
	turn SMALLINT NOT NULL, 
	line_no SMALLINT, 
	CONSTRAINT pk_paper_entries PRIMARY KEY (hotel_id, paper_id, entry_id, account_id), 
	CONSTRAINT fk_paper_entries_hotel_id_paper_id FOREIGN KEY(hotel_id, paper_id) REFERENCES papers (hotel_id, id), 
	CONSTRAINT fk_paper_entries_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_paper_entries_hotel_id_account_id FOREIGN KEY(hotel_id, account_id) REFERENCES accounts (hotel_id, id), 
	CONSTRAINT uq_paper_entries_hotel_id_account_id_entry_id_turn_covers UNIQUE (hotel_id, account_id, entry_id, turn, covers), 
	CONSTRAINT ck_paper_entries_covers_or_lets_go CHECK (covers IN (1, -1))
)
;;
CREATE INDEX ix_paper_entries_hotel_id_entry_id ON paper_entries (hotel_id, entry_id)
;;
CREATE TABLE paper_files (
	hotel_id BIGINT NOT NULL, 
	paper_id BIGINT NOT NULL, 
	pdf_id BIGINT NOT NULL, 
	xml_id BIGINT, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_paper_files PRIMARY KEY (hotel_id, paper_id), 
	CONSTRAINT fk_paper_files_hotel_id_paper_id FOREIGN KEY(hotel_id, paper_id) REFERENCES papers (hotel_id, id), 
	CONSTRAINT fk_paper_files_hotel_id_pdf_id FOREIGN KEY(hotel_id, pdf_id) REFERENCES kept_files (hotel_id, id), 
	CONSTRAINT fk_paper_files_hotel_id_xml_id FOREIGN KEY(hotel_id, xml_id) REFERENCES kept_files (hotel_id, id)
)
;;
CREATE TABLE paper_prints (
	paper_id BIGINT NOT NULL, 
	no BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	printed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_paper_prints PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_paper_prints_hotel_id_paper_id FOREIGN KEY(hotel_id, paper_id) REFERENCES papers (hotel_id, id), 
	CONSTRAINT uq_paper_prints_hotel_id_paper_id_no UNIQUE (hotel_id, paper_id, no), 
	CONSTRAINT ck_paper_prints_counts_from_one CHECK (no >= 1), 
	CONSTRAINT fk_paper_prints_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE FUNCTION kept_files_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'kept_files is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER kept_files_no_delete BEFORE DELETE ON kept_files FOR EACH ROW EXECUTE FUNCTION kept_files_no_delete()
;;
CREATE TRIGGER kept_files_no_truncate BEFORE TRUNCATE ON kept_files FOR EACH STATEMENT EXECUTE FUNCTION kept_files_no_delete()
;;
CREATE FUNCTION kept_files_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'kept_files is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER kept_files_no_update BEFORE UPDATE ON kept_files FOR EACH ROW EXECUTE FUNCTION kept_files_no_update()
;;
CREATE FUNCTION paper_entries_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'paper_entries is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER paper_entries_no_delete BEFORE DELETE ON paper_entries FOR EACH ROW EXECUTE FUNCTION paper_entries_no_delete()
;;
CREATE TRIGGER paper_entries_no_truncate BEFORE TRUNCATE ON paper_entries FOR EACH STATEMENT EXECUTE FUNCTION paper_entries_no_delete()
;;
CREATE FUNCTION paper_entries_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'paper_entries is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER paper_entries_no_update BEFORE UPDATE ON paper_entries FOR EACH ROW EXECUTE FUNCTION paper_entries_no_update()
;;
CREATE FUNCTION paper_entries_once() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (SELECT COALESCE(SUM(covers), 0) FROM paper_entries WHERE hotel_id = NEW.hotel_id AND account_id = NEW.account_id AND entry_id = NEW.entry_id) <> (1 - NEW.covers) / 2 THEN RAISE EXCEPTION 'a posting is on one paper at a time' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER paper_entries_once BEFORE INSERT ON paper_entries FOR EACH ROW EXECUTE FUNCTION paper_entries_once()
;;
CREATE FUNCTION paper_files_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'paper_files is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER paper_files_no_delete BEFORE DELETE ON paper_files FOR EACH ROW EXECUTE FUNCTION paper_files_no_delete()
;;
CREATE TRIGGER paper_files_no_truncate BEFORE TRUNCATE ON paper_files FOR EACH STATEMENT EXECUTE FUNCTION paper_files_no_delete()
;;
CREATE FUNCTION paper_files_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'paper_files is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER paper_files_no_update BEFORE UPDATE ON paper_files FOR EACH ROW EXECUTE FUNCTION paper_files_no_update()
;;
CREATE FUNCTION paper_prints_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'paper_prints is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER paper_prints_no_delete BEFORE DELETE ON paper_prints FOR EACH ROW EXECUTE FUNCTION paper_prints_no_delete()
;;
CREATE TRIGGER paper_prints_no_truncate BEFORE TRUNCATE ON paper_prints FOR EACH STATEMENT EXECUTE FUNCTION paper_prints_no_delete()
;;
CREATE FUNCTION paper_prints_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'paper_prints is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER paper_prints_no_update BEFORE UPDATE ON paper_prints FOR EACH ROW EXECUTE FUNCTION paper_prints_no_update()
;;
CREATE FUNCTION paper_series_counts_up() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.last <> OLD.last + 1 OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year OR NEW.pattern <> OLD.pattern THEN RAISE EXCEPTION 'a paper series counts up by one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER paper_series_counts_up BEFORE UPDATE ON paper_series FOR EACH ROW EXECUTE FUNCTION paper_series_counts_up()
;;
CREATE FUNCTION paper_series_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.last > 0 THEN RAISE EXCEPTION 'a paper series in use stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER paper_series_no_delete BEFORE DELETE ON paper_series FOR EACH ROW EXECUTE FUNCTION paper_series_no_delete()
;;
CREATE FUNCTION papers_chained() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.previous <> COALESCE((SELECT digest FROM papers WHERE hotel_id = NEW.hotel_id AND series_id = NEW.series_id AND number = NEW.number - 1), '') THEN RAISE EXCEPTION 'papers of a series are chained to the one before' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER papers_chained BEFORE INSERT ON papers FOR EACH ROW EXECUTE FUNCTION papers_chained()
;;
CREATE FUNCTION papers_credit_no_more() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.credits_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM papers WHERE hotel_id = NEW.hotel_id AND id = NEW.credits_id AND kind = 'invoice') OR NEW.gross + (SELECT COALESCE(SUM(gross), 0) FROM papers WHERE hotel_id = NEW.hotel_id AND credits_id = NEW.credits_id) > (SELECT gross FROM papers WHERE hotel_id = NEW.hotel_id AND id = NEW.credits_id)) THEN RAISE EXCEPTION 'no more is credited than was invoiced' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER papers_credit_no_more BEFORE INSERT ON papers FOR EACH ROW EXECUTE FUNCTION papers_credit_no_more()
;;
CREATE FUNCTION papers_gapless() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.number <> COALESCE((SELECT MAX(number) FROM papers WHERE hotel_id = NEW.hotel_id AND series_id = NEW.series_id), 0) + 1 THEN RAISE EXCEPTION 'papers of a series are numbered without a gap' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER papers_gapless BEFORE INSERT ON papers FOR EACH ROW EXECUTE FUNCTION papers_gapless()
;;
CREATE FUNCTION papers_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'papers is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER papers_no_delete BEFORE DELETE ON papers FOR EACH ROW EXECUTE FUNCTION papers_no_delete()
;;
CREATE TRIGGER papers_no_truncate BEFORE TRUNCATE ON papers FOR EACH STATEMENT EXECUTE FUNCTION papers_no_delete()
;;
CREATE FUNCTION papers_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'papers is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER papers_no_update BEFORE UPDATE ON papers FOR EACH ROW EXECUTE FUNCTION papers_no_update()
;;
CREATE FUNCTION entries_leave_papers_alone() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (NEW.reverses_id IS NOT NULL AND (SELECT COALESCE(SUM(covers), 0) FROM paper_entries WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.reverses_id) > 0) OR (NEW.kind = 'transfer' AND NEW.concerns_id IS NOT NULL AND (SELECT COALESCE(SUM(covers), 0) FROM paper_entries WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.concerns_id) > 0) THEN RAISE EXCEPTION 'what is invoiced is credited before it changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER entries_leave_papers_alone BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_leave_papers_alone()
