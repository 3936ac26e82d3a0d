"""Checks requests against the Surface: parameters, bodies, parts; every problem of a request is reported at once."""
