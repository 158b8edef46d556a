-- What an order had is found after it was given back, too.

create index coupon_reservation_of_any_order
    on coupon_reservation (website, order_id, id) where order_id is not null;

-- The codes that were tried in the window, as keyed hashes, by whoever tries them:
-- the same code again is no other try.
alter table coupon_try add column codes text[] not null default '{}';
