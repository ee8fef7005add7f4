"""The report that people look at, in a real browser."""
