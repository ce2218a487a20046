"""How fast Parvis is, as ratios: against the limit of the machine, and against the usual way of doing the same.

Each benchmark is one command, named in ``docs/reference/benchmarks.md``. Contenders take turns in rounds, each in a
process of its own; only ratios within a round count, because machines are shared and no two are alike.
"""
