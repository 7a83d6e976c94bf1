"""From claims to events: copies of articles, origins, folding, values. Pure functions of sets; no files but data/fold, no clock."""
