CREATE TABLE adjustment_limits (
	hotel_id BIGINT NOT NULL, 
	role VARCHAR(24) NOT NULL, 
	most BIGINT NOT NULL, 
	CONSTRAINT pk_adjustment_limits PRIMARY KEY (hotel_id, role), 
	CONSTRAINT ck_adjustment_limits_at_least_nothing CHECK (most >= 0), 
	CONSTRAINT fk_adjustment_limits_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id), 
	CONSTRAINT ck_adjustment_limits_role CHECK (role IN ('front_desk', 'reservations', 'night_auditor', 'housekeeper', 'housekeeping_manager', 'concierge', 'engineer', 'accountant', 'manager', 'owner', 'house'))
)
;;
CREATE TABLE routed_amounts (
	hotel_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	rule_id BIGINT NOT NULL, 
	night DATE NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_routed_amounts PRIMARY KEY (hotel_id, entry_id, rule_id), 
	CONSTRAINT fk_routed_amounts_hotel_id_entry_id FOREIGN KEY(hotel_id, entry_id) REFERENCES entries (hotel_id, id), 
	CONSTRAINT fk_routed_amounts_hotel_id_rule_id FOREIGN KEY(hotel_id, rule_id) REFERENCES routing_rules (hotel_id, id)
)
;;
CREATE INDEX ix_routed_amounts_hotel_id_rule_id_night ON routed_amounts (hotel_id, rule_id, night)
;;
CREATE FUNCTION routed_amounts_no_delete() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'routed_amounts is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER routed_amounts_no_delete BEFORE DELETE ON routed_amounts FOR EACH ROW EXECUTE FUNCTION routed_amounts_no_delete()
;;
CREATE TRIGGER routed_amounts_no_truncate BEFORE TRUNCATE ON routed_amounts FOR EACH STATEMENT EXECUTE FUNCTION routed_amounts_no_delete()
;;
CREATE FUNCTION routed_amounts_no_update() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'routed_amounts is written in ink' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER routed_amounts_no_update BEFORE UPDATE ON routed_amounts FOR EACH ROW EXECUTE FUNCTION routed_amounts_no_update()
;;
CREATE FUNCTION routed_amounts_within_limits() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF EXISTS (SELECT 1 FROM routing_rules r WHERE r.hotel_id = NEW.hotel_id AND r.id = NEW.rule_id AND NEW.amount > 0 AND (r.night_limit IS NOT NULL AND NEW.amount > r.night_limit - (SELECT COALESCE(SUM(a.amount), 0) FROM routed_amounts a WHERE a.hotel_id = NEW.hotel_id AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = a.hotel_id AND u.reverses_id = a.entry_id) AND a.rule_id = NEW.rule_id AND a.night = NEW.night) OR r.total_limit IS NOT NULL AND NEW.amount > r.total_limit - (SELECT COALESCE(SUM(a.amount), 0) FROM routed_amounts a WHERE a.hotel_id = NEW.hotel_id AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = a.hotel_id AND u.reverses_id = a.entry_id) AND a.rule_id = NEW.rule_id))) THEN RAISE EXCEPTION 'a routing rule keeps its limits' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER routed_amounts_within_limits BEFORE INSERT ON routed_amounts FOR EACH ROW EXECUTE FUNCTION routed_amounts_within_limits()
;;
CREATE FUNCTION entries_leave_papers_alone() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF (NEW.reverses_id IS NOT NULL AND (SELECT COALESCE(SUM(covers), 0) FROM paper_entries WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.reverses_id) > 0) OR (NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM entries t JOIN lines f ON f.hotel_id = t.hotel_id AND f.entry_id = t.id AND f.no = 1 JOIN paper_entries p ON p.hotel_id = t.hotel_id AND p.entry_id = t.concerns_id AND p.account_id = f.account_id WHERE t.hotel_id = NEW.hotel_id AND t.id = NEW.reverses_id AND t.kind = 'transfer' GROUP BY p.entry_id HAVING SUM(p.covers) > 0)) OR (NEW.kind = 'transfer' AND NEW.concerns_id IS NOT NULL AND (SELECT COALESCE(SUM(covers), 0) FROM paper_entries WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.concerns_id AND account_id = (SELECT account_id FROM lines WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.id AND no = 1)) > 0) THEN RAISE EXCEPTION 'what is invoiced is credited before it changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER entries_leave_papers_alone BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_leave_papers_alone()
;;
CREATE FUNCTION entries_move_what_stands() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.kind = 'transfer' AND NEW.concerns_id IS NOT NULL AND EXISTS (SELECT 1 FROM lines f WHERE f.hotel_id = NEW.hotel_id AND f.entry_id = NEW.id AND f.no = 1 AND (ABS((((SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.concerns_id AND l.account_id = f.account_id) + (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.account_id = f.account_id AND l.entry_id IN (SELECT t.id FROM entries t JOIN lines b ON b.hotel_id = t.hotel_id AND b.entry_id = t.id AND b.no = 1 AND b.account_id = f.account_id WHERE t.hotel_id = NEW.hotel_id AND t.concerns_id = NEW.concerns_id AND t.kind = 'transfer' AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = t.hotel_id AND u.reverses_id = t.id)))) + (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.id AND l.account_id = f.account_id))) > ABS(((SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.concerns_id AND l.account_id = f.account_id) + (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.account_id = f.account_id AND l.entry_id IN (SELECT t.id FROM entries t JOIN lines b ON b.hotel_id = t.hotel_id AND b.entry_id = t.id AND b.no = 1 AND b.account_id = f.account_id WHERE t.hotel_id = NEW.hotel_id AND t.concerns_id = NEW.concerns_id AND t.kind = 'transfer' AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = t.hotel_id AND u.reverses_id = t.id))))) OR ((SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.concerns_id AND l.account_id = f.account_id) + (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.account_id = f.account_id AND l.entry_id IN (SELECT t.id FROM entries t JOIN lines b ON b.hotel_id = t.hotel_id AND b.entry_id = t.id AND b.no = 1 AND b.account_id = f.account_id WHERE t.hotel_id = NEW.hotel_id AND t.concerns_id = NEW.concerns_id AND t.kind = 'transfer' AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = t.hotel_id AND u.reverses_id = t.id)))) > 0 AND (((SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.concerns_id AND l.account_id = f.account_id) + (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.account_id = f.account_id AND l.entry_id IN (SELECT t.id FROM entries t JOIN lines b ON b.hotel_id = t.hotel_id AND b.entry_id = t.id AND b.no = 1 AND b.account_id = f.account_id WHERE t.hotel_id = NEW.hotel_id AND t.concerns_id = NEW.concerns_id AND t.kind = 'transfer' AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = t.hotel_id AND u.reverses_id = t.id)))) + (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.id AND l.account_id = f.account_id)) < 0 OR ((SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.concerns_id AND l.account_id = f.account_id) + (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.account_id = f.account_id AND l.entry_id IN (SELECT t.id FROM entries t JOIN lines b ON b.hotel_id = t.hotel_id AND b.entry_id = t.id AND b.no = 1 AND b.account_id = f.account_id WHERE t.hotel_id = NEW.hotel_id AND t.concerns_id = NEW.concerns_id AND t.kind = 'transfer' AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = t.hotel_id AND u.reverses_id = t.id)))) < 0 AND (((SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.concerns_id AND l.account_id = f.account_id) + (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.account_id = f.account_id AND l.entry_id IN (SELECT t.id FROM entries t JOIN lines b ON b.hotel_id = t.hotel_id AND b.entry_id = t.id AND b.no = 1 AND b.account_id = f.account_id WHERE t.hotel_id = NEW.hotel_id AND t.concerns_id = NEW.concerns_id AND t.kind = 'transfer' AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = t.hotel_id AND u.reverses_id = t.id)))) + (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.id AND l.account_id = f.account_id)) > 0)) THEN RAISE EXCEPTION 'no more is moved than stands' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER entries_move_what_stands BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_move_what_stands()
;;
CREATE FUNCTION routing_rules_limit_what_went() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.total_limit IS NOT NULL AND (SELECT COALESCE(SUM(a.amount), 0) FROM routed_amounts a WHERE a.hotel_id = NEW.hotel_id AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = a.hotel_id AND u.reverses_id = a.entry_id) AND a.rule_id = NEW.id) > NEW.total_limit OR NEW.night_limit IS NOT NULL AND EXISTS (SELECT a.night FROM routed_amounts a WHERE a.hotel_id = NEW.hotel_id AND a.rule_id = NEW.id AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = a.hotel_id AND u.reverses_id = a.entry_id) GROUP BY a.night HAVING SUM(a.amount) > NEW.night_limit) THEN RAISE EXCEPTION 'a routing rule is not limited to less than it sent' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER routing_rules_limit_what_went BEFORE UPDATE OF night_limit, total_limit ON routing_rules FOR EACH ROW EXECUTE FUNCTION routing_rules_limit_what_went()
;;
CREATE FUNCTION routing_rules_stay_for_what_went() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a routing rule ends, it is not deleted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $body$
;;
CREATE TRIGGER routing_rules_stay_for_what_went BEFORE DELETE ON routing_rules FOR EACH ROW EXECUTE FUNCTION routing_rules_stay_for_what_went()
