-- Staff accounts, sessions, patient sign-in, subject keys and the audit chain. New tables only; the running version can live with it.

create table platform.setting (
  name text primary key,
  value text not null
);

-- One data key per subject (a source record), wrapped by the master key outside the data folder. Deleting the row is the erasure.
create table platform.subject_key (
  subject uuid primary key,
  wrapped bytea not null
);

create table platform.user_account (
  user_id uuid primary key,
  username text not null unique check (username = lower(username)),
  display_name text not null,
  password_hash text not null,
  -- The last five hashes, newest first: a password may not come back.
  password_history text[] not null default '{}',
  must_change_password boolean not null,
  role text not null,
  -- null: the whole hospital
  departments text[],
  org_id text not null,
  status text not null default 'active' check (status in ('active', 'disabled')),
  failed_count integer not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null
);

create table platform.session (
  token_hash bytea primary key,
  user_id uuid not null references platform.user_account,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  ip text
);
create index session_user_id on platform.session (user_id);

create table platform.patient_session (
  token_hash bytea primary key,
  record_key uuid not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null
);

create table platform.one_time_code (
  phone_index bytea primary key,
  code_hash bytea not null,
  record_key uuid not null,
  expires_at timestamptz not null,
  failed_count integer not null default 0
);

-- Each entry carries a keyed hash over itself and the entry before. The head says how many there must be, so a cut tail shows too.
create table platform.audit_entry (
  sequence bigint primary key,
  at timestamptz not null,
  org_id text not null,
  actor text not null,
  role text,
  ip text,
  action text not null,
  relation text,
  subject text,
  purpose text,
  outcome text not null check (outcome in ('allowed', 'refused')),
  count integer,
  detail text,
  previous_hash bytea not null,
  hash bytea not null
);
create index audit_entry_at on platform.audit_entry (at desc);
create index audit_entry_subject on platform.audit_entry (subject, sequence desc);
create index audit_entry_actor on platform.audit_entry (actor, sequence desc);

create table platform.audit_head (
  only_row boolean primary key default true check (only_row),
  sequence bigint not null,
  hash bytea not null
);
insert into platform.audit_head (sequence, hash) values (0, ''::bytea);

create function platform.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries are only ever added' using errcode = 'XL001';
end
$$;
create trigger audit_entry_is_append_only before update or delete on platform.audit_entry
  for each row execute function platform.refuse_change();
create trigger audit_entry_is_never_truncated before truncate on platform.audit_entry
  for each statement execute function platform.refuse_change();

insert into platform.person_reference (schema_name, table_name, column_name, on_erasure) values
  ('platform', 'subject_key', 'subject', 'delete'),
  ('platform', 'patient_session', 'record_key', 'delete'),
  ('platform', 'one_time_code', 'record_key', 'delete');
