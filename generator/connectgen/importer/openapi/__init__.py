"""Reads the vendor's OpenAPI files into the catalogue."""
