CREATE TABLE forms_sent (
	hotel_id BIGINT NOT NULL, 
	key VARCHAR(64) NOT NULL, 
	content VARCHAR(64) NOT NULL, 
	made_id BIGINT, 
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_forms_sent PRIMARY KEY (hotel_id, key), 
	CONSTRAINT fk_forms_sent_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
;;
CREATE INDEX ix_forms_sent_hotel_id_sent_at ON forms_sent (hotel_id, sent_at)
