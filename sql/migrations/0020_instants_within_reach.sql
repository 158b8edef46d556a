-- At the ends of the calendar not every time zone has a day: a customer with an order of
-- 9999-12-31T23:59:59Z, where clocks are ahead of UTC, was answered no more. Events told
-- of such instants; now they are of the years that imports always asked for.
update customer
   set created_at = least(greatest(created_at, '1800-01-01'), '2200-12-31')
 where created_at not between '1800-01-01' and '2200-12-31';

update sales_order
   set created_at = least(greatest(created_at, '1800-01-01'), '2200-12-31')
 where created_at not between '1800-01-01' and '2200-12-31';

update audience_member
   set qualified_at = least(greatest(qualified_at, '1800-01-01'), '2200-12-31')
 where qualified_at not between '1800-01-01' and '2200-12-31';

-- Where nothing else is said, an audience keeps its members for up to a hundred years.
update audience_member
   set expires_at = least(greatest(expires_at, '1800-01-01'), '2301-12-31')
 where expires_at not between '1800-01-01' and '2301-12-31';
