"""The addresses under /api, one router for each noun."""
