"""The addresses of accounts, sessions, devices, invitations and the audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response
from pydantic import AwareDatetime

from diwi_desktop.model.rights import Right, may
from diwi_desktop.server import audit
from diwi_desktop.server.accounts import account, again, bodies, invitations, oidc, people, secondfactor, sessions
from diwi_desktop.server.accounts.base import Accounts
from diwi_desktop.server.accounts.sessions import Signed as SignedAccount
from diwi_desktop.server.accounts.sessions import Tokens
from diwi_desktop.server.audit import Action, Result
from diwi_desktop.server.problems import NoAccess, NotFound
from diwi_desktop.server.session import Signed
from diwi_desktop.server.viewer import viewer_of

router = APIRouter(prefix="/v1", tags=["accounts"])
of_people = APIRouter(prefix="/v1/registers/{register}", tags=["people"])

_CREATED, _NOTHING = 201, 204
_ISSUER = "DIWI"


def attach(app: FastAPI) -> None:
    """Gives the application its accounts: `app.state.accounts`, `.provider` and `.authenticate`, and the addresses."""
    state = app.state
    settings = state.settings
    state.accounts = Accounts(state.database, settings, state.clock)
    state.provider = None
    if settings.oidc_issuer:
        state.provider = oidc.Provider(
            settings.oidc_issuer, settings.oidc_client_id, settings.oidc_email_claim, settings.oidc_verified_claim
        )
    state.authenticate = sessions.authenticate
    app.include_router(router)
    app.include_router(of_people)


def _accounts(request: Request) -> Accounts:
    found: Accounts = request.app.state.accounts
    return found


def _me(accounts: Accounts, session: str, id: str, email: str, method: str, device: str) -> bodies.MeOut:
    with accounts.transaction() as connection:
        found = sessions.memberships(connection, id, method)
    registers = [bodies.RegisterOut.of(one) for one in found]
    return bodies.MeOut(account=id, email=email, session=session, method=method, device=device, registers=registers)


def _begun(
    accounts: Accounts, begun: tuple[str, account.Account, Tokens], method: str, device: str
) -> bodies.SessionOut:
    session, who, tokens = begun
    me = _me(accounts, session, who.id, who.email, method, device)
    return bodies.SessionOut(**dict(bodies.TokensOut.of(tokens)), me=me)


# -- signing in and out ---------------------------------------------------------------------------------------------


@router.get("/sign-in-methods")
def sign_in_methods(request: Request) -> bodies.MethodsOut:
    """How one can sign in at this server."""
    settings = request.app.state.settings
    single = None
    if settings.oidc_issuer:
        single = bodies.OidcOut(
            issuer=settings.oidc_issuer, client_id=settings.oidc_client_id, scopes=settings.oidc_scopes
        )
    return bodies.MethodsOut(password=settings.password_sign_in, oidc=single)


@router.post("/sessions", status_code=_CREATED)
def sign_in(request: Request, body: bodies.SignInBody) -> bodies.SessionOut:
    """Sign in with e-mail address, password and a code of the second factor."""
    accounts = _accounts(request)
    if not accounts.settings.password_sign_in:
        raise NotFound
    begun = account.sign_in(accounts, body.email, body.password, body.code, body.device.device())
    return _begun(accounts, begun, account.PASSWORD, body.device.id)


@router.post("/sessions/oidc", status_code=_CREATED)
def sign_in_with_token(request: Request, body: bodies.OidcBody) -> bodies.SessionOut:
    """Sign in with an identity token of the provider of single sign-on, and the nonce it was asked with."""
    accounts = _accounts(request)
    begun = oidc.sign_in(
        accounts,
        request.app.state.provider,
        body.id_token,
        body.nonce,
        body.device.device(),
        lambda register, person: people.activate(accounts, request.app.state.intakes, register, person),
    )
    return _begun(accounts, begun, account.OIDC, body.device.id)


@router.post("/sessions/refresh")
def refresh(request: Request, body: bodies.RefreshBody) -> bodies.TokensOut:
    """A new pair of tokens. The old refresh token works until the new pair is first used."""
    accounts = _accounts(request)
    return bodies.TokensOut.of(sessions.renew(accounts, body.refresh_token, body.device, accounts.clock.now()))


@router.delete("/sessions/current", status_code=_NOTHING)
def sign_out(request: Request, signed: SignedAccount) -> Response:
    """End this session; its tokens are worth nothing from now on."""
    accounts = _accounts(request)
    now = accounts.clock.now()
    with accounts.transaction() as connection:
        sessions.end(connection, signed.account, signed.session, "signed out", now)
        audit.record(connection, signed.actor, Action.SIGN_OUT, at=now)
    return Response(status_code=_NOTHING)


# -- one's own account ----------------------------------------------------------------------------------------------


@router.get("/me")
def me(request: Request, signed: SignedAccount) -> bodies.MeOut:
    """Whose session this is, and which registers know the person."""
    return _me(_accounts(request), signed.session, signed.account, signed.email, signed.method, signed.device.id)


@router.put("/me/password", status_code=_NOTHING)
def change_password(request: Request, signed: SignedAccount, body: bodies.PasswordBody) -> Response:
    """Choose another password; all other sessions of the account end."""
    account.change_password(_accounts(request), signed, body.current, body.code, body.password)
    return Response(status_code=_NOTHING)


@router.post("/me/second-factors", status_code=_CREATED)
def begin_second_factor(request: Request, signed: SignedAccount, body: bodies.ProofBody) -> bodies.SecondFactorOut:
    """A new secret for the authenticator app; the old one counts until a code of the new one is confirmed."""
    secret = account.begin_second_factor(_accounts(request), signed, body.password, body.code)
    return bodies.SecondFactorOut(totp_secret=secret, totp_address=secondfactor.address(secret, signed.email, _ISSUER))


@router.post("/me/second-factors/confirmations", status_code=_CREATED)
def finish_second_factor(request: Request, signed: SignedAccount, body: bodies.CodeBody) -> bodies.RecoveryCodesOut:
    """Take the new secret into use; gives new recovery codes, once."""
    codes = account.finish_second_factor(_accounts(request), signed, body.code)
    return bodies.RecoveryCodesOut(recovery_codes=codes)


@router.get("/devices")
def devices(request: Request, signed: SignedAccount) -> bodies.DevicesOut:
    """Where the account is signed in."""
    with _accounts(request).transaction() as connection:
        found = sessions.devices(connection, signed)
    return bodies.DevicesOut(devices=[bodies.DeviceOut.model_validate(one, from_attributes=True) for one in found])


@router.post("/devices/{id}/endings", status_code=_NOTHING)
def end_device(request: Request, signed: SignedAccount, id: bodies.Uuid, body: bodies.EndingBody) -> Response:
    """Sign out elsewhere, a laptop that was lost, for who proves again who he is; this device needs no proof."""
    again.end_device(
        _accounts(request), request.app.state.provider, signed, id,
        password=body.password, id_token=body.id_token, nonce=body.nonce,
    )  # fmt: skip
    return Response(status_code=_NOTHING)


# -- invitations ----------------------------------------------------------------------------------------------------


@router.post("/activations")
def start_activation(request: Request, body: bodies.InvitationTokenBody) -> bodies.ActivationOut:
    """What an invited person needs to choose a password and a second factor."""
    started = invitations.start(_accounts(request), body.token)
    return bodies.ActivationOut(
        purpose=started.purpose, email=started.email, name=started.name, register_id=started.register,
        register_name=started.register_name,
        totp_secret=started.secret, totp_address=started.address, known=started.known,
    )  # fmt: skip


@router.post("/activations/confirmations", status_code=_CREATED)
def finish_activation(request: Request, body: bodies.ActivationBody) -> bodies.ActivatedOut:
    """Use the invitation: with a new password and a code of the secret, or with the account that is there."""
    accounts = _accounts(request)
    use = invitations.join if body.existing else invitations.finish
    done = use(accounts, body.token, body.password, body.code)
    people.activate(accounts, request.app.state.intakes, done.register, done.person)
    return bodies.ActivatedOut(
        register_id=done.register, person=done.person, email=done.email, recovery_codes=done.codes
    )


# -- what administrators do -----------------------------------------------------------------------------------------


@of_people.post("/people/{id}/invitations", status_code=_CREATED)
def invite(request: Request, session: Signed, id: bodies.Uuid) -> bodies.InvitationOut:
    """Invite a person who cannot sign in yet."""
    return bodies.InvitationOut.of(people.invite(_accounts(request), session, id))


@of_people.post("/people/{id}/resets", status_code=_CREATED)
def reset(request: Request, session: Signed, id: bodies.Uuid, body: bodies.ResetBody) -> bodies.ResetOut:
    """Let somebody who lost password or phone choose anew, or be bound to another identity of single sign-on."""
    handed = people.reset(_accounts(request), session, id, body.what)
    return bodies.ResetOut(what=body.what, invitation=bodies.InvitationOut.of(handed) if handed else None)


@of_people.post("/people/{id}/locks")
def lock(request: Request, session: Signed, id: bodies.Uuid, body: bodies.LockBody) -> bodies.LockOut:
    """Lock a person out at once, or let him in again."""
    people.set_locked(_accounts(request), request.app.state.intakes, session, id, body.locked)
    return bodies.LockOut(locked=body.locked)


@of_people.post("/people/{id}/handovers", status_code=_CREATED)
def hand_over(request: Request, session: Signed, id: bodies.Uuid, body: bodies.HandoverBody) -> bodies.HandoverOut:
    """Everything the person owns goes to another, as one act."""
    moved = people.hand_over(_accounts(request), request.app.state.intakes, session, id, body.to)
    return bodies.HandoverOut(projects=moved)


@of_people.get("/audit-entries")
def audit_entries(
    request: Request,
    session: Signed,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    since: AwareDatetime | None = None,
    action: Action | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> bodies.AuditOut:
    """The newest lines of the audit log, or those before one that was read. Reading is a line itself."""
    accounts = _accounts(request)
    now = accounts.clock.now()
    with accounts.database.transaction(session.register) as connection:
        allowed = may(viewer_of(connection, session), Right.VIEW_AUDIT)
        result = Result.DONE if allowed else Result.DENIED
        found = audit.entries(
            connection, session.register, before=before, since=since, action=action, limit=limit
        ) if allowed else []  # fmt: skip
        audit.record(connection, session, Action.READ_AUDIT, result=result, count=len(found), at=now)
    if not allowed:
        raise NoAccess
    entries = [bodies.AuditEntryOut.model_validate(one, from_attributes=True) for one in found]
    return bodies.AuditOut(entries=entries, next=found[-1].id if len(found) == limit else None)
