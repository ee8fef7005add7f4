"""The extension between a real salt-master and real minions, on loopback."""
