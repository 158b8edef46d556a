-- remember
-- Keep that visitor's session $1 on website $2 is in the segments $3, until $4.
insert into remembered_segments (session, website, segments, expires_at)
values ($1, $2, $3::text[], $4)
    on conflict (session, website) do update
   set segments = excluded.segments, expires_at = excluded.expires_at
 where remembered_segments.customer_id is null;

-- forget
-- Forget what is remembered of visitor's session $1 on website $2.
delete from remembered_segments
 where session = $1 and website = $2 and customer_id is null;

-- take_over
-- Hand what visitor's session $1 on website $2 held at $5 to session $3 of customer $4,
-- until $6; whoever else logs in with it finds nothing.
with former as (
  update remembered_segments
     set customer_id = $4
   where session = $1 and website = $2 and expires_at > $5
     and (customer_id is null or customer_id = $4)
  returning segments
)
insert into remembered_segments (session, website, customer_id, segments, expires_at)
select $3, $2, $4, segments, $6
  from former
    on conflict (session, website) do nothing;

-- purge
-- Forget what has expired before $1, at most $2, and nothing that is just written.
delete from remembered_segments
 where (session, website) in (select session, website
                                from remembered_segments
                               where expires_at < $1
                               order by expires_at
                               limit $2
                                 for update skip locked)
returning session;
