-- stage
-- Make room for the rows of a file.
create temporary table staged_attributes (
  file_line     bigint not null,
  entity        text not null,
  code          text not null,
  label         text not null,
  kind          text not null,
  in_conditions boolean not null
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select s.file_line, 'code' as "column", 'twice' as fault, t.file_line::text as value
  from staged_attributes s
  join (select entity, code, min(file_line) as file_line
          from staged_attributes
         group by entity, code
        having count(*) > 1) t on (t.entity, t.code) = (s.entity, s.code)
 where s.file_line > t.file_line
 order by s.file_line
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from what is declared.
update staged_attributes s
   set label = case when 'label' = any ($1::text[]) then s.label else d.label end,
       in_conditions = case when 'in_conditions' = any ($1) then s.in_conditions
                            else d.in_conditions end
  from attribute_declaration d
 where (d.entity, d.code) = (s.entity, s.code);

-- differing
-- Whether some row is new or not as it was.
select 1 as found
  from staged_attributes s
 where not exists (select from attribute_declaration d
                    where (d.entity, d.code, d.label, d.kind, d.in_conditions)
                          = (s.entity, s.code, s.label, s.kind, s.in_conditions))
 limit 1;

-- merge
-- Write the rows that are new or not as they were.
with merged as (
  insert into attribute_declaration (entity, code, label, kind, in_conditions)
  select s.entity, s.code, s.label, s.kind, s.in_conditions
    from staged_attributes s
   where not exists (select from attribute_declaration d
                      where (d.entity, d.code, d.label, d.kind, d.in_conditions)
                            = (s.entity, s.code, s.label, s.kind, s.in_conditions))
   order by s.file_line
      on conflict (entity, code) do update
     set label = excluded.label, kind = excluded.kind,
         in_conditions = excluded.in_conditions
  returning xmax = 0 as added
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;

-- declared
-- The attributes that are declared for $1, by code.
select code, kind
  from attribute_declaration
 where entity = $1
 order by code;

-- declare
-- Declare attributes of $1: codes $2, each of the kind in $3.
insert into attribute_declaration (entity, code, kind)
select $1, t.code, t.kind
  from unnest($2::text[], $3::text[]) as t (code, kind)
    on conflict (entity, code) do nothing;
