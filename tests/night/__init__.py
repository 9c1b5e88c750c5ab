"""A whole night in small, with nothing simulated but the site and nothing spared: see ``__main__``."""
