"""Arrange: the order of things - load, decide, keep - and where a write begins."""
