"""Models and unions, their encoding and decoding as JSON and XML, and uploads."""
