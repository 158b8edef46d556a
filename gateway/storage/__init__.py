"""Remember: the only floor that knows a row, a connection or a cache."""
