-- The whole operational schema, written by `npm run schema` from the migrations. Do not edit: change it by a new migration.

-- ── platform ──────────────────────────────────────────────────────────────────

create table platform.audit_entry (
  sequence bigint not null,
  at timestamp with time zone not null,
  org_id text not null,
  actor text not null,
  role text,
  ip text,
  action text not null,
  relation text,
  subject text,
  purpose text,
  outcome text not null,
  count integer,
  detail text,
  previous_hash bytea not null,
  hash bytea not null,
  constraint audit_entry_pkey PRIMARY KEY (sequence),
  constraint audit_entry_outcome_check CHECK (outcome = ANY (ARRAY['allowed'::text, 'refused'::text]))
);
CREATE INDEX audit_entry_actor ON platform.audit_entry USING btree (actor, sequence DESC);
CREATE INDEX audit_entry_at ON platform.audit_entry USING btree (at DESC);
CREATE INDEX audit_entry_subject ON platform.audit_entry USING btree (subject, sequence DESC);
CREATE TRIGGER audit_entry_is_append_only BEFORE DELETE OR UPDATE ON platform.audit_entry FOR EACH ROW EXECUTE FUNCTION platform.refuse_change();
CREATE TRIGGER audit_entry_is_never_truncated BEFORE TRUNCATE ON platform.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();

create table platform.audit_head (
  only_row boolean default true not null,
  sequence bigint not null,
  hash bytea not null,
  constraint audit_head_pkey PRIMARY KEY (only_row),
  constraint audit_head_only_row_check CHECK (only_row)
);

create table platform.due (
  kind text not null,
  key text not null,
  due_at timestamp with time zone not null,
  run_at timestamp with time zone not null,
  payload jsonb not null,
  attempts integer default 0 not null,
  constraint due_pkey PRIMARY KEY (kind, key)
);
CREATE INDEX due_run_at ON platform.due USING btree (run_at, kind, key);
comment on table platform.due is 'Everything that waits for a business time. Payloads hold keys and codes only; a row goes away in the transaction of its handler.';

create table platform.instance (
  is_only boolean default true not null,
  instance_id uuid not null,
  created_at timestamp with time zone not null,
  constraint instance_pkey PRIMARY KEY (is_only),
  constraint instance_is_only_check CHECK (is_only)
);
comment on table platform.instance is 'The data folder (VERSION) this database belongs to.';

create table platform.migration (
  file text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null,
  constraint migration_pkey PRIMARY KEY (file),
  constraint migration_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$'::text)
);
comment on table platform.migration is 'Applied migrations; a changed file is refused.';

create table platform.one_time_code (
  phone_index bytea not null,
  code_hash bytea not null,
  record_key uuid not null,
  expires_at timestamp with time zone not null,
  failed_count integer default 0 not null,
  constraint one_time_code_pkey PRIMARY KEY (phone_index)
);

create table platform.outbox_message (
  send_key text not null,
  message_number bigint generated always as identity not null,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  channel text not null,
  purpose text not null,
  template text not null,
  params jsonb not null,
  status text default 'queued'::text not null,
  reason text,
  ready_at timestamp with time zone not null,
  attempts integer default 0 not null,
  enqueued_at timestamp with time zone not null,
  claimed_at timestamp with time zone,
  settled_at timestamp with time zone,
  is_reported boolean default false not null,
  constraint outbox_message_pkey PRIMARY KEY (send_key),
  constraint outbox_message_message_number_key UNIQUE (message_number),
  constraint outbox_message_check CHECK ((status <> ALL (ARRAY['sent'::text, 'failed'::text, 'skipped'::text])) OR settled_at IS NOT NULL),
  constraint outbox_message_reason_check CHECK (reason ~ '^[a-z0-9-]{1,40}$'::text),
  constraint outbox_message_status_check CHECK (status = ANY (ARRAY['queued'::text, 'claimed'::text, 'sent'::text, 'failed'::text, 'skipped'::text, 'unknown'::text]))
);
CREATE INDEX outbox_message_open ON platform.outbox_message USING btree (message_number) WHERE ((status = 'claimed'::text) OR ((settled_at IS NOT NULL) AND (NOT is_reported)));
CREATE INDEX outbox_message_ready ON platform.outbox_message USING btree (ready_at, message_number) WHERE (status = 'queued'::text);
CREATE INDEX outbox_message_record ON platform.outbox_message USING btree (record_key, claimed_at);

create table platform.patient_session (
  token_hash bytea not null,
  record_key uuid not null,
  created_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  constraint patient_session_pkey PRIMARY KEY (token_hash)
);

create table platform.person_reference (
  schema_name text not null,
  table_name text not null,
  column_name text not null,
  on_erasure text not null,
  constraint person_reference_pkey PRIMARY KEY (schema_name, table_name, column_name),
  constraint person_reference_on_erasure_check CHECK (on_erasure = ANY (ARRAY['delete'::text, 'keep-pseudonymous'::text, 'anonymise'::text]))
);
comment on table platform.person_reference is 'Every column that belongs to a person, and what erasure does to its row. An unlisted record_key fails the build.';

create table platform.session (
  token_hash bytea not null,
  user_id uuid not null,
  created_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  ip text,
  constraint session_pkey PRIMARY KEY (token_hash),
  constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES platform.user_account(user_id)
);
CREATE INDEX session_user_id ON platform.session USING btree (user_id);

create table platform.setting (
  name text not null,
  value text not null,
  constraint setting_pkey PRIMARY KEY (name)
);

