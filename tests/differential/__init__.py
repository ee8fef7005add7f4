"""Documents read by Salt's own YAML loader and by ours, and compared."""
