"""The programs that read the rendered files accept them."""
