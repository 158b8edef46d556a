-- catalogue_revision
-- The revision that the catalogue of website $1 has reached, and its time zone.
select catalogue_revision, timezone
  from website
 where code = $1;

-- raise_catalogue_revision
-- Raise the catalogue revision of website $1, after its products were written.
update website
   set catalogue_revision = catalogue_revision + 1
 where code = $1
returning catalogue_revision;

-- changed_products
-- The products of website $1 which changed after revision $2, removed ones too, each
-- with its manual links as [list, linked sku, position] and its tier prices as [group,
-- quantity, type, amount], numbers as text: at most $4, by id above $3.
select p.id, p.sku, p.name, p.type, p.attribute_set, p.price, p.special_price,
       p.special_from, p.special_to, p.weight, p.categories, p.attributes,
       p.saleable, p.visibility, p.children, p.url_key, p.removed,
       (select coalesce(jsonb_agg(jsonb_build_array(l.list, l.linked_sku, l.position)
                                  order by l.list, l.position, l.linked_sku), '[]')
          from product_link l
         where (l.website, l.sku) = (p.website, p.sku)) as links,
       (select coalesce(jsonb_agg(jsonb_build_array(t.group_id, t.quantity::text,
                                                    t.type, t.amount::text)
                                  order by t.quantity, t.group_id), '[]')
          from tier_price t
         where (t.website, t.sku) = (p.website, p.sku)) as tiers
  from product p
 where p.website = $1 and p.revision > $2 and p.id > $3
 order by p.id
 limit $4;