create table platform.signal (
  signal_id bigint generated always as identity not null,
  topic text not null,
  key text not null,
  constraint signal_pkey PRIMARY KEY (signal_id),
  constraint signal_topic_key_key UNIQUE (topic, key)
);

create table platform.signal_delivery (
  subscriber text not null,
  signal_id bigint not null,
  topic text not null,
  subject text not null,
  payload jsonb not null,
  attempts integer default 0 not null,
  retry_at timestamp with time zone,
  constraint signal_delivery_pkey PRIMARY KEY (subscriber, signal_id),
  constraint signal_delivery_signal_id_fkey FOREIGN KEY (signal_id) REFERENCES platform.signal(signal_id)
);
CREATE INDEX signal_delivery_subject ON platform.signal_delivery USING btree (subscriber, subject, signal_id) WHERE (attempts > 0);
comment on table platform.signal_delivery is 'News not yet heard; a row goes away in the transaction of its handler.';

create table platform.subject_key (
  subject uuid not null,
  wrapped bytea not null,
  constraint subject_key_pkey PRIMARY KEY (subject)
);

create table platform.user_account (
  user_id uuid not null,
  username text not null,
  display_name text not null,
  password_hash text not null,
  password_history text[] default '{}'::text[] not null,
  must_change_password boolean not null,
  role text not null,
  departments text[],
  org_id text not null,
  status text default 'active'::text not null,
  failed_count integer default 0 not null,
  locked_until timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint user_account_pkey PRIMARY KEY (user_id),
  constraint user_account_username_key UNIQUE (username),
  constraint user_account_status_check CHECK (status = ANY (ARRAY['active'::text, 'disabled'::text])),
  constraint user_account_username_check CHECK (username = lower(username))
);

CREATE OR REPLACE FUNCTION platform.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'audit entries are only ever added' using errcode = 'XL001';
end
$function$;

-- ── lake ──────────────────────────────────────────────────────────────────────

create table lake.cursor (
  stream_id integer not null,
  "position" bigint not null,
  constraint cursor_pkey PRIMARY KEY (stream_id),
  constraint cursor_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES lake.stream(stream_id),
  constraint cursor_position_check CHECK ("position" >= 0)
);
comment on table lake.cursor is 'How far processing came; moved in the transaction that records the fact files.';

create table lake.fact_file (
  file_id bigint generated always as identity not null,
  fact text not null,
  month text not null,
  path text not null,
  kind text not null,
  row_count bigint not null,
  byte_count bigint not null,
  version_min bigint not null,
  version_max bigint not null,
  edition text not null,
  columns_print text not null,
  generation_data bigint not null,
  generation_added bigint not null,
  generation_removed bigint,
  removed_at timestamp with time zone,
  constraint fact_file_pkey PRIMARY KEY (file_id),
  constraint fact_file_path_key UNIQUE (path),
  constraint fact_file_generation_added_fkey FOREIGN KEY (generation_added) REFERENCES lake.generation(generation),
  constraint fact_file_generation_data_fkey FOREIGN KEY (generation_data) REFERENCES lake.generation(generation),
  constraint fact_file_generation_removed_fkey FOREIGN KEY (generation_removed) REFERENCES lake.generation(generation),
  constraint fact_file_byte_count_check CHECK (byte_count >= 0),
  constraint fact_file_check CHECK ((generation_removed IS NULL) = (removed_at IS NULL)),
  constraint fact_file_kind_check CHECK (kind = ANY (ARRAY['fresh'::text, 'winners'::text, 'superseded'::text])),
  constraint fact_file_month_check CHECK (month ~ '^\d{4}-\d{2}$'::text),
  constraint fact_file_row_count_check CHECK (row_count >= 0)
);
CREATE INDEX fact_file_live ON lake.fact_file USING btree (fact, month) WHERE (generation_removed IS NULL);
CREATE INDEX fact_file_removed ON lake.fact_file USING btree (removed_at) WHERE (generation_removed IS NOT NULL);
comment on table lake.fact_file is 'Fact files by generation. Live: generation_removed is null. Removed ones stay until readers moved on.';

create table lake.generation (
  generation bigint not null,
  reason text not null,
  created_at timestamp with time zone not null,
  constraint generation_pkey PRIMARY KEY (generation),
  constraint generation_reason_check CHECK (reason = ANY (ARRAY['commit'::text, 'compaction'::text, 'rebuild'::text]))
);

create table lake.manifest (
  is_only boolean default true not null,
  generation bigint not null,
  constraint manifest_pkey PRIMARY KEY (is_only),
  constraint manifest_is_only_check CHECK (is_only)
);
comment on table lake.manifest is 'Its one row is locked by whoever changes the list of files, so generations follow the order of commits.';

create table lake.raw_content (
  hash bytea not null,
  stream_id integer not null,
  "position" bigint not null,
  constraint raw_content_pkey PRIMARY KEY (hash),
  constraint raw_content_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES lake.stream(stream_id),
  constraint raw_content_hash_check CHECK (length(hash) = 32)
);
comment on table lake.raw_content is 'Content of every delivery ever accepted. Derived from the raw zone; never expires.';

create table lake.raw_indexed (
  stream_id integer not null,
  "position" bigint not null,
  constraint raw_indexed_pkey PRIMARY KEY (stream_id),
  constraint raw_indexed_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES lake.stream(stream_id),
  constraint raw_indexed_position_check CHECK ("position" >= 0)
);
comment on table lake.raw_indexed is 'Every delivery up to here is in raw_content; later ones are read from the segments at start.';

