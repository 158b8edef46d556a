-- What segments can say beside their conditions.

-- Both days are included, and of each website's own calendar; null is an open end.
alter table segment
  add column from_day date,
  add column to_day date;

-- Customer ids by website: in the segment whatever its conditions say, and out of it
-- whatever else is said.
alter table segment
  add column include jsonb not null default '{}',
  add column exclude jsonb not null default '{}';

-- Repeats the keys that the conditions ask for, so that a segment in use is known as
-- such.
alter table segment
  add column segments text[] not null default '{}';

-- What is new stands in "given" only where it is used, so that workers of the version
-- before, which would refuse it, go on with every segment that does without.
create or replace view segment_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(s) - array['id', 'version', 'updated_at', 'from_day', 'to_day',
                           'segments', 'include', 'exclude']
       || jsonb_strip_nulls(jsonb_build_object('from', from_day, 'to', to_day,
                                               'include', nullif(include, '{}'),
                                               'exclude', nullif(exclude, '{}')))
       as given
  from segment s;
