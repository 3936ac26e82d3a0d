"""The words that made-up values consist of. Some hold characters that the API encodes, so that clients see them."""

from __future__ import annotations

FIRST_NAMES = ("Ada", "Bruno", "Chidi", "Dana", "Emil", "Farah", "Greta", "Hugo", "Ines", "Jonas", "Kemi", "Zoë")
LAST_NAMES = (
    "Abel",
    "Bianchi",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Gupta",
    "Haddad",
    "O'Neill",
    "Rossi",
    "Tanaka",
)
COMPANIES = ("Northwind Mills", "Oak & Sons", "Harbour Freight Lines", "Lumen Optics", "Red Barn Foods")
TITLES = ("Plan for the spring fair", "Stock count", "Visit to the harbour", "Q&A with the team", "Price list")
SENTENCES = (
    "The first crates have left the yard.",
    "Who can look after the booth on Friday?",
    "Prices hold until the end of the month.",
    "We're short of green paint.",
    "Both routes are open again & dry.",
)
CITIES = ("Porto", "Leiden", "Graz", "Aarhus", "Galway")
STREETS = ("12 Mill Lane", "3 Station Road", "48 Harbour Street")
STATES = ("Styria", "Connacht", "Jutland")
COUNTRIES = ("Portugal", "Netherlands", "Austria", "Denmark", "Ireland")
JOBS = ("Buyer", "Driver", "Head of Sales", "R&D Engineer", "Support Agent")
COLOURS = ("blue", "green", "amber", "grey")
PLAIN = ("alder", "birch", "cedar", "elm", "hazel", "larch", "maple", "rowan", "willow")

BY_NAME: dict[str, tuple[str, ...]] = {
    "firstname": FIRST_NAMES,
    "lastname": LAST_NAMES,
    "companyname": COMPANIES,
    "accountname": COMPANIES,
    "city": CITIES,
    "street": STREETS,
    "formattedaddress": ("12 Mill Lane, 2311 Leiden", "48 Harbour Street, 8010 Graz"),
    "state": STATES,
    "country": COUNTRIES,
    "countrycode": ("PT", "NL", "AT", "DK", "IE"),
    "statecode": ("ST", "C", "JU"),
    "zip": ("4050-123", "2311", "8010"),
    "postalcode": ("4050-123", "2311", "8010"),
    "language": ("en_US", "de", "pt_PT"),
    "locale": ("en_GB", "de_AT", "pt_PT"),
    "currencycode": ("EUR", "DKK", "USD"),
    "currencyisocode": ("EUR", "DKK", "USD"),
    "timezone": ("Europe/Lisbon", "Europe/Vienna"),
    "mimetype": ("image/png", "application/pdf", "text/plain"),
    "contenttype": ("image/png", "application/pdf"),
    "fileextension": ("png", "pdf", "txt"),
    "filetype": ("PNG", "PDF", "TEXT"),
    "color": ("4bc076", "6893f0"),
    "title": TITLES,
    "subject": TITLES,
    "headline": TITLES,
    "description": SENTENCES,
    "text": SENTENCES,
    "aboutme": SENTENCES,
    "summary": SENTENCES,
    "question": ("Where shall we meet?", "Which colour is it to be?"),
    "message": SENTENCES,
    "sku": ("MK-1001", "MK-1002", "MK-2040"),
    "phonenumber": ("+351 22 555 0101", "+43 316 555 010"),
    "phone": ("+351 22 555 0101", "+43 316 555 010"),
    "contentsize": ("20480", "182044"),
    "version": ("1", "2"),
    "versionnumber": ("1", "2"),
    "checksum": ("9e107d9d372bb6826bd81d3542a419d6",),
    "apiname": ("Spring_Fair", "Stock_Count"),
    "developername": ("Spring_Fair", "Stock_Count"),
    "relativecreateddate": ("5m ago", "Yesterday"),
}
"""Pools for properties by their names in small letters."""
