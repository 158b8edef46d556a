"""Decide what each shopper sees: segments, blocks, discounts, related products."""

__version__ = "0.1.0"
