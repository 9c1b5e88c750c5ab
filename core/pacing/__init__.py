"""Pacing: never faster than the site allows, and never slower than it must be.

``governor`` is asked before anything is sent; each kind of trouble has its own law: ``windows`` (quotas and rates,
read from ``stretches``), ``budgets`` (what the site says is left), ``throttle``, ``concurrency``, ``faults``.
``memory`` outlives the process, ``forecast`` tells the ETA what lies ahead.
"""
