"""Export to provinces: one engine, and a profile per province as data.

How to add a province:

1. Its price bounds: resources/prices/<name>.toml, with the period they hold in and their source (prices.py).
2. Its format: resources/provinces/<key>.toml, the output fields in their order (profile.py says what can stand there).
   Only a figure that no profile asked for yet is code: a function in figures.py, registered under its name.
3. Its file: when it is not GeoJSON in RD, a writer from records to bytes in submission.WRITERS. A geodatabase of two
   layers (Gelderland) takes its second layer from the rows of the year table of each record.
4. Its golden file under tests/exchange/provinces/.

The mapping of a municipality's own fields, the checks, the wizard, the preview and the record of the submission follow
from the profile.
"""

from diwi_desktop.exchange.provinces.engine import Engine, Record
from diwi_desktop.exchange.provinces.mapping import (
    FieldMapping,
    Mappings,
    check_mapping,
    load_mapping,
    read_mapping_file,
    save_mapping,
    suggest,
)
from diwi_desktop.exchange.provinces.profile import OutputField, Profile, profile, profile_for, profiles
from diwi_desktop.exchange.provinces.register import Register, register_of
from diwi_desktop.exchange.provinces.submission import (
    Choice,
    ExportRefused,
    ExportResult,
    LeftOut,
    Prepared,
    check,
    export,
    moment_of,
    prepare,
    renew,
    write,
)

__all__ = [
    "Choice",
    "Engine",
    "ExportRefused",
    "ExportResult",
    "FieldMapping",
    "LeftOut",
    "Mappings",
    "OutputField",
    "Prepared",
    "Profile",
    "Record",
    "Register",
    "check",
    "check_mapping",
    "export",
    "load_mapping",
    "moment_of",
    "prepare",
    "profile",
    "profile_for",
    "profiles",
    "read_mapping_file",
    "register_of",
    "renew",
    "save_mapping",
    "suggest",
    "write",
]
