"""Rows of n-gram tables: sm_ngram_row of firmware/engine/ngram_hash.h, on numbers or on tensors."""

from typing import Any, Sequence

WORD = 0xFFFFFFFF


def ngram_row(layer: int, order: int, recent: Sequence[Any], row_bits: int) -> Any:
    """Row of a layer's table for the last `order` tokens, the newest first.

    Tokens are numbers, or int64 tensors of one shape: products overflow 64 bits, of which the lower
    32 are right.
    """
    word = (8 * layer + order) * 0x9E3779B1 & WORD
    for token in recent[:order]:
        word = (word ^ token) * 0x85EBCA6B & WORD
        word = word ^ word >> 15
    return (word * 0xC2B2AE35 & WORD) >> 32 - row_bits
