"""The values of the seed rows: realistic, short, and never longer than the column.

They follow from the name and the type of the column, as in `email` or `unit_price`.  Values of a unique column
have a number, so that owners, and merges of new fields, can go on counting.
"""

import re
from collections.abc import Iterator

from generator import layout
from generator.model import Field
from generator.nouns import singular
from generator.scalars import is_decimal

COUNT = 3
"""How many values there are for a column, if its type has as many."""
INDENT = 12
"""The indentation of a value in a row that takes several lines."""
LABEL_LENGTH = 20
"""The greatest length of a value that is made of the name of the column."""

Choices = dict[str, list[str]]


def words(text: str) -> set[str]:
    return set(text.split())


def choices(lines: dict[str, list[str]]) -> Choices:
    """Return the choices by each of the words in a key."""
    return {word: values for names, values in lines.items() for word in names.split()}


TEXTS = choices(
    {
        # reserved for examples: by RFC 2606, RFC 5737, RFC 7042 and the North American Numbering Plan
        "email mail email_address": ["user{n}@example.com", "u{n}@example.com"],
        "url uri website homepage link href": ["https://example.com/{n}"],
        "image avatar photo picture logo icon thumbnail image_url avatar_url photo_url logo_url": [
            "https://example.com/{n}.png"
        ],
        "domain host hostname host_name domain_name": ["host{n}.example.com"],
        "ip ip_address": ["192.0.2.{n}"],
        "mac_address": ["00:00:5e:00:53:0{n}"],
        "phone mobile telephone fax phone_number mobile_number fax_number": [
            "+1 202 555 010{n}",
            "+1202555010{n}",
            "202555010{n}",
            "555-010{n}",
        ],
        # people
        "username login nickname handle user_name screen_name": ["user{n}"],
        "first_name firstname given_name": ["Ada|Ben|Cleo"],
        "last_name lastname surname family_name": ["Adams|Baker|Clark"],
        "full_name": ["Ada Adams|Ben Baker|Cleo Clark", "Ada|Ben|Cleo"],
        "job_title": ["Analyst|Builder|Cook"],
        # nothing that looks like a secret, and no hash that any password has
        "password password_digest password_hash": ["!", "!{n}"],
        "code digest hash identifier key reference secret token": ["{column}-{n}"],
        # places
        "address street street_address address1 address_line1": ["{n} Main Street"],
        "address2 address_line2": ["Apartment {n}"],
        "city town": ["Athens|Berlin|Cairo"],
        "country country_name": ["Austria|Brazil|Canada", "AUT|BRA|CAN", "AT|BR|CA"],
        "country_code": ["AT|BR|CA"],
        "postal_code postcode zip zipcode zip_code": ["1000{n}"],
        "timezone time_zone": ["Africa/Cairo|America/Lima|Asia/Tokyo"],
        "locale language language_code lang": ["de|en|fr"],
        # things
        "currency currency_code": ["EUR|JPY|USD"],
        "color colour": ["red|green|blue"],
        "slug": ["{slug}-{n}"],
        "sku": ["SKU-{n}"],
        "isbn": ["9780000000019|9780000000026|9780000000033"],
        "uuid guid": ["00000000-0000-0000-0000-00000000000{n}"],
        "number": ["000{n}"],
        "version": ["{n}.0.0", "{n}.0"],
        "status": ["new|open|done"],
        "role": ["admin|editor|reader"],
        "file filename file_name": ["file{n}.txt"],
        "path file_path": ["/path/{n}", "path{n}"],
        "content_type media_type mime_type mimetype": ["image/png|text/html|text/plain"],
        "about about_me bio": ["About {model} {n}."],
        "comment memo note notes summary": ["{Word} on {model} {n}."],
        "body caption content description message text": ["{Word} of {model} {n}."],
    }
)
"""The texts of a column, the best first: {n} is 1, 2 or 3, and | separates texts that have other differences."""
NUMBERS = choices(
    {
        "amount balance budget cost fee freight price salary subtotal total": [
            "9.99|19.99|29.99",
            "10|20|30",
        ],
        "age": ["25|35|45"],
        "discount pct percent percentage rate": ["5|10|15"],
        "duration minutes": ["30|60|90"],
        "lat latitude": ["37.98|52.52|30.04"],
        "lng lon longitude": ["23.73|13.41|31.24"],
        "pages": ["100|200|300"],
        "rating score stars": ["3|4|5"],
        "stock": ["10|20|30"],
        "year": ["2024|2025|2026"],
    }
)
PEOPLE = words(
    """
    actor applicant artist author borrower buyer candidate client colleague contact customer doctor driver
    employee friend guest guide instructor manager member musician owner participant passenger patient person
    player profile pupil reader recipient reviewer seller sender singer speaker staff student subscriber
    teacher tenant trainer traveler tutor user visitor volunteer worker writer
    """
)
BIRTH = {"birth", "birthday", "birthdate", "born", "dob"}
END = words(
    """
    arrival back checkout close closed closes completed deadline delivered due end ended ending ends expiration
    expire expired expires expiry finish finished finishes return returned stop stopped stops to until
    """
)
"""Words in the name of the later of two dates."""
UNUSUAL = words("archived banned blocked canceled cancelled deleted disabled locked removed revoked")
"""Words in the name of a column that is rarely set."""


