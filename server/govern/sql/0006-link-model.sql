-- Models that weigh whether two records are one person: their editions, who approved them, which one was in use when, what was measured
-- with them, and the tasks that train and measure. New tables only: the running version can live with them.
--
-- The first model (`general@1`) ships with the product and is no row here. An edition is never changed: training again makes the next one.

create table govern.link_model (
  edition text primary key check (edition ~ '^hospital@[1-9][0-9]*$'),
  number integer not null unique,
  org_id text not null,
  -- The edition whose rates were the starting point and fill in what the data did not show.
  base text not null,
  trained_count bigint not null,
  -- Rates and thresholds (LinkModel). Values whose rarity is known stand under keyed hashes: no name is in here.
  parameters jsonb not null,
  -- SHA-256 of the parameters: the same data and settings give the same.
  fingerprint text not null,
  created_by text not null,
  created_at timestamptz not null,
  -- Nothing is used before a person approves it.
  state text not null check (state in ('waiting', 'approved', 'rejected')),
  decided_by text,
  decided_at timestamptz,
  check ((state = 'waiting') = (decided_by is null) and (decided_by is null) = (decided_at is null))
);

-- Which model was put to use when and by whom; the last row is the one in use, none means `general@1`. Only added to: going back is a new row.
create table govern.link_model_use (
  use_number bigint generated always as identity primary key,
  org_id text not null,
  edition text not null,
  before text not null,
  used_by text not null,
  used_at timestamptz not null,
  -- What was shown before somebody said yes.
  preview_task uuid
);

-- Training, measuring and looking ahead take minutes on a large register: asked for, worked on in the background, looked at again later.
create table govern.link_model_task (
  task_id uuid primary key,
  org_id text not null,
  kind text not null check (kind in ('train', 'measure', 'preview')),
  -- The model measured or looked ahead with; of a training the one it made, once made.
  edition text,
  -- The model in use it was compared with (preview).
  against text,
  records_max integer not null,
  asked_by text not null,
  asked_at timestamptz not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  phase text not null,
  done bigint not null,
  total bigint not null,
  -- Wall time: a task nobody has touched for minutes lost its server.
  alive_at timestamptz not null,
  ended_at timestamptz,
  -- Counts only.
  result jsonb,
  failure text
);
create index link_model_task_asked on govern.link_model_task (asked_at desc);
create unique index link_model_task_one on govern.link_model_task (org_id) where state in ('waiting', 'running');

-- What was found when a model was measured on the hospital's records: counts and shares only.
create table govern.link_model_figure (
  edition text not null,
  org_id text not null,
  measured_at timestamptz not null,
  figures jsonb not null,
  primary key (edition, org_id)
);
