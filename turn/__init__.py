"""TURN: credentials for browsers whose network lets no UDP through."""
