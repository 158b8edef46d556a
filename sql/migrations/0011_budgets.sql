-- Budgets of cart price rules: the most that a rule takes off all orders together; and
-- the most that all rules of a website take off one cart.

alter table cart_price_rule
  add column budget numeric(20, 4) check (budget > 0);

-- What is new stands in "given" only where it is used, as ever.
create or replace view cart_price_rule_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(r) - array['id', 'version', 'updated_at', 'segments', 'from_day',
                           'to_day', 'at_most_per', 'most_discount', 'gifts',
                           'totals_of', 'generated_coupons', 'uses_per_coupon',
                           'uses_per_customer', 'uses_per_rule', 'hinted',
                           'lane', 'evaluation_group', 'group_applies', 'budget']
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
            'group_applies', nullif(group_applies, 'all'),
            'budget', trim_scale(budget)::text))
       as given
  from cart_price_rule r;

-- What a reservation takes from the budgets of rules, decided for its cart.
create table budget_use (
  reservation_id bigint not null references coupon_reservation on delete cascade,
  rule_id        bigint not null references cart_price_rule on delete cascade,
  amount         numeric(20, 4) not null check (amount > 0),
  primary key (reservation_id, rule_id)
);

create index budget_use_of_rule on budget_use (rule_id);

-- How much is reserved or committed of the budget of a rule.
create table budget_counter (
  rule_id bigint primary key references cart_price_rule on delete cascade,
  spent   numeric(20, 4) not null check (spent >= 0)
);

-- What is spent of the budgets of a website's rules. What is late no longer counts,
-- and what the cart holds itself does not stand in its own way.
create function budgets_spent(website text, cart_id text)
returns table (rule_id bigint, spent numeric) language sql stable as $$
  select c.rule_id,
         c.spent - coalesce((select sum(u.amount)
                               from coupon_reservation v
                               join budget_use u on u.reservation_id = v.id
                              where v.state = 'reserved'
                                and (v.expires_at <= now() or v.cart_id = $2)
                                and u.rule_id = c.rule_id), 0)
    from budget_counter c
    join cart_price_rule r on r.id = c.rule_id
   where c.spent > 0 and r.active and r.budget is not null and $1 = any (r.websites)
$$;

alter table website
  add column most_discount numeric(20, 4) check (most_discount >= 0);

create or replace trigger website_is_changed
before update of name, timezone, currency, most_discount on website
for each row execute function raise_own_revision();
