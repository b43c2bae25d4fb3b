"""What is refused for want of rights: the table, with its sentences. `model.rights` says who lacks which right."""

from __future__ import annotations

from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.refusals import Refusal

DENIALS = (
    Refusal(
        "no_right",
        "project",
        "name",
        "U heeft geen recht om dit te wijzigen; vraag het de eigenaar of een hoofdgebruiker.",
        "You have no right to change this; ask the owner or a main user.",
        "functional reference 6.1 to 6.3, with the gaps of 6.4 closed",
    ),
    Refusal(
        "private_of_another",
        "project",
        "confidentiality",
        "Alleen een eigenaar kan dit op 'Privé' zetten.",
        "Only an owner can make this private.",
        "functional reference 2.1, P7 and P11",
    ),
    Refusal(
        "own_private",
        "writer",
        "person",
        "U kunt uzelf niet weghalen als eigenaar van een privéproject; u zou het zelf niet meer zien.",
        "You cannot remove yourself as an owner of a private project; you would not see it any more.",
        "functional reference 2.2, U2",
    ),
    Refusal(
        "owner_missing",
        "writer",
        "person",
        "Een project houdt ten minste één eigenaar; kies eerst een andere.",
        "A project keeps one owner at least; choose another first.",
        "functional reference 2.1, P5 and 2.2, U2",
    ),
    Refusal(
        "owner_cannot_own",
        "writer",
        "person",
        "Wie een rol heeft die alleen kijkt of beheert, wordt geen eigenaar van een project, ook niet in een groep.",
        "Who has a role that only looks or administers does not become an owner of a project, nor in a group.",
        "functional reference 2.1, P8",
    ),
    Refusal(
        "still_owner",
        "person",
        "name",
        "Een persoon of groep die eigenaar van projecten is, wordt niet verwijderd; draag de projecten eerst over.",
        "A person or group that owns projects is not removed; hand the projects over first.",
        "own rule: no project is left to somebody who is gone",
    ),
    Refusal(
        "already_let_in",
        "person",
        "state",
        "Wie is uitgenodigd of toegang heeft, verdwijnt niet door ongedaan maken; verwijder of blokkeer deze persoon"
        " bij Personen.",
        "Who was invited or has access does not go by an undo; remove or lock this person under People.",
        "own rule: nobody loses his access by mistake",
    ),
    Refusal(
        "own_role",
        "person",
        "role",
        "U kunt uw eigen rol of toegang niet wijzigen; vraag het een andere beheerder.",
        "You cannot change your own role or access; ask another administrator.",
        "own rule: nobody gives himself a role",
    ),
    Refusal(
        "admin_only",
        "person",
        "role",
        "Alleen een beheerder kan de rol Beheerder geven of een beheerder wijzigen.",
        "Only an administrator can give the role of administrator or change one.",
        "own rule: nobody makes himself a role through another account",
    ),
    Refusal(
        "address_of_another",
        "person",
        "email",
        "Alleen een beheerder wijzigt het e-mailadres van iemand die toegang heeft of had.",
        "Only an administrator changes the e-mail address of somebody who has or had access.",
        "own rule: an address is who somebody is, and nobody becomes another",
    ),
    Refusal(
        "invited_again",
        "person",
        "state",
        "Alleen een beheerder nodigt iemand die toegang heeft of had opnieuw uit of herstelt diens toegang.",
        "Only an administrator invites somebody who has or had access again, or restores that access.",
        "own rule: an address is who somebody is, and nobody becomes another",
    ),
    Refusal(
        "closed_group",
        "group_member",
        "person",
        "Deze groep heeft iets dat privé is; alleen een eigenaar daarvan of een beheerder voegt er iemand aan toe.",
        "This group has something private; only an owner of that or an administrator adds anybody to it.",
        "own rule: nobody sees another's private plan by joining a group",
    ),
    Refusal(
        "address_taken",
        "person",
        "email",
        "Iemand anders in dit register heeft dit e-mailadres al; iedereen heeft een eigen adres.",
        "Somebody else in this register has this e-mail address already; everybody has one of his own.",
        "own rule: people are recognised by their address",
    ),
)
_SENTENCES = {denial.code: (denial.nl, denial.en) for denial in DENIALS}


def denied(code: str, kind: str, entity: str, field: str) -> Finding:
    """The finding with the sentences of one of `DENIALS`."""
    return Finding(code, Severity.REFUSAL, *_SENTENCES[code], kind, entity, field)
