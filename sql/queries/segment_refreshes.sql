-- try_lock
-- Become the one who refreshes website $1, until this connection ends; whether nobody
-- else is.
select pg_try_advisory_lock(hashtext('segment_refresh'), hashtext($1));

-- is_free
-- Whether nobody refreshes website $1 at this moment.
select pg_try_advisory_xact_lock(hashtext('segment_refresh'), hashtext($1));

-- try_schedule
-- Become the one who starts the refreshes of website $1 that are due by the clock, until
-- this connection ends; whether nobody else is.
select pg_try_advisory_lock(hashtext('segment_refresh_schedule'), hashtext($1));

-- websites
-- Every website, in the order of their making.
select code, timezone
  from website
 order by id;

-- due
-- The segments of website $1 to refresh, of those called $2 or of all where that is
-- null: active ones, and those that were matched before.
select s.id, s.version, s.key
  from segment s
 where ($2::text[] is null or s.key = any ($2))
   and ((s.active and $1 = any (s.websites))
        or exists (select from segment_match r
                    where (r.segment_id, r.website) = (s.id, $1)))
 order by s.id;

-- unfinished
-- The last run on website $1 for the segments called $2 (null is all), if it was begun
-- in the last $3 seconds by the rules as they are now, and never ended.
select r.id, r.segment_ids, r.versions, r.started_at
  from segment_refresh r
  join website w on (w.code, w.revision) = (r.website, r.revision)
 where r.website = $1 and r.keys is not distinct from $2::text[]
   and r.finished_at is null and not r.abandoned
   and r.started_at > now() - make_interval(secs => $3::float8)
 order by r.id desc
 limit 1;

-- abandon
-- Give up what was begun on website $1 and never ended, except for run $2: nobody goes
-- on with the ranges of another, not even a process that has not heard of it.
with given_up as (
  update segment_refresh
     set abandoned = true
   where website = $1 and finished_at is null and not abandoned
     and id <> $2)
update segment_refresh_range p
   set done_to = null, until_id = null, finished = true
  from segment_refresh r
 where r.website = $1 and r.id <> $2
   and p.refresh_id = r.id and not p.finished;

-- resume
-- Go on with run $1, whatever made it fail before.
update segment_refresh
   set failure = null
 where id = $1;

-- begin
-- Begin a run on website $1 for segments called $2: their ids $3 and versions $4, and
-- $5 customers.
insert into segment_refresh (website, keys, segment_ids, versions, customers, revision)
select w.code, $2, $3, $4, $5, w.revision
  from website w
 where w.code = $1
returning id, started_at;

-- add_ranges
-- Divide run $1 into ranges: number n ends at the n-th of $2, a null is the end.
insert into segment_refresh_range (refresh_id, number, done_to, until_id)
select $1::bigint, place, lag(until_id) over (order by place), until_id
  from unnest($2::text[]) with ordinality as u (until_id, place);

-- open_ranges
-- The ranges of run $1 that are not finished.
select number, done_to, until_id
  from segment_refresh_range
 where refresh_id = $1 and not finished
 order by number;

-- advance
-- Put range $2 of run $1 forward from $3 to $4, with $5 more customers, and whether it
-- is at its end ($6), where no customer's id is needed any more. No row if somebody
-- else has done so. Whoever deletes customers waits until this transaction ends, and
-- this for them.
update segment_refresh_range
   set done_to = case when not $6 then $4 end,
       until_id = case when not $6 then until_id end,
       customers = customers + $5, finished = $6, updated_at = now()
 where refresh_id = $1 and number = $2 and not finished
   and done_to is not distinct from $3::text
returning number;

-- add_up
-- Add to range $2 of run $1 how many customers joined ($3) and left ($4) segments.
update segment_refresh_range
   set joined = joined + $3, departed = departed + $4
 where refresh_id = $1 and number = $2;

-- finish
-- End run $1, and note as of when its segments were matched: those that are as they
-- were.
with done as (
  update segment_refresh
     set finished_at = now()
   where id = $1
  returning website, segment_ids, versions, started_at)
insert into segment_match (segment_id, website, version, refreshed_at)
select s.id, d.website, s.version, d.started_at
  from done d,
       unnest(d.segment_ids, d.versions) as u (id, version)
  join segment s on (s.id, s.version) = (u.id, u.version)
    on conflict (segment_id, website) do update
   set version = excluded.version, refreshed_at = excluded.refreshed_at;

-- put_sizes_together
-- Put together what the sizes of the segments of website $1 are added up from.
with parts as (
  delete from segment_size
   where website = $1
  returning segment_id, joined_at, customers)
insert into segment_size (website, segment_id, joined_at, customers)
select $1, segment_id, joined_at, sum(customers)
  from parts
 group by segment_id, joined_at
having sum(customers) <> 0;

-- fail
-- Note why run $1 came to an end before it was done: $2.
update segment_refresh
   set failure = $2
 where id = $1;

-- outdated
-- The segments of website $1, of those called $2 or all, of which run $3 has not decided
-- what they are now: they, or segments that they ask for, were saved since it began.
with recursive changed as (
  select s.key
    from segment_refresh r
    join segment s
      on s.updated_at > r.started_at
      or exists (select
                   from unnest(r.segment_ids, r.versions) as u (id, version)
                  where u.id = s.id and u.version <> s.version)
   where r.id = $3
   union
  select s.key
    from changed c
    join segment s on c.key = any (s.segments))
select s.key
  from segment s
  join changed c using (key)
 where ($2::text[] is null or s.key = any ($2))
   and s.active and $1 = any (s.websites)
 order by s.id;

-- last
-- The last run on website $1, and how far it has come.
select r.id, r.keys, r.started_at, r.finished_at, r.abandoned, r.failure, r.customers,
       coalesce(sum(p.customers), 0)::bigint as decided,
       coalesce(sum(p.joined), 0)::bigint as joined,
       coalesce(sum(p.departed), 0)::bigint as departed,
       max(p.updated_at) as seen_at
  from segment_refresh r
  left join segment_refresh_range p on p.refresh_id = r.id
 where r.website = $1
 group by r.id
 order by r.id desc
 limit 1;

-- last_of_all
-- When the last run for all segments of website $1 that was finished began; no row if
-- there was none.
select started_at
  from segment_refresh
 where website = $1 and keys is null and finished_at is not null
 order by id desc
 limit 1;

-- purge
-- Forget the runs begun before day $1 after which another one for all segments of the
-- website was finished, at most $2 of them.
delete from segment_refresh
 where id in (select r.id
                from segment_refresh r
               where r.started_at < $1::date
                 and exists (select
                               from segment_refresh l
                              where l.website = r.website and l.id > r.id
                                and l.keys is null and l.finished_at is not null)
               limit $2
                 for update skip locked)
returning id;
