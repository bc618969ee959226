CREATE TABLE company_credits (
	hotel_id BIGINT NOT NULL, 
	company_id BIGINT NOT NULL, 
	chain_id BIGINT NOT NULL, 
	most BIGINT, 
	CONSTRAINT pk_company_credits PRIMARY KEY (hotel_id, company_id), 
	CONSTRAINT fk_company_credits_chain_id_company_id FOREIGN KEY(chain_id, company_id) REFERENCES companies (chain_id, id), 
	CONSTRAINT fk_company_credits_chain_id_hotel_id FOREIGN KEY(chain_id, hotel_id) REFERENCES hotels (chain_id, id), 
	CONSTRAINT ck_company_credits_at_least_nothing CHECK (most >= 0)
)
 WITHOUT ROWID
