"""Who else does what we do, where, and how do you know."""

__version__ = "0.1.0"
