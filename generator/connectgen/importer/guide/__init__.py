"""Reads the guide's pages and merges their facts into the catalogue."""
