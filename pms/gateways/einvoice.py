"""E-invoices: a paper's data written as Cross Industry Invoice, the syntax of EN 16931.

Takes plain data (see `pms.hotel.books.papers.freezing`), gives XML for the machine that reads the
PDF. The order of elements is the schema's.
"""

from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from pms.base.money import digits_of

Data = dict[str, Any]

PROFILE = "urn:cen.eu:en16931:2017"
_RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
for _prefix, _uri in (("rsm", _RSM), ("ram", _RAM), ("udt", _UDT), ("qdt", _QDT)):
    ET.register_namespace(_prefix, _uri)
_PERCENT = Decimal(10_000)
_TYPES = {"invoice": "380", "credit_note": "381", "deposit_invoice": "386"}
_STANDARD, _EXEMPT = "S", "E"
_VAT_LETTERS = {"GR": "EL", "MC": "FR"}  # how VAT numbers begin there: Monaco's are French
_NORTHERN_IRELAND = "XI"
_SAID_AS = {"XK": "1A"}  # Kosovo, which ISO 3166 has no letters for
_EXEMPT_WHY = "Outside the scope of VAT"
_LONG_STAY = "Exempt from VAT as a long stay; levies are outside the scope of VAT"
_CREDIT_TRANSFER = "30"
_ABOVE_PRICE = (
    "{} {} of what was paid is above the price of the stay: held for the guest, and not taxed, as "
    "it is for no supply yet"
)


def missing(data: Data) -> list[str]:
    """Return what a paper lacks to be an e-invoice, in words; nothing where it can be one."""
    seller, buyer = data["seller"], data["buyer"]
    lacks = []
    if not seller["tax_number"]:
        lacks.append("the hotel's VAT number")
    if not buyer["country"]:
        lacks.append("the addressee's country")
    if any(len(line["vat"]) > 1 for line in data["lines"]):
        lacks.append("one VAT rate for each line")
    return lacks


def xml(data: Data, *, kind: str, label: str) -> bytes:
    """Return an invoice, a credit note or a deposit invoice as XML; see `missing` for its needs.

    Deposit invoices that are set off are lines below zero by rate, and preceding invoices (BG-3):
    so the VAT is what is left of it. EN 16931 knows no other place for it, and Germany's ministry
    of finance advises to invoice the rest (letter of 15 October 2024, III C 2 - S 7287-a, no. 48).

    What of a deposit is above the price of its stay is no line: a line wants a category, “outside
    the scope” stands beside no other (BR-O-11), and “exempt” would declare a supply. It is paid
    (BT-113) and not invoiced, so that what is due is below zero (BT-115), and a note says why.
    """
    root = ET.Element(f"{{{_RSM}}}CrossIndustryInvoice")
    context = _under(root, "ExchangedDocumentContext", space=_RSM)
    _text(_under(context, "GuidelineSpecifiedDocumentContextParameter"), "ID", PROFILE)
    document = _under(root, "ExchangedDocument", space=_RSM)
    _text(document, "ID", label)
    _text(document, "TypeCode", _TYPES[kind])
    _date(document, "IssueDateTime", data["day"])
    if data["reason"]:
        _text(_under(document, "IncludedNote"), "Content", data["reason"])
    if data.get("above_price"):
        said = _ABOVE_PRICE.format(data["currency"], _said(data["above_price"], data["currency"]))
        _text(_under(document, "IncludedNote"), "Content", said)
    deal = _under(root, "SupplyChainTradeTransaction", space=_RSM)
    for line in _lines(data):
        _line(deal, line, data["currency"])
    _agreement(deal, data)
    _delivery(deal, data)
    _settlement(deal, data)
    body: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return body


# --- lines ------------------------------------------------------------------------------------


def _lines(data: Data) -> list[Data]:
    """Return the lines of the XML: each charge, and each levy on it as a line of its own.

    VAT that is given back is two: what it was on leaves its rate, and is exempt instead.
    """
    found: list[Data] = []
    for line in data["lines"]:
        rate, exempt = sum(share["rate"] for share in line["vat"]), line.get("exempt", 0)
        found.append({**line, "rate": rate, "name": line["text"], "net": line["net"] - exempt})
        if exempt:
            found.append({**line, "rate": 0, "name": line["text"], "net": exempt})
        found += [
            {**line, "rate": 0, "name": share["name"], "net": share["amount"]}
            for share in line["levies"]
        ]
    found += [_taken_off(one, row) for one in _set_off(data) for row in one["taxes"]]
    return [{**line, "no": no} for no, line in enumerate(found, start=1)]


def _set_off(data: Data) -> list[Data]:
    """Return the deposit invoices that are set off; older papers know of none."""
    return list(data.get("set_off", ()))


