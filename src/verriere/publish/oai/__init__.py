"""OAI-PMH 2.0 (Lagoze, Van de Sompel, Nelson, Warner, 2002; implementation guidelines included).

`requests` says what is asked and what is wrong with it, `dates` and `token` know the protocol's times and resumption
tokens, `identifiers` and `sets` its names, `writing` its XML; `repository` asks the catalogue, and `answer` puts them
together: arguments in, a document out.
"""

from verriere.publish.oai.answer import answer
from verriere.publish.oai.repository import Repository

__all__ = ["Repository", "answer"]
