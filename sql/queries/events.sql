-- insert
-- Record those events of website $1 that are new, of servers where $2 is true, as $3
-- gives them, a list of objects by column; give the ids of the new ones. Whoever else
-- is recording one of them is waited for. None is recorded once the website is gone.
with given as (
  select x.id, x.type, x.at, x.digest, x.customer_id, x.session, x.email, x.payload
    from jsonb_to_recordset($3::jsonb)
      as x (id text, type text, at timestamptz, digest text, customer_id text,
            session text, email text, payload jsonb)
   where exists (select from website where code = $1)
), fresh as (
  insert into event_id (website, from_server, id, digest, month)
  select $1, $2, g.id, decode(g.digest, 'hex'),
         date_trunc('month', g.at at time zone 'UTC')::date
    from given g
   order by g.id
      on conflict do nothing
  returning id
), kept as (
  insert into event (website, from_server, id, type, at, customer_id, session, email,
      payload)
  select $1, $2, g.id, g.type, g.at, g.customer_id, g.session, g.email, g.payload
    from given g
    join fresh f on f.id = g.id
)
select id
  from fresh
 order by id;

-- digests
-- What was sent to website $1 under the ids $3, by servers where $2 is true.
select id, digest
  from event_id
 where website = $1 and from_server = $2 and id = any ($3::text[])
 order by id;

-- make_month
-- Make room for the events of the month that begins with day $1, unless there is.
select make_event_month($1::date);

-- drop_months
-- Drop the events of all months before the one of day $1; how many months it were.
select drop_event_months(date_trunc('month', $1::date)::date);

-- drop_ids
-- Drop the ids of events of months before that of day $1, at most $2 of them.
delete from event_id
 where ctid in (select ctid
                  from event_id
                 where month < date_trunc('month', $1::date)::date
                 limit $2);

-- drop_histories
-- Drop the histories of those who were last seen before day $1, at most $2 of them.
delete from history
 where ctid in (select ctid
                  from history
                 where last_at < $1::date
                 limit $2
                   for update skip locked);

-- drop_sessions
-- Drop whose the sessions are that were last joined before day $1, at most $2 of them.
delete from joined_session
 where ctid in (select ctid
                  from joined_session
                 where joined_at < $1::date
                 limit $2
                   for update skip locked);

-- drop_standings
-- Drop how far orders have come that were last told of before day $1, at most $2.
delete from order_standing
 where ctid in (select ctid
                  from order_standing
                 where told_at < $1::date
                 limit $2
                   for update skip locked);

-- lock_purge
-- Whether this connection is now the only one that drops what is too old.
select pg_try_advisory_lock(1667329142);
