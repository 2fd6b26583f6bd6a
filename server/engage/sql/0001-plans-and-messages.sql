-- Follow-up plans with their tasks, messages to patients, and what is on its way back round the loop.
-- New schema only; a running older version does not see it.
create schema if not exists engage;

-- One plan per discharge. A withdrawn plan stays for the record; a new discharge of the same stay may then have a new one.
create table engage.plan (
  plan_id uuid primary key,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  encounter_key uuid not null,
  template text not null,
  anchor_day date not null,
  department_code text,
  discharged_at timestamptz not null,
  owner_id uuid,
  state text not null check (state in ('active', 'withdrawn')),
  started_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_why text
);
create unique index plan_one_per_discharge on engage.plan (encounter_key) where state <> 'withdrawn';
create index plan_record_key on engage.plan (record_key);

create table engage.task (
  task_id uuid primary key,
  plan_id uuid not null references engage.plan,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  encounter_key uuid not null,
  department_code text,
  template text not null,
  step text not null,
  mode text not null check (mode in ('phone', 'inbox')),
  day_number integer not null,
  due_at timestamptz not null,
  window_ends_at timestamptz not null,
  state text not null check (state in ('scheduled', 'due', 'overdue', 'done', 'unreachable', 'refused', 'cancelled')),
  owner_id uuid,
  -- Calls without an answer that count: far enough apart to be different times.
  attempts integer not null default 0,
  last_attempt_at timestamptz,
  finding text check (finding in ('normal', 'abnormal', 'none')),
  done_at timestamptz,
  -- Answers and the nurse's note, sealed with the person's key: JSON {"answers": …, "note": …}.
  outcome_sealed bytea,
  unique (plan_id, step)
);
create index task_worklist on engage.task (org_id, due_at, task_id) where state in ('due', 'overdue');
create index task_department on engage.task (department_code, state, due_at);
create index task_record_key on engage.task (record_key);

-- What happened to a task, in words our own pages know (a code and small details; never what was said).
create table engage.task_history (
  task_id uuid not null references engage.task,
  at timestamptz not null,
  sequence integer not null,
  by_user uuid,
  what text not null,
  detail jsonb not null default '{}',
  primary key (task_id, sequence)
);

-- One row per intended message, made with the outbox row; sealed columns hold what was written to the person.
create table engage.message (
  message_id uuid primary key,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  send_key text not null unique,
  purpose text not null,
  template text not null,
  params jsonb not null,
  -- Words a person here wrote for this patient.
  words_sealed bytea,
  -- Title, body and link as sent.
  content_sealed bytea,
  status text not null check (status in ('queued', 'sent', 'skipped', 'failed')),
  reason text,
  queued_at timestamptz not null,
  sent_at timestamptz,
  read_at timestamptz
);
create index message_record_key on engage.message (record_key, sent_at desc);

-- Statements on their way back into collect: written with the change they tell of, removed once they are durable in the raw zone.
create table engage.statement (
  statement_id bigint generated always as identity primary key,
  record_key uuid,
  org_id text not null,
  campus_id text not null,
  kind text not null,
  body jsonb not null,
  text_sealed bytea
);

-- Writes already done, by the caller's idempotency key.
create table engage.request (
  user_id uuid not null,
  request_key text not null,
  action text not null,
  body_hash bytea not null,
  at timestamptz not null,
  primary key (user_id, request_key)
);

insert into platform.person_reference (schema_name, table_name, column_name, on_erasure) values
  ('engage', 'plan', 'record_key', 'keep-pseudonymous'),
  ('engage', 'task', 'record_key', 'keep-pseudonymous'),
  ('engage', 'message', 'record_key', 'keep-pseudonymous'),
  ('engage', 'statement', 'record_key', 'delete');
