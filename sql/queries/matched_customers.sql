-- prepare
-- Until this transaction ends: whoever adds customers counts them, so that no trigger
-- does. Nobody can be deleted meanwhile, so who says nothing for a minute is given up.
select set_config('gateway.counts_added', 'true', true),
       set_config('idle_in_transaction_session_timeout', '60000', true);

-- hold_segments
-- Those of the segments $1 whose version is still the one in $2; none of them can be
-- deleted until this transaction ends.
select s.id
  from unnest($1::bigint[], $2::integer[]) as u (id, version)
  join segment s on (s.id, s.version) = (u.id, u.version)
 order by s.id
   for key share of s;

-- between
-- The customers of website $1 above $2 and up to $3 (null is no limit) who are in
-- segments, with these as text.
select customer_id, segment_ids::text
  from matched_customer
 where website = $1
   and customer_id > coalesce($2::text, '')
   and customer_id <= coalesce($3::text, (select max(customer_id)
                                            from matched_customer
                                           where website = $1));

-- remember
-- Note that customers $2 of website $1, who are to be in segments $3, left all others
-- at $4.
insert into former_match (segment_id, website, customer_id, joined_at, left_at)
select s.id, $1, m.customer_id, b.joined_at, $4
  from unnest($2::text[], $3::text[]) as u (customer_id, segment_ids)
  join matched_customer m on (m.website, m.customer_id) = ($1, u.customer_id)
 cross join lateral unnest(m.segment_ids, m.joined_at) as b (segment_id, joined_at)
  join segment s on s.id = b.segment_id
 where b.segment_id <> all (u.segment_ids::bigint[]);

-- change
-- Put customers $2 of website $1 into segments $3 and out of all others: they joined at
-- $4 where they have not been before.
update matched_customer m
   set segment_ids = u.segment_ids::bigint[],
       joined_at = array(
         select coalesce(b.joined_at, $4)
           from unnest(u.segment_ids::bigint[]) with ordinality as n (id, place)
           left join unnest(m.segment_ids, m.joined_at) as b (id, joined_at)
             on b.id = n.id
          order by n.place)
  from unnest($2::text[], $3::text[]) as u (customer_id, segment_ids)
 where (m.website, m.customer_id) = ($1, u.customer_id);

-- add
-- Put customers $2 of website $1, who are in none, into segments $3 at $4: all of them
-- are above $5 and up to $6 (null is no limit). Who has been deleted meanwhile stays
-- out, and is returned.
with decided as (
  select customer_id, segment_ids::bigint[] as segment_ids
    from unnest($2::text[], $3::text[]) as u (customer_id, segment_ids)
), deleted as (
  select customer_id
    from decided
  except
  select customer_id
    from customer
   where website = $1
     and customer_id > coalesce($5::text, '')
     and customer_id <= coalesce($6::text, (select max(customer_id)
                                              from customer
                                             where website = $1))
), added as (
  insert into matched_customer (website, customer_id, segment_ids, joined_at)
  select $1, customer_id, segment_ids,
         array_fill($4::timestamptz, array[cardinality(segment_ids)])
    from decided
   where customer_id not in (select customer_id from deleted))
select customer_id
  from deleted;

-- count_added
-- Note that customers of website $1 joined segments at $2: $4 of them each of $3.
insert into segment_size (website, segment_id, joined_at, customers)
select $1, u.segment_id, $2, u.customers
  from unnest($3::bigint[], $4::bigint[]) as u (segment_id, customers);

-- remove
-- Take customers $2 of website $1 out of all segments.
delete from matched_customer
 where website = $1 and customer_id = any ($2::text[]);

-- page
-- The customers of website $1 who are in any of the segments $2, by their ids, or in
-- all of them where $3 is true, and joined one of them since $4 (null is always): those
-- above $5 (null is all) by id, $6 of them from $7 on.
select c.customer_id, c.email, c.first_name, c.last_name, g.name as "group",
       a.telephone, a.postcode, a.country, a.region, c.created_at, p.joined_at
  from (select m.customer_id,
               (select min(b.joined_at)
                  from unnest(m.segment_ids, m.joined_at) as b (id, joined_at)
                 where b.id = any ($2::bigint[])) as joined_at
          from matched_customer m
         where m.website = $1
           and m.segment_ids && $2::bigint[]
           and (not $3::boolean or m.segment_ids @> $2::bigint[])
           and m.customer_id > coalesce($5::text, '')
           and ($4::timestamptz is null
                or exists (select
                             from unnest(m.segment_ids, m.joined_at) as b (id, joined_at)
                            where b.id = any ($2::bigint[]) and b.joined_at >= $4))
         order by m.customer_id
         limit $6 offset $7) p
  join customer c on (c.website, c.customer_id) = ($1, p.customer_id)
  join customer_group g on g.id = c.group_id
  left join lateral (select i.telephone, i.postcode, i.country, i.region
                       from address i
                      where (i.website, i.customer_id) = (c.website, c.customer_id)
                      order by i.default_billing desc, i.default_shipping desc,
                               i.address_id
                      limit 1) a on true
 order by c.customer_id;

