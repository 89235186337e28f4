"""Hashes of columns: equal for equal content on every machine, 64 bits each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from partnermap.pairing.ragged import Floats, Ragged

Hashes = npt.NDArray[np.uint64]


def hash_of(text: str) -> int:
    """Hash of a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest(), "little")


def hashes_of(texts: Iterable[str]) -> Hashes:
    """Hash of each text."""
    return np.array([hash_of(text) for text in texts], dtype=np.uint64)


def mixed(numbers: Hashes) -> Hashes:
    """Well-spread numbers, different for different ones (Steele, Lea and Flood 2014: SplitMix64)."""
    z = numbers + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: Hashes = z ^ (z >> np.uint64(31))
    return found


def followed(before: Hashes, by: Hashes) -> Hashes:
    """Hashes of two things after each other."""
    return mixed(before * np.uint64(3) + by)


def of_numbers(numbers: Floats) -> Hashes:
    """Numbers as hashes, of which all unknown ones are equal."""
    return (np.nan_to_num(numbers, nan=-1.5e300) + 0.0).view(np.uint64)  # -0.0 is 0.0


def of_rows(ragged: Ragged, labels: Hashes) -> Hashes:
    """Hash of the labels of each row with their values."""
    found = np.zeros(ragged.size, dtype=np.uint64)
    np.add.at(found, ragged.rows, mixed(labels[ragged.ids] + ragged.values.view(np.uint64) * np.uint64(31)))
    return found
