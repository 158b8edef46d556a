-- The first and the last day that Python knows, 0001-01-01 and 9999-12-31, were stored
-- as infinities, which are no days: nothing can be counted from them.
update customer
   set date_of_birth = case when date_of_birth > '2000-01-01' then date '9999-12-31'
                            else date '0001-01-01' end
 where not isfinite(date_of_birth);

update product
   set special_from = case when isfinite(special_from) then special_from
                           when special_from > '2000-01-01' then date '9999-12-31'
                           else date '0001-01-01' end,
       special_to = case when isfinite(special_to) then special_to
                         when special_to > '2000-01-01' then date '9999-12-31'
                         else date '0001-01-01' end
 where not isfinite(special_from) or not isfinite(special_to);

alter table customer
  add constraint customer_born_on_a_day check (isfinite(date_of_birth));

alter table product
  add constraint product_special_on_days
    check (isfinite(special_from) and isfinite(special_to));
