<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="nl_NL">
<context>
    <name>Activate</name>
    <message>
        <source>Uitnodiging gebruiken</source>
        <translation>Use an invitation</translation>
    </message>
    <message>
        <source>Plak hier de link uit uw uitnodiging. Daarmee kiest u een wachtwoord en neemt u de tweede stap in gebruik.</source>
        <translation>Paste the link of your invitation here. With it you choose a password and take the second step into use.</translation>
    </message>
    <message>
        <source>&amp;Link</source>
        <translation>&amp;Link</translation>
    </message>
    <message>
        <source>Lees de code met een app voor tweestapsaanmelding op uw telefoon, of typ daarin de sleutel over.</source>
        <translation>Scan the code with an authenticator app on your phone, or type the key into it.</translation>
    </message>
    <message>
        <source>&amp;Sleutel</source>
        <translation>&amp;Key</translation>
    </message>
    <message>
        <source>Kopiëren</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>&amp;Wachtwoord</source>
        <translation>&amp;Password</translation>
    </message>
    <message>
        <source>Nog &amp;eens</source>
        <translation>&amp;Again</translation>
    </message>
    <message>
        <source>&amp;Code</source>
        <translation>&amp;Code</translation>
    </message>
    <message>
        <source>zes cijfers uit de app</source>
        <translation>six digits from the app</translation>
    </message>
    <message>
        <source>Uw account is klaar. Bewaar deze herstelcodes op papier of in een kluis; elk vervangt één keer uw telefoon. Ze worden niet nog eens getoond.</source>
        <translation>Your account is ready. Keep these recovery codes on paper or in a safe; each replaces your phone once. They are not shown again.</translation>
    </message>
    <message>
        <source>Herstelcodes</source>
        <translation>Recovery codes</translation>
    </message>
    <message>
        <source>Opslaan…</source>
        <translation>Save…</translation>
    </message>
    <message>
        <source>Afdrukken…</source>
        <translation>Print…</translation>
    </message>
    <message>
        <source>Ik heb de codes &amp;bewaard</source>
        <translation>I have &amp;kept the codes</translation>
    </message>
</context>
<context>
    <name>ActivateDialog</name>
    <message>
        <source>Vierkante code voor de app; de sleutel ernaast is hetzelfde</source>
        <translation>Square code for the app; the key beside it is the same</translation>
    </message>
    <message>
        <source>Volgende</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>Bevestigen</source>
        <translation>Confirm</translation>
    </message>
    <message>
        <source>Verder naar aanmelden</source>
        <translation>On to signing in</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Uitnodiging voor {0} ({1}) bij {2}.</source>
        <translation>Invitation for {0} ({1}) at {2}.</translation>
    </message>
    <message>
        <source>Kies opnieuw een wachtwoord, {0} ({1}), voor {2}.</source>
        <translation>Choose a password again, {0} ({1}), for {2}.</translation>
    </message>
    <message>
        <source>U heeft al een account op deze server: bevestig met wachtwoord en code daarvan.</source>
        <translation>You have an account on this server already: confirm with its password and code.</translation>
    </message>
    <message>
        <source>De app op uw telefoon blijft dezelfde; gebruik een code daarvan of een herstelcode.</source>
        <translation>The app on your phone stays the same; use a code of that or a recovery code.</translation>
    </message>
    <message>
        <source>ten minste 12 tekens</source>
        <translation>at least 12 characters</translation>
    </message>
    <message>
        <source>Vul een wachtwoord in.</source>
        <translation>Enter a password.</translation>
    </message>
    <message>
        <source>De twee wachtwoorden zijn niet gelijk.</source>
        <translation>The two passwords differ.</translation>
    </message>
    <message>
        <source>Vul de code in die de app nu toont.</source>
        <translation>Enter the code that the app shows now.</translation>
    </message>
    <message>
        <source>Bewaar eerst de herstelcodes; ze worden niet nog eens getoond.</source>
        <translation>Keep the recovery codes first; they are not shown again.</translation>
    </message>
    <message>
        <source>Herstelcodes opslaan</source>
        <translation>Save recovery codes</translation>
    </message>
    <message>
        <source>Tekst (*.txt)</source>
        <translation>Text (*.txt)</translation>
    </message>
    <message>
        <source>DIWI herstelcodes.txt</source>
        <translation>DIWI recovery codes.txt</translation>
    </message>
    <message>
        <source>Het bestand kan daar niet worden opgeslagen; kies een andere map.</source>
        <translation>The file cannot be saved there; choose another folder.</translation>
    </message>
    <message>
        <source>Even geduld…</source>
        <translation>One moment…</translation>
    </message>
    <message>
        <source>De server van deze uitnodiging antwoordt niet; controleer de link en het netwerk.</source>
        <translation>The server of this invitation does not answer; check the link and the network.</translation>
    </message>
</context>
<context>
    <name>Acts</name>
    <message>
        <source>Nieuw project</source>
        <translation>New project</translation>
    </message>
    <message>
        <source>Nieuw deelplan</source>
        <translation>New sub-plan</translation>
    </message>
    <message>
        <source>Gemeente aanmaken</source>
        <translation>Make municipality</translation>
    </message>
    <message>
        <source>Gemeente inrichten</source>
        <translation>Set up municipality</translation>
    </message>
    <message>
        <source>Excel ingelezen</source>
        <translation>Excel imported</translation>
    </message>
    <message>
        <source>GeoJSON ingelezen</source>
        <translation>GeoJSON imported</translation>
    </message>
    <message>
        <source>Percelen inlezen</source>
        <translation>Import parcels</translation>
    </message>
    <message>
        <source>Panden inlezen</source>
        <translation>Import buildings</translation>
    </message>
    <message>
        <source>Adressen inlezen</source>
        <translation>Import addresses</translation>
    </message>
    <message>
        <source>Ontbrekende velden en keuzes toevoegen</source>
        <translation>Add missing fields and options</translation>
    </message>
    <message>
        <source>Plangebied uit percelen</source>
        <translation>Plan area from parcels</translation>
    </message>
    <message>
        <source>Percelen kiezen</source>
        <translation>Select parcels</translation>
    </message>
    <message>
        <source>Contour slepen</source>
        <translation>Drag contour</translation>
    </message>
    <message>
        <source>Contour aanpassen</source>
        <translation>Adjust contour</translation>
    </message>
    <message>
        <source>Hoekpunt toevoegen</source>
        <translation>Add corner</translation>
    </message>
    <message>
        <source>Hoekpunt verwijderen</source>
        <translation>Delete corner</translation>
    </message>
    <message>
        <source>Vlak tekenen</source>
        <translation>Draw polygon</translation>
    </message>
    <message>
        <source>Knippen</source>
        <translation>Cut</translation>
    </message>
    <message>
        <source>Schrijfrechten wijzigen</source>
        <translation>Change write rights</translation>
    </message>
    <message>
        <source>Conflict afhandelen</source>
        <translation>Settle conflict</translation>
    </message>
    <message>
        <source>Conflicten afhandelen</source>
        <translation>Settle conflicts</translation>
    </message>
    <message>
        <source>Opnieuw aanbieden</source>
        <translation>Offer again</translation>
    </message>
    <message>
        <source>Weggooien</source>
        <translation>Discard</translation>
    </message>
    <message>
        <source>Eigendom wijzigen</source>
        <translation>Change ownership</translation>
    </message>
    <message>
        <source>Eigendom overgedragen</source>
        <translation>Ownership handed over</translation>
    </message>
    <message>
        <source>Persoon geblokkeerd</source>
        <translation>Person locked</translation>
    </message>
    <message>
        <source>Persoon vrijgegeven</source>
        <translation>Person unlocked</translation>
    </message>
    <message>
        <source>Toegang geactiveerd</source>
        <translation>Access activated</translation>
    </message>
    <message>
        <source>Woningtype wijzigen</source>
        <translation>Change house type</translation>
    </message>
    <message>
        <source>Doelgroep wijzigen</source>
        <translation>Change target group</translation>
    </message>
    <message>
        <source>Verschijningsvorm wijzigen</source>
        <translation>Change appearance</translation>
    </message>
    <message>
        <source>Grondpositie wijzigen</source>
        <translation>Change land position</translation>
    </message>
    <message>
        <source>Koppeling %1 wijzigen</source>
        <translation>Change mapping %1</translation>
    </message>
    <message>
        <source>Aanlevering %1</source>
        <translation>Submission %1</translation>
    </message>
    <message>
        <source>Voortgang bijwerken %1</source>
        <translation>Update progress %1</translation>
    </message>
    <message>
        <source>Leden van %1 wijzigen</source>
        <translation>Change members of %1</translation>
    </message>
    <message>
        <source>Groepen van %1 wijzigen</source>
        <translation>Change groups of %1</translation>
    </message>
    <message>
        <source>Rol van %1 wijzigen</source>
        <translation>Change role of %1</translation>
    </message>
    <message>
        <source>Groep %1 maken</source>
        <translation>Make group %1</translation>
    </message>
    <message>
        <source>Groep %1 wijzigen</source>
        <translation>Change group %1</translation>
    </message>
    <message>
        <source>Groep %1 verwijderen</source>
        <translation>Delete group %1</translation>
    </message>
    <message>
        <source>Projecten van %1 overdragen</source>
        <translation>Hand over projects of %1</translation>
    </message>
    <message>
        <source>Keuze &apos;%1&apos; toevoegen</source>
        <translation>Add option &apos;%1&apos;</translation>
    </message>
    <message>
        <source>Keuze &apos;%1&apos; uitzetten</source>
        <translation>Switch off option &apos;%1&apos;</translation>
    </message>
    <message>
        <source>Keuze &apos;%1&apos; aanzetten</source>
        <translation>Switch on option &apos;%1&apos;</translation>
    </message>
    <message>
        <source>Grenzen van &apos;%1&apos; wijzigen</source>
        <translation>Change bounds of &apos;%1&apos;</translation>
    </message>
    <message>
        <source>Gerealiseerd op %1</source>
        <translation>Realised on %1</translation>
    </message>
    <message>
        <source>Start realisatie vier maanden later</source>
        <translation>Start of realisation four months later</translation>
    </message>
    <message>
        <source>%1 op gerealiseerd zetten</source>
        <translation>Set %1 to realised</translation>
    </message>
    <message>
        <source>%1 op gepland zetten</source>
        <translation>Set %1 to planned</translation>
    </message>
    <message>
        <source>%1 leegmaken</source>
        <translation>Make %1 empty</translation>
    </message>
    <message>
        <source>%1 invullen</source>
        <translation>Fill in %1</translation>
    </message>
    <message>
        <source>%1 blokkeren</source>
        <translation>Lock %1</translation>
    </message>
    <message>
        <source>%1 uitnodigen</source>
        <translation>Invite %1</translation>
    </message>
    <message>
        <source>%1 toegang geven</source>
        <translation>Give %1 access</translation>
    </message>
    <message>
        <source>%1 kopiëren</source>
        <translation>Copy %1</translation>
    </message>
    <message>
        <source>%1 verplaatsen</source>
        <translation>Move %1</translation>
    </message>
    <message>
        <source>%1 verwijderen</source>
        <translation>Delete %1</translation>
    </message>
    <message>
        <source>%1 toevoegen</source>
        <translation>Add %1</translation>
    </message>
    <message>
        <source>%1 wijzigen</source>
        <translation>Change %1</translation>
    </message>
</context>
<context>
    <name>Admin</name>
    <message>
        <source>Keuzes in de formulieren en in Excel. Een uitgezette keuze blijft bij oude plannen staan.</source>
        <translation>Options in the forms and in Excel. An option switched off stays with old plans.</translation>
    </message>
    <message>
        <source>Lijst</source>
        <translation>List</translation>
    </message>
    <message>
        <source>Lijsten</source>
        <translation>Lists</translation>
    </message>
    <message>
        <source>en meer</source>
        <translation>and more</translation>
    </message>
    <message>
        <source>Prijscategorieën</source>
        <translation>Price classes</translation>
    </message>
    <message>
        <source>Klassen met grenzen in euro&apos;s. Zonder bovengrens is het &apos;en meer&apos;. Elke prijs hoort bij één klasse.</source>
        <translation>Classes with bounds in euros. Without upper bound it is &apos;and more&apos;. Every price belongs to one class.</translation>
    </message>
    <message>
        <source>Koop of huur</source>
        <translation>Purchase or rent</translation>
    </message>
    <message>
        <source>Koop</source>
        <translation>Purchase</translation>
    </message>
    <message>
        <source>Huur per maand</source>
        <translation>Rent per month</translation>
    </message>
    <message>
        <source>Vanaf (€)</source>
        <translation>From (€)</translation>
    </message>
    <message>
        <source>Tot en met (€)</source>
        <translation>Up to (€)</translation>
    </message>
    <message>
        <source>Klasse toevoegen</source>
        <translation>Add class</translation>
    </message>
    <message>
        <source>Overdragen…</source>
        <translation>Hand over…</translation>
    </message>
    <message>
        <source>De server draagt over wat deze persoon heeft.</source>
        <translation>The server hands over what this person has.</translation>
    </message>
    <message>
        <source>Wat een groep heeft, draagt een hoofdgebruiker over: een beheerder krijgt geen projecten.</source>
        <translation>What a group has, a main user hands over: an administrator gets no projects.</translation>
    </message>
    <message>
        <source>Wie hier gekozen is, heeft geen projecten.</source>
        <translation>Who is selected here has no projects.</translation>
    </message>
    <message>
        <source>Van wie de projecten zijn, staat hier niet: een beheerder krijgt geen projecten.</source>
        <translation>Whose the projects are is not here: an administrator gets no projects.</translation>
    </message>
    <message>
        <source>Geen eigenaar van een project.</source>
        <translation>Owns no project.</translation>
    </message>
    <message>
        <source>Eigenaar van %1 projecten</source>
        <translation>Owns %1 projects</translation>
    </message>
    <message>
        <source>Eigenaar van 1 project</source>
        <translation>Owns 1 project</translation>
    </message>
    <message>
        <source>en nog %1</source>
        <translation>and %1 more</translation>
    </message>
    <message>
        <source>Personen</source>
        <translation>People</translation>
    </message>
    <message>
        <source>Wie met de plannen werkt en wat die mag. De stand Actief geeft toegang, Geblokkeerd neemt die meteen af. Wie een import voor het eerst noemt, staat hier als uitgenodigd.</source>
        <translation>Who works with the plans, and what they may do. The state Active gives access, Locked takes it away at once. Who an import names for the first time is listed here as invited.</translation>
    </message>
    <message>
        <source>Persoon toevoegen</source>
        <translation>Add person</translation>
    </message>
    <message>
        <source>Uitnodigen…</source>
        <translation>Invite…</translation>
    </message>
    <message>
        <source>Nog geen groepen; maak ze onder Groepen.</source>
        <translation>No groups yet; make them under Groups.</translation>
    </message>
    <message>
        <source>Toegang herstellen…</source>
        <translation>Restore access…</translation>
    </message>
    <message>
        <source>Een link waarmee deze persoon een wachtwoord kiest</source>
        <translation>A link with which this person chooses a password</translation>
    </message>
    <message>
        <source>Kies eerst een persoon.</source>
        <translation>Choose a person first.</translation>
    </message>
    <message>
        <source>Dat kan als dit register met een server is verbonden.</source>
        <translation>That is possible when this register is connected with a server.</translation>
    </message>
    <message>
        <source>Wie geblokkeerd is, krijgt geen toegang.</source>
        <translation>Who is locked gets no access.</translation>
    </message>
    <message>
        <source>Dat kan alleen een beheerder, en niet voor zichzelf.</source>
        <translation>Only an administrator can do that, and not for himself.</translation>
    </message>
    <message>
        <source>Een afdeling, een projectteam of een ontwikkelaar. Van wat een groep heeft, zijn al haar leden eigenaar, zover hun rol dat toelaat.</source>
        <translation>A department, a project team or a developer. What a group owns, all its members own, as far as their role allows.</translation>
    </message>
    <message>
        <source>Nog geen personen; maak ze onder Personen.</source>
        <translation>No people yet; make them under People.</translation>
    </message>
    <message>
        <source>Groepen</source>
        <translation>Groups</translation>
    </message>
    <message>
        <source>Gemeente</source>
        <translation>Municipality</translation>
    </message>
    <message>
        <source>De gegevens die in aanleveringen en projectcodes staan.</source>
        <translation>The data used in submissions and project codes.</translation>
    </message>
    <message>
        <source>Eigen velden</source>
        <translation>Own fields</translation>
    </message>
    <message>
        <source>Velden die de gemeente zelf toevoegt aan projecten en woningblokken. De soort ligt daarna vast.</source>
        <translation>Fields that the municipality itself adds to projects and house blocks. The type is fixed afterwards.</translation>
    </message>
    <message>
        <source>Keuzes van &apos;%1&apos;</source>
        <translation>Options of &apos;%1&apos;</translation>
    </message>
    <message>
        <source>Grenzen van &apos;%1&apos;</source>
        <translation>Bounds of &apos;%1&apos;</translation>
    </message>
</context>
<context>
    <name>AdminPanel</name>
    <message>
        <source>Onderdelen van beheer</source>
        <translation>Parts of administration</translation>
    </message>
</context>
<context>
    <name>AreaTool</name>
    <message>
        <source>Overlapt {name}: {area}</source>
        <translation>Overlaps {name}: {area}</translation>
    </message>
    <message>
        <source> en nog {count}</source>
        <translation> and {count} more</translation>
    </message>
</context>
<context>
    <name>Arrivals</name>
    <message>
        <source>Zojuist gewijzigd door {0}: {1}</source>
        <translation>Just changed by {0}: {1}</translation>
    </message>
    <message>
        <source> en nog {0}</source>
        <translation> and {0} more</translation>
    </message>
    <message>
        <source>1 conflict: kies welke versie blijft (Ctrl+9)</source>
        <translation>1 conflict: choose which version stays (Ctrl+9)</translation>
    </message>
    <message>
        <source>{0} conflicten: kies per veld welke versie blijft (Ctrl+9)</source>
        <translation>{0} conflicts: choose per field which version stays (Ctrl+9)</translation>
    </message>
