"""What clients offer beside single calls: pagination, batches, downloads, raw responses, message text, searches."""
