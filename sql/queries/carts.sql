-- save
-- Add or replace a cart as $1 gives it, an object by column.
insert into cart (id, website, store_view, customer_id, items, coupon_codes,
    shipping_method, shipping_amount, tax, payment_method, address, store_credit,
    gift_card)
select x.id, x.website, x.store_view, x.customer_id, x.items, x.coupon_codes,
       x.shipping_method, x.shipping_amount, x.tax, x.payment_method, x.address,
       x.store_credit, x.gift_card
  from jsonb_to_record($1::jsonb)
    as x (id text, website text, store_view text, customer_id text, items jsonb,
          coupon_codes text[], shipping_method text, shipping_amount numeric,
          tax numeric, payment_method text, address jsonb, store_credit numeric,
          gift_card numeric)
    on conflict (id) do update
   set store_view = excluded.store_view, customer_id = excluded.customer_id,
       items = excluded.items, coupon_codes = excluded.coupon_codes,
       shipping_method = excluded.shipping_method,
       shipping_amount = excluded.shipping_amount, tax = excluded.tax,
       payment_method = excluded.payment_method, address = excluded.address,
       store_credit = excluded.store_credit, gift_card = excluded.gift_card,
       version = cart.version + 1, updated_at = now()
 where cart.website = excluded.website
   and (cart.customer_id is null or cart.customer_id = excluded.customer_id)
returning version;
