"""What the benches share: a running centre with many agents, telephones, sipp with its counters, and tables.

Everything is on loopback and ends with the bench.
"""
