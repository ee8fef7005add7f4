"""Salt runner module."""
