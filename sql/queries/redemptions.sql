-- find
-- The reservation with key $2 on website $1, which nobody else changes until the
-- transaction ends.
select id, key, cart_id, shopper, order_id, state, expires_at,
       state = 'reserved' and expires_at <= now() as is_late
  from coupon_reservation
 where website = $1 and key = $2
   for update;

-- of_order
-- The reservation that order $2 of website $1 has committed, held like "find".
select id, key, cart_id, shopper, order_id, state, expires_at, false as is_late
  from coupon_reservation
 where website = $1 and order_id = $2 and state = 'committed'
   for update;

-- last_of_order
-- What order $2 of website $1 has, or else had last, held like "find".
select id, key, cart_id, shopper, order_id, state, expires_at, false as is_late
  from coupon_reservation
 where website = $1 and order_id = $2
 order by state = 'committed' desc, id desc
 limit 1
   for update;

-- of_cart
-- The reservation of cart $2 on website $1, held like "find", unless its order $3 is
-- canceled.
select id, key, cart_id, shopper, order_id, state, expires_at, false as is_late
  from coupon_reservation
 where website = $1 and cart_id = $2 and state = 'reserved'
   and not exists (select
                     from sales_order o
                    where (o.website, o.order_id) = ($1, $3)
                      and o.status = 'canceled')
 order by id desc
 limit 1
   for update;

-- uses
-- The rules that reservation $1 uses, by their codes.
select rule_id, code, folded
  from coupon_redemption
 where reservation_id = $1
 order by rule_id;

-- lock_order
-- Be the only one who settles order $2 of website $1 until the transaction ends.
select pg_advisory_xact_lock(hashtextextended($1 || chr(10) || $2, 19));

-- begin
-- Add a reservation of website $1 with key $2, for cart $3 and shopper $4, that ends in
-- $5 seconds; nothing comes back when the key is taken or the cart is gone. Nobody can
-- drop the cart until the transaction ends.
insert into coupon_reservation (website, key, cart_id, shopper, state, expires_at)
select $1, $2, k.id, $4, 'reserved', now() + make_interval(secs => $5)
  from cart k
 where k.website = $1 and k.id = $3
   for key share
    on conflict (website, key) do nothing
returning id, key, cart_id, shopper, order_id, state, expires_at, false as is_late;

-- add_uses
-- Let reservation $1 use rules $2 by codes $3, which are $4 when they are folded.
insert into coupon_redemption (reservation_id, rule_id, code, folded)
select $1, rule_id, code, folded
  from unnest($2::bigint[], $3::text[], $4::text[]) as x (rule_id, code, folded);

-- budget_uses
-- What reservation $1 takes from the budgets of rules, as texts that lose nothing.
select rule_id, amount::text as amount
  from budget_use
 where reservation_id = $1
 order by rule_id;

-- add_budget_uses
-- Let reservation $1 take amounts $3 from the budgets of rules $2, and open a counter
-- for each that has none yet, in the order in which everybody does.
with taken as (
  insert into budget_use (reservation_id, rule_id, amount)
  select $1, rule_id, amount
    from unnest($2::bigint[], $3::numeric[]) as x (rule_id, amount))
insert into budget_counter (rule_id, spent)
select rule_id, 0
  from unnest($2::bigint[]) as x (rule_id)
 order by rule_id
    on conflict (rule_id) do nothing;

-- claim
-- Count every use of reservation $1 whose limit is not reached yet, and return what was
-- counted. The check and the count are one statement, and the order keeps two of them
-- from waiting for each other.
insert into coupon_counter as c (rule_id, scope, used, most)
select r.id, s.scope, 1, s.most
  from coupon_reservation v
  join coupon_redemption d on d.reservation_id = v.id
  join cart_price_rule r on r.id = d.rule_id
 cross join lateral (values ('rule', r.uses_per_rule),
                            ('code:' || d.folded, r.uses_per_coupon),
                            (v.shopper, r.uses_per_customer)) as s (scope, most)
 where v.id = $1 and s.scope is not null
 order by r.id, s.scope
    on conflict (rule_id, scope) do update
   set used = c.used + 1, most = excluded.most
 where excluded.most = 0 or c.used < excluded.most
returning rule_id, scope;

