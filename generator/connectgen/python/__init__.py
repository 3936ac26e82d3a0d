"""Renders Surfaces into Python client packages."""
