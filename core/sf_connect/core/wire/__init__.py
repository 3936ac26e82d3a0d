"""Values as they travel: models and unions, decoding and encoding, JSON, XML and uploads."""
