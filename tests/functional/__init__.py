"""The extension in the real Salt: a masterless minion that writes below a directory."""