create table lake.stream (
  stream_id integer generated always as identity not null,
  org_id text not null,
  campus_id text not null,
  source text not null,
  lane text not null,
  constraint stream_pkey PRIMARY KEY (stream_id),
  constraint stream_org_id_campus_id_source_lane_key UNIQUE (org_id, campus_id, source, lane),
  constraint stream_lane_check CHECK (lane = ANY (ARRAY['live'::text, 'bulk'::text, 'loop'::text]))
);
comment on table lake.stream is 'One row per source and lane that ever delivered.';

create view lake.live_fact_file as
 SELECT fact,
    month,
    path,
    kind,
    row_count,
    byte_count,
    edition,
    generation_data AS generation_added
   FROM lake.fact_file
  WHERE generation_removed IS NULL;
comment on view lake.live_fact_file is 'For other rooms: the files of the present generation, with the newest commit that brought one of their rows.';

create view lake.stream_progress as
 SELECT s.org_id,
    s.campus_id,
    s.source,
    s.lane,
    COALESCE(c."position", 0::bigint) AS "position"
   FROM lake.stream s
     LEFT JOIN lake.cursor c ON c.stream_id = s.stream_id;
comment on view lake.stream_progress is 'For other rooms: how far each stream has been processed.';

-- ── collect ───────────────────────────────────────────────────────────────────

create table collect.control_id_seen (
  org_id text not null,
  campus_id text not null,
  source text not null,
  id_key bytea not null,
  body_hash bytea not null,
  seen_at timestamp with time zone not null,
  constraint control_id_seen_pkey PRIMARY KEY (org_id, source, id_key),
  constraint control_id_seen_org_id_source_fkey FOREIGN KEY (org_id, source) REFERENCES collect.source(org_id, source),
  constraint control_id_seen_body_hash_check CHECK (length(body_hash) = 32),
  constraint control_id_seen_id_key_check CHECK (length(id_key) = 16)
);
CREATE INDEX control_id_seen_at ON collect.control_id_seen USING btree (seen_at);
comment on table collect.control_id_seen is 'Kept seven days: sender, receiver and MSH-10 of each live message (blinded), with the hash of its last body.';

create table collect.delivery (
  delivery_id uuid not null,
  org_id text not null,
  campus_id text not null,
  source text not null,
  lane text not null,
  type text not null,
  file_name text,
  file_sha256 bytea,
  mapping text,
  reader text not null,
  received_by text not null,
  received_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  state text not null,
  accepted bigint default 0 not null,
  duplicate bigint default 0 not null,
  rejected bigint default 0 not null,
  first_position bigint,
  last_position bigint,
  same_as uuid,
  live_hour timestamp with time zone,
  constraint delivery_pkey PRIMARY KEY (delivery_id),
  constraint delivery_org_id_source_fkey FOREIGN KEY (org_id, source) REFERENCES collect.source(org_id, source),
  constraint delivery_same_as_fkey FOREIGN KEY (same_as) REFERENCES collect.delivery(delivery_id),
  constraint delivery_accepted_check CHECK (accepted >= 0),
  constraint delivery_duplicate_check CHECK (duplicate >= 0),
  constraint delivery_file_sha256_check CHECK (length(file_sha256) = 32),
  constraint delivery_lane_check CHECK (lane = ANY (ARRAY['live'::text, 'bulk'::text, 'loop'::text])),
  constraint delivery_rejected_check CHECK (rejected >= 0),
  constraint delivery_state_check CHECK (state = ANY (ARRAY['open'::text, 'complete'::text, 'interrupted'::text]))
);
CREATE INDEX delivery_by_file ON collect.delivery USING btree (org_id, file_sha256, source) WHERE (file_sha256 IS NOT NULL);
CREATE INDEX delivery_by_source ON collect.delivery USING btree (org_id, source, received_at DESC, delivery_id);
CREATE UNIQUE INDEX delivery_live_hour ON collect.delivery USING btree (org_id, campus_id, source, lane, live_hour) WHERE (live_hour IS NOT NULL);
comment on table collect.delivery is 'One row per upload or file; what comes live is counted in one row per stream and hour. Counts are items.';

create table collect.event_seen (
  org_id text not null,
  source text not null,
  message_key bytea not null,
  seen_at timestamp with time zone not null,
  constraint event_seen_pkey PRIMARY KEY (org_id, source, message_key)
);
CREATE INDEX event_seen_age ON collect.event_seen USING btree (seen_at);
comment on table collect.event_seen is 'Message ids of events of the last seven days, as keyed hashes.';

create table collect.mapping (
  org_id text not null,
  campus_id text not null,
  id text not null,
  edition integer not null,
  content jsonb not null,
  saved_at timestamp with time zone not null,
  saved_by text not null,
  constraint mapping_pkey PRIMARY KEY (org_id, id, edition),
  constraint mapping_edition_check CHECK (edition > 0)
);
comment on table collect.mapping is 'Saved CSV mappings. An edition never changes: deliveries name the one they are read with.';

