"""Serving a store: the REST API under /api, and its own description at /openapi.json and /docs.

`settings` · `guard` and `limits` (what no request gets past) · `desk` (threads, caches, the one coder) · `reading` and `shelf` (a store
held still for one thread) · `filters` and `listing` (query → rows, page by page) · `answers` (rows → JSON, CSV, Parquet, GeoJSON) ·
`api/` (one router for each noun) · `app` (puts them together).
"""

from .settings import ServeSettings

__all__ = ["ServeSettings"]
