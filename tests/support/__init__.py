"""What several tests share: running the command, finding pyright, importing generated packages."""
