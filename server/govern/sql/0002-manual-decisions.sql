-- What people decided about who is one person. Kept as acts (one click, one reason, one undo) made of decisions about pairs of records.
-- New tables only: the running version can live with them.
--
-- How linking reads them (govern.decision_in_force): `same` joins the two records whatever the engine thinks, `different` keeps the two
-- records out of one person whatever else joins them. Of several decisions about a pair the newest that was not revoked holds, so undoing
-- any act brings back exactly what held without it. `later` says nothing to the engine. A decision never falls because evidence changed.
-- Whoever writes here also links the records again in the same transaction (linkRecords with both records touched).

create table govern.manual_act (
  act_id uuid primary key,
  act_number bigint generated always as identity unique,
  org_id text not null,
  kind text not null check (kind in ('match', 'no-match', 'later', 'merge', 'split')),
  -- A code of a list, never words: words could name someone.
  reason text not null,
  -- The pair the act was about (the first of many for a merge or a split).
  record_a uuid not null,
  record_b uuid not null,
  decided_by text not null,
  decided_at timestamptz not null,
  -- The turn in which the links followed: link_history tells what moved.
  decided_turn bigint not null,
  -- The caller's idempotency key: the same click twice is one act.
  request_key text not null unique,
  revoked_at timestamptz,
  revoked_by text,
  revoked_turn bigint,
  check (record_a < record_b),
  check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoked_turn is null))
);
create index manual_act_record_a on govern.manual_act (record_a);
create index manual_act_record_b on govern.manual_act (record_b);

create table govern.manual_decision (
  decision_number bigint generated always as identity primary key,
  act_id uuid not null references govern.manual_act,
  org_id text not null,
  record_a uuid not null,
  record_b uuid not null,
  decision text not null check (decision in ('same', 'different', 'later')),
  reason text not null,
  decided_by text not null,
  decided_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text,
  check (record_a < record_b),
  check ((revoked_at is null) = (revoked_by is null))
);
create index manual_decision_act on govern.manual_decision (act_id);
create index manual_decision_a on govern.manual_decision (record_a, record_b) where revoked_at is null;
create index manual_decision_b on govern.manual_decision (record_b) where revoked_at is null;

-- One row per decided pair: what holds now.
create view govern.decision_in_force as
  select distinct on (record_a, record_b) record_a, record_b, decision, act_id, decided_by, decided_at, reason
  from govern.manual_decision
  where revoked_at is null and decision <> 'later'
  order by record_a, record_b, decision_number desc;

insert into platform.person_reference (schema_name, table_name, column_name, on_erasure) values
  ('govern', 'manual_act', 'record_a', 'keep-pseudonymous'),
  ('govern', 'manual_act', 'record_b', 'keep-pseudonymous'),
  ('govern', 'manual_decision', 'record_a', 'keep-pseudonymous'),
  ('govern', 'manual_decision', 'record_b', 'keep-pseudonymous');
