"""Decide what each shopper sees: segments, blocks, discounts, related products."""
