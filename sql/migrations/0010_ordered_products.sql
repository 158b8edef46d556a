-- Conditions look into the lines of a customer's orders: their changes are changes of
-- the customer, as those of the orders are.

create function touch_customers_of_lines() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    update customer c
       set version = c.version
      from (select o.website, o.customer_id
              from changed l
              join sales_order o using (website, order_id)
             union
            select o.website, o.customer_id
              from former l
              join sales_order o using (website, order_id)) t
     where (c.website, c.customer_id) = (t.website, t.customer_id);
  else
    update customer c
       set version = c.version
      from (select distinct o.website, o.customer_id
              from changed l
              join sales_order o using (website, order_id)) t
     where (c.website, c.customer_id) = (t.website, t.customer_id);
  end if;
  return null;
end $$;

create trigger order_line_is_added after insert on order_line
referencing new table as changed
for each statement execute function touch_customers_of_lines();

create trigger order_line_is_changed after update on order_line
referencing new table as changed old table as former
for each statement execute function touch_customers_of_lines();

create trigger order_line_is_removed after delete on order_line
referencing old table as changed
for each statement execute function touch_customers_of_lines();
