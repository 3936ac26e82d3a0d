"""The Surface of a version as an OpenAPI 3.1 document."""
