-- Where an order was shipped to last, and when that was, until the order itself is there
-- to take it: its events may arrive in any order.
alter table order_standing
  add column shipped_to jsonb,
  add column shipped_at timestamptz;
