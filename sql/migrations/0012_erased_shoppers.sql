-- A coupon that a deleted customer has used stays used, by nobody.

create index coupon_reservation_of_shopper on coupon_reservation (website, shopper)
 where shopper is not null;

-- Take the customers ids, each of the website beside it, out of what was reserved. Only
-- what is counted of themselves goes; rules and codes keep their counts. Reservations
-- come before counters, as everybody takes them.
create function forget_uses_of_customers(websites text[], ids text[]) returns void
language plpgsql as $$
declare
  theirs bigint[];
begin
  select array_agg(held.id) into theirs
    from (select v.id
            from unnest($1, $2) as f (website, id)
            join coupon_reservation v
              on (v.website, v.shopper) = (f.website, 'customer:' || f.id)
           order by v.id
             for update of v) as held;
  perform
     from coupon_counter c
    where (c.rule_id, c.scope) in (
            select d.rule_id, v.shopper
              from coupon_reservation v
              join coupon_redemption d on d.reservation_id = v.id
             where v.id = any (theirs))
    order by c.rule_id, c.scope
      for update;
  update coupon_counter c
     set used = c.used - past.uses
    from (select d.rule_id, v.shopper as scope,
                 count(*) filter (where v.state in ('reserved', 'committed')) as uses
            from coupon_reservation v
            join coupon_redemption d on d.reservation_id = v.id
           where v.id = any (theirs)
           group by d.rule_id, v.shopper) as past
   where (c.rule_id, c.scope) = (past.rule_id, past.scope);
  delete from coupon_counter c
   using coupon_reservation v
    join coupon_redemption d on d.reservation_id = v.id
   where v.id = any (theirs)
     and (c.rule_id, c.scope, c.used) = (d.rule_id, v.shopper, 0);
  update coupon_reservation set shopper = null where id = any (theirs);
end $$;

create function forget_uses_of_former_customers() returns trigger
language plpgsql as $$
begin
  perform forget_uses_of_customers(array_agg(website), array_agg(customer_id))
     from former;
  return null;
end $$;

create trigger customer_leaves_coupons after delete on customer
referencing old table as former
for each statement execute function forget_uses_of_former_customers();
