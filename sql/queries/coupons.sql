-- rule
-- The id of the cart price rule with key $1, and whether it has generated coupons.
select r.id, r.generated_coupons
  from cart_price_rule r
 where r.key = $1
   for key share;

-- count
-- How many codes rule $1 has after the one with id $2.
select count(*)
  from coupon
 where rule_id = $1 and id > $2;

-- add
-- Give rule $1 those of the codes $2 that nobody has, and count them.
with added as (
  insert into coupon (rule_id, code)
  select $1, x.code
    from unnest($2::text[]) as x (code)
   where not exists (select
                       from cart_price_rule r
                      where r.coupon_code <> ''
                        and coupon_fold(r.coupon_code) = lower(x.code))
      on conflict do nothing
  returning 1)
select count(*) from added;

-- list
-- The codes of rule $1 after the one with id $2, by age: at most $3 of them from $4 on,
-- each with its uses. The rows are compared with the index that has them in order, so
-- that nothing but the index is read of those before.
select c.id, c.code, c.created_at, coalesce(n.used, 0) as uses
  from (select id
          from coupon
         where (rule_id, id) > ($1::bigint, $2::bigint)
           and (rule_id, id) < ($1::bigint + 1, 0)
         order by rule_id, id
         limit $3 offset $4) p
  join coupon c using (id)
  left join coupon_counter n
         on (n.rule_id, n.scope) = (c.rule_id, 'code:' || lower(c.code))
 order by c.id;

-- export
-- All codes of the rule with key $1, by age, each with its uses.
select c.id, c.code, c.created_at, coalesce(n.used, 0) as uses
  from coupon c
  left join coupon_counter n
         on (n.rule_id, n.scope) = (c.rule_id, 'code:' || lower(c.code))
 where c.rule_id = (select id from cart_price_rule where key = $1)
 order by c.rule_id, c.id;

-- delete
-- Delete those of the codes $2 that rule $1 has; their uses stay counted.
delete from coupon
 where rule_id = $1 and lower(code) = any ($2::text[])
returning code;

-- status
-- What is known of code $1, which is folded, on website $2.
select coalesce(g.code, r.coupon_code) as code, r.key as rule,
       g.code is not null as is_generated, w.code = any (r.websites) as is_of_website,
       r.active as is_active, r.from_day, r.to_day,
       (now() at time zone w.timezone)::date as today,
       coupon_has_use(r.id, o.code, null, null) as has_use,
       coalesce((select used
                   from coupon_counter
                  where rule_id = r.id and scope = 'code:' || o.code), 0) as uses,
       coalesce((select used
                   from coupon_counter
                  where rule_id = r.id and scope = 'rule'), 0) as uses_of_rule
  from coupon_owners(array[$1::text]) o
  join cart_price_rule r on r.id = o.rule_id
  join website w on w.code = $2
  left join coupon g on g.rule_id = r.id and lower(g.code) = o.code
 order by is_of_website desc, r.id
 limit 1;
