-- revisions
-- Where every website stands, by the order of their making.
select id, code, revision, catalogue_revision
  from website
 order by id;

-- rule_books
-- What the rule books of websites $3 are made of, as it is at one moment: of all
-- definitions where subject $1 is null, or else of the definitions $2 of that subject
-- and of those that they ask for.
with recursive
block as (
    select key, segments, cart_price_rules, catalogue_price_rules
      from dynamic_block
     where $1::text = 'dynamic_blocks' and key = any ($2::text[])),
cart_rule as (
    select key, segments
      from cart_price_rule
     where ($1 = 'cart_price_rules' and key = any ($2))
        or key in (select unnest(cart_price_rules) from block)),
price_rule as (
    select key, segments
      from catalogue_price_rule
     where ($1 = 'catalogue_price_rules' and key = any ($2))
        or key in (select unnest(catalogue_price_rules) from block)),
related_rule as (
    select key, segments
      from related_product_rule
     where $1 = 'related_product_rules' and key = any ($2)),
asked (key) as (
    select unnest(segments) from block
     union
    select unnest(segments) from cart_rule
     union
    select unnest(segments) from price_rule
     union
    select unnest(segments) from related_rule
     union
    select key from segment where $1 = 'segments' and key = any ($2)
     union
    select unnest(s.segments) from asked a join segment s on s.key = a.key)
select w.id, w.code, w.timezone, w.currency, w.revision,
       trim_scale(w.most_discount) as most_discount,
       (select coalesce(jsonb_agg(to_jsonb(v) order by v.id), '[]')
          from store_view v
         where v.website = w.code) as store_views,
       (select coalesce(jsonb_agg(to_jsonb(d) order by d.entity, d.code), '[]')
          from attribute_declaration d) as attributes,
       (select coalesce(array_agg(a.key order by a.id), '{}')
          from audience a
         where w.code = any (a.websites)) as audiences,
       (select coalesce(jsonb_agg(to_jsonb(s) order by s.id), '[]')
          from segment_definition s
         where s.active and w.code = any (s.websites)
           and ($1 is null or s.key in (select key from asked))) as segments,
       (select coalesce(jsonb_agg(to_jsonb(r) order by r.id), '[]')
          from cart_price_rule_definition r
         where r.active and w.code = any (r.websites)
           and ($1 is null or r.key in (select key from cart_rule))) as cart_price_rules,
       (select coalesce(jsonb_agg(to_jsonb(b) order by b.id), '[]')
          from dynamic_block_definition b
         where b.active and w.code = any (b.websites)
           and ($1 is null or b.key in (select key from block))) as dynamic_blocks,
       (select coalesce(jsonb_agg(to_jsonb(r) order by r.id), '[]')
          from related_product_rule_definition r
         where r.active and w.code = any (r.websites)
           and ($1 is null or r.key in (select key from related_rule))) as related_product_rules,
       (select coalesce(jsonb_agg(to_jsonb(r) order by r.id), '[]')
          from catalogue_price_rule_definition r
         where r.active and w.code = any (r.websites)
           and ($1 is null or r.key in (select key from price_rule))) as catalogue_price_rules
  from website w
 where w.code = any ($3::text[])
 order by w.id;

-- attributes
-- The attributes a shop has declared, by entity and code.
select entity, code, kind, label, in_conditions
  from attribute_declaration
 order by entity, code;
