"""Takes the pictures in ``docs/screenshots`` from the real pages: ``make screenshots``."""
