-- A customer who is deleted while a refresh writes what it has decided is left in no
-- table. Whoever deletes customers and whoever puts a range forward wait for each other,
-- but none of these for one of their own: so either the refresh sees that the customer
-- is gone, or the deletion sees what the refresh wrote.
create or replace function forget_matches_of_customers() returns trigger
language plpgsql as $$
begin
  if not exists (select from removed) then
    return null;
  end if;
  lock table segment_refresh_range in share mode;
  delete from matched_customer m
   using removed r
   where (m.website, m.customer_id) = (r.website, r.customer_id);
  delete from former_match m
   using removed r
   where (m.website, m.customer_id) = (r.website, r.customer_id);
  return null;
end $$;

-- A refresh counts whom it adds by itself, and says so. All others are counted here.
create or replace trigger matched_customer_is_added after insert on matched_customer
referencing new table as added
for each statement
when (current_setting('gateway.counts_added', true) is distinct from 'true')
execute function count_matched_customers();
