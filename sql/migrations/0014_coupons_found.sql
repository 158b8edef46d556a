-- What an order had is found after it was given back, too.

create index coupon_reservation_of_any_order
    on coupon_reservation (website, order_id, id) where order_id is not null;
