"""Finds operations of the catalogue by words, names and URLs."""
