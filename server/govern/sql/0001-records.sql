-- Governance: whose records there are, what identifies them (sealed or blinded), which person they are linked to, what was consented,
-- which codes sources use, and what could not be filed. First migration of the room: nothing runs beside it.

-- Every deciding transaction takes the next turn, so two writers can never decide on the same state (a connection that outlived its
-- process loses). `generation` moves on with each rebuild: older rows are shown until replayed, and count as absent when merging.
create table govern.turn (
  is_only boolean primary key default true check (is_only),
  number bigint not null,
  generation integer not null
);
insert into govern.turn (number, generation) values (0, 0);

-- A rebuild in progress: no signals up to `until`, links decided once all streams are there.
create table govern.rebuild (
  stream text primary key,
  until bigint not null
);

-- One person as one source knows them.
create table govern.record (
  record_key uuid primary key,
  org_id text not null,
  campus_id text not null,
  source text not null,
  id_type text not null,
  first_seen_at timestamptz not null,
  is_restricted boolean not null default false,
  generation integer not null
);
create index record_source on govern.record (source);

-- Merged details, sealed with the record's own key. `revision` counts statements: it orders the record's fact versions.
create table govern.vault_record (
  record_key uuid primary key,
  org_id text not null,
  campus_id text not null,
  revision bigint not null,
  sealed bytea not null,
  birth_month text,
  sex text not null,
  has_phone boolean not null,
  is_deceased boolean not null,
  generation integer not null
);

-- Blind indexes: equal values have equal bytes, the value cannot be read back. Only evidence takes part in linking.
create table govern.record_identifier (
  record_key uuid not null,
  type text not null,
  blind bytea not null,
  is_evidence boolean not null,
  -- The number's own birth date or sex contradicts what the record says: it proves nothing without the name.
  is_suspect boolean not null,
  primary key (record_key, type, blind)
);
create index record_identifier_blind on govern.record_identifier (type, blind);

-- Identifiers too many records share to prove anything (see identity/resolve.ts).
create table govern.crowded_identifier (
  type text not null,
  blind bytea not null,
  primary key (type, blind)
);

create table govern.vault_text (
  text_id uuid primary key,
  org_id text not null,
  campus_id text not null,
  -- null: nobody's (an anonymous review); sealed with the key of its own text_id then.
  record_key uuid,
  sealed bytea not null,
  occurred_at timestamptz not null
);
create index vault_text_record on govern.vault_text (record_key);

create table govern.person (
  person_id uuid primary key,
  org_id text not null,
  created_at timestamptz not null,
  retired_into uuid references govern.person,
  retired_at timestamptz
);
create index person_retired_into on govern.person (retired_into) where retired_into is not null;

create table govern.link (
  record_key uuid primary key,
  person_id uuid not null references govern.person,
  linked_by text not null,
  since timestamptz not null,
  since_turn bigint not null
);
create index link_person on govern.link (person_id);

-- Ended links. With them an unmerge gives every record the very person it had.
create table govern.link_history (
  record_key uuid not null,
  person_id uuid not null,
  linked_by text not null,
  from_turn bigint not null,
  from_at timestamptz not null,
  to_turn bigint not null,
  to_at timestamptz not null,
  primary key (record_key, from_turn)
);
create index link_history_person on govern.link_history (person_id);

-- What a source itself said of its numbers (HL7 A40): kept as said, obeyed when linking.
create table govern.merge_act (
  act_key uuid primary key,
  org_id text not null,
  source text not null,
  survivor_key uuid not null,
  retired_key uuid not null,
  occurred_at timestamptz not null,
  check (survivor_key <> retired_key)
);
create index merge_act_survivor on govern.merge_act (survivor_key);
create index merge_act_retired on govern.merge_act (retired_key);

-- Pairs that share a number but may not be one person: for a human to decide. Always what holds now.
create table govern.identity_conflict (
  record_a uuid not null,
  record_b uuid not null,
  reason text not null,
  type text not null,
  found_at timestamptz not null,
  primary key (record_a, record_b, reason, type),
  check (record_a < record_b)
);
create index identity_conflict_b on govern.identity_conflict (record_b);

-- Where a record was seen: the department scope of people.
create table govern.record_department (
  record_key uuid not null,
  source text not null,
  department_code text not null,
  primary key (record_key, source, department_code)
);
create index record_department_code on govern.record_department (source, department_code);

