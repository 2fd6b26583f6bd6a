-- Finding people by a model on arrival: keys under which records meet, and what comparing two of them came to. New tables, and columns with
-- defaults on merge_act: the running version can live with them.

-- Keys of a record (id, phone, birth and surname …), blinded like identifiers. The primary key is what candidates are found by.
create table govern.match_key (
  rule text not null,
  blind bytea not null,
  record_key uuid not null,
  primary key (rule, blind, record_key)
);
create index match_key_record on govern.match_key (record_key);

-- Keys too many records share: nobody is looked for under them, so what is found never depends on who came first.
create table govern.crowded_match_key (
  rule text not null,
  blind bytea not null,
  primary key (rule, blind)
);

-- Pairs the model would join (`match`) or wants a person to look at (`review`). Pairs that a shared number settles and pairs that are not alike
-- are not here. `grades` names fields and levels, never values. What is to be reviewed: see govern.pair_to_review.
create table govern.match_pair (
  record_a uuid not null,
  record_b uuid not null,
  -- log2 odds that both are one person, and the same as a probability
  weight double precision not null,
  probability double precision not null,
  grades jsonb not null,
  verdict text not null check (verdict in ('match', 'review')),
  reason text not null,
  -- Why the group of a `match` refused it (different-ids, ambiguous, weak-bridge, too-many, decided); null when it was joined.
  held text,
  model text not null,
  found_at timestamptz not null,
  primary key (record_a, record_b),
  check (record_a < record_b)
);
create index match_pair_b on govern.match_pair (record_b);

create view govern.pair_to_review as
  select p.record_a, p.record_b, p.weight, p.probability, p.grades, p.verdict, coalesce(p.held, p.reason) as reason, p.model, p.found_at
  from govern.match_pair p
  join govern.link a on a.record_key = p.record_a
  join govern.link b on b.record_key = p.record_b
  where (p.verdict = 'review' or p.held is not null) and a.person_id <> b.person_id;

-- Which keys and model the pairs were made with. A round that compares everyone again goes on from `after` when it was interrupted.
create table govern.match_round (
  is_only boolean primary key default true check (is_only),
  keys_edition text not null,
  model text not null,
  -- null: the round is finished
  after uuid
);

-- `link` (HL7 A24, FHIR seealso) says two records are one person and both live on; `unlink` (A37) ends what was said of the pair before it.
alter table govern.merge_act add column kind text not null default 'merge' check (kind in ('merge', 'link', 'unlink'));

insert into platform.person_reference (schema_name, table_name, column_name, on_erasure) values
  ('govern', 'match_key', 'record_key', 'delete'),
  ('govern', 'match_pair', 'record_a', 'delete'),
  ('govern', 'match_pair', 'record_b', 'delete');