-- count
-- How many customers website $1 has in any of the segments $2, by their ids, or in all
-- of them where $3 is true, who joined one of them since $4 (null is always).
select count(*)
  from matched_customer m
 where m.website = $1
   and m.segment_ids && $2::bigint[]
   and (not $3::boolean or m.segment_ids @> $2::bigint[])
   and ($4::timestamptz is null
        or exists (select
                     from unnest(m.segment_ids, m.joined_at) as b (id, joined_at)
                    where b.id = any ($2::bigint[]) and b.joined_at >= $4));

-- overlap
-- How many customers of website $1 are in segment $2, in segment $3, and in both.
select count(*) filter (where segment_ids @> array[$2::bigint]) as first,
       count(*) filter (where segment_ids @> array[$3::bigint]) as second,
       count(*) filter (where segment_ids @> array[$2::bigint, $3::bigint]) as both
  from matched_customer
 where website = $1 and segment_ids && array[$2::bigint, $3::bigint];

-- former
-- The customers of website $1 who left segment $2, by its id, since $3 and are not in
-- it now: $4 of them from $5 on, the last to leave first.
select f.customer_id, c.email, c.first_name, c.last_name, f.joined_at, f.left_at
  from (select distinct on (customer_id) customer_id, joined_at, left_at
          from former_match
         where segment_id = $2 and website = $1 and left_at >= $3
         order by customer_id, left_at desc) f
  join customer c on (c.website, c.customer_id) = ($1, f.customer_id)
 where not exists (select
                     from matched_customer m
                    where (m.website, m.customer_id) = ($1, f.customer_id)
                      and m.segment_ids @> array[$2::bigint])
 order by f.left_at desc, f.customer_id
 limit $4 offset $5;

-- former_count
-- How many customers of website $1 left segment $2, by its id, since $3 and are not in
-- it now.
select count(distinct f.customer_id)
  from former_match f
 where f.segment_id = $2 and f.website = $1 and f.left_at >= $3
   and not exists (select
                     from matched_customer m
                    where (m.website, m.customer_id) = ($1, f.customer_id)
                      and m.segment_ids @> array[$2::bigint]);

-- states
-- The segments of website $1 that are called $2 (null is all), by id: as of when their
-- customers were matched, and whether neither they nor any segment that they ask for
-- was saved since.
with recursive asked as (
  select s.id, s.key as asked_key, s.updated_at, s.segments
    from segment s
   where ($2::text[] is null or s.key = any ($2::text[]))
     and ($1 = any (s.websites)
          or exists (select from segment_match r
                      where (r.segment_id, r.website) = (s.id, $1)))
   union
  select a.id, s.key, s.updated_at, s.segments
    from asked a
    join segment s on s.key = any (a.segments))
select s.id, s.key, r.refreshed_at,
       coalesce(r.version = s.version
                and r.refreshed_at > (select max(a.updated_at)
                                        from asked a
                                       where a.id = s.id), false) as is_current
  from (select distinct id from asked) a
  join segment s using (id)
  left join segment_match r on (r.segment_id, r.website) = (s.id, $1)
 order by s.id;

-- sizes
-- How many customers of website $1 are in each of the segments $2, by their ids (null is
-- all), and how many of them joined since $3 (null is always).
select segment_id, sum(customers)::bigint as customers,
       coalesce(sum(customers) filter (where $3::timestamptz is null
                                          or joined_at >= $3), 0)::bigint as joined
  from segment_size
 where website = $1 and ($2::bigint[] is null or segment_id = any ($2::bigint[]))
 group by segment_id
 order by segment_id;

-- departed
-- For those of the segments $2, by their ids (null is all), that somebody of website $1
-- has left since $3 (null is always) and not joined again: how many.
select f.segment_id, count(distinct f.customer_id) as customers
  from former_match f
 where f.website = $1
   and ($2::bigint[] is null or f.segment_id = any ($2::bigint[]))
   and ($3::timestamptz is null or f.left_at >= $3::timestamptz)
   and not exists (select
                     from matched_customer m
                    where (m.website, m.customer_id) = ($1, f.customer_id)
                      and m.segment_ids @> array[f.segment_id])
 group by f.segment_id
 order by f.segment_id;

-- purge
-- Forget who left segments before day $1, at most $2 of them.
delete from former_match
 where ctid in (select ctid
                  from former_match
                 where left_at < $1::date
                 limit $2
                   for update skip locked)
returning segment_id;
