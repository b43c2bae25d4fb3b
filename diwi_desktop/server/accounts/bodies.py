"""The bodies of the accounts' addresses, as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from diwi_desktop.server.accounts import sessions
from diwi_desktop.server.accounts.handing import Handed
from diwi_desktop.server.accounts.people import Reset
from diwi_desktop.server.accounts.purpose import Purpose

_TAG = r"^[BCDFGHJKLMNPQRSTVWXZ]{3}$"
_UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text holds no NUL")
    return text


Moment = Annotated[datetime, PlainSerializer(_utc, return_type=str)]
Text = Annotated[str, AfterValidator(_no_nul)]
Uuid = Annotated[str, Field(pattern=_UUID)]
Email = Annotated[Text, Field(min_length=3, max_length=254)]
Password = Annotated[Text, Field(min_length=1, max_length=1000)]
Code = Annotated[Text, Field(max_length=60, description="Six digits of the app, or a recovery code.")]
Token = Annotated[Text, Field(min_length=1, max_length=200)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeviceBody(Body):
    """The laptop: its id, the three letters of its project codes, its name in the list of devices."""

    id: Uuid
    tag: Annotated[str, Field(pattern=_TAG)]
    name: Annotated[Text, Field(max_length=100)] = ""

    def device(self) -> sessions.Device:
        return sessions.Device(self.id, self.tag, " ".join(self.name.split()))


class SignInBody(Body):
    email: Email
    password: Password
    code: Code
    device: DeviceBody


class OidcBody(Body):
    id_token: Annotated[Text, Field(min_length=1, max_length=20_000)]
    nonce: Annotated[Text, Field(min_length=8, max_length=200)]
    device: DeviceBody


class RefreshBody(Body):
    refresh_token: Token
    device: Uuid


class InvitationTokenBody(Body):
    token: Token


class ActivationBody(Body):
    """`existing`: `password` and `code` are those of the account that is there already, which is kept."""

    token: Token
    password: Password
    code: Code
    existing: bool = False


class PasswordBody(Body):
    current: Password
    code: Code
    password: Password


class ProofBody(Body):
    password: Password
    code: Code


class EndingBody(Body):
    """To end a session elsewhere: the password, or the token of a sign-in of the last minutes at the provider."""

    password: Annotated[Text, Field(max_length=1000)] = ""
    id_token: Annotated[Text, Field(max_length=20_000)] = ""
    nonce: Annotated[Text, Field(max_length=200)] = ""


class CodeBody(Body):
    code: Code


class HandoverBody(Body):
    to: Uuid


class ResetBody(Body):
    """`password`: the second factor stays; `second-factor`: both anew; `identity`: of single sign-on."""

    what: Reset


class LockBody(Body):
    locked: bool


class RegisterOut(BaseModel):
    """A register among whose people the account is; `open`: this sign-in reaches it."""

    id: str
    code: str
    name: str
    person: str
    person_name: str
    role: str
    state: str
    open: bool

    @classmethod
    def of(cls, one: sessions.Membership) -> RegisterOut:
        return cls(
            id=one.register, code=one.code, name=one.register_name, person=one.person, person_name=one.name,
            role=one.role, state=one.state.value, open=one.open,
        )  # fmt: skip


class TokensOut(BaseModel):
    access_token: str
    access_until: Moment
    refresh_token: str
    refresh_until: Moment

    @classmethod
    def of(cls, tokens: sessions.Tokens) -> TokensOut:
        return cls(
            access_token=tokens.access, access_until=tokens.access_until, refresh_token=tokens.refresh,
            refresh_until=tokens.refresh_until,
        )  # fmt: skip


class MeOut(BaseModel):
    account: str
    email: str
    session: str
    method: str
    device: str
    registers: list[RegisterOut]


class SessionOut(TokensOut):
    """`access_token` goes into `Authorization: Bearer`; `refresh_token` is for `POST /v1/sessions/refresh` only."""

    me: MeOut


class OidcOut(BaseModel):
    issuer: str
    client_id: str
    scopes: str


class MethodsOut(BaseModel):
    """How one can sign in here; `oidc` is null without single sign-on."""

    password: bool
    oidc: OidcOut | None


class DeviceOut(BaseModel):
    """A place where the account is signed in."""

    id: str
    name: str
    tag: str
    method: str
    made_at: Moment
    last_at: Moment
    origin: str
    current: bool


class DevicesOut(BaseModel):
    devices: list[DeviceOut]


class ActivationOut(BaseModel):
    """`totp_secret` is for the authenticator app, `totp_address` the same as a square code would hold.

    `purpose`: an invitation, or a reset; with `password` the second factor there is stays, and both are empty. `known`:
    there is an account already; an invitation that did not come by post then takes `existing` only.
    """

    purpose: Purpose
    email: str
    name: str
    register_id: str
    register_name: str
    totp_secret: str
    totp_address: str
    known: bool


class ActivatedOut(BaseModel):
    register_id: str
    person: str
    email: str
    recovery_codes: list[str]


class SecondFactorOut(BaseModel):
    totp_secret: str
    totp_address: str


class RecoveryCodesOut(BaseModel):
    recovery_codes: list[str]


class InvitationOut(BaseModel):
    """The link is shown once; who has it chooses the password, so it goes to that person and nobody else.

    `mailed`: the server sent it to the person himself; then `token` and `link` are null.
    """

    email: str
    token: str | None
    link: str | None
    mailed: bool
    expires_at: Moment

    @classmethod
    def of(cls, handed: Handed) -> InvitationOut:
        return cls(
            email=handed.email, token=handed.token or None, link=handed.link or None, mailed=handed.mailed,
            expires_at=handed.expires_at,
        )  # fmt: skip


class ResetOut(BaseModel):
    """`invitation` is the link with which the person goes on; null for an identity."""

    what: Reset
    invitation: InvitationOut | None


class HandoverOut(BaseModel):
    projects: int


class LockOut(BaseModel):
    locked: bool


class AuditEntryOut(BaseModel):
    id: int
    at: Moment
    actor: str
    person: str | None
    device: str | None
    origin: str
    action: str
    object: str
    result: str
    count: int | None


class AuditOut(BaseModel):
    """`next`: `before` of the page that follows; null when there is nothing older."""

    entries: list[AuditEntryOut]
    next: int | None
