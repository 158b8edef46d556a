-- page
-- Members of audience $1 on website $2, null for all of them, by website and customer
-- id: $3 of them, from $4 on.
select website, customer_id, qualified_at, expires_at
  from audience_member
 where audience = $1 and ($2::text is null or website = $2)
 order by website, customer_id
 limit $3 offset $4;

-- count
-- How many members audience $1 has on website $2, null for all of them.
select count(*) as total
  from audience_member
 where audience = $1 and ($2::text is null or website = $2);

-- counts
-- The members of audiences $1 by website, and how many of them have expired at $2.
select audience, website, count(*) filter (where expires_at is null
                                              or expires_at > $2) as members,
       count(*) filter (where expires_at <= $2) as expired
  from audience_member
 where audience = any ($1::text[])
 group by audience, website
 order by audience, website;

-- hold
-- The audience $1 where it is for website $2, which nobody deletes meanwhile.
select key
  from audience
 where key = $1 and $2 = any (websites)
   for key share;

-- unknown
-- The positions of those of $2 who are no customers of website $1.
select (t.place - 1)::integer as position
  from unnest($2::text[]) with ordinality as t (customer_id, place)
 where not exists (select from customer c
                    where (c.website, c.customer_id) = ($1, t.customer_id))
 order by t.place;

-- write
-- Take $3, a list of objects by column, into audience $1 on website $2; who does not say
-- until when stays as long as the audience says.
insert into audience_member (website, customer_id, audience, qualified_at, expires_at)
select $2, x.customer_id, a.key, x.qualified_at,
       coalesce(x.expires_at, x.qualified_at + a.ttl_seconds * interval '1 second')
  from jsonb_to_recordset($3::jsonb)
    as x (customer_id text, qualified_at timestamptz, expires_at timestamptz)
  join audience a on a.key = $1
 order by x.customer_id
    on conflict (website, customer_id, audience) do update
   set qualified_at = excluded.qualified_at, expires_at = excluded.expires_at
returning customer_id;

-- remove
-- Take the customers $3 of website $2 out of audience $1.
delete from audience_member
 where audience = $1 and website = $2 and customer_id = any ($3::text[])
returning customer_id;

-- purge
-- Forget who has expired before $1, at most $2, and nobody whom somebody else is just
-- writing.
delete from audience_member
 where (website, customer_id, audience)
       in (select website, customer_id, audience
             from audience_member
            where expires_at < $1
            order by expires_at
            limit $2
              for update skip locked)
returning customer_id;
