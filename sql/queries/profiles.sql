-- shopper
-- What is known on website $1 of customer $2 and of cart $4, in one round trip. Where
-- $5 is true the customer is the one whose cart it is. The profile is null when its
-- version is still $3 and the website's time zone $10, whose days are in it: the caller
-- then holds it already; and when there is no such customer. What they ordered is in it
-- where $8 is true. Amounts are text, so that no
-- cent is lost. The website's id and revisions come along: whoever holds older rules
-- must load them first. So does the history of the customer, or of the visitor whose
-- session is $6, which is null while its version is still $7, and what segments that
-- session remembers, of a visitor where $2 is null. Of the cart's coupon codes, and of
-- those in $9, come the ones that a rule has, and whether they have uses left for this
-- customer and cart; of the rules' budgets what is spent.
select w.id, w.revision, w.catalogue_revision, w.timezone, c.version,
       r.segments as remembered, r.expires_at as remembered_until,
       h.version as history_version,
       case when h.version is distinct from $7::bigint then h.history end as history,
       case when c.version is distinct from $3::bigint
              or w.timezone is distinct from $10::text then jsonb_build_object(
         'group_id', c.group_id, 'email', c.email, 'first_name', c.first_name,
         'last_name', c.last_name, 'prefix', c.prefix, 'middle_name', c.middle_name,
         'suffix', c.suffix, 'gender', c.gender,
         'date_of_birth', c.date_of_birth,
         'since', (c.created_at at time zone w.timezone)::date,
         'store_view', c.store_view, 'newsletter', c.newsletter,
         'store_credit', c.store_credit::text, 'attributes', c.attributes,
         'addresses',
         (select coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(a))
                            order by a.address_id), '[]')
            from address a
           where (a.website, a.customer_id) = (c.website, c.customer_id)),
         'order_addresses',
         (select coalesce(jsonb_agg(distinct jsonb_build_array(a.type, a.address)),
                          '[]')
            from address_of_orders a
           where (a.website, a.customer_id) = (c.website, c.customer_id)),
         'memberships',
         (select coalesce(jsonb_agg(jsonb_build_array(m.audience, m.expires_at)
                            order by m.audience), '[]')
            from audience_member m
           where (m.website, m.customer_id) = (c.website, c.customer_id)),
         'orders',
         (select coalesce(jsonb_agg(jsonb_build_array(
                            o.status, (o.created_at at time zone w.timezone)::date,
                            o.grand_total::text, o.quantity::text, o.country)
                            order by o.created_at, o.order_id), '[]')
            from sales_order o
           where (o.website, o.customer_id) = (c.website, c.customer_id)),
         'wishlist',
         (select coalesce(jsonb_agg(i.sku order by i.added_at, i.sku), '[]')
            from wishlist_item i
           where (i.website, i.customer_id) = (c.website, c.customer_id)),
         'ordered',
         (select coalesce(jsonb_agg(jsonb_build_array(
                            l.sku, (o.created_at at time zone w.timezone)::date,
                            l.quantity::text, o.status)
                            order by o.created_at, o.order_id, l.line), '[]')
            from sales_order o
            join order_line l using (website, order_id)
           where $8::boolean
             and (o.website, o.customer_id) = (c.website, c.customer_id)))
       end as profile,
       case when k.id is not null then jsonb_build_object(
         'id', k.id, 'customer_id', k.customer_id, 'items', k.items,
         'coupon_codes', k.coupon_codes, 'shipping_method', k.shipping_method,
         'shipping_amount', k.shipping_amount::text, 'tax', k.tax::text,
         'payment_method', k.payment_method, 'address', k.address,
         'store_credit', k.store_credit::text, 'gift_card', k.gift_card::text,
         'changed_at', k.updated_at)
       end as cart,
       case when cardinality(k.coupon_codes || $9::text[]) > 0 then
         (select coalesce(jsonb_agg(jsonb_build_array(
                            o.code, o.rule_id,
                            coupon_has_use(o.rule_id, o.code,
                              'customer:' || case when $5 then k.customer_id
                                                          else $2 end,
                              k.id)) order by o.code, o.rule_id), '[]')
            from coupon_owners(k.coupon_codes || $9::text[]) o)
       else '[]' end as coupons,
       (select coalesce(jsonb_agg(jsonb_build_array(b.rule_id, b.spent::text)
                          order by b.rule_id), '[]')
          from budgets_spent(w.code, k.id) b) as budgets
  from website w
  left join cart k on k.id = $4 and k.website = w.code
  left join customer c on c.website = w.code
                      and c.customer_id = case when $5 then k.customer_id else $2 end
  left join history h on h.website = w.code
                     and h.of_customer
                         = (case when $5 then k.customer_id else $2 end is not null)
                     and h.owner
                         = coalesce(case when $5 then k.customer_id else $2 end, $6)
  left join remembered_segments r on (r.session, r.website) = ($6, w.code)
                                 and r.customer_id is not distinct from $2
 where w.code = $1;
