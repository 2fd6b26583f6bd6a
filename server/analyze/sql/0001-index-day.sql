-- ANALYZE is a reserved word of PostgreSQL, so the schema of this room is always quoted.
--
-- The brand indices by day, kept so that a reader finds them without touching a fact, and how far they were worked out.
-- Both are derived: they may be emptied and are then made again from the facts. First migration of the room; nothing runs beside it.

create table "analyze".index_day (
  org_id text not null,
  campus_id text not null,
  index_id text not null check (index_id in ('heat', 'word-of-mouth', 'loyalty')),
  edition text not null,
  day date not null,
  value double precision,
  lower double precision,
  upper double precision,
  n int not null check (n >= 0),
  parts jsonb not null,
  primary key (org_id, campus_id, index_id, edition, day),
  check (value is null or (value between 0 and 100))
);
comment on table "analyze".index_day is 'Brand indices by local day, 0–100, with their 95 % interval.';
comment on column "analyze".index_day.campus_id is '* stands for all campuses.';
comment on column "analyze".index_day.parts is 'Per part: id, value (0–1, null when no fact carries it), variance, n.';

create table "analyze".index_state (
  org_id text not null,
  campus_id text not null,
  editions text not null,
  generation bigint not null,
  computed_from date,
  computed_to date,
  computed_at timestamptz not null,
  primary key (org_id, campus_id)
);
comment on table "analyze".index_state is 'The manifest generation the stored indices stand for; locked by whoever refreshes them.';

create view "analyze".index_daily as
select org_id, campus_id, index_id, edition, day, value, lower, upper, n
from "analyze".index_day;
comment on view "analyze".index_daily is 'For other rooms: brand indices by day.';
