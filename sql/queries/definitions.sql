-- names
-- Everything that a definition can refer to by its name, by subject.
select (select coalesce(array_agg(code order by id), '{}')
          from website) as websites,
       (select coalesce(array_agg(code order by id), '{}')
          from store_view) as store_views,
       (select coalesce(array_agg(id::text order by id), '{}')
          from customer_group) as customer_groups,
       (select coalesce(array_agg(key order by id), '{}')
          from audience) as audiences,
       (select coalesce(array_agg(key order by id), '{}')
          from segment) as segments,
       (select coalesce(array_agg(key order by id), '{}')
          from cart_price_rule) as cart_price_rules,
       (select coalesce(array_agg(key order by id), '{}')
          from dynamic_block) as dynamic_blocks,
       (select coalesce(array_agg(key order by id), '{}')
          from related_product_rule) as related_product_rules,
       (select coalesce(array_agg(key order by id), '{}')
          from catalogue_price_rule) as catalogue_price_rules;

-- taken_coupon_code
-- The cart price rule other than $2 that has the coupon code $1, however it is written.
select r.key
  from coupon_owners(array[$1::text]) o
  join cart_price_rule r on r.id = o.rule_id
 where r.key <> $2
 order by r.id
 limit 1;

-- segment_references
-- Every segment, whom it applies to, and the keys of those that it asks for.
select key, applies_to, segments
  from segment
 order by id;
