-- Whose record numbers a source means when it names no authority: a setting of the source. And control ids of live messages, so that one used again for another message is told (it may be a sender counting from 1 after a restart, or a
-- message changed on the way). The running version can live with it. Nothing here belongs to a person: ids are blinded, bodies hashed.

create table collect.control_id_seen (
  org_id text not null,
  campus_id text not null,
  source text not null,
  id_key bytea not null check (length(id_key) = 16),
  body_hash bytea not null check (length(body_hash) = 32),
  seen_at timestamptz not null,
  primary key (org_id, source, id_key),
  foreign key (org_id, source) references collect.source
);
create index control_id_seen_at on collect.control_id_seen (seen_at);
comment on table collect.control_id_seen is 'Kept seven days: sender, receiver and MSH-10 of each live message (blinded), with the hash of its last body.';

alter table collect.source add column mrn_authority text check (length(mrn_authority) between 1 and 60);
comment on column collect.source.mrn_authority is 'Whose record numbers its exports and events carry; null: those of the HIS.';
