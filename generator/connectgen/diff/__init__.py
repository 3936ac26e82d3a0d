"""What changed between two surfaces, and whom it breaks."""
