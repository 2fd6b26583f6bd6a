-- The inbox: who delivers, what came in every upload, file or request, what was refused and why, how CSV columns are read,
-- and which events were seen at the door. First migration of the room. No column here belongs to a person: names of files
-- are kept only when they are made of technical words.

create table collect.source (
  org_id text not null,
  source text not null check (source ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  campus_id text not null,
  name_zh text not null,
  name_en text,
  owner text,
  registered_at timestamptz not null,
  registered_by text not null,
  primary key (org_id, source)
);
comment on table collect.source is 'Every system or desk that ever delivered; registered on first use when nobody did before.';

create table collect.write_key (
  key_hash bytea primary key check (length(key_hash) = 32),
  org_id text not null,
  campus_id text not null,
  source text not null,
  may_identify boolean not null,
  added_at timestamptz not null,
  revoked_at timestamptz,
  foreign key (org_id, source) references collect.source
);
comment on table collect.write_key is 'Keys of the events interface, hashed. A key in a web page is public: only keys kept on servers may name patients.';

create table collect.mapping (
  org_id text not null,
  campus_id text not null,
  id text not null,
  edition int not null check (edition > 0),
  content jsonb not null,
  saved_at timestamptz not null,
  saved_by text not null,
  primary key (org_id, id, edition)
);
comment on table collect.mapping is 'Saved CSV mappings. An edition never changes: deliveries name the one they are read with.';

create table collect.delivery (
  delivery_id uuid primary key,
  org_id text not null,
  campus_id text not null,
  source text not null,
  lane text not null check (lane in ('live', 'bulk', 'loop')),
  type text not null,
  file_name text,
  file_sha256 bytea check (length(file_sha256) = 32),
  mapping text,
  reader text not null,
  received_by text not null,
  received_at timestamptz not null,
  last_at timestamptz not null,
  state text not null check (state in ('open', 'complete', 'interrupted')),
  accepted bigint not null default 0 check (accepted >= 0),
  duplicate bigint not null default 0 check (duplicate >= 0),
  rejected bigint not null default 0 check (rejected >= 0),
  first_position bigint,
  last_position bigint,
  same_as uuid references collect.delivery,
  live_hour timestamptz,
  foreign key (org_id, source) references collect.source
);
comment on table collect.delivery is 'One row per upload or file; what comes live is counted in one row per stream and hour. Counts are items.';
create index delivery_by_source on collect.delivery (org_id, source, received_at desc, delivery_id);
create index delivery_by_file on collect.delivery (org_id, file_sha256, source) where file_sha256 is not null;
create unique index delivery_live_hour on collect.delivery (org_id, campus_id, source, lane, live_hour) where live_hour is not null;

create table collect.rejection (
  delivery_id uuid not null references collect.delivery on delete cascade,
  number int not null,
  org_id text not null,
  campus_id text not null,
  source text not null,
  rejected_at timestamptz not null,
  line bigint,
  code text not null,
  reason_zh text not null,
  reason_en text not null,
  primary key (delivery_id, number)
);
comment on table collect.rejection is 'Refused at the door, in the order of the file. Reasons name fields and counts, never the data.';
create index rejection_by_source on collect.rejection (org_id, source, rejected_at desc, delivery_id, number);

-- Appending and counting are two steps. The turn says, before bytes are appended to a stream, whose they will be and up to which position
-- all is counted; after a crash what lies beyond is counted for that delivery.
create table collect.turn (
  org_id text not null,
  campus_id text not null,
  source text not null,
  lane text not null,
  delivery_id uuid not null references collect.delivery,
  position bigint not null,
  primary key (org_id, campus_id, source, lane)
);

create table collect.event_seen (
  org_id text not null,
  source text not null,
  message_key bytea not null,
  seen_at timestamptz not null,
  primary key (org_id, source, message_key)
);
comment on table collect.event_seen is 'Message ids of events of the last seven days, as keyed hashes.';
create index event_seen_age on collect.event_seen (seen_at);
