"""The enumerations that the logic itself knows. Keys as in the exchange formats, so that data travels unchanged.

Labels and help texts live in resources/codelists/; a test holds the two together. Values: functional reference 1.12.
"""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Project phase, in order of progress."""

    CONCEPT = "_1_CONCEPT"
    INITIATIVE = "_2_INITIATIVE"
    DEFINITION = "_3_DEFINITION"
    DESIGN = "_4_DESIGN"
    PREPARATION = "_5_PREPARATION"
    REALIZATION = "_6_REALIZATION"
    AFTERCARE = "_7_AFTERCARE"


class PlanStatus(StrEnum):
    """Planning status (planologische planstatus), in order of progress. 5A/5B stay inside the municipality."""

    S5B = "_5B_AMBTELIJK_ZONDER_LOCATIE"
    S5A = "_5A_AMBTELIJK_MET_LOCATIE"
    S4A = "_4A_OPGENOMEN_IN_VISIE"
    S4B = "_4B_NIET_OPGENOMEN_IN_VISIE"
    S3 = "_3_IN_VOORBEREIDING"
    S2A = "_2A_VASTGESTELD"
    S2B = "_2B_VASTGESTELD_MET_UITWERKING_NODIG"
    S2C = "_2C_VASTGESTELD_MET_BW_NODIG"
    S1A = "_1A_ONHERROEPELIJK"
    S1B = "_1B_ONHERROEPELIJK_MET_UITWERKING_NODIG"
    S1C = "_1C_ONHERROEPELIJK_MET_BW_NODIG"


# functional reference 1.12: hard plans are 1A, 1B, 2A and 2B, all others are soft.
HARD_STATUSES = frozenset({PlanStatus.S1A, PlanStatus.S1B, PlanStatus.S2A, PlanStatus.S2B})
# Help text of the original: 5A and 5B are municipal preparation and never go to another government.
MUNICIPAL_STATUSES = frozenset({PlanStatus.S5A, PlanStatus.S5B})


class PlanType(StrEnum):
    PAND_TRANSFORMATIE = "PAND_TRANSFORMATIE"
    TRANSFORMATIEGEBIED = "TRANSFORMATIEGEBIED"
    HERSTRUCTURERING = "HERSTRUCTURERING"
    VERDICHTING = "VERDICHTING"
    UITBREIDING_UITLEG = "UITBREIDING_UITLEG"
    UITBREIDING_OVERIG = "UITBREIDING_OVERIG"


class Confidentiality(StrEnum):
    """Who may know of a plan, from strict to open; `rank` 1..7 as in the original."""

    PRIVATE = "PRIVATE"
    INTERNAL_CIVIL = "INTERNAL_CIVIL"
    INTERNAL_MANAGEMENT = "INTERNAL_MANAGEMENT"
    INTERNAL_COUNCIL = "INTERNAL_COUNCIL"
    EXTERNAL_REGIONAL = "EXTERNAL_REGIONAL"
    EXTERNAL_GOVERNMENTAL = "EXTERNAL_GOVERNMENTAL"
    PUBLIC = "PUBLIC"

    @property
    def rank(self) -> int:
        return list(Confidentiality).index(self) + 1


class OwnershipType(StrEnum):
    BUY = "KOOPWONING"
    RENT_LANDLORD = "HUURWONING_PARTICULIERE_VERHUURDER"
    RENT_CORPORATION = "HUURWONING_WONINGCORPORATIE"


class Mutation(StrEnum):
    CONSTRUCTION = "CONSTRUCTION"
    DEMOLITION = "DEMOLITION"


class MilestoneState(StrEnum):
    FORECAST = "VOORSPELD"
    PLANNED = "GEPLAND"
    REALIZED = "GEREALISEERD"
    ABORTED = "AFGEBROKEN"


class MilestoneBasis(StrEnum):
    """Where the date of a milestone comes from."""

    HAND = "HAND"
    LEAD_TIME = "DOORLOOPTIJD"
    IMPORT = "IMPORT"


class ProjectStatus(StrEnum):
    """Follows from the dates and from the milestone VERVALLEN; only the Excel template has it as a value."""

    NEW = "NEW"
    ACTIVE = "ACTIVE"
    REALIZED = "REALIZED"
    TERMINATED = "TERMINATED"


class OptionList(StrEnum):
    """The lists whose options a municipality keeps itself."""

    PRIORITY = "priority"
    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    NEIGHBOURHOOD = "neighbourhood"
    MUNICIPALITY_ROLE = "municipalityRole"
    TARGET_GROUP = "targetGroup"
    APPEARANCE = "physicalAppearance"
    PRICE_BUY = "priceRangeBuy"
    PRICE_RENT = "priceRangeRent"


class OwnFieldType(StrEnum):
    BOOLEAN = "BOOLEAN"
    NUMERIC = "NUMERIC"
    ORDINAL = "ORDINAL"
    CATEGORY = "CATEGORY"
    TEXT = "TEXT"


class UserRole(StrEnum):
    ADMIN = "Admin"
    USER_PLUS = "UserPlus"
    USER = "User"
    MANAGEMENT = "Management"
    COUNCIL = "Council"
    EXTERNAL = "External"


class PersonState(StrEnum):
    INVITED = "UITGENODIGD"
    ACTIVE = "ACTIEF"
    LOCKED = "GEBLOKKEERD"
