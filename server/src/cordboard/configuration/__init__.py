"""The whole of one customer's centre as one versioned YAML document.

Nouns: a **document** has **sections** (`queues`), a section **entries** (`sales`), an entry **fields** (`ring`). It is read as
**nodes** that know their line and column (`nodes`), **merged** into the published one (`merge`: absent is not delete), read by
the **schema** (`schema`, `steps`, made of `shapes`), **checked** as a whole (`check`) and becomes a `core.config.TenantConfig` and
the **people** who may log in (`compiled`). A **plan** lists its **changes** (`changes`) and what they mean for the contacts in
progress (`affected`). Applying it writes the next **version** (`repository`, `service`), which can be rolled back to.
"""
