CREATE FUNCTION notes_banked_cost_their_fee() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.fee <> (SELECT COALESCE(SUM(l.amount), 0) FROM lines l JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.entry_id AND a.code = 'clearing/bank-fees') THEN RAISE EXCEPTION 'what the bank keeps is in the entry' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER notes_banked_cost_their_fee BEFORE INSERT ON notes_banked FOR EACH ROW EXECUTE FUNCTION notes_banked_cost_their_fee()
