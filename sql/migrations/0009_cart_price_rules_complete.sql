-- What cart price rules can say beside their discount. The defaults are as before.

alter table cart_price_rule
  add column at_most_per   text not null default 'line'
             check (at_most_per in ('line', 'rule')),
  add column most_discount numeric(20, 4),
  add column gifts         text[] not null default '{}',
  add column totals_of     text not null default 'cart'
             check (totals_of in ('cart', 'matched_items')),
  add column hinted        boolean not null default false,
  add column lane text not null default 'default'
             check (lane in ('pre', 'default', 'post')),
  add column evaluation_group text not null default '',
  add column group_applies text not null default 'all'
             check (group_applies in ('all', 'best', 'first'));

-- What is new stands in "given" only where it is used, so that workers of the version
-- before, which would refuse it, go on with every rule that does without.
create or replace view cart_price_rule_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(r) - array['id', 'version', 'updated_at', 'segments', 'from_day',
                           'to_day', 'at_most_per', 'most_discount', 'gifts',
                           'totals_of', 'generated_coupons', 'uses_per_coupon',
                           'uses_per_customer', 'uses_per_rule', 'hinted',
                           'lane', 'evaluation_group', 'group_applies']
       || jsonb_build_object('from', from_day, 'to', to_day,
                             'amount', trim_scale(amount)::text,
                             'at_most', trim_scale(at_most)::text,
                             'step', trim_scale(step)::text)
       || jsonb_strip_nulls(jsonb_build_object(
            'at_most_per', nullif(at_most_per, 'line'),
            'most_discount', trim_scale(most_discount)::text,
            'gifts', nullif(gifts, '{}'),
            'totals_of', nullif(totals_of, 'cart'),
            'generated_coupons', nullif(generated_coupons, false),
            'uses_per_coupon', nullif(uses_per_coupon, 0),
            'uses_per_customer', nullif(uses_per_customer, 0),
            'uses_per_rule', nullif(uses_per_rule, 0),
            'hinted', nullif(hinted, false),
            'lane', nullif(lane, 'default'),
            'evaluation_group', nullif(evaluation_group, ''),
            'group_applies', nullif(group_applies, 'all')))
       as given
  from cart_price_rule r;