</context>
<context>
    <name>AuditDialog</name>
    <message>
        <source>aanmelden</source>
        <translation>sign in</translation>
    </message>
    <message>
        <source>afmelden</source>
        <translation>sign out</translation>
    </message>
    <message>
        <source>oude aanmelding opnieuw gebruikt</source>
        <translation>old sign-in used again</translation>
    </message>
    <message>
        <source>uitnodiging gebruiken</source>
        <translation>use an invitation</translation>
    </message>
    <message>
        <source>wachtwoord of code wijzigen</source>
        <translation>change password or code</translation>
    </message>
    <message>
        <source>computer afmelden</source>
        <translation>sign a computer out</translation>
    </message>
    <message>
        <source>uitnodigen</source>
        <translation>invite</translation>
    </message>
    <message>
        <source>toegang herstellen</source>
        <translation>restore access</translation>
    </message>
    <message>
        <source>blokkeren</source>
        <translation>lock</translation>
    </message>
    <message>
        <source>blokkade opheffen</source>
        <translation>unlock</translation>
    </message>
    <message>
        <source>eigendom overdragen</source>
        <translation>hand over ownership</translation>
    </message>
    <message>
        <source>rechten wijzigen</source>
        <translation>change rights</translation>
    </message>
    <message>
        <source>wijzigingen sturen</source>
        <translation>send changes</translation>
    </message>
    <message>
        <source>wijzigingen ophalen</source>
        <translation>fetch changes</translation>
    </message>
    <message>
        <source>register ophalen</source>
        <translation>fetch the register</translation>
    </message>
    <message>
        <source>gegevens ophalen</source>
        <translation>fetch data</translation>
    </message>
    <message>
        <source>document ophalen</source>
        <translation>fetch a document</translation>
    </message>
    <message>
        <source>auditlog lezen</source>
        <translation>read the audit log</translation>
    </message>
    <message>
        <source>geweigerd verzoek</source>
        <translation>refused request</translation>
    </message>
    <message>
        <source>onderhoud van de server</source>
        <translation>maintenance of the server</translation>
    </message>
    <message>
        <source>gedaan</source>
        <translation>done</translation>
    </message>
    <message>
        <source>mislukt</source>
        <translation>failed</translation>
    </message>
    <message>
        <source>geweigerd</source>
        <translation>refused</translation>
    </message>
    <message>
        <source>Auditlog</source>
        <translation>Audit log</translation>
    </message>
    <message>
        <source>Wat er met rechten en gegevens gebeurde, de nieuwste regel eerst; lezen is ook een regel. Aanmeldingen leest de beheerder van de server.</source>
        <translation>What happened to rights and data, the newest line first; reading is a line too. Sign-ins are read by the administrator of the server.</translation>
    </message>
    <message>
        <source>Waarop</source>
        <translation>On what</translation>
    </message>
    <message>
        <source>Wanneer</source>
        <translation>When</translation>
    </message>
    <message>
        <source>Wie</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>Wat</source>
        <translation>What</translation>
    </message>
    <message>
        <source>Uitkomst</source>
        <translation>Result</translation>
    </message>
    <message>
        <source>Vanaf</source>
        <translation>From</translation>
    </message>
    <message>
        <source>Oudere regels</source>
        <translation>Older lines</translation>
    </message>
</context>
<context>
    <name>BackBar</name>
    <message>
        <source>Aanleveren</source>
        <translation>Submit</translation>
    </message>
    <message>
        <source>Terug naar aanleveren</source>
        <translation>Back to submitting</translation>
    </message>
    <message>
        <source>Terug naar aanleveren ({0})</source>
        <translation>Back to submitting ({0})</translation>
    </message>
</context>
<context>
    <name>Block</name>
    <message>
        <source>Koop</source>
        <translation>Owner-occupied</translation>
    </message>
    <message>
        <source>Huur particulier</source>
        <translation>Private rent</translation>
    </message>
    <message>
        <source>Huur corporatie</source>
        <translation>Corporation rent</translation>
    </message>
</context>
<context>
    <name>BlockDetail</name>
    <message>
        <source>Eigendom en waarde</source>
        <translation>Ownership and value</translation>
    </message>
    <message>
        <source>Categorie</source>
        <translation>Category</translation>
    </message>
    <message>
        <source>Prijs of huur (€)</source>
        <translation>Price or rent (€)</translation>
    </message>
    <message>
        <source>Regel toevoegen</source>
        <translation>Add row</translation>
    </message>
    <message>
        <source>Opleveringen</source>
        <translation>Deliveries</translation>
    </message>
    <message>
        <source>Datum</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Toevoegen</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>%1 te veel</source>
        <translation>%1 too many</translation>
    </message>
    <message>
        <source>Totaal</source>
        <translation>Total</translation>
    </message>
    <message>
        <source>%1 onbekend</source>
        <translation>%1 unknown</translation>
    </message>
    <message>
        <source>nog %1 te plannen</source>
        <translation>%1 still to plan</translation>
    </message>
</context>
<context>
    <name>BooleanInput</name>
    <message>
        <source>Ja</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>Nee</source>
        <translation>No</translation>
    </message>
    <message>
        <source>Onbekend</source>
        <translation>Unknown</translation>
    </message>
</context>
<context>
    <name>ChoiceModel</name>
    <message>
        <source>Project</source>
        <translation>Project</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Fase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Planstatus</source>
        <translation>Plan status</translation>
    </message>
    <message>
        <source>Vertrouwelijkheid</source>
        <translation>Confidentiality</translation>
    </message>
    <message>
        <source>Woningen</source>
        <translation>Homes</translation>
    </message>
    <message>
        <source>Nieuwbouw min sloop</source>
        <translation>New homes minus demolition</translation>
    </message>
    <message>
        <source>gaat mee</source>
        <translation>included</translation>
    </message>
    <message>
        <source>gaat niet mee</source>
        <translation>not included</translation>
    </message>
</context>
<context>
    <name>ChoicePopup</name>
    <message>
        <source>Geen keuze</source>
        <translation>No choice</translation>
    </message>
    <message>
        <source>Nog niets om te kiezen</source>
        <translation>Nothing to choose from yet</translation>
    </message>
    <message>
        <source>Zoek of typ een nieuwe keuze</source>
        <translation>Search or type a new option</translation>
    </message>
    <message>
        <source>Zoek</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>&apos;%1&apos; toevoegen</source>
        <translation>Add &apos;%1&apos;</translation>
    </message>
</context>
<context>
    <name>ChoosePage</name>
    <message>
        <source>De projecten worden gelezen…</source>
        <translation>Reading the projects…</translation>
    </message>
    <message>
        <source>%1 van %2 projecten gaan mee, %3 netto</source>
        <translation>%1 of %2 projects included, %3 net</translation>
    </message>
    <message>
        <source>%1 strenger dan &apos;%2&apos;</source>
        <translation>%1 stricter than &apos;%2&apos;</translation>
    </message>
    <message>
        <source>%1 met planstatus 5A of 5B</source>
        <translation>%1 with plan status 5A or 5B</translation>
    </message>
    <message>
        <source>%1 vervallen</source>
        <translation>%1 terminated</translation>
    </message>
    <message>
        <source>Gaat nooit mee: %1.</source>
        <translation>Never included: %1.</translation>
    </message>
</context>
<context>
    <name>ChooseUserDialog</name>
    <message>
        <source>Werken als</source>
        <translation>Work as</translation>
    </message>
    <message>
        <source>U ziet en kunt daarna wat deze persoon ziet en kan, en zijn naam staat bij wat u wijzigt. Zo is na te gaan wat ieders rol betekent. Wie het bestand heeft, kan altijd kiezen.</source>
        <translation>From then on you see and can do what this person sees and can do, and their name stands with what you change. It shows what each role means. Whoever has the file can always choose.</translation>
    </message>
    <message>
        <source>Personen</source>
        <translation>People</translation>
    </message>
    <message>
        <source>Zo werken</source>
        <translation>Work like this</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Niemand: alles zien en alles kunnen</source>
        <translation>Nobody: see everything and do everything</translation>
    </message>
    <message>
        <source>Geef deze persoon eerst toegang bij Beheer, Personen.</source>
        <translation>Give this person access first under Admin, People.</translation>
    </message>
</context>
<context>
    <name>ClassChoices</name>
    <message>
        <source>Of neem de grenzen van een prijsklasse van de provincie:</source>
        <translation>Or take the bounds of a price class of the province:</translation>
    </message>
</context>
<context>
    <name>CodeInput</name>
    <message>
        <source>Geen</source>
        <translation>None</translation>
    </message>
</context>
<context>
    <name>ColorInput</name>
    <message>
        <source>Kies een kleur</source>
        <translation>Choose a colour</translation>
    </message>
    <message>
        <source>Andere kleur…</source>
        <translation>Other colour…</translation>
    </message>
    <message>
        <source>Kleur van het plan</source>
        <translation>Colour of the plan</translation>
    </message>
</context>
<context>
    <name>ColumnChooser</name>
    <message>
        <source>Kolommen</source>
        <translation>Columns</translation>
    </message>
    <message>
        <source>Standaard</source>
        <translation>Default</translation>
    </message>
    <message>
        <source>Zoek kolom…</source>
        <translation>Search column…</translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <source>%1 vergeleken met toen</source>
        <translation>%1 compared with then</translation>
    </message>
    <message>
        <source>Hun versie</source>
        <translation>Their version</translation>
    </message>
    <message>
        <source>Mijn versie</source>
        <translation>My version</translation>
    </message>
    <message>
        <source>Zoals het was</source>
        <translation>As it was</translation>
    </message>
    <message>
        <source>Twee contouren van %1</source>
        <translation>Two contours of %1</translation>
    </message>
</context>
<context>
    <name>CompareBar</name>
    <message>
        <source>Contouren vergelijken</source>
        <translation>Compare contours</translation>
    </message>
    <message>
        <source>Niet meer vergelijken</source>
        <translation>Stop comparing</translation>
    </message>
    <message>
        <source>Mijn versie</source>
        <translation>My version</translation>
    </message>
    <message>
        <source>Hun versie</source>
        <translation>Their version</translation>
    </message>
    <message>
        <source>Samenvoegen</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>Opnieuw tekenen</source>
        <translation>Draw again</translation>
    </message>
    <message>
        <source>%1 (%2 in de lijst)</source>
        <translation>%1 (%2 in the list)</translation>
    </message>
    <message>
        <source>geen contour</source>
        <translation>no contour</translation>
    </message>
</context>
<context>
    <name>ConflictsView</name>
    <message>
        <source>Veld</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>Mijn versie</source>
        <translation>My version</translation>
    </message>
    <message>
        <source>Hun versie</source>
        <translation>Their version</translation>
    </message>
    <message>
        <source>Zoals het was</source>
        <translation>As it was</translation>
    </message>
    <message>
        <source>Door</source>
        <translation>By</translation>
    </message>
    <message>
        <source>Wanneer</source>
        <translation>When</translation>
    </message>
    <message>
        <source>Conflicten</source>
        <translation>Conflicts</translation>
    </message>
    <message>
        <source>Samenvoegen</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>Opnieuw tekenen</source>
        <translation>Draw again</translation>
    </message>
    <message>
        <source>Andere waarde…</source>
        <translation>Other value…</translation>
    </message>
    <message>
        <source>Naar het veld</source>
        <translation>Go to the field</translation>
    </message>
    <message>
        <source>Er zijn geen conflicten.</source>
        <translation>There are no conflicts.</translation>
    </message>
    <message>
        <source>Wijzigt een ander hetzelfde veld als u, dan staan hier beide waarden en kiest u zelf.</source>
        <translation>When somebody else changes the same field as you, both values are shown here and you choose.</translation>
    </message>
    <message>
        <source>%1 wijzigde dit op %2</source>
        <translation>%1 changed this on %2</translation>
    </message>
    <message>
        <source>u op %1</source>
        <translation>you on %1</translation>
    </message>
    <message>
        <source>1 conflict afgehandeld. Ctrl+Z maakt dit ongedaan.</source>
        <translation>1 conflict settled. Ctrl+Z takes it back.</translation>
    </message>
    <message>
        <source>%1 conflicten afgehandeld. Ctrl+Z maakt dit ongedaan.</source>
        <translation>%1 conflicts settled. Ctrl+Z takes it back.</translation>
    </message>
    <message>
        <source>Conflicten afhandelen</source>
        <translation>Settle conflicts</translation>
    </message>
</context>
<context>
    <name>Connect</name>
    <message>
        <source>Verbinden met server</source>
        <translation>Connect to server</translation>
    </message>
    <message>
        <source>Op een server werkt u met collega’s aan hetzelfde register. U kunt altijd zonder netwerk doorwerken; het wordt later gesynchroniseerd.</source>
        <translation>On a server you work on the same register with colleagues. You can always go on without a network; it is synchronised later.</translation>
    </message>
    <message>
        <source>&amp;Adres van de server</source>
        <translation>&amp;Address of the server</translation>
    </message>
    <message>
        <source>Ik heb een &amp;uitnodiging…</source>
        <translation>I have an &amp;invitation…</translation>
    </message>
    <message>
        <source>&amp;E-mailadres</source>
        <translation>&amp;E-mail address</translation>
    </message>
    <message>
        <source>&amp;Wachtwoord</source>
        <translation>&amp;Password</translation>
    </message>
    <message>
        <source>&amp;Code</source>
        <translation>&amp;Code</translation>
    </message>
    <message>
        <source>zes cijfers uit uw app, of een herstelcode</source>
        <translation>six digits from your app, or a recovery code</translation>
    </message>
    <message>
        <source>Aanmelden in de &amp;browser</source>
        <translation>Sign in in the &amp;browser</translation>
    </message>
    <message>
        <source>&amp;Register</source>
        <translation>&amp;Register</translation>
    </message>
    <message>
        <source>Haal het register op als &amp;nieuw bestand</source>
        <translation>Fetch the register as a &amp;new file</translation>
    </message>
    <message>
        <source>Waar het bestand komt te staan</source>
        <translation>Where the file is put</translation>
    </message>
    <message>
        <source>Bladeren…</source>
        <translation>Browse…</translation>
    </message>
    <message>
        <source>Breng &amp;dit bestand naar de server</source>
        <translation>Bring &amp;this file to the server</translation>
    </message>
    <message>
        <source>Alleen naar een register dat nog leeg is. Alle projecten en de hele historie gaan mee.</source>
        <translation>Only to a register that is still empty. All projects and the whole history go along.</translation>
    </message>
    <message>
        <source>&amp;Versleutel het bestand op deze computer</source>
        <translation>Encr&amp;ypt the file on this computer</translation>
    </message>
    <message>
        <source>De sleutel staat in de sleutelbewaarplaats van deze computer. QGIS kan een versleuteld bestand niet openen.</source>
        <translation>The key is in the key store of this computer. QGIS cannot open an encrypted file.</translation>
    </message>
</context>
<context>
    <name>ConnectDialog</name>
    <message>
        <source>Volgende</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>Aanmelden</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Verbinden</source>
        <translation>Connect</translation>
    </message>
    <message>
        <source>Terug</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Aanmelden bij de server</source>
        <translation>Sign in to the server</translation>
    </message>
    <message>
        <source>Meld u aan bij {0}.</source>
        <translation>Sign in to {0}.</translation>
    </message>
    <message>
        <source>Wacht tot uw app een nieuwe code toont en vul die in.</source>
        <translation>Wait until your app shows another code and enter that.</translation>
    </message>
    <message>
        <source>Vul uw e-mailadres en wachtwoord in.</source>
        <translation>Enter your e-mail address and password.</translation>
    </message>
    <message>
        <source>Meld u aan in de browser die is geopend en kom daarna hier terug.</source>
        <translation>Sign in in the browser that has opened, then come back here.</translation>
    </message>
    <message>
        <source>Uw account hoort bij geen enkel register; vraag de beheerder om een uitnodiging.</source>
        <translation>Your account belongs to no register; ask the administrator for an invitation.</translation>
    </message>
    <message>
        <source>Verbinden…</source>
        <translation>Connecting…</translation>
    </message>
    <message>
        <source>Kies waar het bestand komt te staan.</source>
        <translation>Choose where the file is put.</translation>
    </message>
    <message>
        <source>Het register wordt opgehaald…</source>
        <translation>Fetching the register…</translation>
    </message>
    <message>
        <source>Even geduld…</source>
        <translation>One moment…</translation>
    </message>
    <message>
        <source>Op dit adres antwoordt geen DIWI-server; controleer het adres en het netwerk.</source>
        <translation>No DIWI server answers at this address; check the address and the network.</translation>
    </message>
    <message>
        <source>Waar komt het bestand te staan</source>
        <translation>Where to put the file</translation>
    </message>
</context>
<context>
    <name>ContourTool</name>
    <message>
        <source>Contour slepen</source>
        <translation>Drag contour</translation>
    </message>
    <message>
        <source>Hoekpunten en grenzen van het plangebied verslepen</source>
        <translation>Drag corners and borders of the plan area</translation>
    </message>
    <message>
        <source>Laat los om vast te leggen; Alt laat niet aanhaken, Esc zet terug.</source>
        <translation>Release to store; Alt does not snap, Esc puts it back.</translation>
    </message>
    <message>
        <source>Pijltjes verschuiven 10 cm (Shift: 1 m), S haakt aan, Enter legt vast, Esc zet terug.</source>
        <translation>Arrows move 10 cm (Shift: 1 m), S snaps, Enter stores, Esc puts it back.</translation>
    </message>
    <message>
        <source>Sleep het hoekpunt; Delete haalt het weg.</source>
        <translation>Drag the corner; Delete takes it out.</translation>
    </message>
    <message>
        <source>Sleep de grens; dubbelklik voegt een hoekpunt toe.</source>
        <translation>Drag the border; a double click adds a corner.</translation>
    </message>
    <message>
        <source>Sleep een hoekpunt of grens; Tab gaat langs de hoekpunten, Esc stopt.</source>
        <translation>Drag a corner or border; Tab goes along the corners, Esc stops.</translation>
    </message>
    <message>
        <source>Binnen 5 m ligt geen hoek of grens om aan te haken.</source>
        <translation>There is no corner or border within 5 m to snap to.</translation>
    </message>
    <message>
        <source>Wijs eerst een hoekpunt aan.</source>
        <translation>Point at a corner first.</translation>
    </message>
    <message>
        <source>Hoekpunt op RD {x}, {y}</source>
        <translation>Corner at RD {x}, {y}</translation>
    </message>
</context>
<context>
    <name>ContourView</name>
    <message>
        <source>Contour van het plan</source>
        <translation>Contour of the plan</translation>
    </message>
    <message>
        <source>Dit plan is nog niet ingetekend</source>
        <translation>This plan has not been drawn yet</translation>
    </message>
    <message>
        <source>Nog niet ingetekend op de kaart</source>
        <translation>Not yet drawn on the map</translation>
    </message>
</context>
<context>
    <name>CreateRow</name>
    <message>
        <source>Wat er in het nieuwe eigen veld komt te staan</source>
        <translation>What the new own field will hold</translation>
    </message>
    <message>
        <source>Eigen veld &apos;%1&apos; maken</source>
        <translation>Make own field &apos;%1&apos;</translation>
    </message>
    <message>
        <source>Keuze &apos;%1&apos; toevoegen</source>
        <translation>Add option &apos;%1&apos;</translation>
    </message>
    <message>
        <source>Alle %1 ontbrekende maken</source>
        <translation>Make all %1 missing</translation>
    </message>
    <message>
        <source>Op deze plaats in het bestand kan alleen dit soort veld staan.</source>
        <translation>This place in the file can hold this type of field only.</translation>
    </message>
    <message>
        <source>Niet mogelijk: %1. In het bestand staat bijvoorbeeld &apos;%2&apos;.</source>
        <translation>Not possible: %1. The file has &apos;%2&apos;, for instance.</translation>
    </message>
