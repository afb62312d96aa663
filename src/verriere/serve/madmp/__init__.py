"""The Common maDMP API (RDA, 0.1.0): plans for other programs, at ``/madmp/api``."""