create table collect.rejection (
  delivery_id uuid not null,
  number integer not null,
  org_id text not null,
  campus_id text not null,
  source text not null,
  rejected_at timestamp with time zone not null,
  line bigint,
  code text not null,
  reason_zh text not null,
  reason_en text not null,
  constraint rejection_pkey PRIMARY KEY (delivery_id, number),
  constraint rejection_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES collect.delivery(delivery_id) ON DELETE CASCADE
);
CREATE INDEX rejection_by_source ON collect.rejection USING btree (org_id, source, rejected_at DESC, delivery_id, number);
comment on table collect.rejection is 'Refused at the door, in the order of the file. Reasons name fields and counts, never the data.';

create table collect.source (
  org_id text not null,
  source text not null,
  campus_id text not null,
  name_zh text not null,
  name_en text,
  owner text,
  registered_at timestamp with time zone not null,
  registered_by text not null,
  mrn_authority text,
  constraint source_pkey PRIMARY KEY (org_id, source),
  constraint source_mrn_authority_check CHECK (length(mrn_authority) >= 1 AND length(mrn_authority) <= 60),
  constraint source_source_check CHECK (source ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'::text)
);
comment on table collect.source is 'Every system or desk that ever delivered; registered on first use when nobody did before.';

create table collect.turn (
  org_id text not null,
  campus_id text not null,
  source text not null,
  lane text not null,
  delivery_id uuid not null,
  "position" bigint not null,
  constraint turn_pkey PRIMARY KEY (org_id, campus_id, source, lane),
  constraint turn_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES collect.delivery(delivery_id)
);

create table collect.write_key (
  key_hash bytea not null,
  org_id text not null,
  campus_id text not null,
  source text not null,
  may_identify boolean not null,
  added_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint write_key_pkey PRIMARY KEY (key_hash),
  constraint write_key_org_id_source_fkey FOREIGN KEY (org_id, source) REFERENCES collect.source(org_id, source),
  constraint write_key_key_hash_check CHECK (length(key_hash) = 32)
);
comment on table collect.write_key is 'Keys of the events interface, hashed. A key in a web page is public: only keys kept on servers may name patients.';

-- ── govern ────────────────────────────────────────────────────────────────────

create table govern.consent (
  consent_id uuid not null,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  purpose text not null,
  channel text,
  is_granted boolean not null,
  text_edition text not null,
  given_by text not null,
  occurred_at timestamp with time zone not null,
  "position" bigint not null,
  constraint consent_pkey PRIMARY KEY (consent_id),
  constraint consent_given_by_check CHECK (given_by = ANY (ARRAY['patient'::text, 'guardian'::text, 'staff'::text, 'import'::text]))
);
CREATE INDEX consent_record ON govern.consent USING btree (record_key, purpose, occurred_at DESC);

create table govern.crowded_identifier (
  type text not null,
  blind bytea not null,
  constraint crowded_identifier_pkey PRIMARY KEY (type, blind)
);

create table govern.crowded_match_key (
  rule text not null,
  blind bytea not null,
  constraint crowded_match_key_pkey PRIMARY KEY (rule, blind)
);

create table govern.dimension_code (
  dimension text not null,
  source text not null,
  source_code text not null,
  display text,
  code text,
  seen bigint not null,
  constraint dimension_code_pkey PRIMARY KEY (dimension, source, source_code)
);
CREATE INDEX dimension_code_unmapped ON govern.dimension_code USING btree (dimension, seen DESC) WHERE (code IS NULL);

create table govern.dimension_entry (
  dimension text not null,
  code text not null,
  org_id text not null,
  name_zh text not null,
  name_en text,
  parent_code text,
  constraint dimension_entry_pkey PRIMARY KEY (dimension, code)
);

create table govern.encounter_item (
  fact_key uuid not null,
  encounter_key uuid not null,
  record_key uuid not null,
  kind text not null,
  version bigint not null,
  "position" bigint not null,
  is_deleted boolean not null,
  code text,
  day date,
  occurred_at timestamp with time zone not null,
  constraint encounter_item_pkey PRIMARY KEY (fact_key),
  constraint encounter_item_kind_check CHECK (kind = ANY (ARRAY['surgery'::text, 'diagnosis'::text]))
);
CREATE INDEX encounter_item_encounter ON govern.encounter_item USING btree (encounter_key);
CREATE INDEX encounter_item_record ON govern.encounter_item USING btree (record_key);

create table govern.encounter_move (
  encounter_key uuid not null,
  record_key uuid not null,
  version bigint not null,
  constraint encounter_move_pkey PRIMARY KEY (encounter_key)
);
CREATE INDEX encounter_move_record ON govern.encounter_move USING btree (record_key);

create table govern.encounter_state (
  fact_key uuid not null,
  encounter_key uuid not null,
  org_id text not null,
  campus_id text not null,
  source text not null,
  record_key uuid,
  state jsonb,
  is_announced boolean not null,
  generation integer not null,
  constraint encounter_state_pkey PRIMARY KEY (fact_key)
);
CREATE INDEX encounter_state_encounter ON govern.encounter_state USING btree (encounter_key);
CREATE INDEX encounter_state_record ON govern.encounter_state USING btree (record_key);

create table govern.identity_conflict (
  record_a uuid not null,
  record_b uuid not null,
  reason text not null,
  type text not null,
  found_at timestamp with time zone not null,
  constraint identity_conflict_pkey PRIMARY KEY (record_a, record_b, reason, type),
  constraint identity_conflict_check CHECK (record_a < record_b)
);
CREATE INDEX identity_conflict_b ON govern.identity_conflict USING btree (record_b);

create table govern.link (
  record_key uuid not null,
  person_id uuid not null,
  linked_by text not null,
  since timestamp with time zone not null,
  since_turn bigint not null,
  constraint link_pkey PRIMARY KEY (record_key),
  constraint link_person_id_fkey FOREIGN KEY (person_id) REFERENCES govern.person(person_id)
);
CREATE INDEX link_person ON govern.link USING btree (person_id);

create table govern.link_history (
  record_key uuid not null,
  person_id uuid not null,
  linked_by text not null,
  from_turn bigint not null,
  from_at timestamp with time zone not null,
  to_turn bigint not null,
  to_at timestamp with time zone not null,
  constraint link_history_pkey PRIMARY KEY (record_key, from_turn)
);
CREATE INDEX link_history_person ON govern.link_history USING btree (person_id);

create table govern.link_model (
  edition text not null,
  number integer not null,
  org_id text not null,
  base text not null,
  trained_count bigint not null,
  parameters jsonb not null,
  fingerprint text not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  state text not null,
  decided_by text,
  decided_at timestamp with time zone,
  constraint link_model_pkey PRIMARY KEY (edition),
  constraint link_model_number_key UNIQUE (number),
  constraint link_model_check CHECK ((state = 'waiting'::text) = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  constraint link_model_edition_check CHECK (edition ~ '^hospital@[1-9][0-9]*$'::text),
  constraint link_model_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'approved'::text, 'rejected'::text]))
);

