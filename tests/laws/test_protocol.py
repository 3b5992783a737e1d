"""Whether a law gives a loss."""

import pytest

from tokaudit.laws.protocol import LossLaw, gives_loss
from tokaudit.laws.published import LAWS


@pytest.mark.parametrize("name", LAWS.names())
def test_gives_loss_answers_alike_the_first_time_and_later(name: str) -> None:
    law = LAWS.get(name)

    assert [gives_loss(law) for _ in range(2)] == [isinstance(law, LossLaw)] * 2
