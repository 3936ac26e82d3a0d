"""Tests of OpenAPI: documents that are written, and files that are read."""
