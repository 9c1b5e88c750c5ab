"""Books from pictures: what goes into one, how its pages look, and the writers of each format."""

from core.books.content import Book, BookError, BookPanel, collect
from core.books.export import Cancelled, ExportOptions, export

__all__ = ["Book", "BookError", "BookPanel", "Cancelled", "ExportOptions", "collect", "export"]
