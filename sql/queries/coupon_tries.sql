-- remembered
-- The codes that bucket $1 has tried within its window of $2 seconds, as hashes.
select codes
  from coupon_try
 where bucket = $1 and began_at > now() - make_interval(secs => $2);

-- open
-- How many tries the buckets $1 have, and which codes; they are held until the
-- transaction ends, and begin anew where their window of $2 seconds is over.
insert into coupon_try as t (bucket, began_at, tried)
select bucket, now(), 0
  from unnest($1::text[]) as x (bucket)
 order by bucket
    on conflict (bucket) do update
   set (began_at, tried, codes) = (
         select case when is_open then t.began_at else now() end,
                case when is_open then t.tried else 0 end,
                case when is_open then t.codes else '{}' end
           from (values (t.began_at > now() - make_interval(secs => $2)))
                as x (is_open))
returning bucket, tried, codes;

-- count
-- Count $2 more tries for each of the buckets $1, and let $3 remember codes $4.
update coupon_try
   set tried = least(tried::bigint + $2::integer, 1000000000)::integer,
       codes = case when bucket = $3 then $4::text[] else codes end
 where bucket = any ($1::text[]);

-- give_back
-- Take $2 tries back from each of the buckets $1: they were none.
with held as (
  select bucket
    from coupon_try
   where bucket = any ($1::text[])
   order by bucket
     for update)
update coupon_try t
   set tried = greatest(t.tried - $2::integer, 0)
  from held
 where t.bucket = held.bucket;

-- forget
-- Forget some buckets whose windows of $1 seconds are over.
delete from coupon_try
 where bucket in (
         select bucket
           from coupon_try
          where began_at <= now() - make_interval(secs => $1)
          order by began_at
          limit 50
            for update skip locked);