-- Each visit merged column by column from everything its source said, and whether its end was told (only then is its reopening news).
create table govern.encounter_state (
  fact_key uuid primary key,
  encounter_key uuid not null,
  org_id text not null,
  campus_id text not null,
  source text not null,
  record_key uuid,
  -- null: a rebuild has not replayed it
  state jsonb,
  is_announced boolean not null,
  generation integer not null
);
create index encounter_state_record on govern.encounter_state (record_key);
create index encounter_state_encounter on govern.encounter_state (encounter_key);

-- Surgeries and principal diagnoses of visits, for the discharge news.
create table govern.encounter_item (
  fact_key uuid primary key,
  encounter_key uuid not null,
  record_key uuid not null,
  kind text not null check (kind in ('surgery', 'diagnosis')),
  version bigint not null,
  position bigint not null,
  is_deleted boolean not null,
  code text,
  day date,
  occurred_at timestamptz not null
);
create index encounter_item_encounter on govern.encounter_item (encounter_key);
create index encounter_item_record on govern.encounter_item (record_key);

-- A visit a source moved to another patient (HL7 A45); its later statements follow.
create table govern.encounter_move (
  encounter_key uuid primary key,
  record_key uuid not null,
  version bigint not null
);
create index encounter_move_record on govern.encounter_move (record_key);

-- Every choice ever made, never changed. Who decided: the patient, a guardian, staff for them, or an import.
create table govern.consent (
  consent_id uuid primary key,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  purpose text not null,
  channel text,
  is_granted boolean not null,
  text_edition text not null,
  given_by text not null check (given_by in ('patient', 'guardian', 'staff', 'import')),
  occurred_at timestamptz not null,
  position bigint not null
);
create index consent_record on govern.consent (record_key, purpose, occurred_at desc);

create table govern.dimension_entry (
  dimension text not null,
  code text not null,
  org_id text not null,
  name_zh text not null,
  name_en text,
  parent_code text,
  primary key (dimension, code)
);

-- Codes as sources use them. `code` null: not mapped yet, shown as 未映射.
create table govern.dimension_code (
  dimension text not null,
  source text not null,
  source_code text not null,
  display text,
  code text,
  seen bigint not null,
  primary key (dimension, source, source_code)
);
create index dimension_code_unmapped on govern.dimension_code (dimension, seen desc) where code is null;

create table govern.quarantine (
  org_id text not null,
  campus_id text not null,
  source text not null,
  lane text not null,
  position bigint not null,
  item integer not null,
  code text not null,
  reason_zh text not null,
  reason_en text not null,
  received_at timestamptz not null,
  primary key (org_id, campus_id, source, lane, position, item, code)
);
create index quarantine_source on govern.quarantine (source, received_at desc);

-- Values that were not let into a fact, counted by rule: the first quality figures.
create table govern.quality_count (
  org_id text not null,
  source text not null,
  fact text not null,
  column_name text not null,
  rule text not null,
  count bigint not null,
  primary key (org_id, source, fact, column_name, rule)
);

-- Rows filed, by source: figures for the page about sources.
create table govern.source_figure (
  org_id text not null,
  source text not null,
  facts bigint not null,
  primary key (org_id, source)
);

-- What other rooms may read.
create view govern.person_link as
  select l.record_key, l.person_id, l.linked_by, l.since from govern.link l;
create view govern.quarantined as
  select org_id, campus_id, source, lane, position, item, code, reason_zh, reason_en, received_at from govern.quarantine;

insert into platform.person_reference (schema_name, table_name, column_name, on_erasure) values
  ('govern', 'record', 'record_key', 'keep-pseudonymous'),
  ('govern', 'vault_record', 'record_key', 'delete'),
  ('govern', 'record_identifier', 'record_key', 'delete'),
  ('govern', 'vault_text', 'record_key', 'delete'),
  ('govern', 'link', 'record_key', 'keep-pseudonymous'),
  ('govern', 'link_history', 'record_key', 'keep-pseudonymous'),
  ('govern', 'merge_act', 'survivor_key', 'keep-pseudonymous'),
  ('govern', 'merge_act', 'retired_key', 'keep-pseudonymous'),
  ('govern', 'identity_conflict', 'record_a', 'delete'),
  ('govern', 'identity_conflict', 'record_b', 'delete'),
  ('govern', 'record_department', 'record_key', 'delete'),
  ('govern', 'encounter_state', 'record_key', 'keep-pseudonymous'),
  ('govern', 'encounter_item', 'record_key', 'keep-pseudonymous'),
  ('govern', 'encounter_move', 'record_key', 'keep-pseudonymous'),
  ('govern', 'consent', 'record_key', 'keep-pseudonymous');