</context>
<context>
    <name>CutTool</name>
    <message>
        <source>Knippen</source>
        <translation>Cut</translation>
    </message>
    <message>
        <source>Een stuk van het plangebied afknippen met een lijn of een vlak</source>
        <translation>Cut a piece off the plan area with a line or a polygon</translation>
    </message>
    <message>
        <source>Gearceerd gaat eraf; klik op een stuk om het te houden of los te laten, Enter knipt.</source>
        <translation>What is hatched goes; click a piece to keep it or let it go, Enter cuts.</translation>
    </message>
    <message>
        <source>Klik het begin van de snijlijn, buiten het plangebied.</source>
        <translation>Click the start of the cutting line, outside the plan area.</translation>
    </message>
    <message>
        <source>Klik verder; Enter of dubbelklik sluit de lijn af.</source>
        <translation>Click on; Enter or a double click ends the line.</translation>
    </message>
    <message>
        <source>Enter of dubbelklik sluit de lijn af; klik op het eerste punt voor een vlak.</source>
        <translation>Enter or a double click ends the line; click the first point for a polygon.</translation>
    </message>
    <message>
        <source>klik houdt dit stuk: {size}</source>
        <translation>click keeps this piece: {size}</translation>
    </message>
    <message>
        <source>klik laat dit stuk los: {size}</source>
        <translation>click lets this piece go: {size}</translation>
    </message>
    <message>
        <source>{kept} stukken blijven, {dropped} gaan eraf</source>
        <translation>{kept} pieces stay, {dropped} go</translation>
    </message>
</context>
<context>
    <name>DateChooser</name>
    <message>
        <source>Alles zien zoals het was op</source>
        <translation>See everything as it was on</translation>
    </message>
    <message>
        <source>Peildatum</source>
        <translation>Reference date</translation>
    </message>
    <message>
        <source>Vandaag</source>
        <translation>Today</translation>
    </message>
    <message>
        <source>Een week geleden</source>
        <translation>A week ago</translation>
    </message>
    <message>
        <source>Begin van deze maand</source>
        <translation>Start of this month</translation>
    </message>
    <message>
        <source>Begin van dit kwartaal</source>
        <translation>Start of this quarter</translation>
    </message>
    <message>
        <source>Begin van dit jaar</source>
        <translation>Start of this year</translation>
    </message>
    <message>
        <source>Begin van vorig jaar</source>
        <translation>Start of last year</translation>
    </message>
</context>
<context>
    <name>DateInput</name>
    <message>
        <source>dd-mm-jjjj</source>
        <translation>dd-mm-yyyy</translation>
    </message>
    <message>
        <source>Kies in de kalender (Alt+omlaag)</source>
        <translation>Choose in the calendar (Alt+Down)</translation>
    </message>
    <message>
        <source>Kalender</source>
        <translation>Calendar</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Het voorbeeld wordt gemaakt…</source>
        <translation>Making the example…</translation>
    </message>
    <message>
        <source>Het bestand wordt versleuteld…</source>
        <translation>The file is being encrypted…</translation>
    </message>
    <message>
        <source>Dat lukt niet</source>
        <translation>That is not possible</translation>
    </message>
    <message>
        <source>Opnieuw starten</source>
        <translation>Start again</translation>
    </message>
    <message>
        <source>{0} is versleuteld. Het programma start opnieuw om het te openen.</source>
        <translation>{0} is encrypted. The program starts again to open it.</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>DIWI Desktop kan niet starten door een fout in het programma. Uw register is niet gewijzigd.</source>
        <translation>DIWI Desktop cannot start because of an error in the program. Your register has not been changed.</translation>
    </message>
    <message>
        <source>{0} gaat open zodra het is gesloten; het wordt nog gelezen.</source>
        <translation>{0} opens as soon as it has been closed; it is still being read.</translation>
    </message>
    <message>
        <source>Fout in het programma</source>
        <translation>Error in the program</translation>
    </message>
</context>
<context>
    <name>Detail</name>
    <message>
        <source>Mijn versie</source>
        <translation>My version</translation>
    </message>
    <message>
        <source>Hun versie</source>
        <translation>Their version</translation>
    </message>
    <message>
        <source>Zoals het was</source>
        <translation>As it was</translation>
    </message>
    <message>
        <source>u, %1</source>
        <translation>you, %1</translation>
    </message>
    <message>
        <source>u</source>
        <translation>you</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>Schrijfrechten</source>
        <translation>Write rights</translation>
    </message>
    <message>
        <source>%1 (groep)</source>
        <translation>%1 (group)</translation>
    </message>
    <message>
        <source>iemand anders</source>
        <translation>somebody else</translation>
    </message>
</context>
<context>
    <name>DevicesDialog</name>
    <message>
        <source>Apparaten</source>
        <translation>Devices</translation>
    </message>
    <message>
        <source>Hier bent u aangemeld. Een computer die u afmeldt kan niet meer synchroniseren, en wat erop staat is te lezen tot de offline termijn voorbij is. Voor een andere computer toont u opnieuw wie u bent.</source>
        <translation>You are signed in here. A computer that you sign out can no longer synchronise, and what is on it can be read until the offline period is over. For another computer you show again who you are.</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>Computer</translation>
    </message>
    <message>
        <source>Laatst gezien</source>
        <translation>Last seen</translation>
    </message>
    <message>
        <source>Stand</source>
        <translation>State</translation>
    </message>
    <message>
        <source>Gekozen computer afmelden</source>
        <translation>Sign out the chosen computer</translation>
    </message>
    <message>
        <source>Uw &amp;wachtwoord</source>
        <translation>Your &amp;password</translation>
    </message>
    <message>
        <source>deze computer</source>
        <translation>this computer</translation>
    </message>
    <message>
        <source>aangemeld</source>
        <translation>signed in</translation>
    </message>
    <message>
        <source>Meld u aan in de browser die is geopend en kom daarna hier terug.</source>
        <translation>Sign in in the browser that has opened, then come back here.</translation>
    </message>
</context>
<context>
    <name>Division</name>
    <message>
        <source>Onbekend</source>
        <translation>Unknown</translation>
    </message>
    <message>
        <source>Te veel</source>
        <translation>Too many</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>Kaart</source>
        <translation>Map</translation>
    </message>
    <message>
        <source>Projecten</source>
        <translation>Projects</translation>
    </message>
    <message>
        <source>Projectpagina</source>
        <translation>Project page</translation>
    </message>
    <message>
        <source>Planning</source>
        <translation>Planning</translation>
    </message>
    <message>
        <source>Meldingen</source>
        <translation>Findings</translation>
    </message>
    <message>
        <source>Aanleveringen</source>
        <translation>Submissions</translation>
    </message>
    <message>
        <source>Historie</source>
        <translation>History</translation>
    </message>
    <message>
        <source>Beheer</source>
        <translation>Admin</translation>
    </message>
    <message>
        <source>Conflicten</source>
        <translation>Conflicts</translation>
    </message>
    <message>
        <source>Aanleveren</source>
        <translation>Submit</translation>
    </message>
    <message>
        <source>Alle panelen zijn gesloten</source>
        <translation>All panels are closed</translation>
    </message>
    <message>
        <source>Kies links een onderdeel, of zet alles terug (Ctrl+Shift+1).</source>
        <translation>Choose a part at the left, or put everything back (Ctrl+Shift+1).</translation>
    </message>
    <message>
        <source>Indeling Overzicht</source>
        <translation>Layout Overview</translation>
    </message>
</context>
<context>
    <name>DocumentModel</name>
    <message>
        <source>als het project</source>
        <translation>as the project</translation>
    </message>
</context>
<context>
    <name>Documents</name>
    <message>
        <source>nog te verzenden</source>
        <translation>to be sent</translation>
    </message>
    <message>
        <source>wordt opgehaald</source>
        <translation>being fetched</translation>
    </message>
    <message>
        <source>op deze computer</source>
        <translation>on this computer</translation>
    </message>
    <message>
        <source>op de server</source>
        <translation>on the server</translation>
    </message>
    <message>
        <source>ontbreekt</source>
        <translation>missing</translation>
    </message>
    <message>
        <source>Toevoegen…</source>
        <translation>Add…</translation>
    </message>
    <message>
        <source>Openen</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Opslaan als…</source>
        <translation>Save as…</translation>
    </message>
    <message>
        <source>Verwijderen</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>Alles offline beschikbaar</source>
        <translation>All available offline</translation>
    </message>
    <message>
        <source>Alle documenten van dit project op deze computer bewaren, ook die er nog bij komen</source>
        <translation>Keep all documents of this project on this computer, those still to come too</translation>
    </message>
    <message>
        <source>Een bestand mag hoogstens %1 MB groot zijn; sleep bestanden hierheen of kies Toevoegen.</source>
        <translation>A file may be %1 MB at most; drag files here or choose Add.</translation>
    </message>
    <message>
        <source>Er zijn nog geen documenten bij dit project.</source>
        <translation>This project has no documents yet.</translation>
    </message>
    <message>
        <source>Sleep een bestand hierheen of kies Toevoegen: een overeenkomst, een tekening, een besluit.</source>
        <translation>Drag a file here or choose Add: an agreement, a drawing, a decision.</translation>
    </message>
    <message>
        <source>Laat los om toe te voegen</source>
        <translation>Let go to add</translation>
    </message>
    <message>
        <source>Toevoegen (Insert)</source>
        <translation>Add (Insert)</translation>
    </message>
    <message>
        <source>Document toevoegen</source>
        <translation>Add document</translation>
    </message>
    <message>
        <source>Documenten toevoegen</source>
        <translation>Add documents</translation>
    </message>
    <message>
        <source>1 document toegevoegd. Ctrl+Z maakt dit ongedaan.</source>
        <translation>1 document added. Ctrl+Z takes it back.</translation>
    </message>
    <message>
        <source>%1 documenten toegevoegd.</source>
        <translation>%1 documents added.</translation>
    </message>
    <message>
        <source>1 bestand is niet toegevoegd:</source>
        <translation>1 file was not added:</translation>
    </message>
    <message>
        <source>%1 bestanden zijn niet toegevoegd:</source>
        <translation>%1 files were not added:</translation>
    </message>
    <message>
        <source>Document openen</source>
        <translation>Open document</translation>
    </message>
    <message>
        <source>Er is geen programma dat %1 kan openen; kies Opslaan als.</source>
        <translation>There is no program that can open %1; choose Save as.</translation>
    </message>
    <message>
        <source>Document opslaan als</source>
        <translation>Save document as</translation>
    </message>
    <message>
        <source>Opgeslagen als %1.</source>
        <translation>Saved as %1.</translation>
    </message>
    <message>
        <source>%1 documenten</source>
        <translation>%1 documents</translation>
    </message>
    <message>
        <source>%1 verwijderd. Ctrl+Z maakt dit ongedaan.</source>
        <translation>%1 removed. Ctrl+Z takes it back.</translation>
    </message>
</context>
<context>
    <name>DrawTool</name>
    <message>
        <source>Vlak tekenen</source>
        <translation>Draw polygon</translation>
    </message>
    <message>
        <source>Een nieuw vlak tekenen, hoek voor hoek</source>
        <translation>Draw a new polygon, corner by corner</translation>
    </message>
    <message>
        <source>Klik de hoeken van het vlak; het komt bij het plangebied.</source>
        <translation>Click the corners of the polygon; it is added to the plan area.</translation>
    </message>
    <message>
        <source>Klik de hoeken van het nieuwe plangebied.</source>
        <translation>Click the corners of the new plan area.</translation>
    </message>
    <message>
        <source>Klik de volgende hoek; Backspace haalt de laatste weg, Esc stopt.</source>
        <translation>Click the next corner; Backspace takes the last one away, Esc stops.</translation>
    </message>
    <message>
        <source>Enter of dubbelklik maakt het vlak af; Backspace haalt de laatste hoek weg.</source>
        <translation>Enter or a double click finishes the polygon; Backspace takes the last corner away.</translation>
    </message>
</context>
<context>
    <name>Editing</name>
    <message>
        <source>Toch wijzigen</source>
        <translation>Change it all the same</translation>
    </message>
</context>
<context>
    <name>EntityModel</name>
    <message>
        <source>%1…</source>
        <translation>%1…</translation>
    </message>
</context>
<context>
    <name>EntityTable</name>
    <message>
        <source>%1 toevoegen</source>
        <translation>Add %1</translation>
    </message>
    <message>
        <source>Toevoegen (Insert in de tabel)</source>
        <translation>Add (Insert in the table)</translation>
    </message>
    <message>
        <source>Verwijderen</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Verwijder de gekozen rij (Delete)</source>
        <translation>Delete the selected row (Delete)</translation>
    </message>
</context>
<context>
    <name>ExportChoose</name>
    <message>
        <source>&amp;Provincie</source>
        <translation>&amp;Province</translation>
    </message>
    <message>
        <source>Provincie</source>
        <translation>Province</translation>
    </message>
    <message>
        <source>&amp;Vertrouwelijkheid vanaf</source>
        <translation>&amp;Confidentiality from</translation>
    </message>
    <message>
        <source>Vertrouwelijkheid vanaf</source>
        <translation>Confidentiality from</translation>
    </message>
    <message>
        <source>Projecten die strenger zijn, gaan niet mee.</source>
        <translation>Stricter projects are not included.</translation>
    </message>
    <message>
        <source>P&amp;eildatum</source>
        <translation>R&amp;eference date</translation>
    </message>
    <message>
        <source>Peildatum</source>
        <translation>Reference date</translation>
    </message>
    <message>
        <source>De dag waarop de cijfers gelden.</source>
        <translation>The day for which the figures hold.</translation>
    </message>
    <message>
        <source>Zoals het toen bekend was</source>
        <translation>As it was known then</translation>
    </message>
    <message>
        <source>Gebruik het register zoals het aan het eind van de peildatum was, zonder latere verbeteringen.</source>
        <translation>Use the register as it was at the end of the reference date, without later corrections.</translation>
    </message>
    <message>
        <source>Filter op project</source>
        <translation>Filter by project</translation>
    </message>
    <message>
        <source>Filter op naam, code, fase of status…</source>
        <translation>Filter by name, code, phase or status…</translation>
    </message>
    <message>
        <source>&amp;Alles aanvinken</source>
        <translation>Tick &amp;all</translation>
    </message>
    <message>
        <source>Vink alle getoonde projecten aan</source>
        <translation>Tick all projects shown</translation>
    </message>
    <message>
        <source>&amp;Niets</source>
        <translation>&amp;None</translation>
    </message>
    <message>
        <source>Vink alle getoonde projecten uit</source>
        <translation>Untick all projects shown</translation>
    </message>
    <message>
        <source>Alleen &amp;selectie</source>
        <translation>&amp;Selection only</translation>
    </message>
    <message>
        <source>Vink alleen de projecten aan die in het venster gekozen zijn</source>
        <translation>Tick only the projects selected in the window</translation>
    </message>
    <message>
        <source>Projecten</source>
        <translation>Projects</translation>
    </message>
</context>
<context>
    <name>ExportFindings</name>
    <message>
        <source>Groeperen op</source>
        <translation>Group by</translation>
    </message>
    <message>
        <source>Meldingen</source>
        <translation>Findings</translation>
    </message>
    <message>
        <source>&amp;Ga naar het veld</source>
        <translation>&amp;Go to the field</translation>
    </message>
    <message>
        <source>Toon het veld in het venster; dit scherm blijft open (Enter)</source>
        <translation>Show the field in the window; this screen stays open (Enter)</translation>
    </message>
    <message>
        <source>Naar &amp;koppelen</source>
        <translation>To &amp;mapping</translation>
    </message>
    <message>
        <source>&amp;Laat projecten met fouten weg</source>
        <translation>&amp;Leave out projects with errors</translation>
    </message>
    <message>
        <source>De andere projecten gaan mee; de weggelaten projecten staan in het verslag.</source>
        <translation>The other projects are included; those left out are listed in the report.</translation>
    </message>
    <message>
        <source>Groepe&amp;ren op</source>
        <translation>G&amp;roup by</translation>
    </message>
</context>
<context>
    <name>ExportFrame</name>
    <message>
        <source>Stappen</source>
        <translation>Steps</translation>
    </message>
    <message>
        <source>Aanleveren</source>
        <translation>Submit</translation>
    </message>
    <message>
        <source>Voortgang</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Vorige</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Volgende</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>Sluiten</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>ExportMapping</name>
    <message>
        <source>Velden van de provincie</source>
        <translation>Fields of the province</translation>
    </message>
    <message>
        <source>Voorstellen op &amp;naam</source>
        <translation>Suggest by &amp;name</translation>
    </message>
    <message>
        <source>Zoek voor de velden die niet gekoppeld zijn een eigen veld met dezelfde naam</source>
        <translation>For the fields not mapped, look for an own field of the same name</translation>
    </message>
    <message>
        <source>Komt &amp;uit</source>
        <translation>Comes &amp;from</translation>
    </message>
    <message>
        <source>Komt uit</source>
        <translation>Comes from</translation>
    </message>
    <message>
        <source>Vaste &amp;waarde als het veld leeg is</source>
        <translation>Fixed &amp;value when the field is empty</translation>
    </message>
    <message>
        <source>Vaste waarde</source>
        <translation>Fixed value</translation>
    </message>
    <message>
        <source>geen</source>
        <translation>none</translation>
    </message>
    <message>
        <source>Welke &amp;keuze hoort bij welke</source>
        <translation>Which &amp;option belongs to which</translation>
    </message>
    <message>
        <source>Keuzes</source>
        <translation>Options</translation>
    </message>
</context>
<context>
    <name>ExportPreview</name>
    <message>
        <source>Voorbeeld van het bestand</source>
        <translation>Preview of the file</translation>
    </message>
    <message>
        <source>Woningen per opleverjaar</source>
        <translation>Homes per year of delivery</translation>
    </message>
</context>
<context>
    <name>ExportWizard</name>
    <message>
        <source>Aanleveren aan de provincie</source>
        <translation>Submission to the province</translation>
    </message>
    <message>
        <source>Kiezen</source>
        <translation>Select</translation>
    </message>
    <message>
        <source>Welke projecten gaan mee, en van welke dag zijn de cijfers?</source>
        <translation>Which projects are included, and of which day are the figures?</translation>
    </message>
    <message>
        <source>Koppelen</source>
        <translation>Map fields</translation>
    </message>
    <message>
        <source>Welk eigen veld en welke eigen keuze hoort bij die van de provincie?</source>
        <translation>Which own field and own option belongs to that of the province?</translation>
    </message>
    <message>
        <source>Controleren</source>
        <translation>Check</translation>
    </message>
    <message>
        <source>Wat de provincie zou weigeren, staat bovenaan. Herstel het hier.</source>
        <translation>What the province would refuse comes first. Correct it here.</translation>
    </message>
    <message>
        <source>Bekijken</source>
        <translation>Preview</translation>
    </message>
    <message>
        <source>Dit krijgt de provincie te zien.</source>
        <translation>This is what the province gets to see.</translation>
    </message>
    <message>
        <source>Aanleveren</source>
        <translation>Submit</translation>
    </message>
    <message>
        <source>Schrijf het bestand; het verslag ervan komt in het register.</source>
        <translation>Write the file; the report on it is kept in the register.</translation>
    </message>
    <message>
        <source>Bestand &amp;schrijven</source>
        <translation>&amp;Write file</translation>
    </message>
    <message>
        <source>&amp;Volgende</source>
        <translation>&amp;Next</translation>
    </message>
    <message>
        <source>De projecten worden gelezen…</source>
        <translation>Reading the projects…</translation>
    </message>
    <message>
        <source>Vink ten minste één project aan.</source>
        <translation>Tick at least one project.</translation>
    </message>
    <message>
        <source>%1 voorstel op naam</source>
        <translation>%1 suggestion by name</translation>
    </message>
    <message>
        <source>%1 voorstellen op naam</source>
        <translation>%1 suggestions by name</translation>
    </message>
    <message>
        <source>%1; wordt bewaard als u verdergaat.</source>
        <translation>%1; kept when you go on.</translation>
    </message>
    <message>
        <source>Het bestand wordt geschreven…</source>
        <translation>Writing the file…</translation>
    </message>
    <message>
        <source>Wordt gecontroleerd…</source>
        <translation>Checking…</translation>
    </message>
    <message>
        <source>De koppeling heeft nog een fout.</source>
        <translation>The mapping still has an error.</translation>
    </message>
    <message>
        <source>Herstel de fouten of laat de projecten met fouten weg.</source>
        <translation>Correct the errors or leave out the projects with errors.</translation>
    </message>
    <message>
        <source>Er blijft geen project over om aan te leveren.</source>
        <translation>No project is left to submit.</translation>
    </message>
