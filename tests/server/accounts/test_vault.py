"""Secrets at rest: read by who has the key, and by nobody else."""

from pathlib import Path

import pytest

from diwi_desktop.server.accounts import vault
from diwi_desktop.server.accounts.vault import Key, KeyTrouble, Vault


def test_what_is_sealed_opens_for_its_owner_only() -> None:
    box = Vault((Key.new(),))
    sealed = box.seal("JBSWY3DP", "account:1")
    assert "JBSWY3DP" not in sealed
    assert box.open(sealed, "account:1") == "JBSWY3DP"
    for hostile in (sealed[:-4] + "AAAA", "other." + sealed.partition(".")[2]):
        with pytest.raises(KeyTrouble):
            box.open(hostile, "account:1")
    with pytest.raises(KeyTrouble):
        box.open(sealed, "account:2")
    with pytest.raises(KeyTrouble):
        Vault((Key.new(),)).open(sealed, "account:1")


def test_a_new_key_encrypts_and_the_old_one_still_reads() -> None:
    old, new = Key.new(), Key.new()
    sealed = Vault((old,)).seal("secret", "a")
    both = Vault((new, old))
    assert both.open(sealed, "a") == "secret"
    assert not both.is_current(sealed)
    again = both.seal("secret", "a")
    assert both.is_current(again)
    assert Vault((new,)).open(again, "a") == "secret"


def test_the_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "below" / "keys"
    made = vault.write(path, (Key.new(), Key.new()))
    assert path.stat().st_mode & 0o777 == 0o600
    assert vault.read(path) == made
    path.chmod(0o640)
    with pytest.raises(KeyTrouble, match="600"):
        vault.read(path)


def test_keys_that_are_handed_over_are_read_and_never_made_or_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "HANDED_OVER", (tmp_path / "credentials",))
    path = tmp_path / "credentials" / "diwi-server.service" / "diwi-keys"
    with pytest.raises(KeyTrouble, match="aangereikt"):
        vault.read(path)
    key = Key.new()
    path.parent.mkdir(parents=True)
    path.write_text(key.line, encoding="ascii")
    path.chmod(0o440)  # how systemd's access list for the one user shows
    assert vault.read(path) == Vault((key,))
    for mode in (0o444, 0o460, 0o450):
        path.chmod(mode)
        with pytest.raises(KeyTrouble, match="600"):
            vault.read(path)
    path.chmod(0o440)
    with pytest.raises(KeyTrouble, match="rotate-keys --given"):
        vault.write(path, (Key.new(),))
    assert vault.read(path) == Vault((key,))
    for place in ("/run/credentials/diwi-server.service/diwi-keys", "/run/secrets/keys"):
        monkeypatch.undo()
        assert vault.given(Path(place))
    assert not vault.given(Path("/var/lib/diwi-server/keys"))


@pytest.mark.parametrize("text", ["", "one\n", "one AAAA\n", "one !!!\n", "one two three\n"])
def test_a_broken_key_file_is_said_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text, encoding="ascii")
    path.chmod(0o600)
    with pytest.raises(KeyTrouble):
        vault.read(path)
    with pytest.raises(KeyTrouble, match="init"):
        vault.read(tmp_path / "absent")
