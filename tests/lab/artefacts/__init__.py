"""What the lab's hosts are made of: container images, Debian packages, the root image, the wheel.

Each is made once and kept in the user's cache, beside the programs of `tests/tools`. Whatever cannot be made
here raises `programs.NotRun`, with a sentence that says why and which command would change that.
"""
