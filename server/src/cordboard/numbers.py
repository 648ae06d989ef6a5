"""Telephone numbers: what a person typed or a trunk sent, as E.164 (`+33199001234`), the only form that we keep.

The numbering plans are those of the phonenumbers package. A number counts when its length is possible for its country:
plans change faster than packages, and whether it exists is the network's to say.
"""

from functools import lru_cache

import phonenumbers


@lru_cache(maxsize=10_000)
def normalise(typed: str, country: str) -> str | None:
    """`typed` as E.164, read as dialled in `country` (ISO 3166 alpha-2) when it has no `+`; None if it is no number."""
    if len(typed) > 40 or any(letter.isalpha() for letter in typed):
        return None
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=10_000)
def readable(number: str) -> str:
    """An E.164 number grouped as its country writes it abroad; anything else as it is."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=10_000)
def national(number: str) -> str:
    """The digits of an E.164 number without its country code; "" for anything else."""
    try:
        return str(phonenumbers.parse(number, None).national_number)
    except phonenumbers.NumberParseException:
        return ""


def is_country(code: str) -> bool:
    """True when numbers can be read as dialled in this country."""
    return code in phonenumbers.SUPPORTED_REGIONS
