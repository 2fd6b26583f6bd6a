-- The merged person: how far each source is trusted, what a record said before it said what it says now, and which people belong together.
-- New tables only: the running version can live with them.

-- Told again, never changed: history is shown by what was trusted then. A source without a row has 50.
create table govern.source_trust (
  org_id text not null,
  source text not null,
  since timestamptz not null,
  trust integer not null check (trust between 0 and 100),
  set_by text not null,
  primary key (org_id, source, since)
);

-- Details a record had until another statement changed them, sealed with the record's own key. A rebuild makes them again from raw.
create table govern.vault_past (
  record_key uuid not null,
  -- Statements merged into these details.
  revision bigint not null,
  until timestamptz not null,
  sealed bytea not null,
  primary key (record_key, revision)
);

-- What people decided about relations between persons: `record_key` is the one cared for (a child, a patient), `relative_key` the other.
-- Suggestions are found when they are asked for and not kept.
create table govern.person_relation (
  record_key uuid not null,
  relative_key uuid not null,
  org_id text not null,
  kind text not null check (kind in ('guardian', 'parent', 'child', 'spouse', 'sibling', 'household', 'other')),
  basis text not null check (basis in ('guardian-details', 'shared-phone', 'manual')),
  state text not null check (state in ('confirmed', 'rejected')),
  decided_by text not null,
  decided_at timestamptz not null,
  primary key (record_key, relative_key),
  check (record_key <> relative_key)
);
create index person_relation_relative on govern.person_relation (relative_key);

insert into platform.person_reference (schema_name, table_name, column_name, on_erasure) values
  ('govern', 'vault_past', 'record_key', 'delete'),
  ('govern', 'person_relation', 'record_key', 'delete'),
  ('govern', 'person_relation', 'relative_key', 'delete');
