"""Samples: the values that examples show, the same at every run, for requests and for responses."""
