"""What clients offer beside plain calls: pagination, batches, downloads, raw responses, message text, searches."""
