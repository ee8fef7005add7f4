"""Salt execution module."""
