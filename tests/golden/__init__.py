"""What the worked examples say, byte for byte."""