create table govern.link_model_figure (
  edition text not null,
  org_id text not null,
  measured_at timestamp with time zone not null,
  figures jsonb not null,
  constraint link_model_figure_pkey PRIMARY KEY (edition, org_id)
);

create table govern.link_model_task (
  task_id uuid not null,
  org_id text not null,
  kind text not null,
  edition text,
  against text,
  records_max integer not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  state text not null,
  phase text not null,
  done bigint not null,
  total bigint not null,
  alive_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  result jsonb,
  failure text,
  constraint link_model_task_pkey PRIMARY KEY (task_id),
  constraint link_model_task_kind_check CHECK (kind = ANY (ARRAY['train'::text, 'measure'::text, 'preview'::text])),
  constraint link_model_task_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text]))
);
CREATE INDEX link_model_task_asked ON govern.link_model_task USING btree (asked_at DESC);
CREATE UNIQUE INDEX link_model_task_one ON govern.link_model_task USING btree (org_id) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));

create table govern.link_model_use (
  use_number bigint generated always as identity not null,
  org_id text not null,
  edition text not null,
  before text not null,
  used_by text not null,
  used_at timestamp with time zone not null,
  preview_task uuid,
  constraint link_model_use_pkey PRIMARY KEY (use_number)
);

create table govern.manual_act (
  act_id uuid not null,
  act_number bigint generated always as identity not null,
  org_id text not null,
  kind text not null,
  reason text not null,
  record_a uuid not null,
  record_b uuid not null,
  decided_by text not null,
  decided_at timestamp with time zone not null,
  decided_turn bigint not null,
  request_key text not null,
  revoked_at timestamp with time zone,
  revoked_by text,
  revoked_turn bigint,
  moved integer default 0 not null,
  constraint manual_act_pkey PRIMARY KEY (act_id),
  constraint manual_act_act_number_key UNIQUE (act_number),
  constraint manual_act_request_key_key UNIQUE (request_key),
  constraint manual_act_check CHECK (record_a < record_b),
  constraint manual_act_check1 CHECK ((revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_turn IS NULL)),
  constraint manual_act_kind_check CHECK (kind = ANY (ARRAY['match'::text, 'no-match'::text, 'later'::text, 'merge'::text, 'split'::text]))
);
CREATE INDEX manual_act_record_a ON govern.manual_act USING btree (record_a);
CREATE INDEX manual_act_record_b ON govern.manual_act USING btree (record_b);

create table govern.manual_decision (
  decision_number bigint generated always as identity not null,
  act_id uuid not null,
  org_id text not null,
  record_a uuid not null,
  record_b uuid not null,
  decision text not null,
  reason text not null,
  decided_by text not null,
  decided_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  revoked_by text,
  constraint manual_decision_pkey PRIMARY KEY (decision_number),
  constraint manual_decision_act_id_fkey FOREIGN KEY (act_id) REFERENCES govern.manual_act(act_id),
  constraint manual_decision_check CHECK (record_a < record_b),
  constraint manual_decision_check1 CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
  constraint manual_decision_decision_check CHECK (decision = ANY (ARRAY['same'::text, 'different'::text, 'later'::text]))
);
CREATE INDEX manual_decision_a ON govern.manual_decision USING btree (record_a, record_b) WHERE (revoked_at IS NULL);
CREATE INDEX manual_decision_act ON govern.manual_decision USING btree (act_id);
CREATE INDEX manual_decision_b ON govern.manual_decision USING btree (record_b) WHERE (revoked_at IS NULL);

create table govern.match_key (
  rule text not null,
  blind bytea not null,
  record_key uuid not null
);
CREATE INDEX match_key_blind ON govern.match_key USING btree (blind);
CREATE INDEX match_key_record ON govern.match_key USING btree (record_key);

create table govern.match_pair (
  record_a uuid not null,
  record_b uuid not null,
  weight double precision not null,
  probability double precision not null,
  grades jsonb not null,
  verdict text not null,
  reason text not null,
  held text,
  model text not null,
  found_at timestamp with time zone not null,
  constraint match_pair_pkey PRIMARY KEY (record_a, record_b),
  constraint match_pair_check CHECK (record_a < record_b),
  constraint match_pair_verdict_check CHECK (verdict = ANY (ARRAY['match'::text, 'review'::text]))
);
CREATE INDEX match_pair_b ON govern.match_pair USING btree (record_b);

