"""Shipped vocabularies and the look-ups over them."""
