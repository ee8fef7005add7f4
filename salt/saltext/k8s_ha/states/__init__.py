"""Salt state module."""