-- spend
-- Take from every budget what reservation $1 does, if there is as much left, and return
-- whose it was taken from. The check and the count are one statement.
update budget_counter c
   set spent = c.spent + u.amount
  from budget_use u
  join cart_price_rule r on r.id = u.rule_id
 where u.reservation_id = $1 and c.rule_id = u.rule_id
   and (r.budget is null or c.spent + u.amount <= r.budget)
returning c.rule_id;

-- lock_budgets
-- Take, in the order in which everybody does, the budgets of reservations $1.
select c.rule_id
  from budget_counter c
 where c.rule_id in (select rule_id from budget_use
                      where reservation_id = any ($1::bigint[]))
 order by c.rule_id
   for update;

-- lock_counters
-- Take, in the order in which everybody does, the counters of reservations $1.
select c.rule_id, c.scope
  from coupon_counter c
 where (c.rule_id, c.scope) in (
         select d.rule_id, s.scope
           from coupon_reservation v
           join coupon_redemption d on d.reservation_id = v.id
          cross join lateral (values ('rule'), ('code:' || d.folded),
                                     (v.shopper)) as s (scope)
          where v.id = any ($1::bigint[]))
 order by c.rule_id, c.scope
   for update;

-- others_of_cart
-- The other reservations of cart $2 on website $1 than $3, held like "find".
select id
  from coupon_reservation
 where website = $1 and cart_id = $2 and id <> $3 and state = 'reserved'
 order by id
   for update;

-- late
-- Some reservations that ended by themselves, held like "find".
select id
  from coupon_reservation
 where state = 'reserved' and expires_at <= now()
 order by id
 limit 200
   for update;

-- settle
-- Make the state of reservations $1 be $2, of order $3 where there is one; what is
-- reserved anew ends in $4 seconds.
update coupon_reservation
   set state = $2, order_id = coalesce($3, order_id), changed_at = now(),
       expires_at = case when $2 = 'reserved' then now() + make_interval(secs => $4)
                    else expires_at end
 where id = any ($1::bigint[])
returning id, key, cart_id, shopper, order_id, state, expires_at, false as is_late;

-- free
-- Take back every use of reservations $1 from its counter.
update coupon_counter c
   set used = c.used - freed.uses
  from (select d.rule_id, s.scope, count(*)::integer as uses
          from coupon_reservation v
          join coupon_redemption d on d.reservation_id = v.id
         cross join lateral (values ('rule'), ('code:' || d.folded),
                                    (v.shopper)) as s (scope)
         where v.id = any ($1::bigint[]) and s.scope is not null
         group by d.rule_id, s.scope) as freed
 where (c.rule_id, c.scope) = (freed.rule_id, freed.scope);

-- free_budgets
-- Give back what reservations $1 have taken from budgets.
update budget_counter c
   set spent = c.spent - freed.amount
  from (select rule_id, sum(amount) as amount
          from budget_use
         where reservation_id = any ($1::bigint[])
         group by rule_id) as freed
 where c.rule_id = freed.rule_id;

-- recount_budgets
-- Every budget of which something else is spent than the reservations say, by rule.
select r.key, 'budget' as scope, coalesce(c.spent, 0) as used,
       coalesce(live.amount, 0) as live
  from budget_counter c
  full join (select u.rule_id, sum(u.amount) as amount
               from coupon_reservation v
               join budget_use u on u.reservation_id = v.id
              where v.state in ('reserved', 'committed')
              group by u.rule_id) as live using (rule_id)
  join cart_price_rule r on r.id = rule_id
 where coalesce(c.spent, 0) <> coalesce(live.amount, 0)
 order by r.id;

-- recount
-- Every counter that is not what the reservations say, by rule.
select r.key, coalesce(c.scope, live.scope) as scope,
       coalesce(c.used, 0) as used, coalesce(live.uses, 0) as live
  from coupon_counter c
  full join (select d.rule_id, s.scope, count(*) as uses
               from coupon_reservation v
               join coupon_redemption d on d.reservation_id = v.id
              cross join lateral (values ('rule'), ('code:' || d.folded),
                                         (v.shopper)) as s (scope)
              where v.state in ('reserved', 'committed') and s.scope is not null
              group by d.rule_id, s.scope) as live
         on (live.rule_id, live.scope) = (c.rule_id, c.scope)
  join cart_price_rule r on r.id = coalesce(c.rule_id, live.rule_id)
 where coalesce(c.used, 0) <> coalesce(live.uses, 0)
 order by r.id, scope;