create table govern.match_round (
  is_only boolean default true not null,
  keys_edition text not null,
  model text not null,
  after uuid,
  constraint match_round_pkey PRIMARY KEY (is_only),
  constraint match_round_is_only_check CHECK (is_only)
);

create table govern.merge_act (
  act_key uuid not null,
  org_id text not null,
  source text not null,
  survivor_key uuid not null,
  retired_key uuid not null,
  occurred_at timestamp with time zone not null,
  kind text default 'merge'::text not null,
  constraint merge_act_pkey PRIMARY KEY (act_key),
  constraint merge_act_check CHECK (survivor_key <> retired_key),
  constraint merge_act_kind_check CHECK (kind = ANY (ARRAY['merge'::text, 'link'::text, 'unlink'::text]))
);
CREATE INDEX merge_act_retired ON govern.merge_act USING btree (retired_key);
CREATE INDEX merge_act_survivor ON govern.merge_act USING btree (survivor_key);

create table govern.person (
  person_id uuid not null,
  org_id text not null,
  created_at timestamp with time zone not null,
  retired_into uuid,
  retired_at timestamp with time zone,
  constraint person_pkey PRIMARY KEY (person_id),
  constraint person_retired_into_fkey FOREIGN KEY (retired_into) REFERENCES govern.person(person_id)
);
CREATE INDEX person_retired_into ON govern.person USING btree (retired_into) WHERE (retired_into IS NOT NULL);

create table govern.person_relation (
  record_key uuid not null,
  relative_key uuid not null,
  org_id text not null,
  kind text not null,
  basis text not null,
  state text not null,
  decided_by text not null,
  decided_at timestamp with time zone not null,
  constraint person_relation_pkey PRIMARY KEY (record_key, relative_key),
  constraint person_relation_basis_check CHECK (basis = ANY (ARRAY['guardian-details'::text, 'shared-phone'::text, 'manual'::text])),
  constraint person_relation_check CHECK (record_key <> relative_key),
  constraint person_relation_kind_check CHECK (kind = ANY (ARRAY['guardian'::text, 'parent'::text, 'child'::text, 'spouse'::text, 'sibling'::text, 'household'::text, 'other'::text])),
  constraint person_relation_state_check CHECK (state = ANY (ARRAY['confirmed'::text, 'rejected'::text]))
);
CREATE INDEX person_relation_relative ON govern.person_relation USING btree (relative_key);

create table govern.quality_count (
  org_id text not null,
  source text not null,
  fact text not null,
  column_name text not null,
  rule text not null,
  count bigint not null,
  constraint quality_count_pkey PRIMARY KEY (org_id, source, fact, column_name, rule)
);

create table govern.quarantine (
  org_id text not null,
  campus_id text not null,
  source text not null,
  lane text not null,
  "position" bigint not null,
  item integer not null,
  code text not null,
  reason_zh text not null,
  reason_en text not null,
  received_at timestamp with time zone not null,
  constraint quarantine_pkey PRIMARY KEY (org_id, campus_id, source, lane, "position", item, code)
);
CREATE INDEX quarantine_source ON govern.quarantine USING btree (source, received_at DESC);

create table govern.rebuild (
  stream text not null,
  until bigint not null,
  constraint rebuild_pkey PRIMARY KEY (stream)
);

create table govern.record (
  record_key uuid not null,
  org_id text not null,
  campus_id text not null,
  source text not null,
  id_type text not null,
  first_seen_at timestamp with time zone not null,
  is_restricted boolean default false not null,
  generation integer not null,
  constraint record_pkey PRIMARY KEY (record_key)
);
CREATE INDEX record_source ON govern.record USING btree (source);

create table govern.record_department (
  record_key uuid not null,
  source text not null,
  department_code text not null,
  constraint record_department_pkey PRIMARY KEY (record_key, source, department_code)
);
CREATE INDEX record_department_code ON govern.record_department USING btree (source, department_code);

create table govern.record_identifier (
  record_key uuid not null,
  type text not null,
  blind bytea not null,
  is_evidence boolean not null,
  is_suspect boolean not null
);
CREATE INDEX record_identifier_blind ON govern.record_identifier USING btree (blind);
CREATE INDEX record_identifier_record ON govern.record_identifier USING btree (record_key);

create table govern.source_figure (
  org_id text not null,
  source text not null,
  facts bigint not null,
  constraint source_figure_pkey PRIMARY KEY (org_id, source)
);

create table govern.source_trust (
  org_id text not null,
  source text not null,
  since timestamp with time zone not null,
  trust integer not null,
  set_by text not null,
  constraint source_trust_pkey PRIMARY KEY (org_id, source, since),
  constraint source_trust_trust_check CHECK (trust >= 0 AND trust <= 100)
);

create table govern.turn (
  is_only boolean default true not null,
  number bigint not null,
  generation integer not null,
  constraint turn_pkey PRIMARY KEY (is_only),
  constraint turn_is_only_check CHECK (is_only)
);

create table govern.vault_past (
  record_key uuid not null,
  revision bigint not null,
  until timestamp with time zone not null,
  sealed bytea not null,
  constraint vault_past_pkey PRIMARY KEY (record_key, revision)
);

