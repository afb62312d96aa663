"""Use, counted and reported as COUNTER and Make Data Count ask.

`agents` tells people, programs that work for people, and robots apart; `verriere.policy.usage` counts; `report` writes
the dataset report.
"""
