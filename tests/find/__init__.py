"""Tests of the search for operations."""
