CREATE TABLE allotment_nights (
	hotel_id BIGINT NOT NULL, 
	holder_id BIGINT NOT NULL, 
	night DATE NOT NULL, 
	type_id BIGINT NOT NULL, 
	agreed BIGINT NOT NULL, 
	picked BIGINT NOT NULL, 
	kept BIGINT NOT NULL, 
	over BIGINT NOT NULL, 
	released BIGINT NOT NULL, 
	keeps BOOLEAN NOT NULL, 
	elastic BOOLEAN NOT NULL, 
	release_on DATE NOT NULL, 
	CONSTRAINT pk_allotment_nights PRIMARY KEY (hotel_id, holder_id, night, type_id), 
	CONSTRAINT fk_allotment_nights_open_for_sale FOREIGN KEY(hotel_id, night, type_id) REFERENCES type_nights (hotel_id, night, type_id), 
	CONSTRAINT fk_allotment_nights_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_allotment_nights_not_negative CHECK (agreed >= 0 AND picked >= 0 AND released >= 0 AND over >= 0), 
	CONSTRAINT ck_allotment_nights_keeps_what_is_left CHECK (kept = CASE WHEN keeps AND agreed > picked THEN agreed - picked ELSE 0 END), 
	CONSTRAINT ck_allotment_nights_over_is_over CHECK (over = CASE WHEN picked > agreed THEN picked - agreed ELSE 0 END)
)
 WITHOUT ROWID
;;
CREATE INDEX ix_allotment_nights_to_release ON allotment_nights (hotel_id, release_on) WHERE keeps
;;
CREATE TABLE group_prices (
	hotel_id BIGINT NOT NULL, 
	group_id BIGINT NOT NULL, 
	type_id BIGINT NOT NULL, 
	price BIGINT NOT NULL, 
	CONSTRAINT pk_group_prices PRIMARY KEY (hotel_id, group_id, type_id), 
	CONSTRAINT fk_group_prices_hotel_id_group_id FOREIGN KEY(hotel_id, group_id) REFERENCES groups (hotel_id, id), 
	CONSTRAINT fk_group_prices_hotel_id_type_id FOREIGN KEY(hotel_id, type_id) REFERENCES room_types (hotel_id, id), 
	CONSTRAINT ck_group_prices_not_negative CHECK (price >= 0)
)
 WITHOUT ROWID
;;
CREATE TABLE group_terms (
	hotel_id BIGINT NOT NULL, 
	group_id BIGINT NOT NULL, 
	chain_id BIGINT NOT NULL, 
	company_id BIGINT, 
	agent_id BIGINT, 
	plan_id BIGINT NOT NULL, 
	contact VARCHAR, 
	arrival DATE NOT NULL, 
	departure DATE NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	deducts BOOLEAN NOT NULL, 
	elastic BOOLEAN NOT NULL, 
	cut_off DATE, 
	cut_off_days BIGINT, 
	billing VARCHAR(24) NOT NULL, 
	lost_reason VARCHAR, 
	notes VARCHAR, 
	version BIGINT NOT NULL, 
	CONSTRAINT pk_group_terms PRIMARY KEY (hotel_id, group_id), 
	CONSTRAINT fk_group_terms_hotel_id_group_id FOREIGN KEY(hotel_id, group_id) REFERENCES groups (hotel_id, id), 
	CONSTRAINT fk_group_terms_hotel_id_plan_id FOREIGN KEY(hotel_id, plan_id) REFERENCES rate_plans (hotel_id, id), 
	CONSTRAINT fk_group_terms_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT fk_group_terms_chain_id_agent_id FOREIGN KEY(chain_id, agent_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT fk_group_terms_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_group_terms_has_a_night CHECK (departure > arrival), 
	CONSTRAINT ck_group_terms_lost_for_a_why CHECK ((status = 'lost') = (lost_reason IS NOT NULL)), 
	CONSTRAINT ck_group_terms_deducts_when_it_is_sure CHECK (CASE status WHEN 'definite' THEN deducts WHEN 'tentative' THEN true ELSE NOT deducts END), 
	CONSTRAINT ck_group_terms_cut_off_in_one_way CHECK (cut_off IS NULL OR cut_off_days IS NULL), 
	CONSTRAINT ck_group_terms_cut_off_before CHECK (cut_off_days IS NULL OR cut_off_days >= 0), 
	CONSTRAINT ck_group_terms_status CHECK (status IN ('inquiry', 'tentative', 'definite', 'lost')), 
	CONSTRAINT ck_group_terms_billing CHECK (billing IN ('own', 'rooms', 'all'))
)
 WITHOUT ROWID
;;
CREATE INDEX ix_group_terms_hotel_id_agent_id ON group_terms (hotel_id, agent_id)
;;
CREATE INDEX ix_group_terms_hotel_id_company_id ON group_terms (hotel_id, company_id)
;;
CREATE INDEX ix_group_terms_hotel_id_departure ON group_terms (hotel_id, departure)
