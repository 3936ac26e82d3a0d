"""Brings sources (the guide, OpenAPI files) into the catalogue."""