create table govern.vault_record (
  record_key uuid not null,
  org_id text not null,
  campus_id text not null,
  revision bigint not null,
  sealed bytea not null,
  birth_month text,
  sex text not null,
  has_phone boolean not null,
  is_deceased boolean not null,
  generation integer not null,
  constraint vault_record_pkey PRIMARY KEY (record_key)
);

create table govern.vault_text (
  text_id uuid not null,
  org_id text not null,
  campus_id text not null,
  record_key uuid,
  sealed bytea not null,
  occurred_at timestamp with time zone not null,
  constraint vault_text_pkey PRIMARY KEY (text_id)
);
CREATE INDEX vault_text_record ON govern.vault_text USING btree (record_key);

create view govern.decision_in_force as
 SELECT DISTINCT ON (record_a, record_b) record_a,
    record_b,
    decision,
    act_id,
    decided_by,
    decided_at,
    reason
   FROM govern.manual_decision
  WHERE revoked_at IS NULL AND decision <> 'later'::text
  ORDER BY record_a, record_b, decision_number DESC;

create view govern.pair_to_review as
 SELECT p.record_a,
    p.record_b,
    p.weight,
    p.probability,
    p.grades,
    p.verdict,
    COALESCE(p.held, p.reason) AS reason,
    p.model,
    p.found_at
   FROM govern.match_pair p
     JOIN govern.link a ON a.record_key = p.record_a
     JOIN govern.link b ON b.record_key = p.record_b
  WHERE (p.verdict = 'review'::text OR p.held IS NOT NULL) AND a.person_id <> b.person_id;

create view govern.person_link as
 SELECT record_key,
    person_id,
    linked_by,
    since
   FROM govern.link l;

create view govern.quarantined as
 SELECT org_id,
    campus_id,
    source,
    lane,
    "position",
    item,
    code,
    reason_zh,
    reason_en,
    received_at
   FROM govern.quarantine;

-- ── analyze ───────────────────────────────────────────────────────────────────

create table "analyze".index_day (
  org_id text not null,
  campus_id text not null,
  index_id text not null,
  edition text not null,
  day date not null,
  value double precision,
  lower double precision,
  upper double precision,
  n integer not null,
  parts jsonb not null,
  constraint index_day_pkey PRIMARY KEY (org_id, campus_id, index_id, edition, day),
  constraint index_day_index_id_check CHECK (index_id = ANY (ARRAY['heat'::text, 'word-of-mouth'::text, 'loyalty'::text])),
  constraint index_day_n_check CHECK (n >= 0),
  constraint index_day_value_check CHECK (value IS NULL OR value >= 0::double precision AND value <= 100::double precision)
);
comment on table "analyze".index_day is 'Brand indices by local day, 0–100, with their 95 % interval.';

create table "analyze".index_state (
  org_id text not null,
  campus_id text not null,
  editions text not null,
  generation bigint not null,
  computed_from date,
  computed_to date,
  computed_at timestamp with time zone not null,
  constraint index_state_pkey PRIMARY KEY (org_id, campus_id)
);
comment on table "analyze".index_state is 'The manifest generation the stored indices stand for; locked by whoever refreshes them.';

create view "analyze".index_daily as
 SELECT org_id,
    campus_id,
    index_id,
    edition,
    day,
    value,
    lower,
    upper,
    n
   FROM "analyze".index_day;
comment on view "analyze".index_daily is 'For other rooms: brand indices by day.';

-- ── engage ────────────────────────────────────────────────────────────────────

create table engage.message (
  message_id uuid not null,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  send_key text not null,
  purpose text not null,
  template text not null,
  params jsonb not null,
  words_sealed bytea,
  content_sealed bytea,
  status text not null,
  reason text,
  queued_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  read_at timestamp with time zone,
  constraint message_pkey PRIMARY KEY (message_id),
  constraint message_send_key_key UNIQUE (send_key),
  constraint message_status_check CHECK (status = ANY (ARRAY['queued'::text, 'sent'::text, 'skipped'::text, 'failed'::text]))
);
CREATE INDEX message_record_key ON engage.message USING btree (record_key, sent_at DESC);

create table engage.plan (
  plan_id uuid not null,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  encounter_key uuid not null,
  template text not null,
  anchor_day date not null,
  department_code text,
  discharged_at timestamp with time zone not null,
  owner_id uuid,
  state text not null,
  started_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  withdrawn_why text,
  constraint plan_pkey PRIMARY KEY (plan_id),
  constraint plan_state_check CHECK (state = ANY (ARRAY['active'::text, 'withdrawn'::text]))
);
CREATE UNIQUE INDEX plan_one_per_discharge ON engage.plan USING btree (encounter_key) WHERE (state <> 'withdrawn'::text);
CREATE INDEX plan_record_key ON engage.plan USING btree (record_key);

create table engage.request (
  user_id uuid not null,
  request_key text not null,
  action text not null,
  body_hash bytea not null,
  at timestamp with time zone not null,
  constraint request_pkey PRIMARY KEY (user_id, request_key)
);

create table engage.statement (
  statement_id bigint generated always as identity not null,
  record_key uuid,
  org_id text not null,
  campus_id text not null,
  kind text not null,
  body jsonb not null,
  text_sealed bytea,
  constraint statement_pkey PRIMARY KEY (statement_id)
);

