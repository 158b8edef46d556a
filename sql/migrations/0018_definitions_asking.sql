-- The segments and cart price rules of which a condition on an attribute names a value,
-- by itself or in a list. Lists are written with commas, semicolons, or as lists.
create function definitions_asking(attribute text, value text)
returns table (subject text, key text) language sql stable as $$
  select c.subject, c.key
    from (select 'segment' as subject, s.key, s.conditions
            from segment s
           union all
          select 'cart price rule', r.key, r.conditions
            from cart_price_rule r) c
   where exists (select
                   from jsonb_path_query(
                          c.conditions,
                          '$.** ? (@.attribute == $attribute).value[*]',
                          jsonb_build_object('attribute', $1)) v,
                        regexp_split_to_table(v #>> '{}', '[,;]') one
                  where btrim(one) = $2)
$$;
