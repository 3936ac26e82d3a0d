"""What a maintainer does to bring in an API version: begin it, and see what is still open."""