create table engage.task (
  task_id uuid not null,
  plan_id uuid not null,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  encounter_key uuid not null,
  department_code text,
  template text not null,
  step text not null,
  mode text not null,
  day_number integer not null,
  due_at timestamp with time zone not null,
  window_ends_at timestamp with time zone not null,
  state text not null,
  owner_id uuid,
  attempts integer default 0 not null,
  last_attempt_at timestamp with time zone,
  finding text,
  done_at timestamp with time zone,
  outcome_sealed bytea,
  constraint task_pkey PRIMARY KEY (task_id),
  constraint task_plan_id_step_key UNIQUE (plan_id, step),
  constraint task_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES engage.plan(plan_id),
  constraint task_finding_check CHECK (finding = ANY (ARRAY['normal'::text, 'abnormal'::text, 'none'::text])),
  constraint task_mode_check CHECK (mode = ANY (ARRAY['phone'::text, 'inbox'::text])),
  constraint task_state_check CHECK (state = ANY (ARRAY['scheduled'::text, 'due'::text, 'overdue'::text, 'done'::text, 'unreachable'::text, 'refused'::text, 'cancelled'::text]))
);
CREATE INDEX task_department ON engage.task USING btree (department_code, state, due_at);
CREATE INDEX task_record_key ON engage.task USING btree (record_key);
CREATE INDEX task_worklist ON engage.task USING btree (org_id, due_at, task_id) WHERE (state = ANY (ARRAY['due'::text, 'overdue'::text]));

create table engage.task_history (
  task_id uuid not null,
  at timestamp with time zone not null,
  sequence integer not null,
  by_user uuid,
  what text not null,
  detail jsonb default '{}'::jsonb not null,
  constraint task_history_pkey PRIMARY KEY (task_id, sequence),
  constraint task_history_task_id_fkey FOREIGN KEY (task_id) REFERENCES engage.task(task_id)
);

-- ── improve ───────────────────────────────────────────────────────────────────

create table improve."case" (
  case_id uuid not null,
  number bigint generated always as identity not null,
  org_id text not null,
  campus_id text not null,
  record_key uuid,
  encounter_key uuid,
  origin text not null,
  origin_key uuid not null,
  reasons jsonb not null,
  department_code text,
  score double precision,
  text_id uuid,
  state text not null,
  escalation integer default 0 not null,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  owner_id uuid,
  attempts integer default 0 not null,
  last_attempt_at timestamp with time zone,
  first_contact_at timestamp with time zone,
  closed_at timestamp with time zone,
  closings integer default 0 not null,
  rerating double precision,
  rerated_at timestamp with time zone,
  last_step integer default 0 not null,
  constraint case_pkey PRIMARY KEY (case_id),
  constraint case_origin_origin_key_key UNIQUE (origin, origin_key),
  constraint case_origin_check CHECK (origin = ANY (ARRAY['survey'::text, 'complaint'::text, 'alert'::text, 'manual'::text])),
  constraint case_state_check CHECK (state = ANY (ARRAY['new'::text, 'assigned'::text, 'contacted'::text, 'working'::text, 'resolved'::text, 'closed'::text]))
);
CREATE INDEX case_department ON improve."case" USING btree (department_code, state, due_at);
CREATE INDEX case_record_key ON improve."case" USING btree (record_key);
CREATE INDEX case_worklist ON improve."case" USING btree (org_id, due_at, case_id) WHERE (state <> 'closed'::text);

create table improve.case_step (
  case_id uuid not null,
  step_number integer not null,
  at timestamp with time zone not null,
  by_user uuid,
  action text not null,
  from_state text,
  to_state text not null,
  detail jsonb default '{}'::jsonb not null,
  words_sealed bytea,
  constraint case_step_pkey PRIMARY KEY (case_id, step_number),
  constraint case_step_case_id_fkey FOREIGN KEY (case_id) REFERENCES improve."case"(case_id)
);

create table improve.invitation (
  invitation_id uuid not null,
  org_id text not null,
  campus_id text not null,
  record_key uuid not null,
  encounter_key uuid not null,
  survey text not null,
  department_code text,
  staff_code text,
  visited_at timestamp with time zone not null,
  case_id uuid,
  round integer default 0 not null,
  state text not null,
  reason text,
  planned_at timestamp with time zone not null,
  send_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  scores jsonb,
  constraint invitation_pkey PRIMARY KEY (invitation_id),
  constraint invitation_state_check CHECK (state = ANY (ARRAY['planned'::text, 'sent'::text, 'answered'::text, 'skipped'::text, 'cancelled'::text]))
);
CREATE UNIQUE INDEX invitation_one_per_closing ON improve.invitation USING btree (case_id, round) WHERE (case_id IS NOT NULL);
CREATE UNIQUE INDEX invitation_one_per_visit ON improve.invitation USING btree (encounter_key) WHERE ((case_id IS NULL) AND (state <> 'cancelled'::text));
CREATE INDEX invitation_record_key ON improve.invitation USING btree (record_key, send_at);

create table improve.notice (
  notice_id uuid not null,
  org_id text not null,
  user_id uuid not null,
  case_id uuid not null,
  kind text not null,
  at timestamp with time zone not null,
  read_at timestamp with time zone,
  constraint notice_pkey PRIMARY KEY (notice_id),
  constraint notice_case_id_user_id_kind_at_key UNIQUE (case_id, user_id, kind, at),
  constraint notice_case_id_fkey FOREIGN KEY (case_id) REFERENCES improve."case"(case_id)
);
CREATE INDEX notice_user ON improve.notice USING btree (user_id, at DESC) WHERE (read_at IS NULL);