def _preceding(data: Data) -> list[Data]:
    """Return the papers that one follows (BG-3): what it credits or takes off, and notes on that.

    Papers of before the notes were named know of none.
    """
    found = [data["credits"]] if data["credits"] else []
    for one in _set_off(data):
        found += [one, *one.get("credited", ())]
    return found


def _taken_off(one: Data, row: Data) -> Data:
    """Return what is left of a deposit invoice under one rate, as a line below zero."""
    labels = ", ".join(each["label"] for each in (one, *one.get("credited", ())))
    return {
        "day": one["issued_on"], "name": f"{one['text']} {labels}", "reference": "",
        "quantity": 1, "rate": row["rate"], "net": -row["base"],
    }  # fmt: skip


def _line(deal: ET.Element, line: Data, currency: str) -> None:
    item = _under(deal, "IncludedSupplyChainTradeLineItem")
    _text(_under(item, "AssociatedDocumentLineDocument"), "LineID", str(line["no"]))
    product = _under(item, "SpecifiedTradeProduct")
    _text(product, "Name", line["name"])
    if line["reference"]:
        _text(product, "Description", line["reference"])
    quantity, price = _priced(line)
    agreed = _under(item, "SpecifiedLineTradeAgreement")
    _amount(_under(agreed, "NetPriceProductTradePrice"), "ChargeAmount", price, currency)
    billed = _under(item, "SpecifiedLineTradeDelivery")
    _text(billed, "BilledQuantity", str(quantity)).set("unitCode", "C62")
    settled = _under(item, "SpecifiedLineTradeSettlement")
    tax = _under(settled, "ApplicableTradeTax")
    _text(tax, "TypeCode", "VAT")
    _text(tax, "CategoryCode", _STANDARD if line["rate"] else _EXEMPT)
    _text(tax, "RateApplicablePercent", _rate(line["rate"]))
    period = _under(settled, "BillingSpecifiedPeriod")
    _date(period, "StartDateTime", line["day"])
    _date(period, "EndDateTime", line["day"])
    summed = _under(settled, "SpecifiedTradeSettlementLineMonetarySummation")
    _amount(summed, "LineTotalAmount", line["net"], currency)


def _priced(line: Data) -> tuple[int, int]:
    """Return quantity and net price of one; a price isn't below zero (BR-27), a quantity may be."""
    quantity = max(line["quantity"], 1)
    if line["net"] % quantity:
        quantity = 1
    sign = -1 if line["net"] < 0 else 1
    return sign * quantity, abs(line["net"]) // quantity


# --- who, when --------------------------------------------------------------------------------


def _agreement(deal: ET.Element, data: Data) -> None:
    agreement = _under(deal, "ApplicableHeaderTradeAgreement")
    buyer, seller = data["buyer"], data["seller"]
    _text(agreement, "BuyerReference", buyer["reference"] or data["about"]["booking"] or "-")
    _party(agreement, "SellerTradeParty", seller)
    _party(agreement, "BuyerTradeParty", buyer)


def _party(agreement: ET.Element, role: str, who: Data) -> None:
    party = _under(agreement, role)
    _text(party, "Name", who["name"])
    address = _under(party, "PostalTradeAddress")
    for tag, key in (("PostcodeCode", "postcode"), ("LineOne", "street"), ("CityName", "city")):
        if who[key]:
            _text(address, tag, who[key])
    _text(address, "CountryID", _SAID_AS.get(str(who["country"]), str(who["country"])))
    if who["email"]:
        mail = _text(_under(party, "URIUniversalCommunication"), "URIID", who["email"])
        mail.set("schemeID", "EM")
    if who["tax_number"]:
        number = _text(_under(party, "SpecifiedTaxRegistration"), "ID", _vat_number(who))
        number.set("schemeID", "VA")


def _vat_number(who: Data) -> str:
    """Return a VAT number with its country's letters in front (BR-CO-09), however it was typed."""
    plain = "".join(str(who["tax_number"]).upper().split())
    country = str(who["country"])
    letters = _VAT_LETTERS.get(country, country)
    known = {country, letters} | ({_NORTHERN_IRELAND} if country == "GB" else set())
    return plain if plain[:2] in known else f"{letters}{plain}"


def _delivery(deal: ET.Element, data: Data) -> None:
    delivery = _under(deal, "ApplicableHeaderTradeDelivery")
    last = max((line["day"] for line in data["lines"]), default=data["day"])
    event = _under(delivery, "ActualDeliverySupplyChainEvent")
    _date(event, "OccurrenceDateTime", last)


# --- money ------------------------------------------------------------------------------------


