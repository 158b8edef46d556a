-- save
-- Add or replace a cart as $1 gives it, an object by column. One that is the same as
-- before was not updated. None is kept once its website is gone.
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
 where exists (select from website w where w.code = x.website)
    on conflict (id) do update
   set store_view = excluded.store_view, customer_id = excluded.customer_id,
       items = excluded.items, coupon_codes = excluded.coupon_codes,
       shipping_method = excluded.shipping_method,
       shipping_amount = excluded.shipping_amount, tax = excluded.tax,
       payment_method = excluded.payment_method, address = excluded.address,
       store_credit = excluded.store_credit, gift_card = excluded.gift_card,
       version = cart.version + 1,
       updated_at = case
         when (cart.items, cart.coupon_codes, cart.shipping_method,
               cart.shipping_amount, cart.tax, cart.payment_method, cart.address,
               cart.store_credit, cart.gift_card)
              is distinct from
              (excluded.items, excluded.coupon_codes, excluded.shipping_method,
               excluded.shipping_amount, excluded.tax, excluded.payment_method,
               excluded.address, excluded.store_credit, excluded.gift_card)
         then now() else cart.updated_at end
 where cart.website = excluded.website
   and (cart.customer_id is null or cart.customer_id = excluded.customer_id)
returning version;

-- set_coupons
-- Give cart $2 on website $1 the coupon codes $5, if it still has the codes $4 and is
-- still the customer's $3.
update cart
   set coupon_codes = $5, version = version + 1, updated_at = now()
 where website = $1 and id = $2 and customer_id is not distinct from $3
   and coupon_codes = $4
returning version;

-- hold_old
-- Hold carts that were last changed before $1, at most $2, until the transaction ends;
-- none that somebody uses just now, or for which something is reserved.
select c.id
  from cart c
 where c.updated_at < $1
   and not exists (select
                     from coupon_reservation v
                    where v.cart_id = c.id and v.state = 'reserved'
                      and v.expires_at > now())
 order by c.updated_at
 limit $2
   for update skip locked;

-- drop
-- Drop the carts $1, which are held, but none for which something was reserved when
-- that began.
delete from cart c
 where c.id = any ($1::text[])
   and not exists (select
                     from coupon_reservation v
                    where v.cart_id = c.id and v.state = 'reserved'
                      and v.expires_at > now());
