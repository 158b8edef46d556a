-- claim
-- Count $2 more tries for each of the buckets $1, from the beginning where its window of
-- $3 seconds is over, and return how many each has then.
insert into coupon_try as t (bucket, began_at, tried)
select bucket, now(), $2
  from unnest($1::text[]) as x (bucket)
 order by bucket
    on conflict (bucket) do update
   set tried = case when t.began_at > now() - make_interval(secs => $3)
               then least(t.tried::bigint + excluded.tried, 1000000000)::integer
               else excluded.tried end,
       began_at = case when t.began_at > now() - make_interval(secs => $3)
                  then t.began_at else now() end
returning bucket, tried;

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