</context>
<context>
    <name>ExportWrite</name>
    <message>
        <source>&amp;Bestand</source>
        <translation>&amp;File</translation>
    </message>
    <message>
        <source>Bestand</source>
        <translation>File</translation>
    </message>
    <message>
        <source>Bladeren…</source>
        <translation>Browse…</translation>
    </message>
    <message>
        <source>Map &amp;openen</source>
        <translation>Open f&amp;older</translation>
    </message>
</context>
<context>
    <name>FieldEditor</name>
    <message>
        <source>Uitleg bij %1</source>
        <translation>Help with %1</translation>
    </message>
</context>
<context>
    <name>FilterChips</name>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filter op een kolom (Ctrl+Shift+F)</source>
        <translation>Filter by a column (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>Wis alle filters</source>
        <translation>Clear all filters</translation>
    </message>
    <message>
        <source>Wijzig dit filter</source>
        <translation>Change this filter</translation>
    </message>
    <message>
        <source>Haal dit filter weg</source>
        <translation>Remove this filter</translation>
    </message>
    <message>
        <source>Haal filter weg: {0}</source>
        <translation>Remove filter: {0}</translation>
    </message>
</context>
<context>
    <name>FilterPopover</name>
    <message>
        <source>Filter op {0}</source>
        <translation>Filter by {0}</translation>
    </message>
    <message>
        <source>Wis filter</source>
        <translation>Clear filter</translation>
    </message>
</context>
<context>
    <name>FindingsModel</name>
    <message>
        <source>Rij</source>
        <translation>Row</translation>
    </message>
    <message>
        <source>Kolom</source>
        <translation>Column</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Project</translation>
    </message>
    <message>
        <source>Waarde</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Wat is er mis</source>
        <translation>What is wrong</translation>
    </message>
</context>
<context>
    <name>FindingsPage</name>
    <message>
        <source>Project</source>
        <translation>Project</translation>
    </message>
    <message>
        <source>Soort melding</source>
        <translation>Kind of finding</translation>
    </message>
    <message>
        <source>Melding</source>
        <translation>Finding</translation>
    </message>
    <message>
        <source>Veld</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>Koppeling met de provincie</source>
        <translation>Mapping to the province</translation>
    </message>
    <message>
        <source>fout</source>
        <translation>error</translation>
    </message>
    <message>
        <source>waarschuwing</source>
        <translation>warning</translation>
    </message>
    <message>
        <source>%1 waarschuwing</source>
        <translation>%1 warning</translation>
    </message>
    <message>
        <source>%1 waarschuwingen</source>
        <translation>%1 warnings</translation>
    </message>
    <message>
        <source>Geen meldingen: de provincie kan alles aannemen.</source>
        <translation>No findings: the province can accept everything.</translation>
    </message>
    <message>
        <source>%1 fout</source>
        <translation>%1 error</translation>
    </message>
    <message>
        <source>%1 fouten</source>
        <translation>%1 errors</translation>
    </message>
    <message>
        <source>%1 in %2, %3; met fouten komt er geen bestand.</source>
        <translation>%1 in %2, %3; with errors no file is made.</translation>
    </message>
    <message>
        <source>%1 project</source>
        <translation>%1 project</translation>
    </message>
    <message>
        <source>%1 projecten</source>
        <translation>%1 projects</translation>
    </message>
    <message>
        <source>Geen fouten, %1.</source>
        <translation>No errors, %1.</translation>
    </message>
    <message>
        <source>Bron: %1</source>
        <translation>Source: %1</translation>
    </message>
</context>
<context>
    <name>FindingsPanel</name>
    <message>
        <source>Zoeken…</source>
        <translation>Search…</translation>
    </message>
    <message>
        <source>Zoek in de meldingen</source>
        <translation>Search the findings</translation>
    </message>
    <message>
        <source>Alle</source>
        <translation>All</translation>
    </message>
    <message>
        <source>Fouten</source>
        <translation>Errors</translation>
    </message>
    <message>
        <source>Waarschuwingen</source>
        <translation>Warnings</translation>
    </message>
    <message>
        <source>Selectie</source>
        <translation>Selection</translation>
    </message>
    <message>
        <source>Alleen meldingen van de gekozen projecten</source>
        <translation>Only findings of the selected projects</translation>
    </message>
    <message>
        <source>Groeperen</source>
        <translation>Group</translation>
    </message>
    <message>
        <source>Per soort</source>
        <translation>By kind</translation>
    </message>
    <message>
        <source>Per project</source>
        <translation>By project</translation>
    </message>
    <message>
        <source>Melding</source>
        <translation>Finding</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Project</translation>
    </message>
    <message>
        <source>Meldingen</source>
        <translation>Findings</translation>
    </message>
    <message>
        <source>Geen meldingen</source>
        <translation>No findings</translation>
    </message>
    <message>
        <source>Alle gegevens kloppen met de regels.</source>
        <translation>All data agree with the rules.</translation>
    </message>
    <message>
        <source>… en nog {0} projecten</source>
        <translation>… and {0} more projects</translation>
    </message>
    <message>
        <source>… en nog {0} meldingen</source>
        <translation>… and {0} more findings</translation>
    </message>
    <message>
        <source>Bron: {0}</source>
        <translation>Source: {0}</translation>
    </message>
    <message>
        <source>Niet zo: %1</source>
        <translation>Not so: %1</translation>
    </message>
</context>
<context>
    <name>HandOverDialog</name>
    <message>
        <source>Projecten overdragen</source>
        <translation>Hand over projects</translation>
    </message>
    <message>
        <source>%1 is eigenaar van 1 project. Wie wordt de nieuwe eigenaar?</source>
        <translation>%1 owns 1 project. Who becomes the new owner?</translation>
    </message>
    <message>
        <source>%1 is eigenaar van %2 projecten. Wie wordt de nieuwe eigenaar?</source>
        <translation>%1 owns %2 projects. Who becomes the new owner?</translation>
    </message>
    <message>
        <source>Nieuwe eigenaar</source>
        <translation>New owner</translation>
    </message>
    <message>
        <source>Kies een persoon of groep</source>
        <translation>Choose a person or group</translation>
    </message>
    <message>
        <source>%1 (groep)</source>
        <translation>%1 (group)</translation>
    </message>
    <message>
        <source>%1 vertrekt: uit alle groepen en geen toegang meer</source>
        <translation>%1 leaves: out of all groups and no access any more</translation>
    </message>
    <message>
        <source>Overdragen</source>
        <translation>Hand over</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>1 project overgedragen</source>
        <translation>1 project handed over</translation>
    </message>
    <message>
        <source>%1 projecten overgedragen</source>
        <translation>%1 projects handed over</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Alleen bekijken</source>
        <translation>View only</translation>
    </message>
    <message>
        <source>Geen fase</source>
        <translation>No phase</translation>
    </message>
    <message>
        <source>Projectfase: %1</source>
        <translation>Project phase: %1</translation>
    </message>
    <message>
        <source>geen</source>
        <translation>none</translation>
    </message>
    <message>
        <source>hard plan</source>
        <translation>hard plan</translation>
    </message>
    <message>
        <source>zacht plan</source>
        <translation>soft plan</translation>
    </message>
    <message>
        <source>Geen planstatus</source>
        <translation>No plan status</translation>
    </message>
    <message>
        <source>Planologische planstatus: %1</source>
        <translation>Planning status: %1</translation>
    </message>
    <message>
        <source>Projectstatus: %1</source>
        <translation>Project status: %1</translation>
    </message>
    <message>
        <source>Vertrouwelijkheid: %1</source>
        <translation>Confidentiality: %1</translation>
    </message>
    <message>
        <source>1 signaal</source>
        <translation>1 alert</translation>
    </message>
    <message>
        <source>%1 signalen</source>
        <translation>%1 alerts</translation>
    </message>
    <message>
        <source>Geen signalen</source>
        <translation>No alerts</translation>
    </message>
    <message>
        <source>Wat er mis of twijfelachtig is; kies er een om erheen te gaan</source>
        <translation>What is wrong or doubtful; choose one to go there</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Zoek in de historie</source>
        <translation>Search the history</translation>
    </message>
    <message>
        <source>Historie van dit project</source>
        <translation>History of this project</translation>
    </message>
    <message>
        <source>Oudere wijzigingen tonen</source>
        <translation>Show older changes</translation>
    </message>
    <message>
        <source>1 wijziging</source>
        <translation>1 change</translation>
    </message>
    <message>
        <source>%1 wijzigingen</source>
        <translation>%1 changes</translation>
    </message>
    <message>
        <source>Ongedaan: %1</source>
        <translation>Undone: %1</translation>
    </message>
    <message>
        <source>Opnieuw: %1</source>
        <translation>Redone: %1</translation>
    </message>
    <message>
        <source>%1 gemaakt</source>
        <translation>%1 made</translation>
    </message>
    <message>
        <source>%1 verwijderd</source>
        <translation>%1 deleted</translation>
    </message>
    <message>
        <source>%1 teruggezet</source>
        <translation>%1 restored</translation>
    </message>
    <message>
        <source>%1 gewijzigd</source>
        <translation>%1 changed</translation>
    </message>
    <message>
        <source>%1: leeggemaakt (was %2)</source>
        <translation>%1: made empty (was %2)</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Wanneer</source>
        <translation>When</translation>
    </message>
    <message>
        <source>Wie</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>Handeling</source>
        <translation>Action</translation>
    </message>
    <message>
        <source>Wat er veranderde</source>
        <translation>What changed</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Alleen gekozen project</source>
        <translation>Selected project only</translation>
    </message>
    <message>
        <source>Bekijk deze dag</source>
        <translation>View this day</translation>
    </message>
    <message>
        <source>Het hele venster tonen zoals het aan het eind van deze dag was</source>
        <translation>Show the whole window as it was at the end of this day</translation>
    </message>
    <message>
        <source>Historie</source>
        <translation>History</translation>
    </message>
    <message>
        <source>Wat er veranderde</source>
        <translation>What changed</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Project</translation>
    </message>
    <message>
        <source>Wie</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>Wanneer</source>
        <translation>When</translation>
    </message>
    <message>
        <source>Oudere wijzigingen tonen</source>
        <translation>Show older changes</translation>
    </message>
    <message>
        <source>Nog geen wijzigingen.</source>
        <translation>No changes yet.</translation>
    </message>
    <message>
        <source>{0} projecten</source>
        <translation>{0} projects</translation>
    </message>
    <message>
        <source>… en nog {0} wijzigingen</source>
        <translation>… and {0} more changes</translation>
    </message>
    <message>
        <source>verwijderd project</source>
        <translation>deleted project</translation>
    </message>
    <message>
        <source>Zoeken…</source>
        <translation>Search…</translation>
    </message>
    <message>
        <source>Zoek in de historie</source>
        <translation>Search the history</translation>
    </message>
    <message>
        <source>Bekijk {0}</source>
        <translation>View {0}</translation>
    </message>
</context>
<context>
    <name>HomesChart</name>
    <message>
        <source>Woningen per jaar</source>
        <translation>Homes per year</translation>
    </message>
    <message>
        <source>%1: bouw %2, sloop %3</source>
        <translation>%1: construction %2, demolition %3</translation>
    </message>
    <message>
        <source>Nog geen opleveringen</source>
        <translation>No deliveries yet</translation>
    </message>
    <message>
        <source>Nog geen opleveringen. Voeg bij Programma een oplevering toe.</source>
        <translation>No deliveries yet. Add a delivery under Programme.</translation>
    </message>
    <message>
        <source>%1: bouw %2, sloop %3, netto %4</source>
        <translation>%1: construction %2, demolition %3, net %4</translation>
    </message>
</context>
<context>
    <name>Import</name>
    <message>
        <source>Importeren</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>Bestand</source>
        <translation>File</translation>
    </message>
    <message>
        <source>Soort bestand</source>
        <translation>Kind of file</translation>
    </message>
    <message>
        <source>Zo is het bestand herkend; kies zelf als dat niet klopt</source>
        <translation>This is how the file was recognised; choose yourself if that is not right</translation>
    </message>
    <message>
        <source>Ander bestand…</source>
        <translation>Other file…</translation>
    </message>
    <message>
        <source>Sleep een bestand hierheen</source>
        <translation>Drag a file here</translation>
    </message>
    <message>
        <source>Bestand kiezen…</source>
        <translation>Choose file…</translation>
    </message>
    <message>
        <source>DIWI-Excel, DIWI-GeoJSON, kadastrale percelen of panden (GML, GeoPackage, GeoJSON)</source>
        <translation>DIWI Excel, DIWI GeoJSON, cadastral parcels or buildings (GML, GeoPackage, GeoJSON)</translation>
    </message>
    <message>
        <source>Bestaande projecten &amp;overslaan</source>
        <translation>&amp;Skip existing projects</translation>
    </message>
    <message>
        <source>Bestaande projecten &amp;bijwerken met wat in het bestand staat</source>
        <translation>&amp;Update existing projects with what the file says</translation>
    </message>
    <message>
        <source>Projecten in het bestand</source>
        <translation>Projects in the file</translation>
    </message>
    <message>
        <source>Toon op &amp;kaart</source>
        <translation>Show on &amp;map</translation>
    </message>
    <message>
        <source>Toon &amp;projecten</source>
        <translation>Show &amp;projects</translation>
    </message>
    <message>
        <source>Zoek in de meldingen</source>
        <translation>Search the findings</translation>
    </message>
    <message>
        <source>Alleen fouten</source>
        <translation>Errors only</translation>
    </message>
    <message>
        <source>Kopiëren</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Kopieer de meldingen om in Excel te plakken</source>
        <translation>Copy the findings to paste into Excel</translation>
    </message>
    <message>
        <source>Meldingen over het bestand</source>
        <translation>Findings about the file</translation>
    </message>
    <message>
        <source>De gekozen melding</source>
        <translation>The selected finding</translation>
    </message>
    <message>
        <source>Soort veld</source>
        <translation>Field type</translation>
    </message>
    <message>
        <source>Waarom niet elk soort veld kan</source>
        <translation>Why not every type of field is possible</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>DIWI-Excel</source>
        <translation>DIWI Excel</translation>
    </message>
    <message>
        <source>DIWI-GeoJSON</source>
        <translation>DIWI GeoJSON</translation>
    </message>
    <message>
        <source>Kadastrale percelen</source>
        <translation>Cadastral parcels</translation>
    </message>
    <message>
        <source>Panden</source>
        <translation>Buildings</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Project</translation>
    </message>
    <message>
        <source>Wat</source>
        <translation>What</translation>
    </message>
    <message>
        <source>Blokken</source>
        <translation>Blocks</translation>
    </message>
    <message>
        <source>Bouw</source>
        <translation>Construction</translation>
    </message>
    <message>
        <source>Sloop</source>
        <translation>Demolition</translation>
    </message>
    <message>
        <source>Importeren</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>Opnieuw proberen</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Lees het bestand opnieuw, bijvoorbeeld nadat u het in Excel hebt verbeterd</source>
        <translation>Read the file again, for instance after you corrected it in Excel</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Alle bruikbare bestanden (*.xlsx *.xlsm *.geojson *.json *.gml *.xml *.gpkg);;Alle bestanden (*)</source>
        <translation>All usable files (*.xlsx *.xlsm *.geojson *.json *.gml *.xml *.gpkg);;All files (*)</translation>
    </message>
    <message>
        <source>Bestand om te importeren</source>
        <translation>File to import</translation>
    </message>
    <message>
        <source>Bestand bekijken</source>
        <translation>Looking at the file</translation>
    </message>
    <message>
        <source>Sluiten</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>1 melding</source>
        <translation>1 finding</translation>
    </message>
    <message>
        <source>%1 meldingen</source>
        <translation>%1 findings</translation>
    </message>
    <message>
        <source>1 fout</source>
        <translation>1 error</translation>
    </message>
    <message>
        <source>%1 fouten</source>
        <translation>%1 errors</translation>
    </message>
    <message>
        <source>%1; er is niets ingelezen.</source>
        <translation>%1; nothing was imported.</translation>
    </message>
</context>
<context>
    <name>ImportWords</name>
    <message>
        <source>1 project</source>
        <translation>1 project</translation>
    </message>
    <message>
        <source>%1 projecten</source>
        <translation>%1 projects</translation>
    </message>
    <message>
        <source>1 perceel</source>
        <translation>1 parcel</translation>
    </message>
    <message>
        <source>%1 percelen</source>
        <translation>%1 parcels</translation>
    </message>
    <message>
        <source>1 pand</source>
        <translation>1 building</translation>
    </message>
    <message>
        <source>%1 panden</source>
        <translation>%1 buildings</translation>
    </message>
    <message>
        <source>Er staan geen projecten in dit bestand; er is niets om in te lezen.</source>
        <translation>This file holds no projects; there is nothing to import.</translation>
    </message>
    <message>
        <source>%1 nieuw</source>
        <translation>%1 new</translation>
    </message>
    <message>
        <source>%1 anders dan in het register</source>
        <translation>%1 different from the register</translation>
    </message>
    <message>
        <source>%1 gelijk aan het register</source>
        <translation>%1 the same as in the register</translation>
    </message>
    <message>
        <source>%1 woningen bouw</source>
        <translation>%1 homes built</translation>
    </message>
    <message>
        <source>%1 woningen sloop</source>
        <translation>%1 homes demolished</translation>
    </message>
    <message>
        <source>1 woningblok</source>
        <translation>1 house block</translation>
    </message>
    <message>
        <source>%1 woningblokken</source>
        <translation>%1 house blocks</translation>
    </message>
    <message>
        <source>1 plangebied</source>
        <translation>1 plan area</translation>
    </message>
    <message>
        <source>%1 plangebieden</source>
        <translation>%1 plan areas</translation>
    </message>
    <message>
        <source>%1 vervangen wat er al is</source>
        <translation>%1 replace what is there</translation>
    </message>
    <message>
        <source> en nog %1</source>
        <translation> and %1 more</translation>
    </message>
    <message>
        <source>Kadastrale gemeente: %1.</source>
        <translation>Cadastral municipality: %1.</translation>
    </message>
    <message>
        <source>Coördinaten: %1.</source>
        <translation>Coordinates: %1.</translation>
    </message>
    <message>
        <source>Gebied: %1 bij %2 m, rond RD %3, %4.</source>
        <translation>Area: %1 by %2 m, around RD %3, %4.</translation>
    </message>
    <message>
        <source>Gebied: %1 bij %2 km, rond RD %3, %4.</source>
        <translation>Area: %1 by %2 km, around RD %3, %4.</translation>
    </message>
    <message>
        <source>RD New (EPSG:28992)</source>
        <translation>RD New (EPSG:28992)</translation>
    </message>
    <message>
        <source>%1 (%2), wordt omgerekend naar RD New</source>
        <translation>%1 (%2), converted to RD New</translation>
    </message>
    <message>
        <source>nieuw</source>
        <translation>new</translation>
    </message>
    <message>
        <source>bestaat al, anders</source>
        <translation>exists already, differs</translation>
    </message>
    <message>
        <source>bestaat al, gelijk</source>
        <translation>exists already, the same</translation>
    </message>
    <message>
        <source>%1 ingelezen</source>
        <translation>%1 imported</translation>
    </message>
    <message>
        <source>%1 gewijzigd</source>
        <translation>%1 changed</translation>
    </message>
    <message>
        <source>%1 gelijk gebleven</source>
        <translation>%1 the same</translation>
    </message>
    <message>
        <source>%1 overgeslagen</source>
        <translation>%1 skipped</translation>
    </message>
    <message>
        <source>Projecten: %1.</source>
        <translation>Projects: %1.</translation>
    </message>
    <message>
        <source>De import is klaar</source>
        <translation>The import is done</translation>
    </message>
</context>
<context>
    <name>Inbox</name>
    <message>
        <source>leeg</source>
        <translation>empty</translation>
    </message>
    <message>
        <source>verwijderd</source>
        <translation>removed</translation>
    </message>
    <message>
        <source>Het hele register</source>
        <translation>The whole register</translation>
    </message>
    <message>
        <source>Een project dat u niet (meer) ziet</source>
        <translation>A project that you do not see (any more)</translation>
    </message>
    <message>
        <source>%1 toevoegen</source>
        <translation>%1 (new)</translation>
    </message>
    <message>
        <source>%1 verwijderen</source>
        <translation>%1 (removal)</translation>
    </message>
    <message>
        <source>%1 wijzigde %2</source>
        <translation>%1 changed %2</translation>
    </message>
    <message>
        <source>%1 voegde toe: %2</source>
        <translation>%1 added: %2</translation>
    </message>
    <message>
        <source>%1 wijzigde %2 en voegde toe: %3</source>
        <translation>%1 changed %2 and added: %3</translation>
    </message>
    <message>
        <source>ongewijzigd</source>
        <translation>unchanged</translation>
    </message>
    <message>
        <source>niet verwijderd</source>
        <translation>not removed</translation>
    </message>
    <message>
        <source>onbekend</source>
        <translation>unknown</translation>
    </message>
</context>
<context>
    <name>InboxPanel</name>
    <message>
        <source>Conflicten</source>
        <translation>Conflicts</translation>
    </message>
    <message>
        <source>Niet geaccepteerd</source>
        <translation>Not accepted</translation>
    </message>
</context>
<context>
    <name>InviteDialog</name>
    <message>
        <source>Uitnodigen</source>
        <translation>Invite</translation>
    </message>
    <message>
        <source>Toegang herstellen</source>
        <translation>Restore access</translation>
    </message>
    <message>
        <source>Alleen het &amp;wachtwoord; de app op de telefoon blijft</source>
        <translation>The &amp;password only; the app on the phone stays</translation>
    </message>
    <message>
        <source>Wachtwoord en &amp;telefoon</source>
        <translation>Password and p&amp;hone</translation>
    </message>
    <message>
        <source>De koppeling met het aanmelden in de &amp;browser</source>
        <translation>The link with signing in in the &amp;browser</translation>
    </message>
    <message>
        <source>Link om te geven</source>
        <translation>Link to give</translation>
    </message>
    <message>
        <source>Kopiëren</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>In een e-mail</source>
        <translation>In an e-mail</translation>
    </message>
    <message>
        <source>Opent een nieuw bericht in uw mailprogramma, aan deze persoon</source>
        <translation>Opens a new message to this person in your mail program</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>{0} krijgt een link waarmee hij of zij een wachtwoord kiest. De link werkt één keer; een eerdere link werkt dan niet meer.</source>
        <translation>{0} gets a link with which to choose a password. The link works once; an earlier link then works no more.</translation>
    </message>
    <message>
        <source>{0} heeft al toegang. Wat is er kwijt? Bij herstellen wordt deze persoon overal afgemeld en kiest dit opnieuw.</source>
        <translation>{0} has access already. What is lost? Restoring signs this person out everywhere, who then chooses it again.</translation>
    </message>
    <message>
        <source>Uitnodiging geven</source>
        <translation>Give invitation</translation>
    </message>
    <message>
        <source>Herstellen</source>
        <translation>Restore</translation>
    </message>
    <message>
        <source>U bent niet verbonden met de server.</source>
        <translation>You are not connected to the server.</translation>
    </message>
    <message>
        <source>Even geduld…</source>
        <translation>One moment…</translation>
    </message>
    <message>
        <source>De server kent deze persoon nog niet; synchroniseer en probeer het opnieuw.</source>
        <translation>The server does not know this person yet; synchronise and try again.</translation>
    </message>
    <message>
        <source>Sluiten</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>Losgemaakt. Wie zich met {0} in de browser aanmeldt, krijgt de toegang.</source>
        <translation>Released. Who signs in in the browser with {0} gets the access.</translation>
    </message>
    <message>
        <source>Er is een bericht gestuurd naar {0}. De link daarin geldt tot {1}.</source>
        <translation>A message was sent to {0}. The link in it holds until {1}.</translation>
    </message>
    <message>
        <source>Geef deze link alleen aan {0} zelf: wie hem heeft, kiest het wachtwoord. Hij geldt tot {1}.</source>
        <translation>Give this link to {0} only: who has it chooses the password. It holds until {1}.</translation>
    </message>
    <message>
        <source>Gekopieerd</source>
        <translation>Copied</translation>
    </message>
    <message>
        <source>Uitnodiging voor DIWI Desktop</source>
        <translation>Invitation for DIWI Desktop</translation>
    </message>
    <message>
        <source>Met deze link kiest u in DIWI Desktop een wachtwoord, via Bestand, Uitnodiging gebruiken:

{0}</source>
        <translation>With this link you choose a password in DIWI Desktop, by File, Use an invitation:

{0}</translation>
    </message>
</context>
<context>
    <name>ItemEditor</name>
    <message>
        <source>Toevoegen</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>Bewaren</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Verwijderen</source>
        <translation>Delete</translation>
    </message>
</context>
<context>
    <name>ItemTree</name>
    <message>
        <source>… en nog %1</source>
        <translation>… and %1 more</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>Er ging iets mis in het programma. Er is niets half opgeslagen. U kunt verder werken.</source>
        <translation>Something went wrong in the program. Nothing was stored halfway. You can go on working.</translation>
    </message>
    <message>
        <source>Fout in het programma</source>
        <translation>Error in the program</translation>
    </message>
    <message>
        <source>Dat lukt niet</source>
        <translation>That is not possible</translation>
    </message>
    <message>
        <source>Soort fout: {0}</source>
        <translation>Kind of error: {0}</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Sneltoetsen</source>
        <translation>Keyboard shortcuts</translation>
    </message>
    <message>
        <source>Opdracht</source>
        <translation>Command</translation>
    </message>
    <message>
        <source>Toets</source>
        <translation>Key</translation>
    </message>
    <message>
        <source>Kaart: inzoomen en uitzoomen</source>
        <translation>Map: zoom in and out</translation>
    </message>
    <message>
        <source>Kaart: verschuiven</source>
        <translation>Map: move</translation>
    </message>
    <message>
        <source>spatie en slepen, of pijltjes</source>
        <translation>space and drag, or arrows</translation>
    </message>
    <message>
        <source>Gereedschap verlaten</source>
        <translation>Leave the tool</translation>
    </message>
    <message>
        <source>Tabel: gekozen rijen kopiëren</source>
        <translation>Table: copy the selected rows</translation>
    </message>
    <message>
        <source>Tabel: op nog een kolom sorteren</source>
        <translation>Table: sort by one more column</translation>
    </message>
    <message>
        <source>Shift en klik op de kop</source>
        <translation>Shift and click the heading</translation>
    </message>
    <message>
        <source>Sluiten</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>LayerPanel</name>
    <message>
        <source>Kaartlagen</source>
        <translation>Map layers</translation>
    </message>
    <message>
        <source>Lagen</source>
        <translation>Layers</translation>
    </message>
    <message>
        <source>Kaartlagen en legenda tonen of verbergen (L)</source>
        <translation>Show or hide map layers and legend (L)</translation>
    </message>
    <message>
        <source>Kaartlagen en legenda</source>
        <translation>Map layers and legend</translation>
    </message>
    <message>
        <source>Tonen</source>
        <translation>Show</translation>
    </message>
    <message>
        <source>Plannen</source>
        <translation>Plans</translation>
    </message>
    <message>
        <source>Namen en nummers</source>
        <translation>Names and numbers</translation>
    </message>
    <message>
        <source>Percelen</source>
        <translation>Parcels</translation>
    </message>
    <message>
        <source>Gebouwen</source>
        <translation>Buildings</translation>
    </message>
    <message>
        <source>Kleur naar</source>
        <translation>Colour by</translation>
    </message>
    <message>
        <source>Achtergrond</source>
        <translation>Background</translation>
    </message>
    <message>
        <source>Achtergrondkaart</source>
        <translation>Background map</translation>
    </message>
    <message>
        <source>Geen</source>
        <translation>None</translation>
    </message>
    <message>
        <source>Projectfase</source>
        <translation>Project phase</translation>
    </message>
    <message>
        <source>Planstatus</source>
        <translation>Plan status</translation>
    </message>
</context>
<context>
    <name>LeaseScreen</name>
    <message>
        <source>Uw werk is bewaard en gaat dan mee.</source>
        <translation>Your work is kept and goes along then.</translation>
    </message>
    <message>
        <source>Verbinden met de server</source>
        <translation>Connect to the server</translation>
    </message>
    <message>
        <source>Bezig met synchroniseren…</source>
        <translation>Synchronising…</translation>
    </message>
    <message>
        <source>Aanmelden</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Opnieuw proberen</source>
        <translation>Try again</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Legenda</source>
        <translation>Legend</translation>
    </message>
    <message>
        <source>Fase onbekend</source>
        <translation>Phase unknown</translation>
    </message>
    <message>
        <source>Harde planstatus</source>
        <translation>Hard plan status</translation>
    </message>
    <message>
        <source>Zachte planstatus</source>
        <translation>Soft plan status</translation>
    </message>
    <message>
        <source>Planstatus onbekend</source>
        <translation>Plan status unknown</translation>
    </message>
    <message>
        <source>Afgebroken plan</source>
        <translation>Terminated plan</translation>
    </message>
</context>
<context>
    <name>Looks</name>
    <message>
        <source>Over DIWI Desktop</source>
        <translation>About DIWI Desktop</translation>
    </message>
    <message>
        <source>DIWI Desktop {0}</source>
        <translation>DIWI Desktop {0}</translation>
    </message>
    <message>
        <source>Woningbouwplannen op de kaart, in de tijd en naar de provincie, ook zonder netwerk. Licentie EUPL-1.2.</source>
        <translation>Housing plans on the map, in time and to the province, also without a network. Licence EUPL-1.2.</translation>
    </message>
</context>
<context>
    <name>MapCanvas</name>
    <message>
        <source>Kaart</source>
        <translation>Map</translation>
    </message>
    <message>
        <source>hoek plan {name}</source>
        <translation>corner of plan {name}</translation>
    </message>
    <message>
        <source>grens plan {name}</source>
        <translation>border of plan {name}</translation>
    </message>
    <message>
        <source>hoek perceel {name}</source>
        <translation>corner of parcel {name}</translation>
    </message>
    <message>
        <source>grens perceel {name}</source>
        <translation>border of parcel {name}</translation>
    </message>
    <message>
        <source>De kaart staat op een eerdere dag en is alleen om te lezen; ga naar vandaag om te tekenen.</source>
        <translation>The map shows an earlier day and is read-only; go to today to draw.</translation>
    </message>
    <message>
        <source>Kies eerst een plan met een plangebied.</source>
        <translation>First select a plan with a plan area.</translation>
    </message>
    <message>
        <source>Wordt geladen …</source>
        <translation>Loading …</translation>
    </message>
    <message>
        <source>Nog niets op de kaart.
Importeer de kadastrale kaart en teken of importeer plannen.</source>
        <translation>Nothing on the map yet.
Import the cadastral map and draw or import plans.</translation>
    </message>
    <message>
        <source>Nog niets op de kaart.</source>
        <translation>Nothing on the map yet.</translation>
    </message>
    <message>
        <source>De percelen worden geladen …</source>
        <translation>Loading the parcels …</translation>
    </message>
    <message>
        <source>Midden op RD {x}, {y}.</source>
        <translation>Centre at RD {x}, {y}.</translation>
    </message>
    <message>
        <source>Gereedschap: {tool}.</source>
        <translation>Tool: {tool}.</translation>
    </message>
</context>
<context>
    <name>MapPanel</name>
    <message>
        <source>Sleep de contour zoals hij moet zijn; loslaten legt hem vast.</source>
        <translation>Drag the contour to what it should be; letting go stores it.</translation>
    </message>
    <message>
        <source>Perceel {0}</source>
        <translation>Parcel {0}</translation>
    </message>
    <message>
        <source>Adres {0}</source>
        <translation>Address {0}</translation>
    </message>
    <message>
        <source>{0} (afgebroken)</source>
        <translation>{0} (terminated)</translation>
    </message>
    <message>
        <source>Op deze peildatum kunt u alleen lezen: ga terug naar vandaag</source>
        <translation>On this reference date you can only read: go back to today</translation>
    </message>
    <message>
        <source>In dit bestand mag u niet schrijven</source>
        <translation>You may not write to this file</translation>
    </message>
</context>
<context>
    <name>MappingPage</name>
    <message>
        <source>Veld van de provincie</source>
        <translation>Field of the province</translation>
    </message>
    <message>
        <source>Komt uit</source>
        <translation>Comes from</translation>
    </message>
    <message>
        <source>Stand</source>
        <translation>State</translation>
    </message>
    <message>
        <source>Eigen keuze</source>
        <translation>Own option</translation>
    </message>
    <message>
        <source>Provincie</source>
        <translation>Province</translation>
    </message>
    <message>
        <source>Nog doen</source>
        <translation>To do</translation>
    </message>
    <message>
        <source>Keuzes nakijken</source>
        <translation>Check options</translation>
    </message>
    <message>
        <source>Voorstel</source>
        <translation>Suggestion</translation>
    </message>
    <message>
        <source>Niet ingevuld</source>
        <translation>Not filled in</translation>
    </message>
    <message>
        <source>Gekoppeld</source>
        <translation>Mapped</translation>
    </message>
    <message>
        <source>Niet gekoppeld</source>
        <translation>Not mapped</translation>
    </message>
    <message>
        <source>(veld bestaat niet meer)</source>
        <translation>(field no longer exists)</translation>
    </message>
    <message>
        <source>een of meer keuzes</source>
        <translation>one or more options</translation>
    </message>
    <message>
        <source>een keuze uit %1</source>
        <translation>one option of %1</translation>
    </message>
    <message>
        <source>een getal</source>
        <translation>a number</translation>
    </message>
    <message>
        <source>een tekst</source>
        <translation>a text</translation>
    </message>
    <message>
        <source>verplicht</source>
        <translation>mandatory</translation>
    </message>
    <message>
        <source>mag leeg blijven</source>
        <translation>may stay empty</translation>
    </message>
    <message>
        <source>%1 (eigen veld)</source>
        <translation>%1 (own field)</translation>
    </message>
    <message>
        <source>%1 (woningblokken samen)</source>
        <translation>%1 (house blocks together)</translation>
    </message>
    <message>
        <source>Keuze van de provincie voor &apos;%1&apos;</source>
        <translation>Option of the province for &apos;%1&apos;</translation>
    </message>
    <message>
        <source>Kies…</source>
        <translation>Choose…</translation>
    </message>
    <message>
        <source>Niets doorgeven</source>
        <translation>Pass nothing on</translation>
    </message>
</context>
<context>
    <name>Matrix</name>
    <message>
        <source>Oplevering</source>
        <translation>Delivery</translation>
    </message>
    <message>
        <source>Eigendom</source>
        <translation>Ownership</translation>
    </message>
    <message>
        <source>Woningtype</source>
        <translation>House type</translation>
    </message>
    <message>
        <source>Doelgroep</source>
        <translation>Target group</translation>
    </message>
    <message>
        <source>Verschijningsvorm</source>
        <translation>Appearance</translation>
    </message>
    <message>
        <source>Grondpositie</source>
        <translation>Land position</translation>
    </message>
    <message>
        <source>Onbekend</source>
        <translation>Unknown</translation>
    </message>
    <message>
        <source>Zonder datum</source>
        <translation>Without date</translation>
    </message>
    <message>
        <source>Er zijn %1 woningen te veel verdeeld</source>
        <translation>%1 homes too many have been divided</translation>
    </message>
    <message>
        <source>%1 te veel</source>
        <translation>%1 too many</translation>
    </message>
    <message>
        <source>Soort</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Totaal</source>
        <translation>Total</translation>
    </message>
    <message>
        <source>Netto</source>
        <translation>Net</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Project</source>
        <translation>&amp;Project</translation>
    </message>
    <message>
        <source>&amp;Kaart</source>
        <translation>&amp;Map</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Help</translation>
    </message>
    <message>
        <source>Nieuw project…</source>
        <translation>New project…</translation>
    </message>
    <message>
        <source>Nieuw deelplan van dit project…</source>
        <translation>New sub-plan of this project…</translation>
    </message>
    <message>
        <source>Verwijder project</source>
        <translation>Delete project</translation>
    </message>
    <message>
        <source>Volgend project</source>
        <translation>Next project</translation>
    </message>
    <message>
        <source>Vorig project</source>
        <translation>Previous project</translation>
    </message>
    <message>
        <source>Filter toevoegen…</source>
        <translation>Add filter…</translation>
    </message>
    <message>
        <source>Wis alle filters</source>
        <translation>Clear all filters</translation>
    </message>
    <message>
        <source>Kolommen kiezen…</source>
        <translation>Choose columns…</translation>
    </message>
    <message>
        <source>Nieuw register…</source>
        <translation>New register…</translation>
    </message>
    <message>
        <source>Register openen…</source>
        <translation>Open register…</translation>
    </message>
    <message>
        <source>Open het voorbeeld</source>
        <translation>Open the example</translation>
    </message>
    <message>
        <source>Versleutelen…</source>
        <translation>Encrypt…</translation>
    </message>
    <message>
        <source>Importeren…</source>
        <translation>Import…</translation>
    </message>
    <message>
        <source>Leeg Excel-sjabloon opslaan…</source>
        <translation>Save empty Excel template…</translation>
    </message>
    <message>
        <source>Aanleveren aan de provincie…</source>
        <translation>Submit to the province…</translation>
    </message>
    <message>
        <source>Synchroniseren</source>
        <translation>Synchronise</translation>
    </message>
    <message>
        <source>Verbinden met server…</source>
        <translation>Connect to server…</translation>
    </message>
    <message>
        <source>Uitnodiging gebruiken…</source>
        <translation>Use an invitation…</translation>
    </message>
    <message>
        <source>Werken als…</source>
        <translation>Work as…</translation>
    </message>
    <message>
        <source>Instellingen…</source>
        <translation>Settings…</translation>
    </message>
    <message>
        <source>Afsluiten</source>
        <translation>Quit</translation>
    </message>
    <message>
        <source>Ongedaan maken</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>Opnieuw</source>
        <translation>Redo</translation>
    </message>
    <message>
        <source>Zoeken</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>Kopieer de tabel voor Excel</source>
        <translation>Copy the table for Excel</translation>
    </message>
    <message>
        <source>Peildatum kiezen…</source>
        <translation>Choose reference date…</translation>
    </message>
    <message>
        <source>Terug naar vandaag</source>
        <translation>Back to today</translation>
    </message>
    <message>
        <source>Indeling Overzicht</source>
        <translation>Layout Overview</translation>
    </message>
    <message>
        <source>Indeling Tekenen</source>
        <translation>Layout Drawing</translation>
    </message>
    <message>
        <source>Indeling Overleg</source>
        <translation>Layout Meeting</translation>
    </message>
    <message>
        <source>Indeling Aanleveren</source>
        <translation>Layout Submission</translation>
    </message>
    <message>
        <source>Tekst groter</source>
        <translation>Larger text</translation>
    </message>
    <message>
        <source>Tekst kleiner</source>
        <translation>Smaller text</translation>
    </message>
    <message>
        <source>Lichte kleuren</source>
        <translation>Light colours</translation>
    </message>
    <message>
        <source>Donkere kleuren</source>
        <translation>Dark colours</translation>
    </message>
    <message>
        <source>Hoog contrast</source>
        <translation>High contrast</translation>
    </message>
    <message>
        <source>Kleuren van de computer</source>
        <translation>Colours of the computer</translation>
    </message>
    <message>
        <source>Naar het gekozen project</source>
        <translation>To the selected project</translation>
    </message>
    <message>
        <source>Hele kaart</source>
        <translation>Whole map</translation>
    </message>
    <message>
        <source>Kiezen op de kaart</source>
        <translation>Select on the map</translation>
    </message>
    <message>
        <source>Percelen kiezen</source>
        <translation>Select parcels</translation>
    </message>
    <message>
        <source>Knippen uit het plangebied</source>
        <translation>Cut from the plan area</translation>
    </message>
    <message>
        <source>Contour slepen</source>
        <translation>Drag contour</translation>
    </message>
    <message>
        <source>Vlak tekenen</source>
        <translation>Draw polygon</translation>
    </message>
    <message>
        <source>Kleur plannen naar projectfase</source>
        <translation>Colour plans by project phase</translation>
    </message>
    <message>
        <source>Kleur plannen naar planstatus</source>
        <translation>Colour plans by plan status</translation>
    </message>
    <message>
        <source>Sneltoetsen</source>
        <translation>Keyboard shortcuts</translation>
    </message>
    <message>
        <source>Over DIWI Desktop</source>
        <translation>About DIWI Desktop</translation>
    </message>
    <message>
        <source>&amp;Bestand</source>
        <translation>&amp;File</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Recent</translation>
    </message>
    <message>
        <source>B&amp;ewerken</source>
        <translation>&amp;Edit</translation>
    </message>
    <message>
        <source>Bee&amp;ld</source>
        <translation>&amp;View</translation>
    </message>
</context>
<context>
    <name>MessageLine</name>
    <message>
        <source>en nog %1</source>
        <translation>and %1 more</translation>
    </message>
    <message>
        <source>waarom?</source>
        <translation>why?</translation>
    </message>
    <message>
        <source>Bron: %1.</source>
        <translation>Source: %1.</translation>
    </message>
    <message>
        <source>(Regel %1)</source>
        <translation>(Rule %1)</translation>
    </message>
</context>
<context>
    <name>NavRail</name>
    <message>
        <source>Onderdelen</source>
        <translation>Parts</translation>
    </message>
</context>
<context>
    <name>NewProject</name>
    <message>
        <source>Nieuw project</source>
        <translation>New project</translation>
    </message>
    <message>
        <source>&amp;Naam</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Naam</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>&amp;Startdatum</source>
        <translation>&amp;Start date</translation>
    </message>
    <message>
        <source>De dag waarop het initiatief is ingediend</source>
        <translation>The day the initiative was submitted</translation>
    </message>
    <message>
        <source>Startdatum</source>
        <translation>Start date</translation>
    </message>
    <message>
        <source>&amp;Fase</source>
        <translation>&amp;Phase</translation>
    </message>
    <message>
        <source>Fase</source>
        <translation>Phase</translation>
    </message>
</context>
<context>
    <name>NewProjectDialog</name>
    <message>
        <source>Nieuw deelplan van %1</source>
        <translation>New sub-plan of %1</translation>
    </message>
    <message>
        <source>Project maken</source>
        <translation>Make project</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Geef het project een naam.</source>
        <translation>Give the project a name.</translation>
    </message>
    <message>
        <source>Dit is geen datum; typ bijvoorbeeld 31-12-2026.</source>
        <translation>This is not a date; type 31-12-2026, for instance.</translation>
    </message>
    <message>
        <source>{0} mijlpalen volgens gemiddelde doorlooptijden, oplevering rond {1}. Alles is later te wijzigen.</source>
        <translation>{0} milestones by average lead times, delivery around {1}. Everything can be changed later.</translation>
    </message>
</context>
<context>
    <name>NewRegister</name>
    <message>
        <source>Nieuw register</source>
        <translation>New register</translation>
    </message>
    <message>
        <source>&amp;Gemeente</source>
        <translation>&amp;Municipality</translation>
    </message>
    <message>
        <source>Gemeente&amp;code</source>
        <translation>Municipality &amp;code</translation>
    </message>
    <message>
        <source>&amp;Provincie</source>
        <translation>&amp;Province</translation>
    </message>
    <message>
        <source>Woon&amp;regio</source>
        <translation>Housing &amp;region</translation>
    </message>
    <message>
        <source>&amp;Bestand</source>
        <translation>&amp;File</translation>
    </message>
    <message>
        <source>Bladeren…</source>
        <translation>Browse…</translation>
    </message>
</context>
<context>
    <name>NewRegisterDialog</name>
    <message>
        <source>Register maken</source>
        <translation>Make register</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Vul de naam van de gemeente in.</source>
        <translation>Fill in the name of the municipality.</translation>
    </message>
    <message>
        <source>De gemeentecode heeft vier cijfers, bijvoorbeeld 0396.</source>
        <translation>The municipality code has four digits, for instance 0396.</translation>
    </message>
    <message>
        <source>Kies waar het bestand komt te staan.</source>
        <translation>Choose where to put the file.</translation>
    </message>
    <message>
        <source>Waar komt het register te staan</source>
        <translation>Where to put the register</translation>
    </message>
</context>
<context>
    <name>NoProjects</name>
    <message>
        <source>U ziet geen projecten</source>
        <translation>You see no projects</translation>
    </message>
    <message>
        <source>Als beheerder ziet u geen projecten</source>
        <translation>As an administrator you see no projects</translation>
    </message>
    <message>
        <source>Dat is zo bedoeld. Personen, groepen en de gegevens van de gemeente staan onder Beheer.</source>
        <translation>That is intended. People, groups and the data of the municipality are under Admin.</translation>
    </message>
    <message>
        <source>Nog geen projecten voor u</source>
        <translation>No projects for you yet</translation>
    </message>
    <message>
        <source>Er is nog geen project dat u met uw rol mag zien. Vraag een hoofdgebruiker welke projecten u krijgt.</source>
        <translation>There is no project yet that your role may see. Ask a main user which projects you will get.</translation>
    </message>
    <message>
        <source>Nog geen projecten</source>
        <translation>No projects yet</translation>
    </message>
    <message>
        <source>Maak een eerste project. Wat u van anderen mag zien, komt hier ook te staan.</source>
        <translation>Make a first project. What you may see of others will be listed here too.</translation>
    </message>
    <message>
        <source>Begin met de lijst die u al heeft, maak een eerste project of kijk rond in het voorbeeld.</source>
        <translation>Start with the list you already have, make a first project or look around in the example.</translation>
    </message>
    <message>
        <source>Naar Beheer</source>
        <translation>To Admin</translation>
    </message>
    <message>
        <source>Importeer het DIWI-Excelbestand</source>
        <translation>Import the DIWI Excel file</translation>
    </message>
    <message>
        <source>Nieuw project</source>
        <translation>New project</translation>
    </message>
    <message>
        <source>Open het voorbeeld</source>
        <translation>Open the example</translation>
    </message>
</context>
<context>
    <name>NumberInput</name>
    <message>
        <source>bijv. %1</source>
        <translation>e.g. %1</translation>
    </message>
</context>
<context>
    <name>OptionTable</name>
    <message>
        <source>Keuze toevoegen</source>
        <translation>Add option</translation>
    </message>
    <message>
        <source>Zet de gekozen keuze uit of weer aan (Delete); oude waarden blijven staan</source>
        <translation>Switch the selected option off or on again (Delete); old values stay</translation>
    </message>
    <message>
        <source>Uitzetten</source>
        <translation>Switch off</translation>
    </message>
    <message>
        <source>Aanzetten</source>
        <translation>Switch on</translation>
    </message>
</context>
<context>
    <name>OrdinalInput</name>
    <message>
        <source>Van</source>
        <translation>From</translation>
    </message>
    <message>
        <source>Tot en met</source>
        <translation>Up to</translation>
    </message>
    <message>
        <source>alleen deze</source>
        <translation>only this one</translation>
    </message>
</context>
<context>
    <name>OtherValueDialog</name>
    <message>
        <source>Andere waarde</source>
        <translation>Other value</translation>
    </message>
    <message>
        <source>Mijn versie</source>
        <translation>My version</translation>
    </message>
    <message>
        <source>Hun versie</source>
        <translation>Their version</translation>
    </message>
    <message>
        <source>Wordt</source>
        <translation>Becomes</translation>
    </message>
    <message>
        <source>Gebruik deze waarde</source>
        <translation>Use this value</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>OutlineView</name>
    <message>
        <source>Kaart van de contouren in het bestand</source>
        <translation>Map of the contours in the file</translation>
    </message>
    <message>
        <source>Geen contouren in het bestand</source>
        <translation>No contours in the file</translation>
    </message>
    <message>
        <source>Dit project heeft geen contour; de provincie krijgt het zonder ligging</source>
        <translation>This project has no contour; the province gets it without location</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>In het kort</source>
        <translation>In short</translation>
    </message>
    <message>
        <source>Woningen per jaar</source>
        <translation>Homes per year</translation>
    </message>
    <message>
        <source>Plangebied</source>
        <translation>Plan area</translation>
    </message>
    <message>
        <source>Toon dit plan op de kaart</source>
        <translation>Show this plan on the map</translation>
    </message>
    <message>
        <source>Signalen</source>
        <translation>Alerts</translation>
    </message>
    <message>
        <source>%1 m²</source>
        <translation>%1 m²</translation>
    </message>
    <message>
        <source>niet ingevuld</source>
        <translation>not filled in</translation>
    </message>
    <message>
        <source>Volgende stap</source>
        <translation>Next step</translation>
    </message>
    <message>
        <source>geen stap gepland</source>
        <translation>no step planned</translation>
    </message>
    <message>
        <source>Fase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Planstatus</source>
        <translation>Plan status</translation>
    </message>
    <message>
        <source>%1 t/m %2</source>
        <translation>%1 to %2</translation>
    </message>
    <message>
        <source>Looptijd</source>
        <translation>Period</translation>
    </message>
    <message>
        <source>Waar</source>
        <translation>Where</translation>
    </message>
    <message>
        <source>Mag schrijven</source>
        <translation>May write</translation>
    </message>
    <message>
        <source>Plantype</source>
        <translation>Plan type</translation>
    </message>
    <message>
        <source>Moederplan</source>
        <translation>Mother plan</translation>
    </message>
    <message>
        <source>Deelplannen</source>
        <translation>Sub-plans</translation>
    </message>
    <message>
        <source>Projectleider</source>
        <translation>Project leader</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Importnummer</source>
        <translation>Import number</translation>
    </message>
    <message>
        <source>Vertrouwelijk</source>
        <translation>Confidentiality</translation>
    </message>
    <message>
        <source>Afgebroken: telt in geen totaal mee</source>
        <translation>Given up: counted in no total</translation>
    </message>
    <message>
        <source>%1 zonder opleverdatum</source>
        <translation>%1 without delivery date</translation>
    </message>
    <message>
        <source>%1 sloop zonder datum</source>
        <translation>%1 demolition without date</translation>
    </message>
    <message>
        <source>Niets aan de hand</source>
        <translation>Nothing to report</translation>
    </message>
    <message>
        <source>en nog %1, zie de knop rechtsboven</source>
        <translation>and %1 more, see the button at the top right</translation>
    </message>
    <message>
        <source>Bouw %1, sloop %2, netto %3</source>
        <translation>Construction %1, demolition %2, net %3</translation>
    </message>
    <message>
        <source>Bouw</source>
        <translation>Construction</translation>
    </message>
    <message>
        <source>Sloop</source>
        <translation>Demolition</translation>
    </message>
    <message>
        <source>Netto</source>
        <translation>Net</translation>
    </message>
</context>
<context>
    <name>PanelTitle</name>
    <message>
        <source>Los venster of weer vast</source>
        <translation>Float or dock again</translation>
    </message>
    <message>
        <source>Paneel verbergen</source>
        <translation>Hide panel</translation>
    </message>
</context>
<context>
    <name>ParcelTool</name>
    <message>
        <source>Percelen kiezen</source>
        <translation>Select parcels</translation>
    </message>
    <message>
        <source>Het plangebied samenstellen uit percelen: klik ze aan of sleep eroverheen</source>
        <translation>Compose the plan area from parcels: click them or drag across them</translation>
    </message>
    <message>
        <source>Er zijn nog geen percelen; importeer eerst de kadastrale kaart.</source>
        <translation>There are no parcels yet; import the cadastral map first.</translation>
    </message>
    <message>
        <source>Laat los om {count} percelen te kiezen.</source>
        <translation>Release to select {count} parcels.</translation>
    </message>
    <message>
        <source>Klik om perceel {name} eruit te halen.</source>
        <translation>Click to take parcel {name} out.</translation>
    </message>
    <message>
        <source>Klik om perceel {name} toe te voegen.</source>
        <translation>Click to add parcel {name}.</translation>
    </message>
    <message>
        <source>Enter legt de keuze vast, Esc laat haar los.</source>
        <translation>Enter stores the selection, Esc lets it go.</translation>
    </message>
    <message>
        <source>Klik percelen aan of sleep eroverheen (Shift: eruit halen); Enter legt vast.</source>
        <translation>Click parcels or drag across them (Shift: take out); Enter stores.</translation>
    </message>
    <message>
        <source>{count} percelen eruit</source>
        <translation>{count} parcels out</translation>
    </message>
    <message>
        <source>{count} percelen erbij</source>
        <translation>{count} parcels added</translation>
    </message>
    <message>
        <source>perceel {name}: {change}</source>
        <translation>parcel {name}: {change}</translation>
    </message>
    <message>
        <source>1 perceel</source>
        <translation>1 parcel</translation>
    </message>
    <message>
        <source>{count} percelen</source>
        <translation>{count} parcels</translation>
    </message>
    <message>
        <source>{count} percelen gekozen</source>
        <translation>{count} parcels selected</translation>
    </message>
</context>
<context>
    <name>PastBar</name>
    <message>
        <source>Peildatum</source>
        <translation>Reference date</translation>
    </message>
    <message>
        <source>Terug naar vandaag</source>
        <translation>Back to today</translation>
    </message>
    <message>
        <source>Terug naar vandaag (Ctrl+Shift+D)</source>
        <translation>Back to today (Ctrl+Shift+D)</translation>
    </message>
    <message>
        <source>Peildatum {0} – alleen lezen</source>
        <translation>Reference date {0} – read-only</translation>
    </message>
    <message>
        <source>Peildatum {0}, zoals nu verwacht – alleen lezen</source>
        <translation>Reference date {0}, as now expected – read-only</translation>
    </message>
    <message>
        <source>Alleen lezen: in dit bestand mag u niet schrijven</source>
        <translation>Read only: you may not write to this file</translation>
    </message>
</context>
<context>
    <name>Permits</name>
    <message>
        <source>Ongedaan maken</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>Opnieuw</source>
        <translation>Redo</translation>
    </message>
    <message>
        <source>U werkt met het account waarmee u bent aangemeld.</source>
        <translation>You work with the account you signed in with.</translation>
    </message>
    <message>
        <source>Er is niets om ongedaan te maken.</source>
        <translation>There is nothing to undo.</translation>
    </message>
    <message>
        <source>Er is niets om opnieuw te doen.</source>
        <translation>There is nothing to redo.</translation>
    </message>
    <message>
        <source>Kies eerst een project.</source>
        <translation>Choose a project first.</translation>
    </message>
    <message>
        <source>U kijkt naar een eerdere dag en kunt alleen lezen. Ga terug naar vandaag (Ctrl+Shift+D).</source>
        <translation>You look at an earlier day and can only read. Go back to today (Ctrl+Shift+D).</translation>
    </message>
    <message>
        <source>In dit bestand mag u niet schrijven.</source>
        <translation>You may not write in this file.</translation>
    </message>
</context>
<context>
    <name>PictureLayer</name>
    <message>
        <source>De kaartdienst gaf geen kaartbeeld terug.</source>
        <translation>The map service did not return a map image.</translation>
    </message>
    <message>
        <source>De kaartdienst gaf een foutmelding ({status}).</source>
        <translation>The map service reported an error ({status}).</translation>
    </message>
    <message>
        <source>De kaartdienst is niet bereikbaar; wat eerder is opgehaald blijft zichtbaar.</source>
        <translation>The map service cannot be reached; what was fetched earlier stays visible.</translation>
    </message>
</context>
<context>
    <name>Place</name>
    <message>
        <source>Toon op de kaart</source>
        <translation>Show on the map</translation>
    </message>
    <message>
        <source>Perceel</source>
        <translation>Parcel</translation>
    </message>
    <message>
        <source>Identificatie</source>
        <translation>Identification</translation>
    </message>
    <message>
        <source>Perceel toevoegen</source>
        <translation>Add parcel</translation>
    </message>
    <message>
        <source>%1 m²</source>
        <translation>%1 m²</translation>
    </message>
    <message>
        <source>Nog niet ingetekend</source>
        <translation>Not yet drawn</translation>
    </message>
    <message>
        <source>%1 woningen per hectare</source>
        <translation>%1 homes per hectare</translation>
    </message>
</context>
<context>
    <name>Planning</name>
    <message>
        <source>Tijdlijn</source>
        <translation>Timeline</translation>
    </message>
    <message>
        <source>Tabel</source>
        <translation>Table</translation>
    </message>
</context>
<context>
    <name>PlanningPanel</name>
    <message>
        <source>Dit project</source>
        <translation>This project</translation>
    </message>
    <message>
        <source>Alle projecten</source>
        <translation>All projects</translation>
    </message>
    <message>
        <source>Planning van</source>
        <translation>Planning of</translation>
    </message>
</context>
<context>
    <name>PortfolioCanvas</name>
    <message>
        <source>afgebroken, telt niet mee</source>
        <translation>terminated, not counted</translation>
    </message>
    <message>
        <source>fase {0}</source>
        <translation>phase {0}</translation>
    </message>
    <message>
        <source>netto {0}</source>
        <translation>net {0}</translation>
    </message>
    <message>
        <source>oplevering {0}</source>
        <translation>delivery {0}</translation>
    </message>
    <message>
        <source>woningen per jaar, alle projecten</source>
        <translation>homes per year, all projects</translation>
    </message>
</context>
<context>
    <name>PortfolioTimeline</name>
    <message>
        <source>Planning van alle projecten</source>
        <translation>Planning of all projects</translation>
    </message>
    <message>
        <source>Volgorde</source>
        <translation>Order</translation>
    </message>
    <message>
        <source>Op naam</source>
        <translation>By name</translation>
    </message>
    <message>
        <source>Op fase</source>
        <translation>By phase</translation>
    </message>
    <message>
        <source>Op eerste oplevering</source>
        <translation>By first delivery</translation>
    </message>
    <message>
        <source>Nog geen projecten. Importeer een bestand of maak een nieuw project.</source>
        <translation>No projects yet. Import a file or make a new project.</translation>
    </message>
    <message>
        <source>Uitzoomen (−)</source>
        <translation>Zoom out (−)</translation>
    </message>
    <message>
        <source>Inzoomen (+)</source>
        <translation>Zoom in (+)</translation>
    </message>
    <message>
        <source>Alles passend</source>
        <translation>Fit all</translation>
    </message>
    <message>
        <source>Alle projecten in beeld (0)</source>
        <translation>All projects in view (0)</translation>
    </message>
    <message>
        <source>vandaag</source>
        <translation>today</translation>
    </message>
    <message>
        <source>{0} projecten, {1} opgeleverd of gepland, sloop {2}</source>
        <translation>{0} projects, {1} delivered or planned, demolition {2}</translation>
    </message>
    <message>
        <source>{0}; {1} afgebroken, niet meegeteld</source>
        <translation>{0}; {1} terminated, not counted</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>{0} en nog {1}</source>
        <translation>{0} and {1} more</translation>
    </message>
    <message>
        <source>{0} wijzigt</source>
        <translation>{0} is editing</translation>
    </message>
    <message>
        <source>{0} kijkt mee</source>
        <translation>{0} is looking</translation>
    </message>
    <message>
        <source>{0} wijzigt dit project, sinds {1}</source>
        <translation>{0} is editing this project, since {1}</translation>
    </message>
    <message>
        <source>{0} bekijkt dit project, sinds {1}</source>
        <translation>{0} is looking at this project, since {1}</translation>
    </message>
</context>
<context>
    <name>PreviewPage</name>
    <message>
        <source>Jaar</source>
        <translation>Year</translation>
    </message>
    <message>
        <source>Bouw</source>
        <translation>Construction</translation>
    </message>
    <message>
        <source>Gereed</source>
        <translation>Completed</translation>
    </message>
    <message>
        <source>Sloop</source>
        <translation>Demolition</translation>
    </message>
    <message>
        <source>%1 projecten in het bestand, %2 niet.</source>
        <translation>%1 projects in the file, %2 not.</translation>
    </message>
    <message>
        <source>%1 %2 (in de blokken %3)</source>
        <translation>%1 %2 (in the blocks %3)</translation>
    </message>
    <message>
        <source>Woningtypen, afgerond per cel van type en prijs: %1.</source>
        <translation>House types, rounded per cell of type and price: %1.</translation>
    </message>
</context>
<context>
    <name>Programme</name>
    <message>
        <source>Kopiëren</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Maak een kopie van het gekozen blok, met alles wat erbij hoort</source>
        <translation>Copy the selected block with all that belongs to it</translation>
    </message>
    <message>
        <source>Blokken</source>
        <translation>Blocks</translation>
    </message>
    <message>
        <source>Gekozen blok</source>
        <translation>Selected block</translation>
    </message>
    <message>
        <source>Verdeel naar</source>
        <translation>Divide by</translation>
    </message>
    <message>
        <source>Dit project heeft nog geen woningblokken.</source>
        <translation>This project has no house blocks yet.</translation>
    </message>
    <message>
        <source>Woningblok toevoegen</source>
        <translation>Add house block</translation>
    </message>
</context>
<context>
    <name>ProgressDialog</name>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Wordt geannuleerd…</source>
        <translation>Cancelling…</translation>
    </message>
</context>
<context>
    <name>ProjectActs</name>
    <message>
        <source>{0} projecten</source>
        <translation>{0} projects</translation>
    </message>
    <message>
        <source>{0} verwijderd. Ctrl+Z maakt dit ongedaan.</source>
        <translation>{0} deleted. Ctrl+Z undoes this.</translation>
    </message>
</context>
<context>
    <name>ProjectFilters</name>
    <message>
        <source>{0}: “{1}”</source>
        <translation>{0}: “{1}”</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>(leeg)</source>
        <translation>(empty)</translation>
    </message>
    <message>
        <source>{0} en {1} andere</source>
        <translation>{0} and {1} others</translation>
    </message>
    <message>
        <source> of </source>
        <translation> or </translation>
    </message>
    <message>
        <source>{0}: t/m {1}</source>
        <translation>{0}: up to {1}</translation>
    </message>
    <message>
        <source>{0}: vanaf {1}</source>
        <translation>{0}: from {1}</translation>
    </message>
    <message>
        <source>{0}: {1} t/m {2}</source>
        <translation>{0}: {1} to {2}</translation>
    </message>
</context>
<context>
    <name>ProjectPage</name>
    <message>
        <source>Overzicht</source>
        <translation>Overview</translation>
    </message>
    <message>
        <source>Gegevens</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Programma</source>
        <translation>Programme</translation>
    </message>
    <message>
        <source>Planning</source>
        <translation>Planning</translation>
    </message>
    <message>
        <source>Kaart</source>
        <translation>Map</translation>
    </message>
    <message>
        <source>Documenten</source>
        <translation>Documents</translation>
    </message>
    <message>
        <source>Historie</source>
        <translation>History</translation>
    </message>
    <message>
        <source>Kies een project in de lijst of op de kaart.</source>
        <translation>Select a project in the list or on the map.</translation>
    </message>
    <message>
        <source>Nieuw project</source>
        <translation>New project</translation>
    </message>
    <message>
        <source>Importeren</source>
        <translation>Import</translation>
    </message>
</context>
<context>
    <name>ProjectTable</name>
    <message>
        <source>Naam</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Fase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Planstatus</source>
        <translation>Plan status</translation>
    </message>
    <message>
        <source>Eerste oplevering</source>
        <translation>First delivery</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Bouw (won.)</source>
        <translation>Built (homes)</translation>
    </message>
    <message>
        <source>Te bouwen woningen, bruto</source>
        <translation>Homes to be built, gross</translation>
    </message>
    <message>
        <source>Sloop (won.)</source>
        <translation>Demol. (homes)</translation>
    </message>
    <message>
        <source>Te slopen woningen</source>
        <translation>Homes to be demolished</translation>
    </message>
    <message>
        <source>Netto (won.)</source>
        <translation>Net (homes)</translation>
    </message>
    <message>
        <source>Bouw min sloop</source>
        <translation>Construction minus demolition</translation>
    </message>
    <message>
        <source>Laatste oplevering</source>
        <translation>Last delivery</translation>
    </message>
    <message>
        <source>Volgende mijlpaal</source>
        <translation>Next milestone</translation>
    </message>
    <message>
        <source>Datum volgende mijlpaal</source>
        <translation>Date of next milestone</translation>
    </message>
    <message>
        <source>Projectstatus</source>
        <translation>Project status</translation>
    </message>
    <message>
        <source>Vertrouwelijkheid</source>
        <translation>Confidentiality</translation>
    </message>
    <message>
        <source>Oppervlakte (m²)</source>
        <translation>Area (m²)</translation>
    </message>
    <message>
        <source>Startdatum</source>
        <translation>Start date</translation>
    </message>
    <message>
        <source>Einddatum</source>
        <translation>End date</translation>
    </message>
    <message>
        <source>Plantype</source>
        <translation>Plan type</translation>
    </message>
    <message>
        <source>Prioriteit</source>
        <translation>Priority</translation>
    </message>
    <message>
        <source>Rol gemeente</source>
        <translation>Role of municipality</translation>
    </message>
    <message>
        <source>Projectleider</source>
        <translation>Project leader</translation>
    </message>
    <message>
        <source>Gemeente</source>
        <translation>Municipality</translation>
    </message>
    <message>
        <source>Wijk</source>
        <translation>District</translation>
    </message>
    <message>
        <source>Buurt</source>
        <translation>Neighbourhood</translation>
    </message>
    <message>
        <source>Moederplan</source>
        <translation>Mother plan</translation>
    </message>
    <message>
        <source>Identificatie nr</source>
        <translation>Identification no.</translation>
    </message>
    <message>
        <source>Plan-id</source>
        <translation>Plan id</translation>
    </message>
    <message>
        <source>Woningen</source>
        <translation>Homes</translation>
    </message>
    <message>
        <source>Bouw en sloop; filteren en sorteren gaat op het netto aantal</source>
        <translation>Construction and demolition; filtering and sorting is by the net number</translation>
    </message>
    <message>
        <source>Wordt geladen …</source>
        <translation>Loading …</translation>
    </message>
    <message>
        <source>Kolommen</source>
        <translation>Columns</translation>
    </message>
    <message>
        <source>Kies welke kolommen u ziet</source>
        <translation>Choose which columns you see</translation>
    </message>
    <message>
        <source>Geen project past bij de filters</source>
        <translation>No project matches the filters</translation>
    </message>
    <message>
        <source>Maak een filter ruimer of wis ze allemaal.</source>
        <translation>Widen a filter or clear them all.</translation>
    </message>
    <message>
        <source>Wis alle filters</source>
        <translation>Clear all filters</translation>
    </message>
    <message>
        <source>Op deze dag was er nog geen project</source>
        <translation>There was no project yet on this day</translation>
    </message>
    <message>
        <source>Kies een latere dag of ga terug naar vandaag.</source>
        <translation>Choose a later day or go back to today.</translation>
    </message>
    <message>
        <source>Terug naar vandaag</source>
        <translation>Back to today</translation>
    </message>
    <message>
        <source>{0} rijen gekopieerd</source>
        <translation>{0} rows copied</translation>
    </message>
    <message>
        <source>Sorteer oplopend</source>
        <translation>Sort ascending</translation>
    </message>
    <message>
        <source>Sorteer aflopend</source>
        <translation>Sort descending</translation>
    </message>
    <message>
        <source>Filter…</source>
        <translation>Filter…</translation>
    </message>
    <message>
        <source>Verberg deze kolom</source>
        <translation>Hide this column</translation>
    </message>
    <message>
        <source>Kolommen kiezen…</source>
        <translation>Choose columns…</translation>
    </message>
</context>
<context>
    <name>ProjectTableModel</name>
    <message>
        <source>geen fase</source>
        <translation>no phase</translation>
    </message>
    <message>
        <source>{0}, afgebroken</source>
        <translation>{0}, terminated</translation>
    </message>
    <message>
        <source>Zojuist gewijzigd door {0}</source>
        <translation>Just changed by {0}</translation>
    </message>
    <message>
        <source>{0} (afgebroken: telt niet mee in het totaal)</source>
        <translation>{0} (terminated: not counted in the total)</translation>
    </message>
</context>
<context>
    <name>ProjectView</name>
    <message>
        <source>Projecten</source>
        <translation>Projects</translation>
    </message>
</context>
<context>
    <name>RecordModel</name>
    <message>
        <source>%1 jaren</source>
        <translation>%1 years</translation>
    </message>
    <message>
        <source>1 jaar</source>
        <translation>1 year</translation>
    </message>
</context>
<context>
    <name>ReferenceDateButton</name>
    <message>
        <source>Alles bekijken zoals het was op een andere dag (Ctrl+D)</source>
        <translation>View everything as it was on another day (Ctrl+D)</translation>
    </message>
    <message>
        <source>vandaag</source>
        <translation>today</translation>
    </message>
    <message>
        <source>Peildatum: {0}</source>
        <translation>Reference date: {0}</translation>
    </message>
</context>
<context>
    <name>RefusedView</name>
    <message>
        <source>Wat</source>
        <translation>What</translation>
    </message>
    <message>
        <source>Uw waarde</source>
        <translation>Your value</translation>
    </message>
    <message>
        <source>Waarom niet</source>
        <translation>Why not</translation>
    </message>
    <message>
        <source>Gewijzigd</source>
        <translation>Changed</translation>
    </message>
    <message>
        <source>Niet geaccepteerde wijzigingen</source>
        <translation>Changes that were not accepted</translation>
    </message>
    <message>
        <source>Opnieuw proberen</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Tekst kopiëren</source>
        <translation>Copy text</translation>
    </message>
    <message>
        <source>Weggooien…</source>
        <translation>Discard…</translation>
    </message>
    <message>
        <source>Alles wat u wijzigde, is geaccepteerd.</source>
        <translation>Everything you changed was accepted.</translation>
    </message>
    <message>
        <source>Neemt de server een wijziging niet over, dan staat hier wat u wilde en waarom het niet kon.</source>
        <translation>When the server does not take a change over, what you wanted and why it could not be done are shown here.</translation>
    </message>
    <message>
        <source>1 wijziging gaat bij de volgende synchronisatie opnieuw mee.</source>
        <translation>1 change goes along again with the next synchronisation.</translation>
    </message>
    <message>
        <source>%1 wijzigingen gaan bij de volgende synchronisatie opnieuw mee.</source>
        <translation>%1 changes go along again with the next synchronisation.</translation>
    </message>
    <message>
        <source>De tekst staat op het klembord.</source>
        <translation>The text is on the clipboard.</translation>
    </message>
    <message>
        <source>Deze wijziging weggooien?</source>
        <translation>Discard this change?</translation>
    </message>
    <message>
        <source>Deze %1 wijzigingen weggooien?</source>
        <translation>Discard these %1 changes?</translation>
    </message>
    <message>
        <source>Weggooien</source>
        <translation>Discard</translation>
    </message>
    <message>
        <source>Wat u had ingevuld, is dan weg. De waarde van de server blijft staan.</source>
        <translation>What you filled in is then gone. The server&apos;s value stays.</translation>
    </message>
    <message>
        <source>Bewaren</source>
        <translation>Keep</translation>
    </message>
    <message>
        <source>Weggegooid. Ctrl+Z maakt dit ongedaan.</source>
        <translation>Discarded. Ctrl+Z takes it back.</translation>
    </message>
</context>
<context>
    <name>RegisterFiles</name>
    <message>
        <source>Register openen</source>
        <translation>Open register</translation>
    </message>
    <message>
        <source>DIWI-register (*.diwi *.sqlite)</source>
        <translation>DIWI register (*.diwi *.sqlite)</translation>
    </message>
    <message>
        <source>Alle bestanden (*)</source>
        <translation>All files (*)</translation>
    </message>
    <message>
        <source>Dit bestand is al versleuteld.</source>
        <translation>This file is encrypted already.</translation>
    </message>
    <message>
        <source>Raakt die sleutel kwijt, dan is het register er nog op de server.</source>
        <translation>If that key is lost, the register is still on the server.</translation>
    </message>
    <message>
        <source>Raakt die sleutel kwijt, dan is het register niet te openen: het staat nergens anders.</source>
        <translation>If that key is lost, the register cannot be opened: it is nowhere else.</translation>
    </message>
    <message>
        <source>Versleutelen</source>
        <translation>Encrypt</translation>
    </message>
    <message>
        <source>Het bestand {0} op deze computer versleutelen?</source>
        <translation>Encrypt the file {0} on this computer?</translation>
    </message>
    <message>
        <source>Het is dan alleen met dit programma te openen, op deze computer en onder uw eigen aanmelding; met QGIS niet. De sleutel staat in de sleutelbewaarplaats van deze computer. {0}</source>
        <translation>Only this program opens it then, on this computer and under your own sign-in; QGIS does not. The key is in the key store of this computer. {0}</translation>
    </message>
    <message>
        <source>Annuleren</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Leeg Excel-sjabloon opslaan</source>
        <translation>Save empty Excel template</translation>
    </message>
    <message>
        <source>Excel (*.xlsx)</source>
        <translation>Excel (*.xlsx)</translation>
    </message>
    <message>
        <source>Het sjabloon staat in {0}</source>
        <translation>The template is in {0}</translation>
    </message>
    <message>
        <source>Het sjabloon wordt gemaakt…</source>
        <translation>Making the template…</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Zoek plan, perceel, adres, veld …</source>
        <translation>Search plan, parcel, address, field …</translation>
    </message>
    <message>
        <source>Zoeken</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>Zoek plannen, percelen, adressen en opdrachten (Ctrl+K)</source>
        <translation>Search plans, parcels, addresses and commands (Ctrl+K)</translation>
    </message>
    <message>
        <source>Plannen</source>
        <translation>Plans</translation>
    </message>
    <message>
        <source>Percelen</source>
        <translation>Parcels</translation>
    </message>
    <message>
        <source>Adressen</source>
        <translation>Addresses</translation>
    </message>
    <message>
        <source>Opdrachten</source>
        <translation>Commands</translation>
    </message>
    <message>
        <source>Niets gevonden</source>
        <translation>Nothing found</translation>
    </message>
    <message>
        <source>Probeer een deel van de naam</source>
        <translation>Try part of the name</translation>
    </message>
    <message>
        <source>{0} ({1} van {2})</source>
        <translation>{0} ({1} of {2})</translation>
    </message>
    <message>
        <source>{0} m²</source>
        <translation>{0} m²</translation>
    </message>
</context>
<context>
    <name>SelectTool</name>
    <message>
        <source>Kiezen</source>
        <translation>Select</translation>
    </message>
    <message>
        <source>Een plan kiezen, of de kaart verschuiven door te slepen</source>
        <translation>Select a plan, or move the map by dragging</translation>
    </message>
    <message>
        <source>Klik om plan {name} te kiezen.</source>
        <translation>Click to select plan {name}.</translation>
    </message>
    <message>
        <source>Klik op een plan om het te kiezen; sleep om de kaart te verschuiven.</source>
        <translation>Click a plan to select it; drag to move the map.</translation>
    </message>
</context>
<context>
    <name>ServerHandOverDialog</name>
    <message>
        <source>Wie wordt de nieuwe eigenaar van alle projecten van {0}? De server draagt ze over.</source>
        <translation>Who becomes the new owner of all projects of {0}? The server hands them over.</translation>
    </message>
    <message>
        <source>Kies een persoon</source>
        <translation>Choose a person</translation>
    </message>
    <message>
        <source>U bent niet verbonden met de server.</source>
        <translation>You are not connected to the server.</translation>
    </message>
    <message>
        <source>Overdragen</source>
        <translation>Hand over</translation>
    </message>
    <message>
        <source>Even geduld…</source>
        <translation>One moment…</translation>
    </message>
</context>
<context>
    <name>ServerList</name>
    <message>
        <source>Sluiten</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Instellingen</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>Uw &amp;naam</source>
        <translation>Your &amp;name</translation>
    </message>
    <message>
        <source>De naam die in de historie bij uw wijzigingen staat</source>
        <translation>The name shown with your changes in the history</translation>
    </message>
    <message>
        <source>&amp;Taal</source>
        <translation>&amp;Language</translation>
    </message>
    <message>
        <source>&amp;Kleuren</source>
        <translation>&amp;Colours</translation>
    </message>
    <message>
        <source>Te&amp;kstgrootte</source>
        <translation>Text &amp;size</translation>
    </message>
    <message>
        <source>De andere taal geldt als u het programma opnieuw start. Start the program again for the other language.</source>
        <translation>The other language holds once you start the program again. De andere taal geldt als u het programma opnieuw start.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Zoals de computer</source>
        <translation>As the computer</translation>
    </message>
    <message>
        <source>Licht</source>
        <translation>Light</translation>
    </message>
    <message>
        <source>Donker</source>
        <translation>Dark</translation>
    </message>
    <message>
        <source>Hoog contrast</source>
        <translation>High contrast</translation>
    </message>
    <message>
        <source>Sluiten</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>SinceBanner</name>
    <message>
        <source>Bekijk in de historie</source>
        <translation>See the history</translation>
    </message>
    <message>
        <source>Gezien</source>
        <translation>Seen</translation>
    </message>
    <message>
        <source>Gezien: deze melding sluiten</source>
        <translation>Seen: close this message</translation>
    </message>
    <message>
        <source> en meer</source>
        <translation> and more</translation>
    </message>
    <message>
        <source>Gewijzigd sinds u keek, door {0}: {1}</source>
        <translation>Changed since you looked, by {0}: {1}</translation>
    </message>
    <message>
        <source>nieuw: {0}</source>
        <translation>new: {0}</translation>
    </message>
    <message>
        <source>verwijderd: {0}</source>
        <translation>deleted: {0}</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>alleen lezen</source>
        <translation>read-only</translation>
    </message>
    <message>
        <source>opgeslagen {0}</source>
        <translation>saved {0}</translation>
    </message>
    <message>
        <source>Ctrl+Z: {0}</source>
        <translation>Ctrl+Z: {0}</translation>
    </message>
</context>
<context>
    <name>SubmissionsPanel</name>
    <message>
        <source>Nieuwe aanlevering…</source>
        <translation>New submission…</translation>
    </message>
    <message>
        <source>Aanleveringen</source>
        <translation>Submissions</translation>
    </message>
    <message>
        <source>Gemaakt</source>
        <translation>Made</translation>
    </message>
    <message>
        <source>Door</source>
        <translation>By</translation>
    </message>
    <message>
        <source>Aan</source>
        <translation>To</translation>
    </message>
    <message>
        <source>Peildatum</source>
        <translation>Reference date</translation>
    </message>
    <message>
        <source>Projecten</source>
        <translation>Projects</translation>
    </message>
    <message>
        <source>Weggelaten</source>
        <translation>Left out</translation>
    </message>
    <message>
        <source>Vertrouwelijkheid vanaf</source>
        <translation>Confidentiality from</translation>
    </message>
    <message>
        <source>Logpositie</source>
        <translation>Log position</translation>
    </message>
    <message>
        <source>Bestand</source>
        <translation>File</translation>
    </message>
    <message>
        <source>Nog niets aangeleverd</source>
        <translation>Nothing submitted yet</translation>
    </message>
    <message>
        <source>Van elke aanlevering aan de provincie staat hier wat er is gestuurd, wanneer en door wie.</source>
        <translation>For every submission to the province this shows what was sent, when and by whom.</translation>
    </message>
</context>
<context>
    <name>SyncButton</name>
    <message>
        <source>alleen op deze computer</source>
        <translation>on this computer only</translation>
    </message>
    <message>
        <source>Er is geen server ingesteld. Alles staat op deze computer.</source>
        <translation>No server is set up. Everything is on this computer.</translation>
    </message>
    <message>
        <source>Server: {0}</source>
        <translation>Server: {0}</translation>
    </message>
    <message>
        <source>Nog nooit volledig gesynchroniseerd</source>
        <translation>Never fully synchronised yet</translation>
    </message>
    <message>
        <source>Zonder netwerk te gebruiken tot {0}</source>
        <translation>Can be used without a network until {0}</translation>
    </message>
    <message>
        <source>{0} keer vanzelf hersteld</source>
        <translation>mended by itself {0} times</translation>
    </message>
    <message>
        <source>Verbinden met server…</source>
        <translation>Connect to server…</translation>
    </message>
    <message>
        <source>Stop met synchroniseren</source>
        <translation>Stop synchronising</translation>
    </message>
    <message>
        <source>Nu synchroniseren</source>
        <translation>Synchronise now</translation>
    </message>
    <message>
        <source>Aanmelden…</source>
        <translation>Sign in…</translation>
    </message>
    <message>
        <source>Conflicten ({0})</source>
        <translation>Conflicts ({0})</translation>
    </message>
    <message>
        <source>Niet geaccepteerd ({0})</source>
        <translation>Not accepted ({0})</translation>
    </message>
    <message>
        <source>Apparaten…</source>
        <translation>Devices…</translation>
    </message>
    <message>
        <source>Auditlog…</source>
        <translation>Audit log…</translation>
    </message>
    <message>
        <source>Afmelden</source>
        <translation>Sign out</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>{0}, sloop van {1}</source>
        <translation>{0}, demolition of {1}</translation>
    </message>
    <message>
        <source>datum voorbij</source>
        <translation>date passed</translation>
    </message>
    <message>
        <source>Verwacht uit doorlooptijd: {0} maanden (spreiding {1} tot {2}), dus van {3} tot {4}.</source>
        <translation>Expected from lead time: {0} months (spread {1} to {2}), so from {3} to {4}.</translation>
    </message>
    <message>
        <source>Bron: {0}.</source>
        <translation>Source: {0}.</translation>
    </message>
    <message>
        <source>{0}: {1} gebouwd, {2} gesloopt, netto {3}</source>
        <translation>{0}: {1} built, {2} demolished, net {3}</translation>
    </message>
</context>
<context>
    <name>TimelineCanvas</name>
    <message>
        <source>fase</source>
        <translation>phase</translation>
    </message>
    <message>
        <source>planstatus</source>
        <translation>plan status</translation>
    </message>
    <message>
        <source>mijlpalen</source>
        <translation>milestones</translation>
    </message>
    <message>
        <source>oplevering</source>
        <translation>delivery</translation>
    </message>
    <message>
        <source>woningen</source>
        <translation>homes</translation>
    </message>
    <message>
        <source>per jaar</source>
        <translation>per year</translation>
    </message>
</context>
<context>
    <name>TimelineWidget</name>
    <message>
        <source>Kies een project om de planning te zien.</source>
        <translation>Select a project to see its planning.</translation>
    </message>
    <message>
        <source>Mijlpaal</source>
        <translation>Milestone</translation>
    </message>
    <message>
        <source>Mijlpaal toevoegen (Insert)</source>
        <translation>Add milestone (Insert)</translation>
    </message>
    <message>
        <source>Banen</source>
        <translation>Lanes</translation>
    </message>
    <message>
        <source>Banen tonen of verbergen</source>
        <translation>Show or hide lanes</translation>
    </message>
    <message>
        <source>Uitzoomen (−)</source>
        <translation>Zoom out (−)</translation>
    </message>
    <message>
        <source>Inzoomen (+)</source>
        <translation>Zoom in (+)</translation>
    </message>
    <message>
        <source>Alles passend</source>
        <translation>Fit all</translation>
    </message>
    <message>
        <source>De hele planning in beeld (0)</source>
        <translation>The whole planning in view (0)</translation>
    </message>
    <message>
        <source>vandaag</source>
        <translation>today</translation>
    </message>
    <message>
        <source>Tijdlijn van {0}</source>
        <translation>Timeline of {0}</translation>
    </message>
    <message>
        <source>Tijdlijn</source>
        <translation>Timeline</translation>
    </message>
    <message>
        <source>{0} mijlpalen, {1} in {2} opleveringen</source>
        <translation>{0} milestones, {1} in {2} deliveries</translation>
    </message>
    <message>
        <source>{0} mijlpalen, {1} in 1 oplevering</source>
        <translation>{0} milestones, {1} in 1 delivery</translation>
    </message>
    <message>
        <source>1 andere schuift mee</source>
        <translation>1 other moves along</translation>
    </message>
    <message>
        <source>{0} andere schuiven mee</source>
        <translation>{0} others move along</translation>
    </message>
    <message>
        <source>Woningen {0}</source>
        <translation>Homes {0}</translation>
    </message>
    <message>
        <source>Woningen per jaar blijven gelijk</source>
        <translation>Homes per year stay the same</translation>
    </message>
    <message>
        <source>Shift: wat volgt schuift mee</source>
        <translation>Shift: what follows moves along</translation>
    </message>
    <message>
        <source>U bekijkt een eerdere dag. Ga terug naar vandaag om de planning te wijzigen.</source>
        <translation>You are viewing an earlier day. Go back to today to change the planning.</translation>
    </message>
    <message>
        <source>Dit register is alleen om te lezen geopend. De planning kan hier niet wijzigen.</source>
        <translation>This register was opened read-only. The planning cannot be changed here.</translation>
    </message>
    <message>
        <source>Nieuwe mijlpaal</source>
        <translation>New milestone</translation>
    </message>
    <message>
        <source>Bewerken</source>
        <translation>Edit</translation>
    </message>
    <message>
        <source>Gerealiseerd op {0}</source>
        <translation>Realised on {0}</translation>
    </message>
    <message>
        <source>Gerealiseerd op…</source>
        <translation>Realised on…</translation>
    </message>
    <message>
        <source>Verwijderen</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Mijlpaal toevoegen op {0}</source>
        <translation>Add milestone on {0}</translation>
    </message>
</context>
<context>
    <name>Together</name>
    <message>
        <source>Verbonden met {0}. Alles wordt nu verstuurd; u kunt doorwerken.</source>
        <translation>Connected to {0}. Everything is being sent now; you can go on working.</translation>
    </message>
</context>
<context>
    <name>Toolbox</name>
    <message>
        <source>Vastleggen</source>
        <translation>Store</translation>
    </message>
    <message>
        <source>Het getekende vastleggen</source>
        <translation>Store what was drawn</translation>
    </message>
    <message>
        <source>Stoppen</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Het getekende loslaten (Esc)</source>
        <translation>Let go of what was drawn (Esc)</translation>
    </message>
    <message>
        <source>Inzoomen</source>
        <translation>Zoom in</translation>
    </message>
    <message>
        <source>Inzoomen (+)</source>
        <translation>Zoom in (+)</translation>
    </message>
    <message>
        <source>Uitzoomen</source>
        <translation>Zoom out</translation>
    </message>
    <message>
        <source>Uitzoomen (−)</source>
        <translation>Zoom out (−)</translation>
    </message>
    <message>
        <source>Alles</source>
        <translation>All</translation>
    </message>
    <message>
        <source>Alles tonen (Home)</source>
        <translation>Show all (Home)</translation>
    </message>
    <message>
        <source>{0} ({1} op de kaart; Ctrl+1 gaat erheen)</source>
        <translation>{0} ({1} on the map; Ctrl+1 goes there)</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Bovenbalk</source>
        <translation>Top bar</translation>
    </message>
    <message>
        <source>Synchroniseren</source>
        <translation>Synchronise</translation>
    </message>
    <message>
        <source>Op deze computer</source>
        <translation>On this computer</translation>
    </message>
    <message>
        <source>Er is geen server ingesteld. Alles staat op deze computer.</source>
        <translation>No server has been set. Everything is on this computer.</translation>
    </message>
    <message>
        <source>Stoppen</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Stop met synchroniseren; wat al klaar is, blijft</source>
        <translation>Stop synchronising; what is done stays</translation>
    </message>
    <message>
        <source>Synchroniseren met {0} (F9)</source>
        <translation>Synchronise with {0} (F9)</translation>
    </message>
</context>
<context>
    <name>TotalsRow</name>
    <message>
        <source>1 project</source>
        <translation>1 project</translation>
    </message>
    <message>
        <source>{0} projecten</source>
        <translation>{0} projects</translation>
    </message>
    <message>
        <source>{0}, {1} afgebroken</source>
        <translation>{0}, {1} terminated</translation>
    </message>
    <message>
        <source>Niet meegeteld, want afgebroken: {0} woningen</source>
        <translation>Not counted, because they were terminated: {0} homes</translation>
    </message>
    <message>
        <source>Totaal: {0}</source>
        <translation>Total: {0}</translation>
    </message>
</context>
<context>
    <name>TypeChooser</name>
    <message>
        <source>Fasen</source>
        <translation>Phases</translation>
    </message>
    <message>
        <source>Planstatus</source>
        <translation>Plan status</translation>
    </message>
    <message>
        <source>Fase {0}</source>
        <translation>Phase {0}</translation>
    </message>
    <message>
        <source>Overig</source>
        <translation>Other</translation>
    </message>
</context>
<context>
    <name>Undoing</name>
    <message>
        <source>Ongedaan gemaakt: {0}</source>
        <translation>Undone: {0}</translation>
    </message>
    <message>
        <source>Opnieuw gedaan: {0}</source>
        <translation>Redone: {0}</translation>
    </message>
    <message>
        <source>Ongedaan maken</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>De waarde van een ander wordt dan overschreven.</source>
        <translation>Somebody else&apos;s value is then overwritten.</translation>
    </message>
    <message>
        <source>Toch ongedaan maken</source>
        <translation>Undo all the same</translation>
    </message>
    <message>
        <source>Laat zo</source>
        <translation>Leave as is</translation>
    </message>
</context>
<context>
    <name>Units</name>
    <message>
        <source>woningen</source>
        <translation>homes</translation>
    </message>
</context>
<context>
    <name>UserButton</name>
    <message>
        <source>U bent {0}, {1}. Klik voor uw account.</source>
        <translation>You are {0}, {1}. Click for your account.</translation>
    </message>
    <message>
        <source>U werkt als {0}, {1}. Klik om als een ander te werken.</source>
        <translation>You work as {0}, {1}. Click to work as somebody else.</translation>
    </message>
    <message>
        <source>Uw account</source>
        <translation>Your account</translation>
    </message>
    <message>
        <source>Server: {0}</source>
        <translation>Server: {0}</translation>
    </message>
    <message>
        <source>Aanmelden…</source>
        <translation>Sign in…</translation>
    </message>
    <message>
        <source>Apparaten…</source>
        <translation>Devices…</translation>
    </message>
    <message>
        <source>Afmelden</source>
        <translation>Sign out</translation>
    </message>
</context>
<context>
    <name>Version</name>
    <message>
        <source>geen contour</source>
        <translation>no contour</translation>
    </message>
</context>
<context>
    <name>WritePage</name>
    <message>
        <source>%1 projecten naar %2, peildatum %3.</source>
        <translation>%1 projects to %2, reference date %3.</translation>
    </message>
    <message>
        <source>Gaat niet mee (%1): %2.</source>
        <translation>Not included (%1): %2.</translation>
    </message>
    <message>
        <source>Deze map bestaat niet; kies een andere.</source>
        <translation>This folder does not exist; choose another.</translation>
    </message>
    <message>
        <source>Dit bestand bestaat al en wordt vervangen.</source>
        <translation>This file exists already and will be replaced.</translation>
    </message>
    <message>
        <source>Het bestand en het verslag komen er samen, of geen van beide.</source>
        <translation>The file and the report are made together, or neither.</translation>
    </message>
    <message>
        <source>Bestand voor de provincie</source>
        <translation>File for the province</translation>
    </message>
    <message>
        <source>Peildatum %1, logpositie %2, door %3</source>
        <translation>Reference date %1, log position %2, by %3</translation>
    </message>
    <message>
        <source>%1 projecten weggelaten; ze staan in het verslag.</source>
        <translation>%1 projects left out; they are listed in the report.</translation>
    </message>
    <message>
        <source>Er is geen programma dat de map kan tonen; het bestand staat er wel.</source>
        <translation>There is no program that can show the folder; the file is there.</translation>
    </message>
    <message>
        <source>Het bestand is geschreven: %1 projecten in %2</source>
        <translation>The file has been written: %1 projects in %2</translation>
    </message>
</context>
<context>
    <name>_ChoiceEditor</name>
    <message>
        <source>(leeg)</source>
        <translation>(empty)</translation>
    </message>
    <message>
        <source>Zoek in de lijst…</source>
        <translation>Search the list…</translation>
    </message>
</context>
<context>
    <name>_RangeEditor</name>
    <message>
        <source>Vanaf</source>
        <translation>From</translation>
    </message>
    <message>
        <source>Tot en met</source>
        <translation>Up to</translation>
    </message>
</context>
<context>
    <name>_TextEditor</name>
    <message>
        <source>Bevat…</source>
        <translation>Contains…</translation>
    </message>
    <message>
        <source>Bevat</source>
        <translation>Contains</translation>
    </message>
</context>
<context>
    <name>fixes</name>
    <message>
        <source>Zet op Extern mede-overheden</source>
        <translation>Set to External, other governments</translation>
    </message>
    <message>
        <source>Zet op Uitbreiding overig</source>
        <translation>Set to Expansion, other</translation>
    </message>
    <message>
        <source>Zet op Uitbreiding uitleg</source>
        <translation>Set to Expansion, new land</translation>
    </message>
    <message>
        <source>Is gerealiseerd</source>
        <translation>Has been realised</translation>
    </message>
    <message>
        <source>Is opgeleverd</source>
        <translation>Has been delivered</translation>
    </message>
    <message>
        <source>Zet op gepland</source>
        <translation>Set to planned</translation>
    </message>
    <message>
        <source>Maak leeg</source>
        <translation>Make empty</translation>
    </message>
</context>
</TS>
