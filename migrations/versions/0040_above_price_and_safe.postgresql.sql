CREATE FUNCTION deposit_taxes_above_price_untaxed() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.quoted < 0 OR (NEW.quoted = 0 AND (NEW.tax_id IS NOT NULL OR NEW.tax <> 0)) THEN RAISE EXCEPTION 'what is above the price of a stay bears no tax' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER deposit_taxes_above_price_untaxed BEFORE INSERT ON deposit_taxes FOR EACH ROW EXECUTE FUNCTION deposit_taxes_above_price_untaxed()
;;
CREATE FUNCTION deposit_taxes_no_more_than_paid() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.net + NEW.tax > 0 AND NEW.net + NEW.tax + (SELECT COALESCE(SUM(net + tax), 0) FROM deposit_taxes WHERE hotel_id = NEW.hotel_id AND payment_id = NEW.payment_id) > (SELECT amount FROM payments WHERE hotel_id = NEW.hotel_id AND id = NEW.payment_id) THEN RAISE EXCEPTION 'no more of a deposit is taxed than was paid' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER deposit_taxes_no_more_than_paid BEFORE INSERT ON deposit_taxes FOR EACH ROW EXECUTE FUNCTION deposit_taxes_no_more_than_paid()
