"""Names for the streets and quarters of a made-up municipality, as Dutch places have them: by theme per
neighbourhood.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

MUNICIPALITY = "Duinwijk"
MUNICIPALITY_CODE = "0999"  # no municipality has this number
CADASTRAL_CODE = "DMO00"  # nor this one

_THEMES: dict[str, str] = {
    "Bloemenbuurt": (
        "Tulp Narcis Hyacint Roos Anemoon Lelie Krokus Dahlia Anjer Viool Korenbloem Klaproos Lavendel Margriet"
    ),
    "Bomenbuurt": (
        "Beuken Eiken Linden Iepen Kastanje Wilgen Populieren Elzen Berken Esdoorn Lijsterbes Hazelaar Meidoorn Dennen"
    ),
    "Vogelbuurt": (
        "Merel Lijster Spreeuwen Kievit Zwaluw Reiger Vinken Leeuwerik Wulp Grutto Fazanten Koekoek Sperwer Buizerd"
    ),
    "Componistenbuurt": (
        "Mozart Beethoven Bach Chopin Verdi Haydn Händel Schubert Sweelinck Diepenbrock Brahms Liszt Grieg Mahler"
    ),
    "Schildersbuurt": (
        "Rembrandt Vermeer Hals Steen Jongkind Mesdag Israëls Breitner Mondriaan Ruysdael Potter Cuyp Bosch Appel"
    ),
    "Rivierenbuurt": ("Rijn Maas Waal IJssel Lek Amstel Vecht Schelde Eem Dommel Linge Merwede Zaan Spaarne"),
    "Zeeheldenbuurt": (
        "Tromp Ruyter Evertsen Heyn Galen Witte Kortenaer Wassenaer Brakel Barentsz Heemskerk Houtman Tasman Bontekoe"
    ),
    "Dichtersbuurt": (
        "Vondel Bredero Hooft Huygens Cats Bilderdijk Gezelle Gorter Perk Kloos Marsman Nijhoff Achterberg Vasalis"
    ),
    "Sterrenbuurt": (
        "Orion Cassiopeia Andromeda Mercurius Venus Mars Jupiter Saturnus Pegasus Sirius Poolster Castor Pollux Leeuw"
    ),
    "Oranjebuurt": (
        "Wilhelmina Juliana Beatrix Emma Alexander Maurits Hendrik Bernhard Margriet Amalia Irene Marijke Sophia"
    ),
    "Ambachtenbuurt": (
        "Smeden Bakkers Kuipers Wevers Timmer Zeilmakers Touwslagers Molenaars Schippers Visser Metsel "
        "Leerlooiers Pottenbakkers"
    ),
    "Kruidenbuurt": (
        "Tijm Salie Munt Rozemarijn Basilicum Venkel Dille Kervel Bieslook Marjolein Kamille Laurier Anijs Saffraan"
    ),
    "Weidebuurt": (
        "Boterbloem Pinksterbloem Zuring Koekoeksbloem Klaver Dotterbloem Lisdodde Riet Kamgras Wollegras Veenbes"
    ),
    "Verzetsbuurt": (
        "Hannie-Schaft Titus-Brandsma Walraven-van-Hall Johannes-Post Anne-Frank Gerrit-van-der-Veen Frieda-Belinfante"
    ),
}
_SUFFIXES = ("straat", "laan", "hof", "weg", "plantsoen", "pad")
_CENTRE = (
    "Dorpsstraat Kerkstraat Marktstraat Raadhuisplein Molenstraat Achterstraat Nieuwstraat Schoolstraat "
    "Burgwal Haven Kerkplein Torenstraat Breestraat Koningstraat Voorstraat Zuiderstraat Noorderstraat "
    "Kloosterstraat Spinhuissteeg Visserssteeg Hoogstraat"
).split()
_MAIN = (
    "Rijksstraatweg Duinweg Zeeweg Stationsweg Europalaan Ringweg Provincialeweg Heereweg Binnenweg "
    "Oosterweg Zuiderweg Noorderweg Westerweg Broekweg Kerkweg Molenweg Marquettelaan Plesmanweg "
    "Laan-van-Duinwijk Tolweg"
).split()
_LAND = (
    "Polderweg Meerweg Hogeweg Lageweg Dijkweg Vennewaterweg Broekdijk Zuidermeerweg Noordermeerweg "
    "Rietweg Veenweg Groeneweg Uitweg Middenweg Achterweg Sluisweg Kadeweg Weidelaan Hondsbosweg "
    "Buitenweg"
).split()
_BUSINESS = (
    "Ampère Edison Watt Volta Nobel Fokker Philips Stephenson Daimler Lorentz Zernike Kelvin Faraday Marconi"
).split()
_ORDINALS = ("", "Tweede ", "Derde ", "Vierde ", "Vijfde ", "Zesde ", "Zevende ", "Achtste ", "Negende ", "Tiende ")


class StreetNames:
    """Gives out names; no name twice. `theme` is one of `THEMES`, or centre, main, land, business."""

    def __init__(self) -> None:
        self._running: dict[str, Iterator[str]] = {}
        self._given: set[str] = set()

    def next(self, theme: str) -> str:
        """The next free name of a theme."""
        running = self._running.setdefault(theme, _endless(theme))
        name = next(running)
        while name in self._given:
            name = next(running)
        self._given.add(name)
        return name


def _endless(theme: str) -> Iterator[str]:
    whole = {"centre": _CENTRE, "main": _MAIN, "land": _LAND}.get(theme)
    stems = _BUSINESS if theme == "business" else _THEMES.get(theme, "").split()
    round_ = 0
    while True:
        ordinal = _ORDINALS[round_ % len(_ORDINALS)] + ("Nieuwe " if round_ >= len(_ORDINALS) else "")
        ordinal += "Oude " * (round_ // (2 * len(_ORDINALS)))
        if whole is not None:
            yield from (ordinal + name.replace("-", " ") for name in whole)
        else:
            for suffix in _SUFFIXES:
                yield from (ordinal + _joined(stem, suffix) for stem in stems)
        round_ += 1


def _joined(stem: str, suffix: str) -> str:
    """Tulp + straat is Tulpstraat; a whole name stays apart with hyphens as spaces: Anne Frankstraat."""
    return stem.replace("-", " ") + suffix


def themes(random: Random) -> list[str]:
    """The themes in the order in which this municipality uses them."""
    order = list(_THEMES)
    random.shuffle(order)
    return order


def postcode(street: int) -> str:
    """A postcode per street out of the numbers 1998 and 1999, which are not in use: "1999 AB"."""
    letters = [a + b for a in _LETTERS for b in _LETTERS if a + b not in ("SA", "SD", "SS")]
    return f"{1999 - (street // len(letters)) % 999} {letters[street % len(letters)]}"


_LETTERS = "ABCDEGHJKLMNPRSTVWXZ"  # a postcode has no F, I, O, Q, U or Y
