"""Decide what a shopper sees: pure functions of a context and a rule book."""
