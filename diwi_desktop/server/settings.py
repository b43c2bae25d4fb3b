"""Settings of the server: environment (DIWI_SERVER_...), then a TOML file, then what is said here."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

# Where an administrator keeps the settings; the variable names another place.
SETTINGS_FILE = Path("/etc/diwi-server/settings.toml")
FILE_VARIABLE = "DIWI_SERVER_SETTINGS"
# One address in ASCII, without quotes, comments or anything else that may mean more (RFC 5321, the plain part of it).
MAIL_ADDRESS = (
    r"[A-Za-z0-9_+][A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{0,63}"
    r"@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Security(StrEnum):
    """How the mail server is spoken to. `NONE` only on this machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Settings(BaseSettings):
    """What an administrator sets. Times are in the unit of their name, sizes in bytes."""

    model_config = SettingsConfigDict(env_prefix="DIWI_SERVER_", extra="ignore", frozen=True)

    database_url: str = "postgresql:///diwi"
    data_dir: Path = Path("/var/lib/diwi-server")
    public_url: str = "http://127.0.0.1:8000"
    connections: int = Field(default=16, ge=2, le=200)
    lock_seconds: float = Field(default=20.0, gt=0)  # how long a push waits for another before it says "busy"
    lease_days: int = Field(default=14, ge=1, le=90)
    access_minutes: int = Field(default=10, ge=1, le=10)
    refresh_days: int = Field(default=60, ge=1, le=365)
    snapshot_hours: int = Field(default=6, ge=1, le=168)
    snapshot_above: int = Field(default=20_000, ge=1)  # changes; more than this is fetched as a snapshot
    largest_document: int = Field(default=500_000_000, ge=1)
    document_piece: int = Field(default=4_000_000, ge=1)
    trusted_proxies: list[str] = []
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_scopes: str = "openid email profile"
    oidc_email_claim: str = "email"
    oidc_verified_claim: str = "email_verified"  # Entra ID has "xms_edov" instead
    password_sign_in: bool = True
    owner_url: str = ""  # a login that owns the tables, for upgrades and back-ups; empty: database_url
    key_file: Path | None = None  # keys of secrets at rest; empty: the file `keys` in data_dir
    invitation_days: int = Field(default=7, ge=1, le=30)
    session_days: int = Field(default=180, ge=1, le=730)  # sign in again after this, however often it was renewed
    oidc_session_days: int = Field(default=30, ge=1, le=730)  # the same with single sign-on: the provider decides anew
    audit_days: int = Field(default=730, ge=1)
    requests_per_minute: int = Field(default=1200, ge=1)  # of one place on the network
    metrics_from: list[str] = ["127.0.0.1", "::1"]  # who may read /metrics
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    breached_passwords: Path | None = None  # the list of Have I Been Pwned, ordered by hash
    clamd: str = ""  # a virus scanner for documents: path of its socket, or host:port
    tls_certificate: Path | None = None  # between proxy and server; both or none
    tls_key: Path | None = None
    # Post to people; without a host the server sends none, and who invites hands the link over.
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Security = Security.STARTTLS
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_password_file: Path | None = None
    smtp_ca_file: Path | None = None  # certificates to believe in place of those of the system
    smtp_seconds: float = Field(default=15.0, gt=0, le=120)  # for one message, altogether
    mail_from: str = Field(default="", pattern=f"^({MAIL_ADDRESS})?$")
    mails_per_hour: int = Field(default=60, ge=1)  # of one register

    @model_validator(mode="after")
    def _mail_is_safe(self) -> Self:
        if self.smtp_host and not self.mail_from:
            raise ValueError("mail_from: who does the post come from?")
        if self.smtp_host and self.smtp_security is Security.NONE and self.smtp_host not in _LOOPBACK:
            raise ValueError("smtp_security: without encryption only on this machine")
        return self

    @model_validator(mode="after")
    def _both_of_tls(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_key: a certificate goes with its key")
        return self

    @property
    def mails(self) -> bool:
        """Whether the server sends post."""
        return bool(self.smtp_host)

    def mail_password(self) -> str:
        """Of `smtp_user`. Raises OSError when its file cannot be read."""
        if self.smtp_password_file is not None:
            return self.smtp_password_file.read_text(encoding="utf-8").strip()
        return self.smtp_password.get_secret_value()

    @property
    def key_path(self) -> Path:
        """The file with the keys of secrets at rest."""
        return self.key_file or self.data_dir / "keys"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        path = Path(os.environ.get(FILE_VARIABLE, SETTINGS_FILE))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)
