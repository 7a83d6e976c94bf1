"""Relations: what the events between two actors add up to."""
