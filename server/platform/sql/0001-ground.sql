-- The ground every room stands on: one schema each, the record of what was applied, whose data folder this is,
-- and the list of every column that belongs to a person. First migration: nothing runs beside it.

create schema if not exists platform;
create schema if not exists lake;
create schema if not exists collect;
create schema if not exists govern;
-- The one name that is a reserved word: always written with quotes.
create schema if not exists "analyze";
create schema if not exists engage;
create schema if not exists improve;

create table platform.migration (
  file text primary key,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  applied_at timestamptz not null
);
comment on table platform.migration is 'Applied migrations; a changed file is refused.';

create table platform.instance (
  is_only boolean primary key default true check (is_only),
  instance_id uuid not null,
  created_at timestamptz not null
);
comment on table platform.instance is 'The data folder (VERSION) this database belongs to.';

create table platform.person_reference (
  schema_name text not null,
  table_name text not null,
  column_name text not null,
  on_erasure text not null check (on_erasure in ('delete', 'keep-pseudonymous', 'anonymise')),
  primary key (schema_name, table_name, column_name)
);
comment on table platform.person_reference is 'Every column that belongs to a person, and what erasure does to its row. An unlisted record_key fails the build.';
