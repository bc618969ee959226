CREATE TABLE translations (
	hotel_id BIGINT NOT NULL, 
	name VARCHAR(600) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	words VARCHAR(600) NOT NULL, 
	CONSTRAINT pk_translations PRIMARY KEY (hotel_id, name, language), 
	CONSTRAINT ck_translations_language_is_spoken CHECK (language IN ('en', 'de', 'fr', 'es')), 
	CONSTRAINT ck_translations_name_is_words CHECK (length(trim(name)) > 0 AND length(name) <= 600), 
	CONSTRAINT ck_translations_words_are_some CHECK (length(trim(words)) > 0 AND length(words) <= 600), 
	CONSTRAINT fk_translations_hotel_id FOREIGN KEY(hotel_id) REFERENCES hotels (id)
)
