"""What each page shows, as plain values for its template. Every view is `view(world, asked, …) -> dict`."""
