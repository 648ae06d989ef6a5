"""Small documents for tests."""

SMALL = """\
# A small centre
customer: {key: small, name: Small, language: en, time_zone: Europe/Paris}
seats: {voice: 2}
locations:
  paris: {name: Paris, country: FR, time_zone: Europe/Paris}
spaces:
  shop: Shop   # the only one
skills: {french: French, english: English}
groups: {team: Team}
people:
  ada: {name: Ada, roles: administrator}
agents:
  amelie:
    name: Amélie
    location: paris
    spaces: [shop]
    groups: [team]
    skills: {french: 3}
queues:
  sales: {name: Sales, space: shop, ring: 20s, needs: {french: 2}}
  # the second queue
  support: {name: Support, space: shop}
schedules:
  office:
    name: Office
    space: shop
    hours: {mon-fri: 09:00-18:00}
messages:
  hello: {name: Hello, space: shop, texts: {en: Hello}}
  shut: {name: Shut, space: shop, texts: {en: We are closed}}
scripts:
  main:
    name: Main
    space: shop
    steps:
      hours: {hours: office, open: menu, closed: shut}
      menu: {menu: hello, choices: {1: sales, 2: support}, otherwise: sales}
      sales: {queue: sales}
      support: {queue: support, max_wait: 5m, timeout: shut}
      shut: {hang_up: shut, dissuaded: yes}
numbers:
  main: {name: Main, number: 01 99 00 11 11, space: shop, script: main}
withdrawal_reasons: {lunch: Lunch}
closing_reasons:
  sold: {name: Sold, space: shop}
dial_plan: {country: FR, allowed: ["+33"], emergency: ["112", "15"]}
"""


def changed(text: str, *replacements: tuple[str, str]) -> str:
    """`text` with each pair replaced; the old one must be there."""
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text
