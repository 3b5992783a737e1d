"""What the ids of a vocabulary stand for, as far as counting needs it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Int32


@dataclass(frozen=True, slots=True, eq=False)
class TokenIds:
    """The ids of a vocabulary.

    Attributes:
        tokenizer: name of the vocabulary.
        sha256: hash of the vocabulary.
        bytes: by id, the UTF-8 bytes of text that it stands for: 0 for a special token, -1 where there is no token.
            One more entry at the end is -1, for all larger ids.
        end_of_text: the id that stands between documents, and is not counted; None if the vocabulary has none.
        added_blank: by id, whether its token begins with a blank; None if the tokenizer puts no blank before a text.
    """

    tokenizer: str
    sha256: str
    bytes: Int32
    end_of_text: int | None
    added_blank: npt.NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        """One more than the largest id."""
        return len(self.bytes) - 1

    def sizes(self, ids: npt.NDArray[np.unsignedinteger[Any]]) -> Int32:
        """The bytes of text that each id stands for; -1 for ids that are not in the vocabulary."""
        return self.bytes.take(ids, mode="clip")
