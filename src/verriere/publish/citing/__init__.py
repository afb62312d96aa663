"""Data citation: a query or a part of a dataset that gives the same years later.

After the fourteen recommendations of the RDA working group on data citation (Rauber et al., doi:10.15497/RDA00016):
the question is kept in one normal form with the moment it was asked and the checksum of its answer; the answer itself
is kept too, as datasets and versions in a fixed order, so that no change of the index, the vocabulary or the database
can change it.
"""

from verriere.publish.citing.desk import MOST, Change, Cited, Member, cite_part, cite_query, resolve, verify

__all__ = ["MOST", "Change", "Cited", "Member", "cite_part", "cite_query", "resolve", "verify"]
