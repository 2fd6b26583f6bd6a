-- A person has a dozen rows among identifiers and keys, and most of what filing one costs PostgreSQL was keeping their indexes. A blinded value is
-- found by its bytes alone (every type and rule has a key of its own, so equal bytes are equal values of one type), a record's rows by the record:
-- two narrow indexes a table instead of two wide ones. That a row is not there twice is seen to by who writes it, under the turn, from the difference
-- to what is stored. The running version can live with it.
alter table govern.record_identifier drop constraint record_identifier_pkey;
drop index govern.record_identifier_blind;
create index record_identifier_record on govern.record_identifier (record_key);
create index record_identifier_blind on govern.record_identifier (blind);

alter table govern.match_key drop constraint match_key_pkey;
create index match_key_blind on govern.match_key (blind);
