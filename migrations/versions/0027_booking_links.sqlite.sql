CREATE TRIGGER guest_links_open_a_booking_by_its_first_room BEFORE INSERT ON guest_links FOR EACH ROW WHEN NEW.opens = 'booking' AND NOT EXISTS (SELECT 1 FROM reservations WHERE hotel_id = NEW.hotel_id AND id = NEW.reservation_id AND number = booking_number) BEGIN SELECT RAISE(ABORT, 'a booking is opened by its first room'); END
;;
CREATE TRIGGER guest_links_stay_withdrawn BEFORE UPDATE ON guest_links FOR EACH ROW WHEN OLD.withdrawn_at IS NOT NULL OR NEW.digest <> OLD.digest OR NEW.reservation_id <> OLD.reservation_id OR NEW.opens <> OLD.opens BEGIN SELECT RAISE(ABORT, 'a link opens what it was made for, and a withdrawn one nothing'); END
;;
CREATE TRIGGER guest_visits_open_a_booking_by_its_first_room BEFORE INSERT ON guest_visits FOR EACH ROW WHEN NEW.opens = 'booking' AND NOT EXISTS (SELECT 1 FROM reservations WHERE hotel_id = NEW.hotel_id AND id = NEW.reservation_id AND number = booking_number) BEGIN SELECT RAISE(ABORT, 'a booking is opened by its first room'); END
;;
CREATE TRIGGER guest_visits_see_what_they_began_with BEFORE UPDATE ON guest_visits FOR EACH ROW WHEN NEW.reservation_id <> OLD.reservation_id OR NEW.opens <> OLD.opens BEGIN SELECT RAISE(ABORT, 'a visit sees what it was opened for'); END
