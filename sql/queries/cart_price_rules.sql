-- list
-- Cart price rules, by id: $1 looks for a text in key and name, $2 is a website, $3 is active
-- or not; null asks for any. $4 a page, from $5 on; total counts all pages.
select id, version, updated_at, given, count(*) over () as total
  from cart_price_rule_definition
 where ($1::text is null or strpos(lower(key || ' ' || name), lower($1)) > 0)
   and ($2::text is null or $2 = any (websites))
   and ($3::boolean is null or active = $3)
 order by id
 limit $4 offset $5;

-- find
-- The cart price rule with key $1.
select id, version, updated_at, given
  from cart_price_rule_definition
 where key = $1;

-- save
-- Add or replace a cart price rule as $1 gives it, an object by column.
insert into cart_price_rule (key, name, description, websites, active, customer_groups, from_day, to_day,
    priority, coupon_code, generated_coupons, uses_per_coupon, uses_per_customer,
    uses_per_rule, conditions, item_conditions, segments, action, amount,
    at_most, step, discards_subsequent, applies_to_shipping, free_shipping, label,
    label_by_store_view, at_most_per, most_discount, gifts, totals_of, hinted,
    lane, evaluation_group, group_applies, budget)
select x.key, x.name, x.description, x.websites, x.active, x.customer_groups,
       x."from", x."to", x.priority, x.coupon_code,
       coalesce(x.generated_coupons, false), coalesce(x.uses_per_coupon, 0),
       coalesce(x.uses_per_customer, 0), coalesce(x.uses_per_rule, 0),
       x.conditions, x.item_conditions, x.segments, x.action, x.amount, x.at_most, x.step, x.discards_subsequent,
       x.applies_to_shipping, x.free_shipping, x.label, x.label_by_store_view,
       coalesce(x.at_most_per, 'line'), x.most_discount,
       coalesce(x.gifts, '{}'), coalesce(x.totals_of, 'cart'),
       coalesce(x.hinted, false), coalesce(x.lane, 'default'),
       coalesce(x.evaluation_group, ''),
       coalesce(x.group_applies, 'all'), x.budget
  from jsonb_to_record($1::jsonb)
    as x (key text, name text, description text, websites text[], active boolean,
          customer_groups integer[], "from" date, "to" date, priority integer,
          coupon_code text, generated_coupons boolean, uses_per_coupon integer,
          uses_per_customer integer, uses_per_rule integer, conditions jsonb,
          item_conditions jsonb, segments text[], action text, amount numeric, at_most numeric,
          step numeric, discards_subsequent boolean, applies_to_shipping boolean,
          free_shipping text, label text, label_by_store_view jsonb,
          at_most_per text, most_discount numeric, gifts text[], totals_of text,
          hinted boolean, lane text, evaluation_group text, group_applies text,
          budget numeric)
    on conflict (key) do update
   set name = excluded.name, description = excluded.description,
       websites = excluded.websites, active = excluded.active,
       customer_groups = excluded.customer_groups, from_day = excluded.from_day,
       to_day = excluded.to_day, priority = excluded.priority,
       coupon_code = excluded.coupon_code,
       generated_coupons = excluded.generated_coupons,
       uses_per_coupon = excluded.uses_per_coupon,
       uses_per_customer = excluded.uses_per_customer,
       uses_per_rule = excluded.uses_per_rule, conditions = excluded.conditions,
       item_conditions = excluded.item_conditions, segments = excluded.segments,
       action = excluded.action, amount = excluded.amount,
       at_most = excluded.at_most, step = excluded.step,
       discards_subsequent = excluded.discards_subsequent,
       applies_to_shipping = excluded.applies_to_shipping,
       free_shipping = excluded.free_shipping, label = excluded.label,
       label_by_store_view = excluded.label_by_store_view,
       at_most_per = excluded.at_most_per, most_discount = excluded.most_discount,
       gifts = excluded.gifts, totals_of = excluded.totals_of,
       hinted = excluded.hinted, lane = excluded.lane,
       evaluation_group = excluded.evaluation_group,
       group_applies = excluded.group_applies, budget = excluded.budget,
       version = cart_price_rule.version + 1, updated_at = now()
returning id, version, updated_at;

-- delete
-- Delete the cart price rule with key $1.
delete from cart_price_rule
 where key = $1
returning id;

-- uses
-- What refers to cart price rule $1, by subject and key; of the orders with its coupons
-- or out of its budget the first few, whose uses would be forgotten.
select subject, key
  from (select 'dynamic block' as subject, key, id, 1 as place
          from dynamic_block
         where $1 = any (cart_price_rules)
         union all
        (select case state when 'committed' then 'order' else 'coupon reservation' end,
                coalesce(order_id, v.key), v.id, 2
           from cart_price_rule r
           join (select rule_id, reservation_id from coupon_redemption
                  union
                 select rule_id, reservation_id from budget_use) d on d.rule_id = r.id
           join coupon_reservation v on v.id = d.reservation_id
          where r.key = $1
            and (v.state = 'committed'
                 or v.state = 'reserved' and v.expires_at > now())
          order by v.id
          limit 25)) as found
 order by place, id;

-- spent
-- What reservations and orders hold of the budget of rule $1.
select trim_scale(spent)::text as spent
  from budget_counter
 where rule_id = $1;
