"""Who calls, and what they may: principals, the policy of all routes, keys, passwords and sessions.

`policy.POLICY` is the one place that says which role may call which route and how far it sees. `gate.Gate` finds out
who calls, before a body is read. How a route uses both: `service.http`.
"""
