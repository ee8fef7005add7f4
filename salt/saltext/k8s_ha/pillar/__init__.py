"""Salt external pillar module."""
