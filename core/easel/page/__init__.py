"""The page itself, as files: served by core.easel.pages."""
