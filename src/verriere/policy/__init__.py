"""The rules, as pure functions of facts and a clock."""
