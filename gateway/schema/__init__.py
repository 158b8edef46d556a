"""Speak GraphQL: the two doors, their types, and how they answer over HTTP."""
