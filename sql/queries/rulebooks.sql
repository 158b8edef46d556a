-- revisions
-- Where every website stands, by the order of their making.
select id, code, revision, catalogue_revision
  from website
 order by id;

-- rule_book
-- All that the rule book of website $1 is made of, as it is at one moment.
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
         where s.active and w.code = any (s.websites)) as segments,
       (select coalesce(jsonb_agg(to_jsonb(r) order by r.id), '[]')
          from cart_price_rule_definition r
         where r.active and w.code = any (r.websites)) as cart_price_rules,
       (select coalesce(jsonb_agg(to_jsonb(b) order by b.id), '[]')
          from dynamic_block_definition b
         where b.active and w.code = any (b.websites)) as dynamic_blocks,
       (select coalesce(jsonb_agg(to_jsonb(r) order by r.id), '[]')
          from related_product_rule_definition r
         where r.active and w.code = any (r.websites)) as related_product_rules,
       (select coalesce(jsonb_agg(to_jsonb(r) order by r.id), '[]')
          from catalogue_price_rule_definition r
         where r.active and w.code = any (r.websites)) as catalogue_price_rules
  from website w
 where w.code = $1;

-- attributes
-- The attributes a shop has declared, by entity and code.
select entity, code, kind, label, in_conditions
  from attribute_declaration
 order by entity, code;
