"""SIBA: the file of guests that hotels in Portugal send to the border authority, as XML.

The order of the elements is that of `MovimentoBAL` as public clients send it; names are capitals
of at most 40 letters, countries have three letters, and where a guest lives must be said.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree import ElementTree as ET

SPACE = "http://sef.pt/BAws"
LONGEST_NAME = 40
# letters that are no other letter with an accent, as ICAO 9303 spells them
_SPELLED = str.maketrans(
    {"Ø": "OE", "Ł": "L", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Đ": "D", "Ð": "D", "ẞ": "SS", "ß": "SS"}
)


@dataclass(frozen=True)
class Unit:
    """The hotel as the authority knows it."""

    code: str
    establishment: str
    name: str
    short_name: str
    street: str
    town: str
    postcode: str
    zone: str
    phone: str
    contact: str
    email: str


@dataclass(frozen=True)
class Bulletin:
    """One guest's stay."""

    surname: str
    given_name: str
    nationality: str
    born: date
    number: str
    issuer: str
    document: str
    arrived: date
    leaves: date
    country: str
    lives_in: str


def file_of(unit: Unit, bulletins: Sequence[Bulletin], *, number: int, made_at: datetime) -> bytes:
    """Return the file of these guests with its number, as it is sent."""
    root = ET.Element("MovimentoBAL", xmlns=SPACE)
    _filled(
        root,
        "Unidade_Hoteleira",
        Codigo_Unidade_Hoteleira=unit.code,
        Estabelecimento=unit.establishment,
        Nome=unit.name[:40],
        Abreviatura=unit.short_name[:15],
        Morada=unit.street[:40],
        Localidade=unit.town[:30],
        Codigo_Postal=unit.postcode,
        Zona_Postal=unit.zone,
        Telefone=unit.phone,
        Fax="",
        Nome_Contacto=unit.contact[:40],
        Email_Contacto=unit.email,
    )
    for each in bulletins:
        _bulletin(root, each)
    _filled(
        root,
        "Envio",
        Numero_Ficheiro=str(number),
        Data_Movimento=f"{made_at:%Y-%m-%dT%H:%M:%S}",
    )
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _bulletin(root: ET.Element, told: Bulletin) -> None:
    given = {"Nome": spelled(told.given_name)} if spelled(told.given_name) else {}
    _filled(
        root,
        "Boletim_Alojamento",
        Apelido=spelled(told.surname),
        **given,
        Nacionalidade=told.nationality,
        Data_Nascimento=f"{told.born}T00:00:00",
        Documento_Identificacao=told.number[:16],
        Pais_Emissor_Documento=told.issuer,
        Tipo_Documento=told.document,
        Data_Entrada=f"{told.arrived}T00:00:00",
        Data_Saida=f"{told.leaves}T00:00:00",
        Pais_Residencia_Origem=told.country,
        Local_Residencia_Origem=spelled(told.lives_in)[:30],
    )


def spelled(name: str) -> str:
    """Return a name as the authority spells it: capitals without accents, `DVORAK`."""
    plain = unicodedata.normalize("NFKD", name).upper().translate(_SPELLED)
    kept = "".join(each for each in plain if "A" <= each <= "Z" or each in " -'")
    return " ".join(kept.split())[:LONGEST_NAME]


def _filled(root: ET.Element, name: str, **fields: str) -> None:
    element = ET.SubElement(root, name)
    for field, text in fields.items():
        ET.SubElement(element, field).text = text