def samples(field: Field) -> list[str]:
    """Return the values of a column's scalar type as Python, at most COUNT."""
    if field.type == "boolean":
        return ["False", "True"] if is_unusual(field) else ["True", "False"]
    if field.type == "enum":
        return [layout.literal(value) for value in field.arguments[:COUNT]]
    if field.type in ("string", "text"):
        return [layout.literal(text) for text in texts(field)]
    parts = words_of(field)
    is_end = bool(END & parts)
    return [
        field.scalar.sample.format(
            n=number + 1,
            year=1990 if BIRTH & parts else 2026,
            month=2 if is_end else 1,
            hour=number + (17 if is_end else 9),
            value=value,
        )
        for number, value in enumerate(numbers(field))
    ]


def words_of(field: Field) -> set[str]:
    return set(field.name.split("_"))


def is_unusual(field: Field) -> bool:
    """Return whether most rows have no value in a column, or False, as in `deleted_at`."""
    return bool(UNUSUAL & words_of(field))


def is_unique(field: Field) -> bool:
    """Return whether a column is the key, or part of a unique constraint."""
    return field is field.model.id or any(field.column in columns for _, columns in field.model.uniques)


def known(field: Field, table: Choices) -> list[str]:
    """Return the choices for the last words of a column's name: for `home_phone` those of `phone`."""
    name = singular(field.name) if field.array else field.name
    parts = name.split("_")
    for ending in (name, "_".join(parts[-2:]), parts[-1]):
        if ending in table:
            return table[ending]
    return []


# Numbers


def numbers(field: Field) -> list[str]:
    """Return numbers that fit the column."""
    usual = ["1.5|2.5|3.5"] if field.type == "float" else ["1|2|3", "0.1|0.2|0.3"]
    for form in known(field, NUMBERS) + usual:
        values = form.split("|")
        if all(is_number(field, value) for value in values):
            break
    return [str(float(value)) for value in values] if field.type == "float" else values


def is_number(field: Field, value: str) -> bool:
    """Return whether a column takes a number as it is."""
    if field.type == "numeric":
        return is_decimal(value, field.arguments)
    return field.type == "float" or value.isdecimal()


# Texts


def texts(field: Field) -> list[str]:
    """Return texts that fit the column, and the line."""
    length = int(field.arguments[0]) if field.arguments else layout.WIDTH
    room = min(length, layout.WIDTH - INDENT - len(f'{field.column}="",'))
    must_count = is_unique(field)
    for form in [*forms(field), *labels(field, min(length, LABEL_LENGTH))]:
        values = spelled(field, form)
        if max(map(len, values)) <= room and (are_numbered(values) or not must_count):
            return values
    return [str(number) for number in range(1, COUNT + 1)]


def are_numbered(values: list[str]) -> bool:
    """Return whether an owner can see which text comes after these."""
    have_digits = all(re.search(r"\d", value) for value in values)
    return have_digits and len(set(values)) == len(values)


def spelled(field: Field, form: str) -> list[str]:
    """Return the three texts of a form."""
    parts = form.split("|")
    column = field.name.replace("_", "-")
    model = field.model.module.replace("_", " ")
    names = {
        "column": column,
        "model": model,
        "Word": column.rpartition("-")[2].capitalize(),
        "slug": model.replace(" ", "-"),
    }
    return [parts[number % len(parts)].format(n=number + 1, **names) for number in range(COUNT)]


def forms(field: Field) -> list[str]:
    """Return values that suit the name of a column, the best first."""
    if found := known(field, TEXTS):
        return found
    start, _, word = field.name.rpartition("_")
    thing = start or field.model.module
    is_person = singular(thing).rpartition("_")[2] in PEOPLE
    if word == "id":
        return [thing.replace("_", "-") + "-{n}"]
    if word == "name":
        return [*(TEXTS["full_name"] if is_person else []), labelled(thing)]
    if field.name in ("headline", "subject", "title"):
        return [*(TEXTS["job_title"] if is_person else []), labelled(thing)]
    return []


def labels(field: Field, length: int) -> Iterator[str]:
    """Yield texts for any column: its name, as far as there is room, and a number."""
    name = singular(field.name) if field.array else field.name
    label = ""
    for word in name.split("_"):
        if len(f"{label}_{word}") + 1 > length:
            break
        label = f"{label}_{word}".lstrip("_")
    if label:
        yield labelled(label)
    yield f"{name[0].upper()}{{n}}"


def labelled(name: str) -> str:
    """Return the form of "Order item 1"."""
    return f"{name.replace('_', ' ').capitalize()} {{n}}"
