CREATE TABLE clock_devices (
	name VARCHAR NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	paired_by BIGINT NOT NULL, 
	paired_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_clock_devices PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_clock_devices_digest UNIQUE (digest), 
	CONSTRAINT ck_clock_devices_has_digest CHECK (length(digest) = 64), 
	CONSTRAINT fk_clock_devices_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE employees (
	chain_id BIGINT NOT NULL, 
	staff_id BIGINT, 
	number VARCHAR NOT NULL, 
	first_name VARCHAR NOT NULL, 
	last_name VARCHAR NOT NULL, 
	email VARCHAR, 
	phone VARCHAR, 
	born_on DATE, 
	department VARCHAR(24) NOT NULL, 
	is_manager BOOLEAN NOT NULL, 
	hired_on DATE NOT NULL, 
	left_on DATE, 
	pin_hash VARCHAR, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_employees PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_employees_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_employees_chain_id_staff_id FOREIGN KEY(chain_id, staff_id) REFERENCES staff (chain_id, id), 
	CONSTRAINT uq_employees_hotel_id_number UNIQUE (hotel_id, number), 
	CONSTRAINT uq_employees_hotel_id_staff_id UNIQUE (hotel_id, staff_id), 
	CONSTRAINT ck_employees_hired_before_leaving CHECK (left_on IS NULL OR left_on >= hired_on), 
	CONSTRAINT ck_employees_born_before_hired CHECK (born_on IS NULL OR born_on < hired_on), 
	CONSTRAINT ck_employees_has_a_number CHECK (length(number) BETWEEN 1 AND 20), 
	CONSTRAINT ck_employees_has_a_name CHECK (length(last_name) > 0), 
	CONSTRAINT ck_employees_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT fk_employees_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_employees_hotel_id_last_name ON employees (hotel_id, last_name)
;;
CREATE TABLE pin_tries (
	device_id BIGINT NOT NULL, 
	number VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_pin_tries PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_pin_tries_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_pin_tries_hotel_id_device_id_at ON pin_tries (hotel_id, device_id, at)
;;
CREATE INDEX ix_pin_tries_hotel_id_number_at ON pin_tries (hotel_id, number, at)
;;
CREATE TABLE positions (
	code VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	department VARCHAR(24) NOT NULL, 
	tipped BOOLEAN NOT NULL, 
	adults_only BOOLEAN NOT NULL, 
	cost_center VARCHAR, 
	active BOOLEAN NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_positions PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_positions_hotel_id_code UNIQUE (hotel_id, code), 
	CONSTRAINT ck_positions_has_a_code CHECK (length(code) BETWEEN 1 AND 20), 
	CONSTRAINT ck_positions_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT fk_positions_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE roster_weeks (
	department VARCHAR(24) NOT NULL, 
	monday DATE NOT NULL, 
	published_at DATETIME, 
	published_by BIGINT, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_roster_weeks PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_roster_weeks_hotel_id_department_monday UNIQUE (hotel_id, department, monday), 
	CONSTRAINT ck_roster_weeks_published_by_somebody CHECK ((published_at IS NULL) = (published_by IS NULL)), 
	CONSTRAINT ck_roster_weeks_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT fk_roster_weeks_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE time_approvals (
	entry_id BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	minutes_paid BIGINT NOT NULL, 
	minutes_unpaid BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_time_approvals PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_time_approvals_hotel_id_entry_id_version UNIQUE (hotel_id, entry_id, version), 
	CONSTRAINT ck_time_approvals_not_negative CHECK (minutes_paid >= 0 AND minutes_unpaid >= 0), 
	CONSTRAINT fk_time_approvals_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE time_edits (
	employee_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	"before" JSON, 
	"after" JSON, 
	why VARCHAR NOT NULL, 
	staff_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_time_edits PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_time_edits_hotel_id_entry_id_version UNIQUE (hotel_id, entry_id, version), 
	CONSTRAINT ck_time_edits_has_a_reason CHECK (length(why) > 0), 
	CONSTRAINT fk_time_edits_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_time_edits_hotel_id_employee_id_at ON time_edits (hotel_id, employee_id, at)
;;
CREATE TABLE training_courses (
	name VARCHAR NOT NULL, 
	department VARCHAR(24), 
	every_months SMALLINT, 
	within_days SMALLINT NOT NULL, 
	active BOOLEAN NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_training_courses PRIMARY KEY (hotel_id, id), 
	CONSTRAINT uq_training_courses_hotel_id_name UNIQUE (hotel_id, name), 
	CONSTRAINT ck_training_courses_comes_again CHECK (every_months IS NULL OR every_months > 0), 
	CONSTRAINT ck_training_courses_not_before_hired CHECK (within_days >= 0), 
	CONSTRAINT ck_training_courses_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT fk_training_courses_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE work_rules (
	hotel_id BIGINT NOT NULL, 
	rest BIGINT NOT NULL, 
	longest_day BIGINT NOT NULL, 
	longest_week BIGINT NOT NULL, 
	minor_day BIGINT NOT NULL, 
	minor_week BIGINT NOT NULL, 
	minor_from TIME NOT NULL, 
	minor_until TIME NOT NULL, 
	break_after BIGINT NOT NULL, 
	break_of BIGINT NOT NULL, 
	paid_break BIGINT NOT NULL, 
	grace BIGINT NOT NULL, 
	long_shift BIGINT NOT NULL, 
	CONSTRAINT pk_work_rules PRIMARY KEY (hotel_id), 
	CONSTRAINT ck_work_rules_rest_within_a_day CHECK (rest BETWEEN 0 AND 1440), 
	CONSTRAINT ck_work_rules_day_within_a_day CHECK (longest_day BETWEEN 60 AND 1440), 
	CONSTRAINT ck_work_rules_week_within_a_week CHECK (longest_week BETWEEN 60 AND 10080), 
	CONSTRAINT ck_work_rules_paid_within_an_hour CHECK (paid_break BETWEEN 0 AND 60), 
	CONSTRAINT fk_work_rules_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
 WITHOUT ROWID
;;
CREATE TABLE absences (
	employee_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	first_day DATE NOT NULL, 
	last_day DATE NOT NULL, 
	note VARCHAR NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_absences PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_absences_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT uq_absences_hotel_id_id_employee_id UNIQUE (hotel_id, id, employee_id), 
	CONSTRAINT ck_absences_begins_before_it_ends CHECK (last_day >= first_day), 
	CONSTRAINT ck_absences_absencekind CHECK (kind IN ('vacation', 'sick', 'holiday', 'parental', 'unpaid')), 
	CONSTRAINT fk_absences_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_absences_hotel_id_employee_id_last_day ON absences (hotel_id, employee_id, last_day)
;;
CREATE TABLE employee_papers (
	employee_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	words VARCHAR NOT NULL, 
	issued_on DATE, 
	expires_on DATE NOT NULL, 
	remind_days SMALLINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_employee_papers PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_employee_papers_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT ck_employee_papers_issued_first CHECK (issued_on IS NULL OR issued_on <= expires_on), 
	CONSTRAINT ck_employee_papers_within_a_year CHECK (remind_days BETWEEN 0 AND 365), 
	CONSTRAINT ck_employee_papers_paperkind CHECK (kind IN ('work_permit', 'residence_permit', 'health_certificate', 'food_handler', 'alcohol_service', 'first_aid', 'driving_licence', 'contract', 'other')), 
	CONSTRAINT fk_employee_papers_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_employee_papers_hotel_id_employee_id ON employee_papers (hotel_id, employee_id)
;;
CREATE INDEX ix_employee_papers_hotel_id_expires_on ON employee_papers (hotel_id, expires_on)
;;
CREATE TABLE employments (
	employee_id BIGINT NOT NULL, 
	position_id BIGINT NOT NULL, 
	begins_on DATE NOT NULL, 
	ends_on DATE, 
	exempt BOOLEAN NOT NULL, 
	jurisdiction VARCHAR NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_employments PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_employments_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT fk_employments_hotel_id_position_id FOREIGN KEY(hotel_id, position_id) REFERENCES positions (hotel_id, id), 
	CONSTRAINT uq_employments_hotel_id_id_employee_id UNIQUE (hotel_id, id, employee_id), 
	CONSTRAINT ck_employments_begins_before_it_ends CHECK (ends_on IS NULL OR ends_on >= begins_on), 
	CONSTRAINT ck_employments_is_somewhere CHECK (length(jurisdiction) BETWEEN 2 AND 6), 
	CONSTRAINT fk_employments_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_employments_hotel_id_employee_id ON employments (hotel_id, employee_id)
;;
CREATE TABLE payroll_numbers (
	hotel_id BIGINT NOT NULL, 
	employee_id BIGINT NOT NULL, 
	system VARCHAR(24) NOT NULL, 
	number VARCHAR NOT NULL, 
	CONSTRAINT pk_payroll_numbers PRIMARY KEY (hotel_id, employee_id, system), 
	CONSTRAINT fk_payroll_numbers_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT uq_payroll_numbers_hotel_id_system_number UNIQUE (hotel_id, system, number), 
	CONSTRAINT ck_payroll_numbers_is_written CHECK (length(number) BETWEEN 1 AND 60), 
	CONSTRAINT fk_payroll_numbers_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_payroll_numbers_payrollsystem CHECK (system IN ('adp_run', 'adp_workforce_now', 'datev_lodas', 'gusto', 'paychex_flex', 'quickbooks'))
)
 WITHOUT ROWID
;;
CREATE TABLE roster_shifts (
	week_id BIGINT NOT NULL, 
	employee_id BIGINT, 
	position_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	starts_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	break_minutes SMALLINT NOT NULL, 
	level SMALLINT NOT NULL, 
	note VARCHAR NOT NULL, 
	published_at DATETIME, 
	changed_at DATETIME, 
	seen_at DATETIME, 
	cancelled_at DATETIME, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_roster_shifts PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_roster_shifts_hotel_id_week_id FOREIGN KEY(hotel_id, week_id) REFERENCES roster_weeks (hotel_id, id), 
	CONSTRAINT fk_roster_shifts_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT fk_roster_shifts_hotel_id_position_id FOREIGN KEY(hotel_id, position_id) REFERENCES positions (hotel_id, id), 
	CONSTRAINT ck_roster_shifts_takes_some_time CHECK (ends_at > starts_at), 
	CONSTRAINT ck_roster_shifts_break_within_four_hours CHECK (break_minutes BETWEEN 0 AND 240), 
	CONSTRAINT ck_roster_shifts_one_to_three CHECK (level BETWEEN 1 AND 3), 
	CONSTRAINT ck_roster_shifts_changed_if_published CHECK (published_at IS NOT NULL OR (changed_at IS NULL AND cancelled_at IS NULL AND seen_at IS NULL)), 
	CONSTRAINT fk_roster_shifts_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_roster_shifts_hotel_id_day ON roster_shifts (hotel_id, day)
;;
CREATE INDEX ix_roster_shifts_hotel_id_employee_id_starts_at ON roster_shifts (hotel_id, employee_id, starts_at)
;;
CREATE INDEX ix_roster_shifts_hotel_id_week_id ON roster_shifts (hotel_id, week_id)
;;
CREATE TABLE shift_templates (
	department VARCHAR(24) NOT NULL, 
	code VARCHAR NOT NULL, 
	position_id BIGINT NOT NULL, 
	begins TIME NOT NULL, 
	ends TIME NOT NULL, 
	break_minutes SMALLINT NOT NULL, 
	level SMALLINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_shift_templates PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_shift_templates_hotel_id_position_id FOREIGN KEY(hotel_id, position_id) REFERENCES positions (hotel_id, id), 
	CONSTRAINT uq_shift_templates_hotel_id_department_code UNIQUE (hotel_id, department, code), 
	CONSTRAINT ck_shift_templates_break_within_four_hours CHECK (break_minutes BETWEEN 0 AND 240), 
	CONSTRAINT ck_shift_templates_one_to_three CHECK (level BETWEEN 1 AND 3), 
	CONSTRAINT ck_shift_templates_has_a_code CHECK (length(code) BETWEEN 1 AND 8), 
	CONSTRAINT ck_shift_templates_department CHECK (department IN ('front_office', 'housekeeping', 'engineering', 'concierge', 'food_and_beverage', 'management')), 
	CONSTRAINT fk_shift_templates_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE trainings (
	employee_id BIGINT NOT NULL, 
	course_id BIGINT NOT NULL, 
	done_on DATE NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_trainings PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_trainings_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT fk_trainings_hotel_id_course_id FOREIGN KEY(hotel_id, course_id) REFERENCES training_courses (hotel_id, id), 
	CONSTRAINT uq_trainings_hotel_id_employee_id_course_id_done_on UNIQUE (hotel_id, employee_id, course_id, done_on), 
	CONSTRAINT fk_trainings_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE TABLE absent_days (
	hotel_id BIGINT NOT NULL, 
	employee_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	absence_id BIGINT NOT NULL, 
	minutes_paid BIGINT NOT NULL, 
	CONSTRAINT pk_absent_days PRIMARY KEY (hotel_id, employee_id, day), 
	CONSTRAINT fk_absent_days_hotel_id_absence_id_employee_id FOREIGN KEY(hotel_id, absence_id, employee_id) REFERENCES absences (hotel_id, id, employee_id) ON DELETE CASCADE, 
	CONSTRAINT ck_absent_days_at_most_a_day CHECK (minutes_paid BETWEEN 0 AND 1440), 
	CONSTRAINT fk_absent_days_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
 WITHOUT ROWID
;;
CREATE INDEX ix_absent_days_hotel_id_absence_id ON absent_days (hotel_id, absence_id)
;;
CREATE INDEX ix_absent_days_hotel_id_day ON absent_days (hotel_id, day)
;;
CREATE TABLE pay_rates (
	employment_id BIGINT NOT NULL, 
	valid_from DATE NOT NULL, 
	basis VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	staff_id BIGINT NOT NULL, 
	made_at DATETIME NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_pay_rates PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_pay_rates_hotel_id_employment_id FOREIGN KEY(hotel_id, employment_id) REFERENCES employments (hotel_id, id), 
	CONSTRAINT ck_pay_rates_not_negative CHECK (amount >= 0), 
	CONSTRAINT ck_pay_rates_paybasis CHECK (basis IN ('hour', 'week', 'month', 'year')), 
	CONSTRAINT fk_pay_rates_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_pay_rates_hotel_id_employment_id_valid_from ON pay_rates (hotel_id, employment_id, valid_from)
;;
CREATE TABLE time_entries (
	chain_id BIGINT NOT NULL, 
	employee_id BIGINT NOT NULL, 
	employment_id BIGINT NOT NULL, 
	service_day DATE NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	forgotten BOOLEAN NOT NULL, 
	struck BOOLEAN NOT NULL, 
	approved_by BIGINT, 
	approved_at DATETIME, 
	version BIGINT NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_time_entries PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_time_entries_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT fk_time_entries_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT fk_time_entries_hotel_id_employment_id_employee_id FOREIGN KEY(hotel_id, employment_id, employee_id) REFERENCES employments (hotel_id, id, employee_id), 
	CONSTRAINT fk_time_entries_chain_id_approved_by FOREIGN KEY(chain_id, approved_by) REFERENCES staff (chain_id, id), 
	CONSTRAINT ck_time_entries_takes_some_time CHECK (ended_at IS NULL OR ended_at > started_at), 
	CONSTRAINT ck_time_entries_approved_by_somebody CHECK ((approved_at IS NULL) = (approved_by IS NULL)), 
	CONSTRAINT ck_time_entries_over_if_approved CHECK (approved_at IS NULL OR (ended_at IS NOT NULL AND NOT struck)), 
	CONSTRAINT ck_time_entries_forgotten_if_open CHECK (NOT forgotten OR ended_at IS NULL), 
	CONSTRAINT fk_time_entries_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_time_entries_hotel_id_employee_id_started_at ON time_entries (hotel_id, employee_id, started_at)
;;
CREATE INDEX ix_time_entries_hotel_id_service_day ON time_entries (hotel_id, service_day)
;;
CREATE UNIQUE INDEX uq_time_entries_one_running ON time_entries (hotel_id, employee_id) WHERE ended_at IS NULL AND NOT struck AND NOT forgotten
;;
CREATE TABLE punches (
	employee_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	at DATETIME NOT NULL, 
	source VARCHAR(24) NOT NULL, 
	device_id BIGINT, 
	"key" VARCHAR, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_punches PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_punches_hotel_id_employee_id FOREIGN KEY(hotel_id, employee_id) REFERENCES employees (hotel_id, id), 
	CONSTRAINT fk_punches_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES time_entries (hotel_id, id), 
	CONSTRAINT uq_punches_hotel_id_key UNIQUE (hotel_id, "key"), 
	CONSTRAINT ck_punches_punched CHECK (kind IN ('in', 'break', 'back', 'change', 'out')), 
	CONSTRAINT ck_punches_source CHECK (source IN ('tablet', 'phone', 'machine')), 
	CONSTRAINT fk_punches_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_punches_hotel_id_employee_id_at ON punches (hotel_id, employee_id, at)
;;
CREATE INDEX ix_punches_hotel_id_entry_id ON punches (hotel_id, entry_id)
;;
CREATE TABLE time_breaks (
	entry_id BIGINT NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	paid BOOLEAN NOT NULL, 
	hotel_id BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	CONSTRAINT pk_time_breaks PRIMARY KEY (hotel_id, id), 
	CONSTRAINT fk_time_breaks_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES time_entries (hotel_id, id), 
	CONSTRAINT ck_time_breaks_takes_some_time CHECK (ended_at IS NULL OR ended_at > started_at), 
	CONSTRAINT fk_time_breaks_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_time_breaks_hotel_id_entry_id ON time_breaks (hotel_id, entry_id)
;;
CREATE UNIQUE INDEX uq_time_breaks_one_running ON time_breaks (hotel_id, entry_id) WHERE ended_at IS NULL
;;
CREATE TRIGGER absent_days_have_no_shift BEFORE INSERT ON absent_days FOR EACH ROW WHEN EXISTS (SELECT 1 FROM roster_shifts s WHERE s.hotel_id = NEW.hotel_id AND s.employee_id = NEW.employee_id AND s.day = NEW.day AND s.cancelled_at IS NULL) BEGIN SELECT RAISE(ABORT, 'a shift is for who holds the position and is there'); END
;;
CREATE TRIGGER employments_begin_when_hired_insert BEFORE INSERT ON employments FOR EACH ROW WHEN EXISTS (SELECT 1 FROM employees e WHERE e.hotel_id = NEW.hotel_id AND e.id = NEW.employee_id AND (NEW.begins_on < e.hired_on OR (e.left_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > e.left_on)))) BEGIN SELECT RAISE(ABORT, 'a position is held from the hire to the leaving'); END
;;
CREATE TRIGGER employments_begin_when_hired_update BEFORE UPDATE ON employments FOR EACH ROW WHEN EXISTS (SELECT 1 FROM employees e WHERE e.hotel_id = NEW.hotel_id AND e.id = NEW.employee_id AND (NEW.begins_on < e.hired_on OR (e.left_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > e.left_on)))) BEGIN SELECT RAISE(ABORT, 'a position is held from the hire to the leaving'); END
;;
CREATE TRIGGER employments_one_at_a_time_insert BEFORE INSERT ON employments FOR EACH ROW WHEN EXISTS (SELECT 1 FROM employments o WHERE o.hotel_id = NEW.hotel_id AND o.employee_id = NEW.employee_id AND o.position_id = NEW.position_id AND o.id <> NEW.id AND (o.ends_on IS NULL OR o.ends_on >= NEW.begins_on) AND (NEW.ends_on IS NULL OR NEW.ends_on >= o.begins_on)) BEGIN SELECT RAISE(ABORT, 'nobody holds the same position twice on a day'); END
;;
CREATE TRIGGER employments_one_at_a_time_update BEFORE UPDATE ON employments FOR EACH ROW WHEN EXISTS (SELECT 1 FROM employments o WHERE o.hotel_id = NEW.hotel_id AND o.employee_id = NEW.employee_id AND o.position_id = NEW.position_id AND o.id <> NEW.id AND (o.ends_on IS NULL OR o.ends_on >= NEW.begins_on) AND (NEW.ends_on IS NULL OR NEW.ends_on >= o.begins_on)) BEGIN SELECT RAISE(ABORT, 'nobody holds the same position twice on a day'); END
;;
CREATE TRIGGER pay_rates_no_delete BEFORE DELETE ON pay_rates FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'pay_rates is written in ink'); END
;;
CREATE TRIGGER pay_rates_no_update BEFORE UPDATE ON pay_rates FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'pay_rates is written in ink'); END
;;
CREATE TRIGGER punches_no_delete BEFORE DELETE ON punches FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'punches is written in ink'); END
;;
CREATE TRIGGER punches_no_update BEFORE UPDATE ON punches FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'punches is written in ink'); END
;;
CREATE TRIGGER roster_shifts_are_for_who_is_there_moved BEFORE UPDATE OF employee_id, position_id, day, starts_at, ends_at, cancelled_at ON roster_shifts FOR EACH ROW WHEN NEW.employee_id IS NOT NULL AND NEW.cancelled_at IS NULL AND (EXISTS (SELECT 1 FROM absent_days a WHERE a.hotel_id = NEW.hotel_id AND a.employee_id = NEW.employee_id AND a.day = NEW.day) OR NOT EXISTS (SELECT 1 FROM employments e WHERE e.hotel_id = NEW.hotel_id AND e.employee_id = NEW.employee_id AND e.position_id = NEW.position_id AND e.begins_on <= NEW.day AND (e.ends_on IS NULL OR e.ends_on >= NEW.day))) BEGIN SELECT RAISE(ABORT, 'a shift is for who holds the position and is there'); END
;;
CREATE TRIGGER roster_shifts_are_for_who_is_there_put BEFORE INSERT ON roster_shifts FOR EACH ROW WHEN NEW.employee_id IS NOT NULL AND NEW.cancelled_at IS NULL AND (EXISTS (SELECT 1 FROM absent_days a WHERE a.hotel_id = NEW.hotel_id AND a.employee_id = NEW.employee_id AND a.day = NEW.day) OR NOT EXISTS (SELECT 1 FROM employments e WHERE e.hotel_id = NEW.hotel_id AND e.employee_id = NEW.employee_id AND e.position_id = NEW.position_id AND e.begins_on <= NEW.day AND (e.ends_on IS NULL OR e.ends_on >= NEW.day))) BEGIN SELECT RAISE(ABORT, 'a shift is for who holds the position and is there'); END
;;
CREATE TRIGGER roster_shifts_do_not_overlap_moved BEFORE UPDATE OF employee_id, position_id, day, starts_at, ends_at, cancelled_at ON roster_shifts FOR EACH ROW WHEN NEW.employee_id IS NOT NULL AND NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM roster_shifts o WHERE o.hotel_id = NEW.hotel_id AND o.employee_id = NEW.employee_id AND o.id <> NEW.id AND o.cancelled_at IS NULL AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'nobody has two shifts at a time'); END
;;
CREATE TRIGGER roster_shifts_do_not_overlap_put BEFORE INSERT ON roster_shifts FOR EACH ROW WHEN NEW.employee_id IS NOT NULL AND NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM roster_shifts o WHERE o.hotel_id = NEW.hotel_id AND o.employee_id = NEW.employee_id AND o.id <> NEW.id AND o.cancelled_at IS NULL AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'nobody has two shifts at a time'); END
;;
CREATE TRIGGER time_approvals_no_delete BEFORE DELETE ON time_approvals FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'time_approvals is written in ink'); END
;;
CREATE TRIGGER time_approvals_no_update BEFORE UPDATE ON time_approvals FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'time_approvals is written in ink'); END
;;
CREATE TRIGGER time_breaks_are_within_insert BEFORE INSERT ON time_breaks FOR EACH ROW WHEN EXISTS (SELECT 1 FROM time_entries e WHERE e.hotel_id = NEW.hotel_id AND e.id = NEW.entry_id AND (e.approved_at IS NOT NULL OR NEW.started_at < e.started_at OR (e.ended_at IS NOT NULL AND (NEW.ended_at IS NULL OR NEW.ended_at > e.ended_at)))) OR EXISTS (SELECT 1 FROM time_breaks o WHERE o.hotel_id = NEW.hotel_id AND o.entry_id = NEW.entry_id AND o.id <> NEW.id AND (o.ended_at IS NULL OR o.ended_at > NEW.started_at) AND (NEW.ended_at IS NULL OR NEW.ended_at > o.started_at)) BEGIN SELECT RAISE(ABORT, 'a break is within hours that are not approved, one at a time'); END
;;
CREATE TRIGGER time_breaks_are_within_update BEFORE UPDATE ON time_breaks FOR EACH ROW WHEN EXISTS (SELECT 1 FROM time_entries e WHERE e.hotel_id = NEW.hotel_id AND e.id = NEW.entry_id AND (e.approved_at IS NOT NULL OR NEW.started_at < e.started_at OR (e.ended_at IS NOT NULL AND (NEW.ended_at IS NULL OR NEW.ended_at > e.ended_at)))) OR EXISTS (SELECT 1 FROM time_breaks o WHERE o.hotel_id = NEW.hotel_id AND o.entry_id = NEW.entry_id AND o.id <> NEW.id AND (o.ended_at IS NULL OR o.ended_at > NEW.started_at) AND (NEW.ended_at IS NULL OR NEW.ended_at > o.started_at)) BEGIN SELECT RAISE(ABORT, 'a break is within hours that are not approved, one at a time'); END
;;
CREATE TRIGGER time_breaks_stay_approved BEFORE DELETE ON time_breaks FOR EACH ROW WHEN EXISTS (SELECT 1 FROM time_entries e WHERE e.hotel_id = OLD.hotel_id AND e.id = OLD.entry_id AND e.approved_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a break is within hours that are not approved, one at a time'); END
;;
CREATE TRIGGER time_edits_no_delete BEFORE DELETE ON time_edits FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'time_edits is written in ink'); END
;;
CREATE TRIGGER time_edits_no_update BEFORE UPDATE ON time_edits FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'time_edits is written in ink'); END
;;
CREATE TRIGGER time_entries_are_approved_in_ink BEFORE UPDATE ON time_entries FOR EACH ROW WHEN NEW.approved_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM time_approvals a WHERE a.hotel_id = NEW.hotel_id AND a.entry_id = NEW.id AND a.version = NEW.version AND a.staff_id = NEW.approved_by) BEGIN SELECT RAISE(ABORT, 'an approval is of one version, and written down first'); END
;;
CREATE TRIGGER time_entries_are_counted BEFORE UPDATE ON time_entries FOR EACH ROW WHEN NEW.version <> OLD.version + 1 AND (NEW.started_at <> OLD.started_at OR NEW.employment_id <> OLD.employment_id OR NEW.service_day <> OLD.service_day OR NEW.employee_id <> OLD.employee_id OR NEW.struck <> OLD.struck OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL) OR (OLD.ended_at IS NOT NULL AND NEW.ended_at <> OLD.ended_at)) BEGIN SELECT RAISE(ABORT, 'somebody changed these hours first'); END
;;
CREATE TRIGGER time_entries_begin_unapproved BEFORE INSERT ON time_entries FOR EACH ROW WHEN NEW.approved_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'an approval is of one version, and written down first'); END
;;
CREATE TRIGGER time_entries_do_not_overlap_begun BEFORE INSERT ON time_entries FOR EACH ROW WHEN NOT NEW.struck AND NOT NEW.forgotten AND EXISTS (SELECT 1 FROM time_entries o WHERE o.hotel_id = NEW.hotel_id AND NOT o.struck AND NOT o.forgotten AND o.employee_id = NEW.employee_id AND o.id <> NEW.id AND (o.ended_at IS NULL OR o.ended_at > NEW.started_at) AND (NEW.ended_at IS NULL OR NEW.ended_at > o.started_at)) BEGIN SELECT RAISE(ABORT, 'nobody works twice at a time'); END
;;
CREATE TRIGGER time_entries_do_not_overlap_moved BEFORE UPDATE OF employee_id, started_at, ended_at, struck, forgotten ON time_entries FOR EACH ROW WHEN NOT NEW.struck AND NOT NEW.forgotten AND EXISTS (SELECT 1 FROM time_entries o WHERE o.hotel_id = NEW.hotel_id AND NOT o.struck AND NOT o.forgotten AND o.employee_id = NEW.employee_id AND o.id <> NEW.id AND (o.ended_at IS NULL OR o.ended_at > NEW.started_at) AND (NEW.ended_at IS NULL OR NEW.ended_at > o.started_at)) BEGIN SELECT RAISE(ABORT, 'nobody works twice at a time'); END
;;
CREATE TRIGGER time_entries_keep_their_breaks BEFORE UPDATE ON time_entries FOR EACH ROW WHEN EXISTS (SELECT 1 FROM time_breaks b WHERE b.hotel_id = NEW.hotel_id AND b.entry_id = NEW.id AND (b.started_at < NEW.started_at OR (NEW.ended_at IS NOT NULL AND (b.ended_at IS NULL OR b.ended_at > NEW.ended_at)))) BEGIN SELECT RAISE(ABORT, 'hours reach around their breaks'); END
;;
CREATE TRIGGER time_entries_stay BEFORE DELETE ON time_entries FOR EACH ROW WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'hours are struck, never deleted'); END
