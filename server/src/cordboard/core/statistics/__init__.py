"""Every figure, defined once, as a fold over facts.

Nouns: an **item** is one occurrence that is counted (a contact answered, 42 seconds of talk), made from a fact by `items.Fold`;
**totals** are sums of items by measure, agent, queue and Space; a **figure** is a formula over totals with its name, its unit
and its written definition (`figures.FIGURES`). Wall board, report, API and command line read figures here and nowhere else, and
the contacts behind a figure are those of its items, so that they agree to the unit.
"""
