CREATE FUNCTION guest_links_open_a_booking_by_its_first_room() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.opens = 'booking' AND NOT EXISTS (SELECT 1 FROM reservations WHERE hotel_id = NEW.hotel_id AND id = NEW.reservation_id AND number = booking_number) THEN RAISE EXCEPTION 'a booking is opened by its first room' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER guest_links_open_a_booking_by_its_first_room BEFORE INSERT ON guest_links FOR EACH ROW EXECUTE FUNCTION guest_links_open_a_booking_by_its_first_room()
;;
CREATE FUNCTION guest_links_stay_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF OLD.withdrawn_at IS NOT NULL OR NEW.digest <> OLD.digest OR NEW.reservation_id <> OLD.reservation_id OR NEW.opens <> OLD.opens THEN RAISE EXCEPTION 'a link opens what it was made for, and a withdrawn one nothing' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER guest_links_stay_withdrawn BEFORE UPDATE ON guest_links FOR EACH ROW EXECUTE FUNCTION guest_links_stay_withdrawn()
;;
CREATE FUNCTION guest_visits_open_a_booking_by_its_first_room() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.opens = 'booking' AND NOT EXISTS (SELECT 1 FROM reservations WHERE hotel_id = NEW.hotel_id AND id = NEW.reservation_id AND number = booking_number) THEN RAISE EXCEPTION 'a booking is opened by its first room' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER guest_visits_open_a_booking_by_its_first_room BEFORE INSERT ON guest_visits FOR EACH ROW EXECUTE FUNCTION guest_visits_open_a_booking_by_its_first_room()
;;
CREATE FUNCTION guest_visits_see_what_they_began_with() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF NEW.reservation_id <> OLD.reservation_id OR NEW.opens <> OLD.opens THEN RAISE EXCEPTION 'a visit sees what it was opened for' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $body$
;;
CREATE TRIGGER guest_visits_see_what_they_began_with BEFORE UPDATE ON guest_visits FOR EACH ROW EXECUTE FUNCTION guest_visits_see_what_they_began_with()