def _settlement(deal: ET.Element, data: Data) -> None:
    settlement = _under(deal, "ApplicableHeaderTradeSettlement")
    currency, totals = data["currency"], _left_of(data)
    _text(settlement, "InvoiceCurrencyCode", currency)
    if totals["due"] > 0 and data["seller"]["iban"]:
        means = _under(settlement, "SpecifiedTradeSettlementPaymentMeans")
        _text(means, "TypeCode", _CREDIT_TRANSFER)
        account = _under(means, "PayeePartyCreditorFinancialAccount")
        _text(account, "IBANID", data["seller"]["iban"].replace(" ", ""))
    exempts = any(line.get("exempt") for line in data["lines"])
    why = _LONG_STAY if exempts else _EXEMPT_WHY
    for rate, base, amount in _breakdown(data):
        _tax(settlement, rate, base, amount, currency, why)
    if data["due_on"] or totals["due"] > 0:
        terms = _under(settlement, "SpecifiedTradePaymentTerms")
        _date(terms, "DueDateDateTime", data["due_on"] or data["day"])
    summed = _under(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    _amount(summed, "LineTotalAmount", totals["net"], currency)
    _amount(summed, "TaxBasisTotalAmount", totals["net"], currency)
    _amount(summed, "TaxTotalAmount", totals["tax"], currency).set("currencyID", currency)
    _amount(summed, "GrandTotalAmount", totals["gross"], currency)
    _amount(summed, "TotalPrepaidAmount", totals["paid"], currency)
    _amount(summed, "DuePayableAmount", totals["due"], currency)
    for before in _preceding(data):
        invoice = _under(settlement, "InvoiceReferencedDocument")
        _text(invoice, "IssuerAssignedID", before["label"])
        dated = _under(invoice, "FormattedIssueDateTime")
        day = _text(dated, "DateTimeString", _plain(before["issued_on"]), space=_QDT)
        day.set("format", "102")


def _left_of(data: Data) -> Data:
    """Return the totals without what was invoiced as deposits; what is due stays as it is."""
    taken = _set_off(data)
    off = {name: sum(one[name] for one in taken) for name in ("net", "tax", "gross")}
    off["paid"] = off["gross"]
    return {name: amount - off.get(name, 0) for name, amount in data["totals"].items()}


def _breakdown(data: Data) -> list[tuple[int, int, int]]:
    """Return (rate, base, VAT) of each category; levies are of the exempt one."""
    rows: dict[int, tuple[int, int]] = {}
    for row in data["taxes"]:
        rate, base = row["rate"], row["base"]
        amount = row["amount"]
        if rate is None:
            rate, base, amount = 0, row["amount"], 0
        before = rows.get(rate, (0, 0))
        rows[rate] = (before[0] + base, before[1] + amount)
    for row in (row for one in _set_off(data) for row in one["taxes"]):
        before = rows.get(row["rate"], (0, 0))
        rows[row["rate"]] = (before[0] - row["base"], before[1] - row["amount"])
    return [(rate, *rows[rate]) for rate in sorted(rows, reverse=True)]


def _tax(
    settlement: ET.Element, rate: int, base: int, amount: int, currency: str, why_exempt: str
) -> None:
    tax = _under(settlement, "ApplicableTradeTax")
    _amount(tax, "CalculatedAmount", amount, currency)
    _text(tax, "TypeCode", "VAT")
    if not rate:
        _text(tax, "ExemptionReason", why_exempt)
    _amount(tax, "BasisAmount", base, currency)
    _text(tax, "CategoryCode", _STANDARD if rate else _EXEMPT)
    _text(tax, "RateApplicablePercent", _rate(rate))


# --- writing ----------------------------------------------------------------------------------


def _under(parent: ET.Element, tag: str, *, space: str = _RAM) -> ET.Element:
    return ET.SubElement(parent, f"{{{space}}}{tag}")


def _text(parent: ET.Element, tag: str, text: str, *, space: str = _RAM) -> ET.Element:
    element = _under(parent, tag, space=space)
    element.text = text
    return element


def _amount(parent: ET.Element, tag: str, minor: int, currency: str) -> ET.Element:
    return _text(parent, tag, _said(minor, currency))


def _said(minor: int, currency: str) -> str:
    digits = digits_of(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def _rate(rate: int) -> str:
    return f"{Decimal(rate) / _PERCENT:.2f}"


def _plain(day: str) -> str:
    return day.replace("-", "")


def _date(parent: ET.Element, tag: str, day: str) -> None:
    text = _text(_under(parent, tag), "DateTimeString", _plain(day), space=_UDT)
    text.set("format", "102")
