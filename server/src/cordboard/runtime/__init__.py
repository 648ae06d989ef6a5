"""The runtime carries the pure core: inbox, journal, leases, timers, recovery, dispatch.

`inbox` (one ordered queue per tenant) → `Engine.handle` → `journal` (one transaction a batch) → dispatch to performers.
`ports` names what the outside must offer. Clocks live here and nowhere else.
"""
