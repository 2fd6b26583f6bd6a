-- Survey invitations, call-back cases with their steps, and notices to staff when a limit comes near.
-- New schema only; a running older version does not see it.
create schema if not exists improve;

create table improve.invitation (
  invitation_id uuid primary key,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  encounter_key uuid not null,
  survey text not null,
  department_code text,
  staff_code text,
  visited_at timestamptz not null,
  -- For a re-rating: the case it is about and which closing of it.
  case_id uuid,
  round integer not null default 0,
  state text not null check (state in ('planned', 'sent', 'answered', 'skipped', 'cancelled')),
  reason text,
  planned_at timestamptz not null,
  send_at timestamptz not null,
  sent_at timestamptz,
  expires_at timestamptz not null,
  answered_at timestamptz,
  -- Question ids and scores; the patient's words go to the vault.
  scores jsonb
);
-- A visit is asked about once; a closed case once per closing.
create unique index invitation_one_per_visit on improve.invitation (encounter_key) where case_id is null and state <> 'cancelled';
create unique index invitation_one_per_closing on improve.invitation (case_id, round) where case_id is not null;
create index invitation_record_key on improve.invitation (record_key, send_at);

create table improve.case (
  case_id uuid primary key,
  number bigint generated always as identity,
  org_id text not null,
  campus_id text not null,
  record_key uuid,
  encounter_key uuid,
  origin text not null check (origin in ('survey', 'complaint', 'alert', 'manual')),
  -- What opened it: the invitation, the complaint, the follow-up task. It opens one case for ever.
  origin_key uuid not null,
  -- Ids that say why, e.g. ["overall", "privacy"].
  reasons jsonb not null,
  department_code text,
  score double precision,
  text_id uuid,
  state text not null check (state in ('new', 'assigned', 'contacted', 'working', 'resolved', 'closed')),
  escalation integer not null default 0,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  owner_id uuid,
  -- Calls without an answer that count: far enough apart to be different times.
  attempts integer not null default 0,
  last_attempt_at timestamptz,
  first_contact_at timestamptz,
  closed_at timestamptz,
  closings integer not null default 0,
  rerating double precision,
  rerated_at timestamptz,
  last_step integer not null default 0,
  unique (origin, origin_key)
);
create index case_worklist on improve.case (org_id, due_at, case_id) where state <> 'closed';
create index case_department on improve.case (department_code, state, due_at);
create index case_record_key on improve.case (record_key);

create table improve.case_step (
  case_id uuid not null references improve.case,
  step_number integer not null,
  at timestamptz not null,
  by_user uuid,
  action text not null,
  from_state text,
  to_state text not null,
  -- Small details our pages know (level of escalation, new owner, score).
  detail jsonb not null default '{}',
  -- What staff wrote, and what was told to the patient: JSON {"note": …, "toPatient": …}, sealed with the person's key.
  words_sealed bytea,
  primary key (case_id, step_number)
);

-- In the console of one member of staff: a case of theirs nears or passes its limit.
create table improve.notice (
  notice_id uuid primary key,
  org_id text not null,
  user_id uuid not null,
  case_id uuid not null references improve.case,
  kind text not null,
  at timestamptz not null,
  read_at timestamptz,
  unique (case_id, user_id, kind, at)
);
create index notice_user on improve.notice (user_id, at desc) where read_at is null;

insert into platform.person_reference (schema_name, table_name, column_name, on_erasure) values
  ('improve', 'invitation', 'record_key', 'keep-pseudonymous'),
  ('improve', 'case', 'record_key', 'keep-pseudonymous');
