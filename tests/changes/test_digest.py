"""The digests by which two sides find out whether they hold the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.changes.digest import mark, text, whole

SCOPES = st.dictionaries(st.text(min_size=1, max_size=4), st.integers(1, 2**64 - 1), max_size=6)


@given(SCOPES, st.randoms())
def test_the_order_does_not_matter(scopes: dict[str, int], random: object) -> None:
    pairs = list(scopes.items())
    random.shuffle(pairs)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert whole(pairs) == whole(scopes.items())


def test_another_sequence_is_another_digest() -> None:
    assert mark("a", 1) != mark("a", 2)
    assert whole([("p", mark("a", 1))]) != whole([("p", mark("a", 2))])


def test_an_emptied_scope_counts_as_absent() -> None:
    assert whole([("p", 7), ("q", 0)]) == whole([("p", 7)])


def test_a_digest_travels_as_sixteen_digits() -> None:
    assert text(255) == "00000000000000ff"


def test_the_hash_is_the_same_on_every_machine() -> None:
    # By hand: python -c "import hashlib; print(hashlib.blake2b(b'a/1', digest_size=8).hexdigest())"
    assert text(mark("a", 1)) == "b27f9d5bfd0616c0"
