-- What the lake keeps in PostgreSQL beside its files: streams with their cursors, the content index that makes a delivery
-- accepted once for ever, and the manifest that says which fact files are live. First migration of the room.

create table lake.stream (
  stream_id int generated always as identity primary key,
  org_id text not null,
  campus_id text not null,
  source text not null,
  lane text not null check (lane in ('live', 'bulk', 'loop')),
  unique (org_id, campus_id, source, lane)
);
comment on table lake.stream is 'One row per source and lane that ever delivered.';

create table lake.cursor (
  stream_id int primary key references lake.stream,
  position bigint not null check (position >= 0)
);
comment on table lake.cursor is 'How far processing came; moved in the transaction that records the fact files.';

-- Apart from the cursor, because processing holds a row of a cursor for as long as its transaction runs.
create table lake.raw_indexed (
  stream_id int primary key references lake.stream,
  position bigint not null check (position >= 0)
);
comment on table lake.raw_indexed is 'Every delivery up to here is in raw_content; later ones are read from the segments at start.';

create table lake.raw_content (
  hash bytea primary key check (length(hash) = 32),
  stream_id int not null references lake.stream,
  position bigint not null
);
comment on table lake.raw_content is 'Content of every delivery ever accepted. Derived from the raw zone; never expires.';

create table lake.manifest (
  is_only boolean primary key default true check (is_only),
  generation bigint not null
);
comment on table lake.manifest is 'Its one row is locked by whoever changes the list of files, so generations follow the order of commits.';
insert into lake.manifest (generation) values (0);

create table lake.generation (
  generation bigint primary key,
  reason text not null check (reason in ('commit', 'compaction', 'rebuild')),
  created_at timestamptz not null
);

create table lake.fact_file (
  file_id bigint generated always as identity primary key,
  fact text not null,
  month text not null check (month ~ '^\d{4}-\d{2}$'),
  path text not null unique,
  kind text not null check (kind in ('fresh', 'winners', 'superseded')),
  row_count bigint not null check (row_count >= 0),
  byte_count bigint not null check (byte_count >= 0),
  version_min bigint not null,
  version_max bigint not null,
  edition text not null,
  columns_print text not null,
  generation_data bigint not null references lake.generation,
  generation_added bigint not null references lake.generation,
  generation_removed bigint references lake.generation,
  removed_at timestamptz,
  check ((generation_removed is null) = (removed_at is null))
);
comment on table lake.fact_file is 'Fact files by generation. Live: generation_removed is null. Removed ones stay until readers moved on.';
comment on column lake.fact_file.kind is 'fresh: as committed or merged; winners: each fact key once in all winners files of the fact; superseded: versions that lost.';
comment on column lake.fact_file.columns_print is 'Names the list of columns the file has; facts grow by adding columns.';
comment on column lake.fact_file.generation_data is 'The newest commit that brought one of its rows; compaction keeps it.';
comment on column lake.fact_file.path is 'Relative to DATA/facts.';
create index fact_file_live on lake.fact_file (fact, month) where generation_removed is null;
create index fact_file_removed on lake.fact_file (removed_at) where generation_removed is not null;

create view lake.stream_progress as
select s.org_id, s.campus_id, s.source, s.lane, coalesce(c.position, 0) as position
from lake.stream s
left join lake.cursor c on c.stream_id = s.stream_id;
comment on view lake.stream_progress is 'For other rooms: how far each stream has been processed.';

create view lake.live_fact_file as
select fact, month, path, kind, row_count, byte_count, edition, generation_data as generation_added
from lake.fact_file
where generation_removed is null;
comment on view lake.live_fact_file is 'For other rooms: the files of the present generation, with the newest commit that brought one of their rows.';
