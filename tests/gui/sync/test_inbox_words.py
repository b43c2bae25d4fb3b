"""What a version has that the start had not is marked, and nothing else."""

import pytest

from diwi_desktop.gui.sync.detail import marked


@pytest.mark.parametrize(
    ("base", "text", "html"),
    [
        ("De Hoek", "De Hoek Zuid", "De Hoek <b><u>Zuid</u></b>"),
        ("De Hoek", "De Bocht", "De <b><u>Bocht</u></b>"),
        ("De Hoek", "De Hoek", "De Hoek"),
        ("", "Nieuw", "Nieuw"),
        ("een < twee", "een < drie", "een &lt; <b><u>drie</u></b>"),
        ("regel 1", "regel 1\nregel 2", "regel 1<br><b><u>regel 2</u></b>"),
    ],
)
def test_new_words_are_marked(base: str, text: str, html: str) -> None:
    assert marked(base, text) == html
