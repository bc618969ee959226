CREATE TABLE keeping_rules (
	hotel_id BIGINT NOT NULL, 
	inspect_own BOOLEAN NOT NULL, 
	linen_every SMALLINT NOT NULL, 
	shift_minutes SMALLINT NOT NULL, 
	CONSTRAINT pk_keeping_rules PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_keeping_rules_within_a_month CHECK (linen_every BETWEEN 0 AND 30), 
	CONSTRAINT ck_keeping_rules_a_shift CHECK (shift_minutes BETWEEN 30 AND 720), 
	CONSTRAINT fk_keeping_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE sheets (
	chain_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	number BIGINT NOT NULL, 
	attendant_id BIGINT NOT NULL, 
	minutes BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_sheets PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_sheets_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_sheets_chain_id_attendant_id FOREIGN KEY(chain_id, attendant_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT uq_sheets_hotel_id_day_attendant_id UNIQUE (hotel_id, day, attendant_id), 
	CONSTRAINT uq_sheets_hotel_id_day_number UNIQUE (hotel_id, day, number), 
	CONSTRAINT uq_sheets_hotel_id_id_day UNIQUE (hotel_id, id, day), 
	CONSTRAINT ck_sheets_there_for_some_time CHECK (minutes > 0), 
	CONSTRAINT fk_sheets_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE cleaning_standards (
	hotel_id BIGINT NOT NULL, 
	type_id BIGINT NOT NULL, 
	work VARCHAR(24) NOT NULL, 
	minutes SMALLINT NOT NULL, 
	credits SMALLINT NOT NULL, 
	CONSTRAINT pk_cleaning_standards PRIMARY KEY (hotel_id, type_id, work), 
	CONSTRAINT fk_cleaning_standards_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_cleaning_standards_at_most_a_shift CHECK (minutes BETWEEN 1 AND 480), 
	CONSTRAINT ck_cleaning_standards_two_digits CHECK (credits BETWEEN 0 AND 99), 
	CONSTRAINT fk_cleaning_standards_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_cleaning_standards_work CHECK (work IN ('departure', 'stay', 'linen', 'touch_up'))
)
 WITHOUT ROWID
;;
CREATE TABLE discrepancies (
	chain_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	room_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	seen_persons BIGINT NOT NULL, 
	desk_persons BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	seen_at DATETIME NOT NULL, 
	resolution VARCHAR(24), 
	words VARCHAR, 
	resolved_by BIGINT, 
	resolved_at DATETIME, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_discrepancies PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_discrepancies_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_discrepancies_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT fk_discrepancies_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_discrepancies_chain_id_resolved_by FOREIGN KEY(chain_id, resolved_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_discrepancies_sleeps_unknown CHECK ((kind = 'sleep') = (desk_persons = 0)), 
	CONSTRAINT ck_discrepancies_skips_unseen CHECK ((kind = 'skip') = (seen_persons = 0)), 
	CONSTRAINT ck_discrepancies_differs CHECK (seen_persons <> desk_persons), 
	CONSTRAINT ck_discrepancies_not_negative CHECK (seen_persons >= 0 AND desk_persons >= 0), 
	CONSTRAINT ck_discrepancies_resolved_at_a_time CHECK ((resolution IS NULL) = (resolved_at IS NULL)), 
	CONSTRAINT ck_discrepancies_resolved_by_somebody CHECK ((resolution IS NULL) = (resolved_by IS NULL)), 
	CONSTRAINT ck_discrepancies_explained_in_words CHECK (resolution <> 'explained' OR words IS NOT NULL), 
	CONSTRAINT ck_discrepancies_difference CHECK (kind IN ('sleep', 'skip', 'person')), 
	CONSTRAINT ck_discrepancies_resolution CHECK (resolution IN ('looked_again', 'checked_in', 'checked_out', 'count_changed', 'explained')), 
	CONSTRAINT fk_discrepancies_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_discrepancies_hotel_id_day ON discrepancies (hotel_id, day)
;;
CREATE UNIQUE INDEX uq_discrepancies_one_open ON discrepancies (hotel_id, room_id) WHERE resolution IS NULL
;;
CREATE TABLE minibar_items (
	charge_code_id BIGINT NOT NULL, 
	name VARCHAR NOT NULL, 
	price BIGINT NOT NULL, 
	rank BIGINT NOT NULL, 
	active BOOLEAN NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_minibar_items PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_minibar_items_hotel_id_charge_code_id FOREIGN KEY(hotel_id, charge_code_id) REFERENCES charge_codes (hotel_id, id), 
	CONSTRAINT uq_minibar_items_hotel_id_name UNIQUE (hotel_id, name), 
	CONSTRAINT ck_minibar_items_costs_something CHECK (price > 0), 
	CONSTRAINT fk_minibar_items_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE room_tasks (
	chain_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	sheet_id BIGINT NOT NULL, 
	room_id BIGINT NOT NULL, 
	work VARCHAR(24) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	minutes BIGINT NOT NULL, 
	credits BIGINT NOT NULL, 
	rank BIGINT NOT NULL, 
	why VARCHAR NOT NULL, 
	by_hand BOOLEAN NOT NULL, 
	tries BIGINT NOT NULL, 
	tried_at DATETIME, 
	started_at DATETIME, 
	declined_at DATETIME, 
	done_at DATETIME, 
	done_by BIGINT, 
	inspected_at DATETIME, 
	inspected_by BIGINT, 
	turn BIGINT NOT NULL, 
	redo_why VARCHAR, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_room_tasks PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_room_tasks_hotel_id_sheet_id_day FOREIGN KEY(hotel_id, sheet_id, day) REFERENCES sheets (hotel_id, id, day), 
	CONSTRAINT fk_room_tasks_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT fk_room_tasks_chain_id_done_by FOREIGN KEY(chain_id, done_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_room_tasks_chain_id_inspected_by FOREIGN KEY(chain_id, inspected_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_room_tasks_done_at_a_time CHECK ((state IN ('done', 'inspected')) = (done_at IS NOT NULL)), 
	CONSTRAINT ck_room_tasks_done_by_somebody CHECK ((done_at IS NULL) = (done_by IS NULL)), 
	CONSTRAINT ck_room_tasks_inspected_at_a_time CHECK ((state = 'inspected') = (inspected_at IS NOT NULL)), 
	CONSTRAINT ck_room_tasks_inspected_by_somebody CHECK ((inspected_at IS NULL) = (inspected_by IS NULL)), 
	CONSTRAINT ck_room_tasks_declined_at_a_time CHECK ((state = 'declined') = (declined_at IS NOT NULL)), 
	CONSTRAINT ck_room_tasks_begun_at_a_time CHECK (state <> 'cleaning' OR started_at IS NOT NULL), 
	CONSTRAINT ck_room_tasks_tried_at_a_time CHECK ((tries = 0) = (tried_at IS NULL)), 
	CONSTRAINT ck_room_tasks_undisturbed_if_tried CHECK (state <> 'do_not_disturb' OR tries > 0), 
	CONSTRAINT ck_room_tasks_not_negative CHECK (minutes > 0 AND credits >= 0 AND turn >= 0), 
	CONSTRAINT ck_room_tasks_redone_because CHECK (turn = 0 OR redo_why IS NOT NULL), 
	CONSTRAINT ck_room_tasks_work CHECK (work IN ('departure', 'stay', 'linen', 'touch_up')), 
	CONSTRAINT ck_room_tasks_taskstate CHECK (state IN ('to_do', 'cleaning', 'do_not_disturb', 'declined', 'done', 'inspected')), 
	CONSTRAINT fk_room_tasks_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_room_tasks_hotel_id_day_room_id ON room_tasks (hotel_id, day, room_id)
;;
CREATE INDEX ix_room_tasks_hotel_id_sheet_id ON room_tasks (hotel_id, sheet_id)
;;
CREATE UNIQUE INDEX uq_room_tasks_one_open ON room_tasks (hotel_id, day, room_id) WHERE state IN ('to_do', 'cleaning', 'do_not_disturb')
;;
CREATE TABLE work_orders (
	chain_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	room_id BIGINT, 
	place VARCHAR, 
	words VARCHAR NOT NULL, 
	priority VARCHAR(24) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	assignee_id BIGINT, 
	staff_id BIGINT NOT NULL, 
	reported_on DATE NOT NULL, 
	reported_at DATETIME NOT NULL, 
	due_on DATE, 
	block_id BIGINT, 
	started_at DATETIME, 
	hold_reason VARCHAR, 
	done_at DATETIME, 
	done_words VARCHAR, 
	cancel_reason VARCHAR, 
	labour_minutes BIGINT NOT NULL, 
	parts_cost BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_work_orders PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_work_orders_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT uq_work_orders_hotel_id_block_id UNIQUE (hotel_id, block_id), 
	CONSTRAINT fk_work_orders_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_work_orders_hotel_id_room_id FOREIGN KEY(hotel_id, room_id) REFERENCES rooms (hotel_id, id), 
	CONSTRAINT fk_work_orders_hotel_id_block_id FOREIGN KEY(hotel_id, block_id) REFERENCES room_blocks (hotel_id, id), 
	CONSTRAINT fk_work_orders_chain_id_assignee_id FOREIGN KEY(chain_id, assignee_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT fk_work_orders_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_work_orders_is_somewhere CHECK (room_id IS NOT NULL OR place IS NOT NULL), 
	CONSTRAINT ck_work_orders_blocks_its_room CHECK (block_id IS NULL OR room_id IS NOT NULL), 
	CONSTRAINT ck_work_orders_done_at_a_time CHECK ((state = 'done') = (done_at IS NOT NULL)), 
	CONSTRAINT ck_work_orders_begun CHECK (state NOT IN ('in_progress', 'done') OR started_at IS NOT NULL), 
	CONSTRAINT ck_work_orders_held_because CHECK (state <> 'on_hold' OR hold_reason IS NOT NULL), 
	CONSTRAINT ck_work_orders_cancelled CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL)), 
	CONSTRAINT ck_work_orders_costs_not_negative CHECK (labour_minutes >= 0 AND parts_cost >= 0), 
	CONSTRAINT ck_work_orders_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')), 
	CONSTRAINT ck_work_orders_orderstate CHECK (state IN ('open', 'in_progress', 'on_hold', 'done', 'cancelled')), 
	CONSTRAINT fk_work_orders_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_work_orders_hotel_id_assignee_id_state ON work_orders (hotel_id, assignee_id, state)
;;
CREATE INDEX ix_work_orders_hotel_id_room_id_id ON work_orders (hotel_id, room_id, id)
;;
CREATE INDEX ix_work_orders_hotel_id_state_id ON work_orders (hotel_id, state, id)
;;
CREATE TRIGGER discrepancies_stay_resolved BEFORE UPDATE ON discrepancies FOR EACH ROW WHEN OLD.resolution IS NOT NULL BEGIN SELECT RAISE(ABORT, 'what was resolved is resolved; look again'); END
;;
CREATE TRIGGER room_tasks_go_by_the_steps BEFORE UPDATE OF state ON room_tasks FOR EACH ROW WHEN (NEW.state = 'inspected' AND OLD.state NOT IN ('done', 'inspected')) OR (OLD.state IN ('done', 'inspected') AND NEW.state = 'to_do' AND NEW.turn <> OLD.turn + 1) BEGIN SELECT RAISE(ABORT, 'a room is done before it is inspected, and sent back with its count'); END
;;
CREATE TRIGGER room_tasks_one_hand_at_a_time BEFORE UPDATE ON room_tasks FOR EACH ROW WHEN NEW.version <> OLD.version + 1 AND (NEW.state <> OLD.state OR NEW.sheet_id <> OLD.sheet_id OR NEW.turn <> OLD.turn) BEGIN SELECT RAISE(ABORT, 'somebody changed this task first'); END
;;
CREATE TRIGGER work_orders_end_once BEFORE UPDATE OF state ON work_orders FOR EACH ROW WHEN (OLD.state = 'cancelled' AND NEW.state <> 'cancelled') OR (OLD.state = 'done' AND NEW.state NOT IN ('done', 'open')) BEGIN SELECT RAISE(ABORT, 'a work order that is over is reopened, or stays so'); END
;;
CREATE TRIGGER work_orders_one_hand_at_a_time BEFORE UPDATE ON work_orders FOR EACH ROW WHEN NEW.version <> OLD.version + 1 AND (NEW.state <> OLD.state OR COALESCE(NEW.assignee_id, 0) <> COALESCE(OLD.assignee_id, 0) OR COALESCE(NEW.block_id, 0) <> COALESCE(OLD.block_id, 0)) BEGIN SELECT RAISE(ABORT, 'somebody changed this work order first'); END
