-- Lets a test begin with the database as the migrations left it, within milliseconds:
-- cloning a template and dropping it afterwards takes ten times as long.

create schema testing;

-- The tables into which migrations put rows, with the columns that can be written.
create table testing.filled (
  relation text primary key,
  columns  text not null
);

create table testing.sequence_ as
select sequencename as name, coalesce(last_value, start_value) as value,
       last_value is not null as used
  from pg_sequences
 where schemaname = 'public';

do $$
declare
  each   text;
  filled boolean;
begin
  for each in select tablename from pg_tables where schemaname = 'public' loop
    execute format('select exists (select from public.%I)', each) into filled;
    continue when not filled;
    execute format('create table testing.%I as table public.%1$I', each);
    insert into testing.filled
    select each, string_agg(quote_ident(attname), ', ')
      from pg_attribute
     where attrelid = format('public.%I', each)::regclass
       and attnum > 0 and not attisdropped and attgenerated = '';
  end loop;
end
$$;

create function testing.reset() returns void language plpgsql as $$
declare
  each record;
begin
  -- Neither foreign keys nor triggers look while everything goes at once.
  set local session_replication_role = replica;
  for each in select tablename from pg_tables where schemaname = 'public' loop
    execute format('delete from public.%I', each.tablename);
  end loop;
  for each in select relation, columns from testing.filled loop
    execute format('insert into public.%I (%s) overriding system value
                    select %2$s from testing.%1$I', each.relation, each.columns);
  end loop;
  perform setval(format('public.%I', name)::regclass, value, used)
     from testing.sequence_;
end
$$;
