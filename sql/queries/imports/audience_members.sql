-- stage
-- Make room for the rows of a file.
create temporary table staged_audience_members (
  file_line    bigint not null,
  website      text not null,
  audience     text not null,
  customer_id  text not null,
  qualified_at timestamptz,
  expires_at   timestamptz
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'customer_id' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_audience_members s
          join (select website, audience, customer_id, min(file_line) as file_line
                  from staged_audience_members
                 group by website, audience, customer_id
                having count(*) > 1) t
            on (t.website, t.audience, t.customer_id)
               = (s.website, s.audience, s.customer_id)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'audience', 'unknown', s.audience
          from staged_audience_members s
         where not exists (select from audience a
                            where a.key = s.audience
                              and s.website = any (a.websites))
         union all
        select s.file_line, 'customer_id', 'unknown', s.customer_id
          from staged_audience_members s
         where not exists (select from customer c
                            where (c.website, c.customer_id)
                                  = (s.website, s.customer_id))) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the members there.
update staged_audience_members s
   set expires_at = m.expires_at
  from audience_member m
 where (m.website, m.audience, m.customer_id) = (s.website, s.audience, s.customer_id)
   and not $1::text[] && array['qualified_at', 'expires_at'];

-- merge
-- Write the rows that are new or not as they were. What nobody says is filled in: since
-- when as it was, or now, and until when as the audience says.
with settled as (
  select s.file_line, s.website, s.customer_id, s.audience, t.qualified_at,
         coalesce(s.expires_at,
                  t.qualified_at + a.ttl_seconds * interval '1 second') as expires_at
    from staged_audience_members s
    join audience a on a.key = s.audience
    left join audience_member m
      on (m.website, m.audience, m.customer_id)
         = (s.website, s.audience, s.customer_id)
   cross join lateral (select coalesce(s.qualified_at, m.qualified_at, now())
                                as qualified_at) t
),
merged as (
  insert into audience_member (website, customer_id, audience, qualified_at,
      expires_at)
  select s.website, s.customer_id, s.audience, s.qualified_at, s.expires_at
    from settled s
   where not exists (select from audience_member m
                      where (m.website, m.audience, m.customer_id)
                            = (s.website, s.audience, s.customer_id)
                        and (m.qualified_at, m.expires_at)
                            is not distinct from (s.qualified_at, s.expires_at))
   order by s.file_line
      on conflict (website, customer_id, audience) do update
     set qualified_at = excluded.qualified_at, expires_at = excluded.expires_at
  returning xmax = 0 as added
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;
