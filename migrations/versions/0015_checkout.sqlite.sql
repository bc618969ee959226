CREATE TABLE checkout_settings (
	hotel_id BIGINT NOT NULL, 
	mode VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_checkout_settings PRIMARY KEY (hotel_id), 
	CONSTRAINT fk_checkout_settings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_checkout_settings_mode CHECK (mode IN ('practice', 'test', 'live'))
)
 WITHOUT ROWID
;;
CREATE TABLE gateway_events (
	hotel_id BIGINT NOT NULL, 
	event_id VARCHAR(255) NOT NULL, 
	kind VARCHAR(80) NOT NULL, 
	object_id VARCHAR(255) NOT NULL, 
	came_at DATETIME NOT NULL, 
	CONSTRAINT pk_gateway_events PRIMARY KEY (hotel_id, event_id), 
	CONSTRAINT fk_gateway_events_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
 WITHOUT ROWID
;;
CREATE TABLE payouts (
	object_id VARCHAR(255) NOT NULL, 
	amount BIGINT NOT NULL, 
	fees BIGINT NOT NULL, 
	arrives_on DATE NOT NULL, 
	entry_id BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_payouts PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_payouts_hotel_id_object_id UNIQUE (hotel_id, object_id), 
	CONSTRAINT fk_payouts_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_payouts_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE gateway_payments (
	payment_id BIGINT NOT NULL, 
	gives_back_id BIGINT, 
	mode VARCHAR(24) NOT NULL, 
	object_id VARCHAR(255) NOT NULL, 
	amount BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_gateway_payments PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_gateway_payments_hotel_id_payment_id FOREIGN KEY(hotel_id, payment_id) REFERENCES payments (hotel_id, id), 
	CONSTRAINT fk_gateway_payments_hotel_id_gives_back_id FOREIGN KEY(hotel_id, gives_back_id) REFERENCES gateway_payments (hotel_id, id), 
	CONSTRAINT uq_gateway_payments_hotel_id_payment_id UNIQUE (hotel_id, payment_id), 
	CONSTRAINT uq_gateway_payments_hotel_id_object_id UNIQUE (hotel_id, object_id), 
	CONSTRAINT ck_gateway_payments_moves_money CHECK (amount <> 0), 
	CONSTRAINT ck_gateway_payments_gives_back_one CHECK ((amount < 0) = (gives_back_id IS NOT NULL)), 
	CONSTRAINT ck_gateway_payments_mode CHECK (mode IN ('practice', 'test', 'live')), 
	CONSTRAINT fk_gateway_payments_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_gateway_payments_hotel_id_gives_back_id ON gateway_payments (hotel_id, gives_back_id)
;;
CREATE TABLE disputes (
	of_id BIGINT NOT NULL, 
	object_id VARCHAR(255) NOT NULL, 
	amount BIGINT NOT NULL, 
	reason VARCHAR(80) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	opened_on DATE NOT NULL, 
	answer_by DATETIME, 
	ended_on DATE, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_disputes PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_disputes_hotel_id_of_id FOREIGN KEY(hotel_id, of_id) REFERENCES gateway_payments (hotel_id, id), 
	CONSTRAINT uq_disputes_hotel_id_object_id UNIQUE (hotel_id, object_id), 
	CONSTRAINT ck_disputes_of_something CHECK (amount > 0), 
	CONSTRAINT ck_disputes_ends_once CHECK ((state = 'open') = (ended_on IS NULL)), 
	CONSTRAINT ck_disputes_disputestate CHECK (state IN ('open', 'won', 'lost')), 
	CONSTRAINT fk_disputes_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE payment_requests (
	number BIGINT NOT NULL, 
	purpose VARCHAR(24) NOT NULL, 
	reservation_id BIGINT, 
	folio_id BIGINT, 
	window SMALLINT NOT NULL, 
	amount BIGINT NOT NULL, 
	mode VARCHAR(24) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	refused VARCHAR(80), 
	mailed_to VARCHAR, 
	mails SMALLINT NOT NULL, 
	asked_at DATETIME NOT NULL, 
	asked_by BIGINT NOT NULL, 
	opened_at DATETIME, 
	expires_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_payment_requests PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_payment_requests_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_payment_requests_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT uq_payment_requests_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT ck_payment_requests_amount_or_card CHECK ((purpose = 'card') = (amount = 0)), 
	CONSTRAINT ck_payment_requests_amount_not_below_zero CHECK (amount >= 0), 
	CONSTRAINT ck_payment_requests_balance_of_a_folio CHECK ((purpose = 'balance') = (folio_id IS NOT NULL)), 
	CONSTRAINT ck_payment_requests_of_a_reservation CHECK (purpose = 'balance' OR reservation_id IS NOT NULL), 
	CONSTRAINT ck_payment_requests_ended_at_a_moment CHECK ((state IN ('asked', 'opened')) = (ended_at IS NULL)), 
	CONSTRAINT ck_payment_requests_purpose CHECK (purpose IN ('deposit', 'balance', 'hold', 'card')), 
	CONSTRAINT ck_payment_requests_mode CHECK (mode IN ('practice', 'test', 'live')), 
	CONSTRAINT ck_payment_requests_requeststate CHECK (state IN ('asked', 'opened', 'paid', 'expired', 'withdrawn')), 
	CONSTRAINT fk_payment_requests_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_payment_requests_hotel_id_folio_id ON payment_requests (hotel_id, folio_id)
;;
CREATE INDEX ix_payment_requests_hotel_id_reservation_id ON payment_requests (hotel_id, reservation_id)
;;
CREATE INDEX ix_payment_requests_hotel_id_state_expires_at ON payment_requests (hotel_id, state, expires_at)
;;
CREATE TABLE payout_lines (
	payout_id BIGINT NOT NULL, 
	object_id VARCHAR(255) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	source VARCHAR(255), 
	gross BIGINT NOT NULL, 
	fee BIGINT NOT NULL, 
	gateway_payment_id BIGINT, 
	dispute_id BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_payout_lines PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_payout_lines_hotel_id_payout_id FOREIGN KEY(hotel_id, payout_id) REFERENCES payouts (hotel_id, id), 
	CONSTRAINT fk_payout_lines_hotel_id_gateway_payment_id FOREIGN KEY(hotel_id, gateway_payment_id) REFERENCES gateway_payments (hotel_id, id), 
	CONSTRAINT fk_payout_lines_hotel_id_dispute_id FOREIGN KEY(hotel_id, dispute_id) REFERENCES disputes (hotel_id, id), 
	CONSTRAINT uq_payout_lines_hotel_id_object_id UNIQUE (hotel_id, object_id), 
	CONSTRAINT ck_payout_lines_explained_once CHECK (gateway_payment_id IS NULL OR dispute_id IS NULL), 
	CONSTRAINT fk_payout_lines_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_payout_lines_hotel_id_gateway_payment_id ON payout_lines (hotel_id, gateway_payment_id)
;;
CREATE INDEX ix_payout_lines_hotel_id_payout_id ON payout_lines (hotel_id, payout_id)
;;
CREATE TABLE card_consents (
	request_id BIGINT NOT NULL, 
	words VARCHAR NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	given_at DATETIME NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_card_consents PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_card_consents_hotel_id_request_id FOREIGN KEY(hotel_id, request_id) REFERENCES payment_requests (hotel_id, id), 
	CONSTRAINT fk_card_consents_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE kept_cards (
	chain_id BIGINT NOT NULL, 
	reservation_id BIGINT NOT NULL, 
	guest_id BIGINT NOT NULL, 
	consent_id BIGINT NOT NULL, 
	mode VARCHAR(24) NOT NULL, 
	customer VARCHAR(255) NOT NULL, 
	method VARCHAR(255) NOT NULL, 
	brand VARCHAR(24) NOT NULL, 
	last_four VARCHAR(4) NOT NULL, 
	expires VARCHAR(7), 
	kept_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_kept_cards PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_kept_cards_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_kept_cards_hotel_id_consent_id FOREIGN KEY(hotel_id, consent_id) REFERENCES card_consents (hotel_id, id), 
	CONSTRAINT fk_kept_cards_chain_id_guest_id FOREIGN KEY(chain_id, guest_id) REFERENCES guests (chain_id, id), 
	CONSTRAINT fk_kept_cards_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT uq_kept_cards_hotel_id_method UNIQUE (hotel_id, method), 
	CONSTRAINT ck_kept_cards_four_digits_at_most CHECK (length(last_four) = 4), 
	CONSTRAINT ck_kept_cards_mode CHECK (mode IN ('practice', 'test', 'live')), 
	CONSTRAINT fk_kept_cards_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_kept_cards_hotel_id_reservation_id ON kept_cards (hotel_id, reservation_id)
;;
CREATE TABLE card_holds (
	reservation_id BIGINT NOT NULL, 
	card_id BIGINT, 
	renews_id BIGINT, 
	mode VARCHAR(24) NOT NULL, 
	payment VARCHAR(255) NOT NULL, 
	words VARCHAR NOT NULL, 
	amount BIGINT NOT NULL, 
	captured BIGINT NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	capture_before DATETIME NOT NULL, 
	held_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_card_holds PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_card_holds_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_card_holds_hotel_id_card_id FOREIGN KEY(hotel_id, card_id) REFERENCES kept_cards (hotel_id, id), 
	CONSTRAINT fk_card_holds_hotel_id_renews_id FOREIGN KEY(hotel_id, renews_id) REFERENCES card_holds (hotel_id, id), 
	CONSTRAINT uq_card_holds_hotel_id_payment UNIQUE (hotel_id, payment), 
	CONSTRAINT uq_card_holds_hotel_id_renews_id UNIQUE (hotel_id, renews_id), 
	CONSTRAINT ck_card_holds_holds_something CHECK (amount > 0), 
	CONSTRAINT ck_card_holds_captured_at_most_what_is_held CHECK (captured BETWEEN 0 AND amount AND (state = 'captured') = (captured > 0)), 
	CONSTRAINT ck_card_holds_ends_once CHECK ((state = 'held') = (ended_at IS NULL)), 
	CONSTRAINT ck_card_holds_mode CHECK (mode IN ('practice', 'test', 'live')), 
	CONSTRAINT ck_card_holds_holdstate CHECK (state IN ('held', 'captured', 'released', 'lapsed')), 
	CONSTRAINT fk_card_holds_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_card_holds_hotel_id_reservation_id ON card_holds (hotel_id, reservation_id)
;;
CREATE INDEX ix_card_holds_hotel_id_state_capture_before ON card_holds (hotel_id, state, capture_before)
;;
CREATE TABLE gateway_intents (
	deed VARCHAR(24) NOT NULL, 
	mode VARCHAR(24) NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	amount BIGINT NOT NULL, 
	words VARCHAR NOT NULL, 
	request_id BIGINT, 
	reservation_id BIGINT, 
	folio_id BIGINT, 
	window SMALLINT NOT NULL, 
	hold_id BIGINT, 
	card_id BIGINT, 
	of_id BIGINT, 
	consent_id BIGINT, 
	reason VARCHAR, 
	state VARCHAR(24) NOT NULL, 
	object_id VARCHAR(255), 
	payment VARCHAR(255), 
	url VARCHAR, 
	refused VARCHAR(300), 
	gateway_payment_id BIGINT, 
	staff_id BIGINT NOT NULL, 
	intended_at DATETIME NOT NULL, 
	look_at DATETIME, 
	looks SMALLINT NOT NULL, 
	ended_at DATETIME, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_gateway_intents PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_gateway_intents_hotel_id_request_id FOREIGN KEY(hotel_id, request_id) REFERENCES payment_requests (hotel_id, id), 
	CONSTRAINT fk_gateway_intents_hotel_id_reservation_id FOREIGN KEY(hotel_id, reservation_id) REFERENCES reservations (hotel_id, id), 
	CONSTRAINT fk_gateway_intents_hotel_id_folio_id FOREIGN KEY(hotel_id, folio_id) REFERENCES folios (hotel_id, id), 
	CONSTRAINT fk_gateway_intents_hotel_id_hold_id FOREIGN KEY(hotel_id, hold_id) REFERENCES card_holds (hotel_id, id), 
	CONSTRAINT fk_gateway_intents_hotel_id_card_id FOREIGN KEY(hotel_id, card_id) REFERENCES kept_cards (hotel_id, id), 
	CONSTRAINT fk_gateway_intents_hotel_id_of_id FOREIGN KEY(hotel_id, of_id) REFERENCES gateway_payments (hotel_id, id), 
	CONSTRAINT fk_gateway_intents_hotel_id_gateway_payment_id FOREIGN KEY(hotel_id, gateway_payment_id) REFERENCES gateway_payments (hotel_id, id), 
	CONSTRAINT fk_gateway_intents_hotel_id_consent_id FOREIGN KEY(hotel_id, consent_id) REFERENCES card_consents (hotel_id, id), 
	CONSTRAINT uq_gateway_intents_hotel_id_key UNIQUE (hotel_id, "key"), 
	CONSTRAINT uq_gateway_intents_hotel_id_object_id UNIQUE (hotel_id, object_id), 
	CONSTRAINT uq_gateway_intents_hotel_id_gateway_payment_id UNIQUE (hotel_id, gateway_payment_id), 
	CONSTRAINT ck_gateway_intents_amount_not_below_zero CHECK (amount >= 0), 
	CONSTRAINT ck_gateway_intents_ends_once CHECK ((state IN ('settled', 'failed')) = (ended_at IS NOT NULL)), 
	CONSTRAINT ck_gateway_intents_checkout_is_of_a_request CHECK ((deed = 'checkout') = (request_id IS NOT NULL)), 
	CONSTRAINT ck_gateway_intents_hold_is_named CHECK ((deed IN ('capture', 'release', 'renew')) = (hold_id IS NOT NULL)), 
	CONSTRAINT ck_gateway_intents_refund_is_of_a_payment CHECK ((deed = 'refund') = (of_id IS NOT NULL)), 
	CONSTRAINT ck_gateway_intents_deed CHECK (deed IN ('checkout', 'charge', 'renew', 'capture', 'release', 'refund')), 
	CONSTRAINT ck_gateway_intents_mode CHECK (mode IN ('practice', 'test', 'live')), 
	CONSTRAINT ck_gateway_intents_intentstate CHECK (state IN ('intended', 'called', 'settled', 'failed')), 
	CONSTRAINT fk_gateway_intents_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_gateway_intents_hotel_id_of_id ON gateway_intents (hotel_id, of_id)
;;
CREATE INDEX ix_gateway_intents_hotel_id_payment ON gateway_intents (hotel_id, payment)
;;
CREATE INDEX ix_gateway_intents_hotel_id_request_id ON gateway_intents (hotel_id, request_id)
;;
CREATE INDEX ix_gateway_intents_to_look_at ON gateway_intents (hotel_id, look_at) WHERE look_at IS NOT NULL
;;
CREATE UNIQUE INDEX uq_gateway_intents_one_end_of_a_hold ON gateway_intents (hotel_id, hold_id) WHERE hold_id IS NOT NULL AND deed <> 'renew' AND state <> 'failed'
;;
CREATE TRIGGER card_consents_no_delete BEFORE DELETE ON card_consents FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'card_consents is written in ink'); END
;;
CREATE TRIGGER card_consents_no_update BEFORE UPDATE ON card_consents FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'card_consents is written in ink'); END
;;
CREATE TRIGGER card_holds_end_once BEFORE UPDATE ON card_holds FOR EACH ROW WHEN OLD.state <> 'held' AND (NEW.state <> OLD.state OR NEW.captured <> OLD.captured) OR NEW.amount <> OLD.amount OR NEW.payment <> OLD.payment BEGIN SELECT RAISE(ABORT, 'a hold ends once'); END
;;
CREATE TRIGGER gateway_events_no_delete BEFORE DELETE ON gateway_events FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'gateway_events is written in ink'); END
;;
CREATE TRIGGER gateway_events_no_update BEFORE UPDATE ON gateway_events FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'gateway_events is written in ink'); END
;;
CREATE TRIGGER gateway_intents_end_once BEFORE UPDATE ON gateway_intents FOR EACH ROW WHEN OLD.state = 'settled' AND NEW.state <> 'settled' OR NEW.key <> OLD.key OR NEW.mode <> OLD.mode OR NEW.amount <> OLD.amount BEGIN SELECT RAISE(ABORT, 'an intent is settled once'); END
;;
CREATE TRIGGER gateway_payments_give_back_what_was_taken BEFORE INSERT ON gateway_payments FOR EACH ROW WHEN NEW.gives_back_id IS NOT NULL AND (SELECT SUM(amount) FROM gateway_payments WHERE hotel_id = NEW.hotel_id AND (id = NEW.gives_back_id OR gives_back_id = NEW.gives_back_id)) + NEW.amount < 0 BEGIN SELECT RAISE(ABORT, 'no more is given back than was taken'); END
;;
CREATE TRIGGER gateway_payments_no_delete BEFORE DELETE ON gateway_payments FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'gateway_payments is written in ink'); END
;;
CREATE TRIGGER gateway_payments_no_update BEFORE UPDATE ON gateway_payments FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'gateway_payments is written in ink'); END
;;
CREATE TRIGGER payout_lines_no_delete BEFORE DELETE ON payout_lines FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'payout_lines is written in ink'); END
;;
CREATE TRIGGER payout_lines_no_update BEFORE UPDATE ON payout_lines FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'payout_lines is written in ink'); END
;;
CREATE TRIGGER payouts_no_delete BEFORE DELETE ON payouts FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'payouts is written in ink'); END
;;
CREATE TRIGGER payouts_no_update BEFORE UPDATE ON payouts FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'payouts is written in ink'); END
