"""What the Salt modules share. Imported directly, never through ``__utils__``."""
