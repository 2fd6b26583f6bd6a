-- How many records an act moved, counted when it was done: what `link_history` says may be moved again by later acts. The default lets the
-- running version live with it.
alter table govern.manual_act add column moved integer not null default 0;
