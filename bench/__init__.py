"""Measurements: always beside a bare server, in the same run, in turns."""
