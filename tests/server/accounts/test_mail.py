"""Post: an invitation goes to the person himself and to nobody else, encrypted, and never twice what it says."""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from diwi_desktop.server.accounts import mail
from diwi_desktop.server.accounts.mail import Letter, MailFailed, NoMailAddress
from diwi_desktop.server.accounts.purpose import Purpose
from diwi_desktop.server.settings import Settings
from tests.server.accounts.signing import Someone, activated, problem
from tests.server.accounts.smtp import MailServer, mail_server
from tests.server.accounts.test_people import path
from tests.server.harness import NOON, Register

FROM = "diwi@duinwijk.example"


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, Path]:
    """What a mail server of this name shows, and the file with whom to believe for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file, secret = folder / f"{name}.pem", folder / f"{name}.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption()))  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file


@pytest.fixture
def post() -> Iterator[MailServer]:
    """A mail server without encryption, as on the machine itself."""
    with mail_server(MailServer()) as running:
        yield running


def sending(server: MailServer, **more: Any) -> Settings:
    given = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none", "mail_from": FROM,
             "smtp_seconds": 5, "public_url": "https://diwi.example", **more}  # fmt: skip
    return Settings(**given)


def said(server: MailServer, n: int = -1) -> str:
    """The text of a message that arrived."""
    return server.letters[n][2].get_content()


# -- to the person himself --


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: MailServer) -> Settings:
    return sending(post, database_url=database_url, data_dir=tmp_path / "server-data", connections=8, mails_per_hour=4)


def test_an_invitation_goes_to_the_person_and_not_to_who_invites(
    admin: Someone, register: Register, post: MailServer
) -> None:
    person = register.person("Bram", "User", state="UITGENODIGD")
    answer = admin.ask("POST", path(register, person, "invitations"))
    assert answer.status_code == 201
    given = answer.json()
    assert (given["mailed"], given["token"], given["link"]) == (True, None, None)
    [(sender, to, letter)] = post.letters
    assert (sender, to, letter["To"], letter["From"]) == (FROM, [given["email"]], given["email"], FROM)
    assert letter["Subject"] == "Uitnodiging voor Duinwijk / Invitation to Duinwijk"
    assert letter["Auto-Submitted"] == "auto-generated"
    text = said(post)
    assert "U bent uitgenodigd" in text
    assert "You are invited" in text
    assert "28-11-2026" in text
    links = set(re.findall(r"https://diwi\.example/#uitnodiging=(\S+)", text))
    assert len(links) == 1
    token = links.pop()
    assert token not in answer.text
    assert token not in str(register.server.sql("SELECT * FROM diwi.audit"))
    activated(register, person, token).sign_in()


def test_a_reset_goes_to_the_person_too(admin: Someone, anna: Someone, register: Register, post: MailServer) -> None:
    register.server.clock.moment += dt.timedelta(minutes=2)
    answer = admin.ask("POST", path(register, anna.person, "resets"), json={"what": "password"})
    assert answer.json()["invitation"]["mailed"] is True
    assert answer.json()["invitation"]["link"] is None
    text = said(post)
    assert "nieuw wachtwoord kiezen" in text
    assert "choose a new password" in text


def test_who_has_an_account_elsewhere_may_begin_anew_with_a_link_by_post(
    admin: Someone, register: Register, make_register: Any, post: MailServer
) -> None:
    """It reached his own mailbox, so it is he: and nobody keeps his address occupied with an account of his own."""
    other: Register = make_register("0998", "Elders")
    person = register.person("Bram", "User", state="UITGENODIGD")
    email = register.server.sql("SELECT email FROM diwi.membership WHERE person = %s", person)[0][0]
    from tests.server.accounts.single import add

    squatter = activated(other, add(other, email), password="gekraakt door een ander").sign_in()
    admin.ask("POST", path(register, person, "invitations"))
    token = re.findall(r"#uitnodiging=(\S+)", said(post))[0]
    activated(register, person, token).sign_in()
    assert problem(squatter.ask("GET", "/v1/me")) == "signed-out"


def test_what_cannot_be_sent_was_not_given(
    admin: Someone, register: Register, post: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    person = register.person("Bram", "User", state="UITGENODIGD")
    post.refuse = "RCPT"
    with caplog.at_level(logging.DEBUG):
        refused = admin.ask("POST", path(register, person, "invitations"))
    assert (refused.status_code, problem(refused)) == (502, "mail-failed")
    assert "niet verstuurd" in refused.json()["nl"]
    assert "not be sent" in refused.json()["en"]
    assert register.server.sql("SELECT count(*) FROM diwi.invitation WHERE used_at IS NULL") == [(0,)]
    told = register.server.sql("SELECT result FROM diwi.audit WHERE action = 'invite' ORDER BY id")
    assert told == [("done",), ("failed",)]
    mine = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("diwi_desktop"))
    assert "mail could not be sent" in mine
    assert "victim@" not in mine
    assert "uitnodiging=" not in mine


def test_the_server_fills_nobodys_mailbox(admin: Someone, register: Register, post: MailServer) -> None:
    person = register.person("Bram", "User", state="UITGENODIGD")
    assert admin.ask("POST", path(register, person, "invitations")).status_code == 201
    again = admin.ask("POST", path(register, person, "invitations"))
    assert (again.status_code, problem(again)) == (429, "too-many-tries")
    assert int(again.headers["retry-after"]) <= 60
    others = [register.person(f"Wie{n}", "User", state="UITGENODIGD") for n in range(3)]
    assert [admin.ask("POST", path(register, one, "invitations")).status_code for one in others] == [201, 201, 429]
    assert len(post.letters) == 3  # and the administrator's own invitation, which was not sent, counts


def test_nothing_a_user_wrote_gets_into_the_post(admin: Someone, register: Register, post: MailServer) -> None:
    name = "Klik op https://kwaad.example \r\nBcc: x@kwaad.example"
    from diwi_desktop.server import registers

    person = registers.add_person(register.server.app.state.database, register.id, name=name.replace("\r\n", " "),
                                  email="bram@duinwijk.nl", role="User", state="UITGENODIGD",
                                  now=register.server.clock.now())  # fmt: skip
    admin.ask("POST", path(register, person, "invitations"))
    assert "kwaad" not in post.letters[-1][2].as_string()


# -- addresses and headers --


@pytest.mark.parametrize("address", [
    "a@b.nl\r\nBcc: x@y.nl", "a@b.nl\nX: y", "a,b@c.nl", "a@b.nl,c@d.nl", "<a@b.nl>", "a@b.nl>", '"a b"@c.nl', "a@b",
    "a b@c.nl", "jos\u00e9@x.nl", "a@\u0445.nl", "a@b.nl\x00", "a@b..nl", "a@-b.nl", "a@b.nl ", "", "@b.nl", "-a@b.nl",
    "a@[127.0.0.1]", "a%b@c@d.nl", f"{'a' * 65}@b.nl", f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}.nl", "a;b@c.nl",
    "a@b.nl\u2028", "a(x)@b.nl",
])  # fmt: skip
def test_an_address_that_may_mean_more_gets_nothing(post: MailServer, address: str) -> None:
    with pytest.raises(NoMailAddress):
        mail.send(sending(post), Letter(address, "x", "y"), NOON)
    assert post.said == []


@pytest.mark.parametrize("address", ["a@b.nl", "o'brien+x@sub.domein-1.example", "A.B_c-d@x.co"])
def test_ordinary_addresses_are_sent_to(post: MailServer, address: str) -> None:
    mail.send(sending(post), Letter(address, "Onderwerp", "Tekst"), NOON)
    assert post.letters[-1][1] == [address]


@pytest.mark.parametrize("subject", ["Hoi\r\nBcc: x@y.nl", "Hoi\nX-Y: z", "Hoi\rX"])
def test_a_header_is_one_line(post: MailServer, subject: str) -> None:
    with pytest.raises(MailFailed):
        mail.send(sending(post), Letter("a@b.nl", subject, "y"), NOON)
    assert post.letters == []


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_name_of_a_municipality_with_line_ends_stays_one_line(post: MailServer, purpose: Purpose) -> None:
    letter = mail.letter("a@b.nl", "Duin\r\nBcc: x@y.nl\u2028wijk", "https://diwi.example/#u=1", purpose, NOON)
    mail.send(sending(post), letter, NOON)
    found = post.letters[-1][2]
    assert "Bcc" not in found
    assert "Duin Bcc: x@y.nl wijk" in found["Subject"]
    assert said(post).count("https://diwi.example/#u=1") == 2


def test_a_line_with_only_a_dot_ends_nothing(post: MailServer) -> None:
    mail.send(sending(post), Letter("a@b.nl", "x", "een\n.\nMAIL FROM:<x@y.nl>\n"), NOON)
    assert [one[1] for one in post.letters] == [["a@b.nl"]]
    assert "MAIL FROM:<x@y.nl>" in said(post)


# -- encryption and time --


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_before_anything_is_said(tmp_path: Path, security: str) -> None:
    context, file = certificate(tmp_path)
    secret = tmp_path / "password"
    secret.write_text("geheim\n", encoding="utf-8")
    with mail_server(MailServer(tls=context, at_once=security == "tls")) as server:
        settings = sending(server, smtp_security=security, smtp_ca_file=file, smtp_user="diwi",
                           smtp_password_file=secret)  # fmt: skip
        mail.send(settings, Letter("a@b.nl", "x", "y"), NOON)
        assert len(server.letters) == 1
        words = [line.split(" ")[0] for line in server.said]
        assert words.index("AUTH") > (words.index("STARTTLS") if security == "starttls" else 0)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_server_that_is_not_who_it_should_be_gets_nothing(tmp_path: Path, security: str) -> None:
    context, _ = certificate(tmp_path)
    _, another = certificate(tmp_path, "127.0.0.9")
    with mail_server(MailServer(tls=context, at_once=security == "tls")) as server:
        with pytest.raises(MailFailed):
            mail.send(sending(server, smtp_security=security, smtp_ca_file=another, smtp_user="diwi",
                              smtp_password="geheim"), Letter("a@b.nl", "x", "y"), NOON)  # fmt: skip
        assert not any(line.startswith(("AUTH", "MAIL")) for line in server.said)


def test_without_the_encryption_that_was_asked_nothing_is_said(post: MailServer) -> None:
    """Somebody in between takes STARTTLS out of the answer."""
    with pytest.raises(MailFailed):
        mail.send(sending(post, smtp_security="starttls", smtp_user="diwi", smtp_password="geheim"),
                  Letter("a@b.nl", "x", "y"), NOON)  # fmt: skip
    assert not any(line.startswith(("AUTH", "MAIL")) for line in post.said)


def test_a_mail_server_that_keeps_us_waiting_is_left() -> None:
    """A sign now and then, so that no answer is ever too late by itself."""
    with mail_server(MailServer(drip=True)) as server:
        began = dt.datetime.now(dt.UTC)
        with pytest.raises(MailFailed):
            mail.send(sending(server, smtp_seconds=0.5), Letter("a@b.nl", "x", "y"), NOON)
        assert (dt.datetime.now(dt.UTC) - began).total_seconds() < 5


def test_no_mail_server() -> None:
    with pytest.raises(MailFailed):
        mail.send(Settings(smtp_host="127.0.0.1", smtp_port=1, smtp_security="none", mail_from=FROM),
                  Letter("a@b.nl", "x", "y"), NOON)  # fmt: skip


# -- settings --


@pytest.mark.parametrize("wrong", [
    {"smtp_host": "mail.example"}, {"smtp_host": "mail.example", "mail_from": FROM, "smtp_security": "none"},
    {"mail_from": "diwi@x.nl\r\nBcc: y@z.nl"}, {"mail_from": "Diwi <d@x.nl>"}, {"smtp_port": 0}, {"smtp_seconds": 0},
    {"smtp_security": "ssl3"},
])  # fmt: skip
def test_settings_that_are_not_safe_are_not_taken(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_the_password_is_not_in_what_is_shown_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIWI_SERVER_SMTP_PASSWORD", "heelgeheim")
    settings = Settings(smtp_host="mail.example", mail_from=FROM)
    assert settings.mails
    assert settings.mail_password() == "heelgeheim"
    assert "heelgeheim" not in f"{settings!r} {settings.model_dump_json()}"
    assert not Settings().mails
