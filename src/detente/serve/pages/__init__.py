"""Pages: documents made on the server, whole and readable without any script. Every view is an address that one can send.

`router` (addresses) · `asking` (the query of an address, strictly) · `answering` (from a request to a document) · `render` (templates) ·
`format` (dates, numbers, signs) · `names` (parties and acts in words) · `rows` (events as tables show them) · `spans` (text cut into marked
pieces) · `views/` (what each page shows, as plain values) · `draw/` (figures as SVG: data in, markup out).
"""

from .answering import Worlds, failed, problem
from .render import icon, prepare
from .router import router

__all__ = ["Worlds", "failed", "icon", "prepare", "problem", "router"]
