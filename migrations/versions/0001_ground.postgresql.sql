CREATE TABLE chains (
	id BIGINT NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_chains PRIMARY KEY (id)
)
;;
CREATE TABLE sign_in_tries (
	id BIGINT NOT NULL, 
	account VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_sign_in_tries PRIMARY KEY (id)
)
;;
CREATE INDEX ix_sign_in_tries_account_at ON sign_in_tries (account, at)
;;
CREATE INDEX ix_sign_in_tries_address_at ON sign_in_tries (address, at)
;;
CREATE TABLE companies (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	folded_name VARCHAR COLLATE "C" NOT NULL, 
	address VARCHAR, 
	tax_number VARCHAR, 
	email VARCHAR, 
	direct_bill BOOLEAN NOT NULL, 
	credit_limit BIGINT, 
	version BIGINT NOT NULL, 
	chain_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_companies PRIMARY KEY (chain_id, id), 
	CONSTRAINT uq_companies_chain_id_code UNIQUE (chain_id, code), 
	CONSTRAINT fk_companies_chain_id FOREIGN KEY(chain_id) REFERENCES chains (id)
)
;;
CREATE INDEX ix_companies_chain_id_folded_name ON companies (chain_id, folded_name)
;;
CREATE TABLE guests (
	given_name VARCHAR NOT NULL, 
	surname VARCHAR NOT NULL, 
	native_name VARCHAR, 
	folded_name VARCHAR COLLATE "C" NOT NULL, 
	email VARCHAR COLLATE "C", 
	phone VARCHAR, 
	country VARCHAR(3), 
	language VARCHAR(8), 
	vip BOOLEAN NOT NULL, 
	notes VARCHAR, 
	details JSON, 
	version BIGINT NOT NULL, 
	chain_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_guests PRIMARY KEY (chain_id, id), 
	CONSTRAINT fk_guests_chain_id FOREIGN KEY(chain_id) REFERENCES chains (id)
)
;;
CREATE INDEX ix_guests_chain_id_email ON guests (chain_id, email)
;;
CREATE INDEX ix_guests_chain_id_folded_name ON guests (chain_id, folded_name)
;;
CREATE TABLE hotels (
	id BIGINT NOT NULL, 
	chain_id BIGINT NOT NULL, 
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	business_date DATE NOT NULL, 
	opened_on DATE NOT NULL, 
	audit_at TIME WITHOUT TIME ZONE NOT NULL, 
	release_at TIME WITHOUT TIME ZONE NOT NULL, 
	credit_limit BIGINT NOT NULL, 
	CONSTRAINT pk_hotels PRIMARY KEY (id), 
	CONSTRAINT uq_hotels_chain_id_id UNIQUE (chain_id, id), 
	CONSTRAINT ck_hotels_not_before_opening CHECK (business_date >= opened_on), 
	CONSTRAINT fk_hotels_chain_id FOREIGN KEY(chain_id) REFERENCES chains (id), 
	CONSTRAINT uq_hotels_code UNIQUE (code)
)
;;
CREATE TABLE staff (
	email VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	password_hash VARCHAR, 
	disabled BOOLEAN NOT NULL, 
	theme VARCHAR NOT NULL, 
	density VARCHAR NOT NULL, 
	letter_keys BOOLEAN NOT NULL, 
	chain_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_staff PRIMARY KEY (chain_id, id), 
	CONSTRAINT uq_staff_email UNIQUE (email), 
	CONSTRAINT fk_staff_chain_id FOREIGN KEY(chain_id) REFERENCES chains (id)
)
;;
CREATE TABLE accounts (
	ledger VARCHAR(24) NOT NULL, 
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_accounts_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT ck_accounts_ledger CHECK (ledger IN ('guest', 'deposit', 'city', 'cash', 'clearing', 'tax', 'revenue', 'package')), 
	CONSTRAINT fk_accounts_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_accounts_hotel_id_ledger ON accounts (hotel_id, ledger)
;;
CREATE TABLE api_tokens (
	chain_id BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	name VARCHAR NOT NULL, 
	scopes JSON NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	used_on DATE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_api_tokens PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_api_tokens_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT uq_api_tokens_digest UNIQUE (digest), 
	CONSTRAINT fk_api_tokens_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE archived_reports (
	hotel_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	name VARCHAR NOT NULL, 
	form VARCHAR(8) NOT NULL, 
	content BYTEA NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_archived_reports PRIMARY KEY (hotel_id, day, name, form), 
	CONSTRAINT fk_archived_reports_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE audits (
	hotel_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	staff_id BIGINT NOT NULL, 
	CONSTRAINT pk_audits PRIMARY KEY (hotel_id, day), 
	CONSTRAINT ck_audits_done_when_finished CHECK ((state = 'done') = (finished_at IS NOT NULL)), 
	CONSTRAINT fk_audits_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_audits_auditstate CHECK (state IN ('running', 'failed', 'done'))
)
;;
CREATE TABLE counters (
	hotel_id BIGINT NOT NULL, 
	name VARCHAR NOT NULL, 
	last BIGINT NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (hotel_id, name), 
	CONSTRAINT fk_counters_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE day_seals (
	hotel_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	entries BIGINT NOT NULL, 
	CONSTRAINT pk_day_seals PRIMARY KEY (hotel_id, day), 
	CONSTRAINT ck_day_seals_not_negative CHECK (entries >= 0), 
	CONSTRAINT fk_day_seals_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE day_statistics (
	hotel_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	rooms BIGINT NOT NULL, 
	out_of_order BIGINT NOT NULL, 
	occupied BIGINT NOT NULL, 
	complimentary BIGINT NOT NULL, 
	house_use BIGINT NOT NULL, 
	group_rooms BIGINT NOT NULL, 
	day_use BIGINT NOT NULL, 
	adults BIGINT NOT NULL, 
	children BIGINT NOT NULL, 
	arrivals BIGINT NOT NULL, 
	arrival_persons BIGINT NOT NULL, 
	departures BIGINT NOT NULL, 
	departure_persons BIGINT NOT NULL, 
	walk_ins BIGINT NOT NULL, 
	no_shows BIGINT NOT NULL, 
	cancellations BIGINT NOT NULL, 
	cancelled_arrivals BIGINT NOT NULL, 
	reservations_made BIGINT NOT NULL, 
	nights_reserved BIGINT NOT NULL, 
	room_revenue BIGINT NOT NULL, 
	food_and_beverage BIGINT NOT NULL, 
	other_revenue BIGINT NOT NULL, 
	taxes BIGINT NOT NULL, 
	payments BIGINT NOT NULL, 
	CONSTRAINT pk_day_statistics PRIMARY KEY (hotel_id, day), 
	CONSTRAINT fk_day_statistics_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE document_series (
	kind VARCHAR(24) NOT NULL, 
	prefix VARCHAR(8) NOT NULL, 
	year BIGINT NOT NULL, 
	last BIGINT NOT NULL, 
	last_digest VARCHAR(64) NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_document_series PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_document_series_hotel_id_kind_year UNIQUE (hotel_id, kind, year), 
	CONSTRAINT ck_document_series_counts_up CHECK (last >= 0), 
	CONSTRAINT ck_document_series_kind CHECK (kind IN ('invoice', 'credit-note', 'receipt', 'statement', 'registration-card', 'audit-report')), 
	CONSTRAINT fk_document_series_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE entries (
	business_day DATE NOT NULL, 
	key VARCHAR NOT NULL, 
	content VARCHAR(64) NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	text VARCHAR NOT NULL, 
	reference VARCHAR, 
	reason VARCHAR, 
	currency VARCHAR(3) NOT NULL, 
	reverses_id BIGINT, 
	concerns_id BIGINT, 
	subject_id BIGINT, 
	service_night DATE, 
	rule VARCHAR, 
	turn BIGINT NOT NULL, 
	posted_by BIGINT NOT NULL, 
	posted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_entries PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_entries_hotel_id_key UNIQUE (hotel_id, key), 
	CONSTRAINT fk_entries_hotel_id_reverses_id FOREIGN KEY(hotel_id, reverses_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_entries_hotel_id_concerns_id FOREIGN KEY(hotel_id, concerns_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT ck_entries_reverses_one CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL)), 
	CONSTRAINT ck_entries_night_by_a_rule CHECK ((service_night IS NULL) = (rule IS NULL)), 
	CONSTRAINT ck_entries_night_of_someone CHECK (service_night IS NULL OR subject_id IS NOT NULL), 
	CONSTRAINT ck_entries_kind CHECK (kind IN ('charge', 'payment', 'refund', 'deposit', 'deposit_applied', 'deposit_returned', 'transfer', 'adjustment', 'reversal', 'direct_bill', 'city_payment', 'write_off')), 
	CONSTRAINT fk_entries_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_entries_hotel_id_business_day ON entries (hotel_id, business_day)
;;
CREATE INDEX ix_entries_hotel_id_service_night ON entries (hotel_id, service_night) WHERE service_night IS NOT NULL
;;
CREATE UNIQUE INDEX uq_entries_moved_once ON entries (hotel_id, concerns_id, turn) WHERE kind = 'transfer' AND concerns_id IS NOT NULL
;;
CREATE UNIQUE INDEX uq_entries_night_charged_once ON entries (hotel_id, subject_id, service_night, rule, turn) WHERE subject_id IS NOT NULL
;;
CREATE UNIQUE INDEX uq_entries_reversed_once ON entries (hotel_id, reverses_id) WHERE reverses_id IS NOT NULL
;;
CREATE TABLE folios (
	number BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	name VARCHAR NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	opened_on DATE NOT NULL, 
	closed_on DATE, 
	credit_limit BIGINT, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_folios PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_folios_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT ck_folios_closed_on_a_day CHECK ((state = 'closed') = (closed_on IS NOT NULL)), 
	CONSTRAINT ck_folios_foliokind CHECK (kind IN ('guest', 'group', 'company', 'house', 'passer_by')), 
	CONSTRAINT ck_folios_foliostate CHECK (state IN ('open', 'closed')), 
	CONSTRAINT fk_folios_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_folios_hotel_id_state_kind ON folios (hotel_id, state, kind)
;;
CREATE TABLE house_nights (
	hotel_id BIGINT NOT NULL, 
	night DATE NOT NULL, 
	rooms BIGINT NOT NULL, 
	out_of_order BIGINT NOT NULL, 
	sold BIGINT NOT NULL, 
	held BIGINT NOT NULL, 
	allowance BIGINT NOT NULL, 
	forced BIGINT NOT NULL, 
	CONSTRAINT pk_house_nights PRIMARY KEY (hotel_id, night), 
	CONSTRAINT ck_house_nights_never_oversold CHECK (sold + held <= rooms - out_of_order + allowance + forced), 
	CONSTRAINT ck_house_nights_not_negative CHECK (rooms >= 0 AND out_of_order >= 0 AND sold >= 0 AND held >= 0 AND forced >= 0), 
	CONSTRAINT fk_house_nights_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE jobs (
	name VARCHAR NOT NULL, 
	key VARCHAR NOT NULL, 
	payload JSON NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	run_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	every BIGINT, 
	attempts BIGINT NOT NULL, 
	lease_until TIMESTAMP WITH TIME ZONE, 
	error VARCHAR, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_jobs_hotel_id_key UNIQUE (hotel_id, key), 
	CONSTRAINT ck_jobs_leased CHECK ((state = 'running') = (lease_until IS NOT NULL)), 
	CONSTRAINT ck_jobs_comes_back_later CHECK (every IS NULL OR every > 0), 
	CONSTRAINT ck_jobs_jobstate CHECK (state IN ('waiting', 'running', 'done', 'failed')), 
	CONSTRAINT fk_jobs_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_jobs_state_run_at ON jobs (state, run_at)
;;
CREATE TABLE letters (
	key VARCHAR NOT NULL, 
	"to" VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	html VARCHAR, 
	document_ids JSON NOT NULL, 
	content_digest VARCHAR(64) NOT NULL, 
	written_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_letters PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_letters_hotel_id_key UNIQUE (hotel_id, key), 
	CONSTRAINT ck_letters_has_digest CHECK (length(content_digest) = 64), 
	CONSTRAINT fk_letters_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_letters_hotel_id_sent_at ON letters (hotel_id, sent_at)
;;
CREATE TABLE logbook (
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	business_day DATE NOT NULL, 
	staff_id BIGINT NOT NULL, 
	origin VARCHAR NOT NULL, 
	verb VARCHAR NOT NULL, 
	noun VARCHAR NOT NULL, 
	noun_id BIGINT NOT NULL, 
	before JSON, 
	after JSON, 
	why VARCHAR, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_logbook PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_logbook_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_logbook_hotel_id_noun_noun_id_id ON logbook (hotel_id, noun, noun_id, id)
;;
CREATE TABLE room_types (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	sleeps BIGINT NOT NULL, 
	rank BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_room_types PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_room_types_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT ck_room_types_sleeps_someone CHECK (sleeps > 0), 
	CONSTRAINT fk_room_types_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE segment_statistics (
	hotel_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	market VARCHAR NOT NULL, 
	rooms BIGINT NOT NULL, 
	revenue BIGINT NOT NULL, 
	CONSTRAINT pk_segment_statistics PRIMARY KEY (hotel_id, day, market), 
	CONSTRAINT fk_segment_statistics_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE sign_ins (
	token_digest VARCHAR(64) NOT NULL, 
	chain_id BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	address VARCHAR NOT NULL, 
	agent VARCHAR NOT NULL, 
	CONSTRAINT pk_sign_ins PRIMARY KEY (token_digest), 
	CONSTRAINT fk_sign_ins_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id)
)
;;
CREATE INDEX ix_sign_ins_chain_id_staff_id ON sign_ins (chain_id, staff_id)
;;
CREATE TABLE staff_roles (
	chain_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	role VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_staff_roles PRIMARY KEY (chain_id, hotel_id, staff_id), 
	CONSTRAINT fk_staff_roles_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_staff_roles_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_staff_roles_role CHECK (role IN ('front_desk', 'reservations', 'night_auditor', 'housekeeper', 'housekeeping_manager', 'accountant', 'manager', 'owner', 'house'))
)
;;
CREATE TABLE tax_classes (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_tax_classes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_tax_classes_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT fk_tax_classes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE taxes (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	inclusive BOOLEAN NOT NULL, 
	on_top_of JSON NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_taxes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_taxes_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT ck_taxes_taxkind CHECK (kind IN ('percent', 'per_person_night', 'per_night', 'per_person', 'per_booking')), 
	CONSTRAINT fk_taxes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE terminal_batches (
	business_day DATE NOT NULL, 
	terminal VARCHAR(24) NOT NULL, 
	batch VARCHAR(24) NOT NULL, 
	counted BIGINT NOT NULL, 
	recorded BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_terminal_batches PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_terminal_batches_hotel_id_business_day_terminal_batch UNIQUE (hotel_id, business_day, terminal, batch), 
	CONSTRAINT fk_terminal_batches_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE account_days (
	hotel_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	account_id BIGINT NOT NULL, 
	opening BIGINT NOT NULL, 
	debits BIGINT NOT NULL, 
	credits BIGINT NOT NULL, 
	closing BIGINT NOT NULL, 
	CONSTRAINT pk_account_days PRIMARY KEY (hotel_id, day, account_id), 
	CONSTRAINT fk_account_days_hotel_id_account_id FOREIGN KEY(hotel_id, account_id) REFERENCES accounts (hotel_id, id), 
	CONSTRAINT ck_account_days_adds_up CHECK (closing = opening + debits - credits)
)
;;
CREATE TABLE api_answers (
	hotel_id BIGINT NOT NULL, 
	token_id BIGINT NOT NULL, 
	key VARCHAR(255) NOT NULL, 
	request VARCHAR(64) NOT NULL, 
	status SMALLINT NOT NULL, 
	location VARCHAR, 
	body VARCHAR NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_api_answers PRIMARY KEY (hotel_id, token_id, key), 
	CONSTRAINT fk_api_answers_hotel_id_token_id FOREIGN KEY(hotel_id, token_id) REFERENCES api_tokens (hotel_id, id)
)
;;
CREATE INDEX ix_api_answers_hotel_id_token_id_made_at ON api_answers (hotel_id, token_id, made_at)
;;
CREATE TABLE audit_steps (
	hotel_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	no SMALLINT NOT NULL, 
	name VARCHAR NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	rows BIGINT NOT NULL, 
	attempts BIGINT NOT NULL, 
	error VARCHAR, 
	CONSTRAINT pk_audit_steps PRIMARY KEY (hotel_id, day, no), 
	CONSTRAINT fk_audit_steps_hotel_id_day FOREIGN KEY(hotel_id, day) REFERENCES audits (hotel_id, day), 
	CONSTRAINT ck_audit_steps_stepstate CHECK (state IN ('pending', 'running', 'done', 'failed', 'skipped'))
)
;;
CREATE TABLE charge_codes (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	department VARCHAR(24) NOT NULL, 
	tax_class_id BIGINT, 
	price BIGINT, 
	active BOOLEAN NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_charge_codes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_charge_codes_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT fk_charge_codes_hotel_id_tax_class_id FOREIGN KEY(hotel_id, tax_class_id) REFERENCES tax_classes (hotel_id, id), 
	CONSTRAINT ck_charge_codes_department CHECK (department IN ('rooms', 'food_and_beverage', 'other', 'miscellaneous')), 
	CONSTRAINT fk_charge_codes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE documents (
	series_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	label VARCHAR NOT NULL, 
	number BIGINT NOT NULL, 
	title VARCHAR NOT NULL, 
	media_type VARCHAR NOT NULL, 
	content BYTEA NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	data JSON NOT NULL, 
	issued_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	issued_on DATE NOT NULL, 
	staff_id BIGINT NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_documents PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_documents_hotel_id_series_id_number UNIQUE (hotel_id, series_id, number), 
	CONSTRAINT fk_documents_hotel_id_series_id FOREIGN KEY(hotel_id, series_id) REFERENCES document_series (hotel_id, id), 
	CONSTRAINT ck_documents_has_digests CHECK (length(sha256) = 64 AND length(digest) = 64), 
	CONSTRAINT ck_documents_kind CHECK (kind IN ('invoice', 'credit-note', 'receipt', 'statement', 'registration-card', 'audit-report')), 
	CONSTRAINT fk_documents_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_documents_hotel_id_kind_issued_on ON documents (hotel_id, kind, issued_on)
;;
CREATE TABLE folio_windows (
	hotel_id BIGINT NOT NULL, 
	folio_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	chain_id BIGINT NOT NULL, 
	payee_guest_id BIGINT, 
	payee_company_id BIGINT, 
	payee_name VARCHAR, 
	address VARCHAR, 
	CONSTRAINT pk_folio_windows PRIMARY KEY (hotel_id, folio_id, no), 
	CONSTRAINT fk_folio_windows_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT fk_folio_windows_hotel_id_account_id FOREIGN KEY(hotel_id, account_id) REFERENCES accounts (hotel_id, id), 
	CONSTRAINT fk_folio_windows_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_folio_windows_chain_id_payee_guest_id FOREIGN KEY(chain_id, payee_guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_folio_windows_chain_id_payee_company_id FOREIGN KEY(chain_id, payee_company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT uq_folio_windows_hotel_id_account_id UNIQUE (hotel_id, account_id), 
	CONSTRAINT ck_folio_windows_one_to_eight CHECK (no BETWEEN 1 AND 8), 
	CONSTRAINT ck_folio_windows_one_payee_at_most CHECK (payee_guest_id IS NULL OR payee_company_id IS NULL)
)
;;
CREATE TABLE forcings (
	night DATE NOT NULL, 
	type_id BIGINT, 
	rooms BIGINT NOT NULL, 
	subject_id BIGINT NOT NULL, 
	reason VARCHAR NOT NULL, 
	staff_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_forcings PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_forcings_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_forcings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_forcings_hotel_id_night ON forcings (hotel_id, night)
;;
CREATE TABLE groups (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	folio_id BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_groups PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_groups_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT fk_groups_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT fk_groups_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE holds (
	type_id BIGINT NOT NULL, 
	arrival DATE NOT NULL, 
	departure DATE NOT NULL, 
	rooms BIGINT NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_holds PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_holds_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_holds_holds_something CHECK (rooms > 0), 
	CONSTRAINT ck_holds_has_a_night CHECK (departure > arrival), 
	CONSTRAINT ck_holds_holdstate CHECK (state IN ('open', 'used', 'released')), 
	CONSTRAINT fk_holds_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_holds_hotel_id_state_expires_at ON holds (hotel_id, state, expires_at)
;;
CREATE TABLE night_changes (
	business_day DATE NOT NULL, 
	night DATE NOT NULL, 
	type_id BIGINT NOT NULL, 
	market VARCHAR NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	rooms BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_night_changes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_night_changes_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_night_changes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_night_changes_hotel_id_business_day_night ON night_changes (hotel_id, business_day, night)
;;
CREATE INDEX ix_night_changes_hotel_id_reservation_id ON night_changes (hotel_id, reservation_id)
;;
CREATE TABLE payments (
	entry_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	voids_id BIGINT, 
	business_day DATE NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	method VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	brand VARCHAR(24), 
	last_four VARCHAR(4), 
	authorisation VARCHAR(24), 
	terminal VARCHAR(24), 
	batch VARCHAR(24), 
	staff_id BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_payments PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_payments_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_payments_hotel_id_account_id FOREIGN KEY(hotel_id, account_id) REFERENCES accounts (hotel_id, id), 
	CONSTRAINT fk_payments_hotel_id_voids_id FOREIGN KEY(hotel_id, voids_id) REFERENCES payments (hotel_id, id), 
	CONSTRAINT uq_payments_hotel_id_entry_id UNIQUE (hotel_id, entry_id), 
	CONSTRAINT uq_payments_hotel_id_voids_id UNIQUE (hotel_id, voids_id), 
	CONSTRAINT ck_payments_voids_one CHECK ((kind = 'void') = (voids_id IS NOT NULL)), 
	CONSTRAINT ck_payments_moves_money CHECK (amount <> 0), 
	CONSTRAINT ck_payments_four_digits_at_most CHECK (last_four IS NULL OR length(last_four) = 4), 
	CONSTRAINT ck_payments_only_cards_have_brands CHECK (method = 'card' OR (brand IS NULL AND last_four IS NULL)), 
	CONSTRAINT ck_payments_paymentkind CHECK (kind IN ('payment', 'deposit', 'refund', 'city', 'void')), 
	CONSTRAINT ck_payments_method CHECK (method IN ('cash', 'card', 'transfer')), 
	CONSTRAINT fk_payments_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_payments_hotel_id_account_id ON payments (hotel_id, account_id)
;;
CREATE INDEX ix_payments_hotel_id_business_day_terminal_batch ON payments (hotel_id, business_day, terminal, batch)
;;
CREATE TABLE rooms (
	number VARCHAR NOT NULL, 
	type_id BIGINT NOT NULL, 
	floor VARCHAR NOT NULL, 
	features JSON NOT NULL, 
	connects_to_id BIGINT, 
	condition VARCHAR(24) NOT NULL, 
	condition_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_rooms PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_rooms_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT fk_rooms_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_rooms_hotel_id_connects_to_id FOREIGN KEY(hotel_id, connects_to_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT ck_rooms_condition CHECK (condition IN ('dirty', 'pickup', 'clean', 'inspected')), 
	CONSTRAINT fk_rooms_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_rooms_hotel_id_type_id ON rooms (hotel_id, type_id)
;;
CREATE TABLE tax_class_taxes (
	hotel_id BIGINT NOT NULL, 
	tax_class_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	tax_id BIGINT NOT NULL, 
	CONSTRAINT pk_tax_class_taxes PRIMARY KEY (hotel_id, tax_class_id, no), 
	CONSTRAINT fk_tax_class_taxes_hotel_id_tax_class_id FOREIGN KEY(hotel_id, tax_class_id) REFERENCES tax_classes (hotel_id, id), 
	CONSTRAINT fk_tax_class_taxes_hotel_id_tax_id FOREIGN KEY(hotel_id, tax_id) REFERENCES taxes (hotel_id, id), 
	CONSTRAINT uq_tax_class_taxes_hotel_id_tax_class_id_tax_id UNIQUE (hotel_id, tax_class_id, tax_id)
)
;;
CREATE TABLE tax_rates (
	hotel_id BIGINT NOT NULL, 
	tax_id BIGINT NOT NULL, 
	from_day DATE NOT NULL, 
	rate BIGINT NOT NULL, 
	CONSTRAINT pk_tax_rates PRIMARY KEY (hotel_id, tax_id, from_day), 
	CONSTRAINT fk_tax_rates_hotel_id_tax_id FOREIGN KEY(hotel_id, tax_id) REFERENCES taxes (hotel_id, id), 
	CONSTRAINT ck_tax_rates_not_negative CHECK (rate >= 0)
)
;;
CREATE TABLE type_nights (
	hotel_id BIGINT NOT NULL, 
	night DATE NOT NULL, 
	type_id BIGINT NOT NULL, 
	rooms BIGINT NOT NULL, 
	out_of_order BIGINT NOT NULL, 
	sold BIGINT NOT NULL, 
	held BIGINT NOT NULL, 
	allowance BIGINT NOT NULL, 
	forced BIGINT NOT NULL, 
	CONSTRAINT pk_type_nights PRIMARY KEY (hotel_id, night, type_id), 
	CONSTRAINT fk_type_nights_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_type_nights_never_oversold CHECK (sold + held <= rooms - out_of_order + allowance + forced), 
	CONSTRAINT ck_type_nights_not_negative CHECK (rooms >= 0 AND out_of_order >= 0 AND sold >= 0 AND held >= 0 AND forced >= 0)
)
;;
CREATE TABLE direct_bills (
	chain_id BIGINT NOT NULL, 
	company_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	folio_id BIGINT NOT NULL, 
	window_no SMALLINT NOT NULL, 
	amount BIGINT NOT NULL, 
	billed_on DATE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_direct_bills PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_direct_bills_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_direct_bills_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT fk_direct_bills_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_direct_bills_hotel_id_folio_id_window_no FOREIGN KEY(hotel_id, folio_id, window_no) REFERENCES folio_windows (hotel_id, folio_id, no), 
	CONSTRAINT uq_direct_bills_hotel_id_entry_id UNIQUE (hotel_id, entry_id), 
	CONSTRAINT ck_direct_bills_bills_something CHECK (amount > 0), 
	CONSTRAINT fk_direct_bills_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_direct_bills_hotel_id_company_id_billed_on ON direct_bills (hotel_id, company_id, billed_on)
;;
CREATE TABLE lines (
	hotel_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	business_day DATE NOT NULL, 
	account_id BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	charge_code_id BIGINT, 
	tax_id BIGINT, 
	quantity BIGINT, 
	base BIGINT, 
	CONSTRAINT pk_lines PRIMARY KEY (hotel_id, entry_id, no), 
	CONSTRAINT fk_lines_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_lines_hotel_id_account_id FOREIGN KEY(hotel_id, account_id) REFERENCES accounts (hotel_id, id), 
	CONSTRAINT fk_lines_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT fk_lines_hotel_id_tax_id FOREIGN KEY(hotel_id, tax_id) REFERENCES taxes (hotel_id, id)
)
;;
CREATE INDEX ix_lines_of_account ON lines (hotel_id, account_id, business_day, amount)
;;
CREATE TABLE rate_plans (
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	market VARCHAR NOT NULL, 
	charge_code_id BIGINT NOT NULL, 
	active BOOLEAN NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_rate_plans PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_rate_plans_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT fk_rate_plans_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT fk_rate_plans_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE room_blocks (
	room_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	first DATE NOT NULL, 
	until DATE NOT NULL, 
	reason VARCHAR NOT NULL, 
	return_condition VARCHAR(24) NOT NULL, 
	ended BOOLEAN NOT NULL, 
	staff_id BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_room_blocks PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_room_blocks_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT ck_room_blocks_has_a_night CHECK (until > first), 
	CONSTRAINT ck_room_blocks_block CHECK (kind IN ('out_of_order', 'out_of_service')), 
	CONSTRAINT ck_room_blocks_condition CHECK (return_condition IN ('dirty', 'pickup', 'clean', 'inspected')), 
	CONSTRAINT fk_room_blocks_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_room_blocks_hotel_id_room_id ON room_blocks (hotel_id, room_id)
;;
CREATE INDEX ix_room_blocks_hotel_id_until ON room_blocks (hotel_id, until)
;;
CREATE TABLE room_claims (
	hotel_id BIGINT NOT NULL, 
	room_id BIGINT NOT NULL, 
	night DATE NOT NULL, 
	slot VARCHAR(24) NOT NULL, 
	claim_id BIGINT NOT NULL, 
	claimant VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_room_claims PRIMARY KEY (hotel_id, room_id, night, slot), 
	CONSTRAINT fk_room_claims_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT ck_room_claims_slot CHECK (slot IN ('night', 'day')), 
	CONSTRAINT ck_room_claims_claimant CHECK (claimant IN ('party', 'block'))
)
;;
CREATE INDEX ix_room_claims_hotel_id_claim_id ON room_claims (hotel_id, claim_id)
;;
CREATE INDEX ix_room_claims_hotel_id_night_slot_room_id ON room_claims (hotel_id, night, slot, room_id)
;;
CREATE TABLE routing_rules (
	folio_id BIGINT NOT NULL, 
	charge_code_id BIGINT, 
	department VARCHAR(24), 
	first_night DATE, 
	last_night DATE, 
	to_folio_id BIGINT NOT NULL, 
	to_window SMALLINT NOT NULL, 
	priority BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_routing_rules PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_routing_rules_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT fk_routing_rules_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT fk_routing_rules_hotel_id_to_folio_id_to_window FOREIGN KEY(hotel_id, to_folio_id, to_window) REFERENCES folio_windows (hotel_id, folio_id, no), 
	CONSTRAINT ck_routing_rules_code_or_department CHECK (charge_code_id IS NULL OR department IS NULL), 
	CONSTRAINT ck_routing_rules_from_first_to_last CHECK (first_night IS NULL OR last_night IS NULL OR first_night <= last_night), 
	CONSTRAINT ck_routing_rules_department CHECK (department IN ('rooms', 'food_and_beverage', 'other', 'miscellaneous')), 
	CONSTRAINT fk_routing_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_routing_rules_hotel_id_folio_id ON routing_rules (hotel_id, folio_id)
;;
CREATE TABLE night_prices (
	hotel_id BIGINT NOT NULL, 
	night DATE NOT NULL, 
	type_id BIGINT NOT NULL, 
	plan_id BIGINT NOT NULL, 
	price BIGINT NOT NULL, 
	CONSTRAINT pk_night_prices PRIMARY KEY (hotel_id, night, type_id, plan_id), 
	CONSTRAINT fk_night_prices_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_night_prices_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id)
)
;;
CREATE TABLE reservations (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	booking_number BIGINT NOT NULL, 
	guest_id BIGINT NOT NULL, 
	company_id BIGINT, 
	group_id BIGINT, 
	folio_id BIGINT, 
	state VARCHAR(24) NOT NULL, 
	arrival DATE NOT NULL, 
	departure DATE NOT NULL, 
	adults BIGINT NOT NULL, 
	children BIGINT NOT NULL, 
	type_id BIGINT NOT NULL, 
	plan_id BIGINT NOT NULL, 
	purpose VARCHAR(24) NOT NULL, 
	guarantee VARCHAR(24) NOT NULL, 
	collects VARCHAR(24) NOT NULL, 
	market VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	channel_ref VARCHAR, 
	claim_id BIGINT, 
	shares_with_id BIGINT, 
	do_not_move VARCHAR, 
	wishes JSON NOT NULL, 
	eta TIME WITHOUT TIME ZONE, 
	notes VARCHAR, 
	walk_in BOOLEAN NOT NULL, 
	forced_reason VARCHAR, 
	booked_on DATE NOT NULL, 
	booked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	promised_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	cancelled_on DATE, 
	cancel_number BIGINT, 
	cancel_reason VARCHAR, 
	no_show_on DATE, 
	credit_limit BIGINT, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_reservations PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_reservations_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT uq_reservations_hotel_id_channel_channel_ref UNIQUE (hotel_id, channel, channel_ref), 
	CONSTRAINT fk_reservations_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_reservations_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_reservations_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT fk_reservations_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_reservations_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_reservations_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT fk_reservations_hotel_id_group_id FOREIGN KEY(hotel_id, group_id) REFERENCES groups (hotel_id, id), 
	CONSTRAINT fk_reservations_hotel_id_shares_with_id FOREIGN KEY(hotel_id, shares_with_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT ck_reservations_leaves_after_arriving CHECK (departure >= arrival), 
	CONSTRAINT ck_reservations_party_not_negative CHECK (adults >= 0 AND children >= 0), 
	CONSTRAINT ck_reservations_cancelled_with_number CHECK ((state = 'cancelled') = (cancel_number IS NOT NULL)), 
	CONSTRAINT ck_reservations_state CHECK (state IN ('booked', 'in_house', 'departed', 'cancelled', 'no_show')), 
	CONSTRAINT ck_reservations_purpose CHECK (purpose IN ('paying', 'complimentary', 'house_use')), 
	CONSTRAINT ck_reservations_guarantee CHECK (guarantee IN ('none', 'card', 'deposit', 'company')), 
	CONSTRAINT ck_reservations_collects CHECK (collects IN ('hotel', 'channel')), 
	CONSTRAINT fk_reservations_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_reservations_hotel_id_arrival ON reservations (hotel_id, arrival)
;;
CREATE INDEX ix_reservations_hotel_id_booked_on ON reservations (hotel_id, booked_on)
;;
CREATE INDEX ix_reservations_hotel_id_booking_number ON reservations (hotel_id, booking_number)
;;
CREATE INDEX ix_reservations_hotel_id_cancelled_on ON reservations (hotel_id, cancelled_on) WHERE cancelled_on IS NOT NULL
;;
CREATE INDEX ix_reservations_hotel_id_claim_id ON reservations (hotel_id, claim_id) WHERE claim_id IS NOT NULL
;;
CREATE INDEX ix_reservations_hotel_id_folio_id ON reservations (hotel_id, folio_id) WHERE folio_id IS NOT NULL
;;
CREATE INDEX ix_reservations_hotel_id_guest_id ON reservations (hotel_id, guest_id)
;;
CREATE INDEX ix_reservations_hotel_id_no_show_on ON reservations (hotel_id, no_show_on) WHERE no_show_on IS NOT NULL
;;
CREATE INDEX ix_reservations_hotel_id_state_arrival ON reservations (hotel_id, state, arrival)
;;
CREATE INDEX ix_reservations_hotel_id_state_departure ON reservations (hotel_id, state, departure)
;;
CREATE INDEX ix_reservations_sharers ON reservations (hotel_id, shares_with_id) WHERE shares_with_id IS NOT NULL
;;
CREATE TABLE audit_choices (
	hotel_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	choice VARCHAR(24) NOT NULL, 
	staff_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_audit_choices PRIMARY KEY (hotel_id, day, reservation_id), 
	CONSTRAINT fk_audit_choices_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT ck_audit_choices_choice CHECK (choice IN ('check_in', 'keep', 'no_show', 'no_show_keep_nights', 'extend', 'check_out', 'check_out_with_balance'))
)
;;
CREATE TABLE recurring_charges (
	hotel_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	no SMALLINT NOT NULL, 
	charge_code_id BIGINT NOT NULL, 
	amount BIGINT, 
	quantity BIGINT NOT NULL, 
	rhythm VARCHAR(24) NOT NULL, 
	every BIGINT NOT NULL, 
	weekdays BIGINT NOT NULL, 
	first DATE, 
	last DATE, 
	stopped BOOLEAN NOT NULL, 
	CONSTRAINT pk_recurring_charges PRIMARY KEY (hotel_id, reservation_id, no), 
	CONSTRAINT fk_recurring_charges_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_recurring_charges_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT ck_recurring_charges_charges_something CHECK (quantity > 0), 
	CONSTRAINT ck_recurring_charges_every_some_nights CHECK (every > 0), 
	CONSTRAINT ck_recurring_charges_some_weekday CHECK (weekdays BETWEEN 1 AND 127), 
	CONSTRAINT ck_recurring_charges_from_first_to_last CHECK (first IS NULL OR last IS NULL OR first <= last), 
	CONSTRAINT ck_recurring_charges_rhythm CHECK (rhythm IN ('every_night', 'arrival_night', 'last_night', 'every_n_nights', 'weekdays'))
)
;;
CREATE TABLE reservation_nights (
	hotel_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	night DATE NOT NULL, 
	slot VARCHAR(24) NOT NULL, 
	booked_type_id BIGINT NOT NULL, 
	charged_type_id BIGINT NOT NULL, 
	counted_type_id BIGINT, 
	room_id BIGINT, 
	plan_id BIGINT NOT NULL, 
	price BIGINT NOT NULL, 
	manual_reason VARCHAR, 
	adults BIGINT NOT NULL, 
	children BIGINT NOT NULL, 
	live BOOLEAN NOT NULL, 
	CONSTRAINT pk_reservation_nights PRIMARY KEY (hotel_id, reservation_id, night, slot), 
	CONSTRAINT fk_reservation_nights_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_reservation_nights_hotel_id_booked_type_id FOREIGN KEY(hotel_id, booked_type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_reservation_nights_hotel_id_charged_type_id FOREIGN KEY(hotel_id, charged_type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_reservation_nights_hotel_id_counted_type_id FOREIGN KEY(hotel_id, counted_type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT fk_reservation_nights_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT fk_reservation_nights_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT ck_reservation_nights_negative_rate_needs_a_reason CHECK (manual_reason IS NOT NULL OR price >= 0), 
	CONSTRAINT ck_reservation_nights_counted_only_while_live CHECK (live OR counted_type_id IS NULL), 
	CONSTRAINT ck_reservation_nights_room_only_while_live CHECK (live OR room_id IS NULL), 
	CONSTRAINT ck_reservation_nights_slot CHECK (slot IN ('night', 'day'))
)
;;
CREATE INDEX ix_reservation_nights_hotel_id_night_room_id ON reservation_nights (hotel_id, night, room_id)
;;
CREATE TABLE stays (
	reservation_id BIGINT NOT NULL, 
	room_id BIGINT NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	arrived_on DATE NOT NULL, 
	arrived_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	departed_on DATE, 
	departed_at TIMESTAMP WITH TIME ZONE, 
	planned_departure DATE, 
	left_owing VARCHAR, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_stays PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_stays_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_stays_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT ck_stays_departed_on_a_day CHECK ((state = 'departed') = (departed_on IS NOT NULL)), 
	CONSTRAINT ck_stays_leaves_after_arriving CHECK (departed_on IS NULL OR departed_on >= arrived_on), 
	CONSTRAINT ck_stays_presence CHECK (state IN ('in_house', 'departed', 'undone')), 
	CONSTRAINT fk_stays_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_stays_hotel_id_arrived_on ON stays (hotel_id, arrived_on)
;;
CREATE INDEX ix_stays_hotel_id_departed_on ON stays (hotel_id, departed_on)
;;
CREATE INDEX ix_stays_hotel_id_state_room_id ON stays (hotel_id, state, room_id)
;;
CREATE UNIQUE INDEX uq_stays_one_per_reservation ON stays (hotel_id, reservation_id) WHERE state <> 'undone'
;;
CREATE FUNCTION account_days_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'account_days is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER account_days_no_delete BEFORE DELETE ON account_days FOR EACH ROW EXECUTE FUNCTION account_days_no_delete()
;;
CREATE TRIGGER account_days_no_truncate BEFORE TRUNCATE ON account_days FOR EACH STATEMENT EXECUTE FUNCTION account_days_no_delete()
;;
CREATE FUNCTION account_days_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'account_days is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER account_days_no_update BEFORE UPDATE ON account_days FOR EACH ROW EXECUTE FUNCTION account_days_no_update()
;;
CREATE FUNCTION archived_reports_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'archived_reports is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER archived_reports_no_delete BEFORE DELETE ON archived_reports FOR EACH ROW EXECUTE FUNCTION archived_reports_no_delete()
;;
CREATE TRIGGER archived_reports_no_truncate BEFORE TRUNCATE ON archived_reports FOR EACH STATEMENT EXECUTE FUNCTION archived_reports_no_delete()
;;
CREATE FUNCTION archived_reports_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'archived_reports is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER archived_reports_no_update BEFORE UPDATE ON archived_reports FOR EACH ROW EXECUTE FUNCTION archived_reports_no_update()
;;
CREATE FUNCTION day_seals_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'day_seals is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER day_seals_no_delete BEFORE DELETE ON day_seals FOR EACH ROW EXECUTE FUNCTION day_seals_no_delete()
;;
CREATE TRIGGER day_seals_no_truncate BEFORE TRUNCATE ON day_seals FOR EACH STATEMENT EXECUTE FUNCTION day_seals_no_delete()
;;
CREATE FUNCTION day_seals_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'day_seals is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER day_seals_no_update BEFORE UPDATE ON day_seals FOR EACH ROW EXECUTE FUNCTION day_seals_no_update()
;;
CREATE FUNCTION day_statistics_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'day_statistics is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER day_statistics_no_delete BEFORE DELETE ON day_statistics FOR EACH ROW EXECUTE FUNCTION day_statistics_no_delete()
;;
CREATE TRIGGER day_statistics_no_truncate BEFORE TRUNCATE ON day_statistics FOR EACH STATEMENT EXECUTE FUNCTION day_statistics_no_delete()
;;
CREATE FUNCTION day_statistics_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'day_statistics is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER day_statistics_no_update BEFORE UPDATE ON day_statistics FOR EACH ROW EXECUTE FUNCTION day_statistics_no_update()
;;
CREATE FUNCTION direct_bills_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'direct_bills is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER direct_bills_no_delete BEFORE DELETE ON direct_bills FOR EACH ROW EXECUTE FUNCTION direct_bills_no_delete()
;;
CREATE TRIGGER direct_bills_no_truncate BEFORE TRUNCATE ON direct_bills FOR EACH STATEMENT EXECUTE FUNCTION direct_bills_no_delete()
;;
CREATE FUNCTION direct_bills_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'direct_bills is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER direct_bills_no_update BEFORE UPDATE ON direct_bills FOR EACH ROW EXECUTE FUNCTION direct_bills_no_update()
;;
CREATE FUNCTION document_series_counts_up() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.last <> OLD.last + 1 OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year THEN RAISE EXCEPTION 'a document series counts up by one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER document_series_counts_up BEFORE UPDATE ON document_series FOR EACH ROW EXECUTE FUNCTION document_series_counts_up()
;;
CREATE FUNCTION document_series_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.last > 0 THEN RAISE EXCEPTION 'a document series in use stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER document_series_no_delete BEFORE DELETE ON document_series FOR EACH ROW EXECUTE FUNCTION document_series_no_delete()
;;
CREATE FUNCTION documents_chained() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.previous <> COALESCE((SELECT digest FROM documents WHERE hotel_id = NEW.hotel_id AND series_id = NEW.series_id AND number = NEW.number - 1), '') THEN RAISE EXCEPTION 'documents of a series are chained to the one before' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER documents_chained BEFORE INSERT ON documents FOR EACH ROW EXECUTE FUNCTION documents_chained()
;;
CREATE FUNCTION documents_gapless() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.number <> COALESCE((SELECT MAX(number) FROM documents WHERE hotel_id = NEW.hotel_id AND series_id = NEW.series_id), 0) + 1 THEN RAISE EXCEPTION 'documents of a series are numbered without a gap' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER documents_gapless BEFORE INSERT ON documents FOR EACH ROW EXECUTE FUNCTION documents_gapless()
;;
CREATE FUNCTION documents_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'documents is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents FOR EACH ROW EXECUTE FUNCTION documents_no_delete()
;;
CREATE TRIGGER documents_no_truncate BEFORE TRUNCATE ON documents FOR EACH STATEMENT EXECUTE FUNCTION documents_no_delete()
;;
CREATE FUNCTION documents_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'documents is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER documents_no_update BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION documents_no_update()
;;
CREATE FUNCTION entries_balance() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (SELECT COALESCE(SUM(amount), 1) FROM lines WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.id) <> 0 THEN RAISE EXCEPTION 'an entry balances' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER entries_balance BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_balance()
;;
CREATE FUNCTION entries_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'entries is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries FOR EACH ROW EXECUTE FUNCTION entries_no_delete()
;;
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION entries_no_delete()
;;
CREATE FUNCTION entries_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'entries is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION entries_no_update()
;;
CREATE FUNCTION entries_on_the_open_day() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM hotels WHERE id = NEW.hotel_id AND business_date = NEW.business_day AND currency = NEW.currency) OR EXISTS (SELECT 1 FROM lines WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.id AND business_day <> NEW.business_day) THEN RAISE EXCEPTION 'an entry is of the open day in the hotel currency' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER entries_on_the_open_day BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_on_the_open_day()
;;
CREATE FUNCTION entries_reverse_exactly() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.reverses_id IS NOT NULL AND (EXISTS (SELECT 1 FROM entries WHERE hotel_id = NEW.hotel_id AND id = NEW.reverses_id AND kind = 'reversal') OR EXISTS (SELECT account_id FROM lines WHERE hotel_id = NEW.hotel_id AND entry_id IN (NEW.id, NEW.reverses_id) GROUP BY account_id HAVING SUM(amount) <> 0)) THEN RAISE EXCEPTION 'a reversal undoes exactly one entry' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER entries_reverse_exactly BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_reverse_exactly()
;;
CREATE FUNCTION folios_close_settled() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.state = 'closed' AND EXISTS (SELECT w.no FROM folio_windows w JOIN lines l ON l.hotel_id = w.hotel_id AND l.account_id = w.account_id WHERE w.hotel_id = NEW.hotel_id AND w.folio_id = NEW.id GROUP BY w.no HAVING SUM(l.amount) <> 0) THEN RAISE EXCEPTION 'a folio closes when each of its windows is settled' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER folios_close_settled BEFORE UPDATE ON folios FOR EACH ROW EXECUTE FUNCTION folios_close_settled()
;;
CREATE FUNCTION forcings_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'forcings is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER forcings_no_delete BEFORE DELETE ON forcings FOR EACH ROW EXECUTE FUNCTION forcings_no_delete()
;;
CREATE TRIGGER forcings_no_truncate BEFORE TRUNCATE ON forcings FOR EACH STATEMENT EXECUTE FUNCTION forcings_no_delete()
;;
CREATE FUNCTION forcings_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'forcings is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER forcings_no_update BEFORE UPDATE ON forcings FOR EACH ROW EXECUTE FUNCTION forcings_no_update()
;;
CREATE FUNCTION hotels_never_go_back() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.business_date < OLD.business_date THEN RAISE EXCEPTION 'the business date never goes back' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER hotels_never_go_back BEFORE UPDATE ON hotels FOR EACH ROW EXECUTE FUNCTION hotels_never_go_back()
;;
CREATE FUNCTION lines_before_their_entry() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM entries WHERE hotel_id = NEW.hotel_id AND id = NEW.entry_id) THEN RAISE EXCEPTION 'the ink of that entry is dry' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER lines_before_their_entry BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION lines_before_their_entry()
;;
CREATE FUNCTION lines_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'lines is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER lines_no_delete BEFORE DELETE ON lines FOR EACH ROW EXECUTE FUNCTION lines_no_delete()
;;
CREATE TRIGGER lines_no_truncate BEFORE TRUNCATE ON lines FOR EACH STATEMENT EXECUTE FUNCTION lines_no_delete()
;;
CREATE FUNCTION lines_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'lines is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER lines_no_update BEFORE UPDATE ON lines FOR EACH ROW EXECUTE FUNCTION lines_no_update()
;;
CREATE FUNCTION lines_on_open_folios() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM folio_windows w JOIN folios f ON f.hotel_id = w.hotel_id AND f.id = w.folio_id WHERE w.hotel_id = NEW.hotel_id AND w.account_id = NEW.account_id AND f.state = 'closed') THEN RAISE EXCEPTION 'that folio is closed' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER lines_on_open_folios BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION lines_on_open_folios()
;;
CREATE FUNCTION logbook_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'logbook is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER logbook_no_delete BEFORE DELETE ON logbook FOR EACH ROW EXECUTE FUNCTION logbook_no_delete()
;;
CREATE TRIGGER logbook_no_truncate BEFORE TRUNCATE ON logbook FOR EACH STATEMENT EXECUTE FUNCTION logbook_no_delete()
;;
CREATE FUNCTION logbook_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'logbook is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER logbook_no_update BEFORE UPDATE ON logbook FOR EACH ROW EXECUTE FUNCTION logbook_no_update()
;;
CREATE FUNCTION night_changes_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'night_changes is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER night_changes_no_delete BEFORE DELETE ON night_changes FOR EACH ROW EXECUTE FUNCTION night_changes_no_delete()
;;
CREATE TRIGGER night_changes_no_truncate BEFORE TRUNCATE ON night_changes FOR EACH STATEMENT EXECUTE FUNCTION night_changes_no_delete()
;;
CREATE FUNCTION night_changes_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'night_changes is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER night_changes_no_update BEFORE UPDATE ON night_changes FOR EACH ROW EXECUTE FUNCTION night_changes_no_update()
;;
CREATE FUNCTION payments_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'payments is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER payments_no_delete BEFORE DELETE ON payments FOR EACH ROW EXECUTE FUNCTION payments_no_delete()
;;
CREATE TRIGGER payments_no_truncate BEFORE TRUNCATE ON payments FOR EACH STATEMENT EXECUTE FUNCTION payments_no_delete()
;;
CREATE FUNCTION payments_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'payments is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION payments_no_update()
;;
CREATE FUNCTION segment_statistics_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'segment_statistics is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER segment_statistics_no_delete BEFORE DELETE ON segment_statistics FOR EACH ROW EXECUTE FUNCTION segment_statistics_no_delete()
;;
CREATE TRIGGER segment_statistics_no_truncate BEFORE TRUNCATE ON segment_statistics FOR EACH STATEMENT EXECUTE FUNCTION segment_statistics_no_delete()
;;
CREATE FUNCTION segment_statistics_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'segment_statistics is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER segment_statistics_no_update BEFORE UPDATE ON segment_statistics FOR EACH ROW EXECUTE FUNCTION segment_statistics_no_update()
;;
CREATE FUNCTION terminal_batches_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'terminal_batches is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER terminal_batches_no_delete BEFORE DELETE ON terminal_batches FOR EACH ROW EXECUTE FUNCTION terminal_batches_no_delete()
;;
CREATE TRIGGER terminal_batches_no_truncate BEFORE TRUNCATE ON terminal_batches FOR EACH STATEMENT EXECUTE FUNCTION terminal_batches_no_delete()
;;
CREATE FUNCTION terminal_batches_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'terminal_batches is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER terminal_batches_no_update BEFORE UPDATE ON terminal_batches FOR EACH ROW EXECUTE FUNCTION terminal_batches_no_update()
