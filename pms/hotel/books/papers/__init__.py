"""Papers: invoices, credit notes, receipts, deposit invoices and pro formas, issued for good."""

from pms.hotel.books.papers.addressees import Addressee, of_company, of_guest
from pms.hotel.books.papers.crediting import (
    CreditedAlready,
    MoreThanTheInvoice,
    MoreThanTheLine,
    NotAnInvoice,
    credit,
    credit_amount,
    notes_of,
    standing_lines,
    void_payment,
)
from pms.hotel.books.papers.deposits import credit_moved
from pms.hotel.books.papers.finding import by_number, of_folio, of_payments, of_windows
from pms.hotel.books.papers.freezing import CARRIED, About
from pms.hotel.books.papers.handing import (
    Made,
    keep,
    kept_of,
    mail,
    pdf_of,
    print_,
    prints_of,
    without_file,
    xml_of,
)
from pms.hotel.books.papers.issuers import (
    DutyStandsInTheWay,
    Issuer,
    NoIssuer,
    NotATaxNumber,
)
from pms.hotel.books.papers.issuing import (
    DepositUsed,
    LessThanNothing,
    NothingToInvoice,
    NotReceived,
    PaperedAlready,
    deposit_invoice,
    invoice,
    pro_forma,
    receipt,
)
from pms.hotel.books.papers.numbering import NumberTaken, wrong
from pms.hotel.books.papers.tables import (
    Paper,
    PaperFile,
    PaperKind,
    PaperPrint,
    PaperSeries,
)

__all__ = [
    "CARRIED",
    "About",
    "Addressee",
    "CreditedAlready",
    "DepositUsed",
    "DutyStandsInTheWay",
    "Issuer",
    "LessThanNothing",
    "Made",
    "MoreThanTheInvoice",
    "MoreThanTheLine",
    "NoIssuer",
    "NotATaxNumber",
    "NotAnInvoice",
    "NotReceived",
    "NothingToInvoice",
    "NumberTaken",
    "Paper",
    "PaperFile",
    "PaperKind",
    "PaperPrint",
    "PaperSeries",
    "PaperedAlready",
    "by_number",
    "credit",
    "credit_amount",
    "credit_moved",
    "deposit_invoice",
    "invoice",
    "keep",
    "kept_of",
    "mail",
    "notes_of",
    "of_company",
    "of_folio",
    "of_guest",
    "of_payments",
    "of_windows",
    "pdf_of",
    "print_",
    "prints_of",
    "pro_forma",
    "receipt",
    "standing_lines",
    "void_payment",
    "without_file",
    "wrong",
    "xml_of",
]
