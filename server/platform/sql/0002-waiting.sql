-- What waits: things due at a business time, news on its way to its listeners, and messages on their way to people.
-- New tables only; the running version can live with them.

create table platform.due (
  kind text not null,
  key text not null,
  -- When it was meant for; when it will be tried (later than due_at only after failures).
  due_at timestamptz not null,
  run_at timestamptz not null,
  payload jsonb not null,
  attempts integer not null default 0,
  primary key (kind, key)
);
create index due_run_at on platform.due (run_at, kind, key);
comment on table platform.due is 'Everything that waits for a business time. Payloads hold keys and codes only; a row goes away in the transaction of its handler.';

-- One row for ever per piece of news, so that the same news twice is one signal. Nothing of the payload stays.
create table platform.signal (
  signal_id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  unique (topic, key)
);

create table platform.signal_delivery (
  subscriber text not null,
  signal_id bigint not null references platform.signal,
  topic text not null,
  -- Whose news it is: a failed delivery holds back later news of the same subject for this subscriber, and no other.
  subject text not null,
  payload jsonb not null,
  attempts integer not null default 0,
  -- Wall time: deliveries are work of the machine, not of the hospital's calendar.
  retry_at timestamptz,
  primary key (subscriber, signal_id)
);
create index signal_delivery_subject on platform.signal_delivery (subscriber, subject, signal_id) where attempts > 0;
comment on table platform.signal_delivery is 'News not yet heard; a row goes away in the transaction of its handler.';

create table platform.outbox_message (
  send_key text primary key,
  message_number bigint generated always as identity unique,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  channel text not null,
  purpose text not null,
  template text not null,
  params jsonb not null,
  -- queued → claimed → sent | failed | unknown; queued → skipped. unknown → sent | failed | queued by a receipt or a person.
  status text not null default 'queued' check (status in ('queued', 'claimed', 'sent', 'failed', 'skipped', 'unknown')),
  reason text check (reason ~ '^[a-z0-9-]{1,40}$'),
  ready_at timestamptz not null,
  attempts integer not null default 0,
  enqueued_at timestamptz not null,
  claimed_at timestamptz,
  settled_at timestamptz,
  -- The listeners have heard of the outcome; until then it is told again after a restart.
  is_reported boolean not null default false,
  check (status not in ('sent', 'failed', 'skipped') or settled_at is not null)
);
create index outbox_message_ready on platform.outbox_message (ready_at, message_number) where status = 'queued';
create index outbox_message_open on platform.outbox_message (message_number) where status = 'claimed' or (settled_at is not null and not is_reported);
create index outbox_message_record on platform.outbox_message (record_key, claimed_at);

insert into platform.person_reference (schema_name, table_name, column_name, on_erasure) values
  ('platform', 'outbox_message', 'record_key', 'keep-pseudonymous');
