"""What a law gives is known from its kind."""

import pytest

from tokaudit.laws.protocol import LossLaw, gives_loss
from tokaudit.laws.published import LAWS


@pytest.mark.parametrize("name", LAWS.names())
def test_a_law_that_gives_a_loss_is_known_the_first_time_and_after(name: str) -> None:
    law = LAWS.get(name)

    assert [gives_loss(law) for _ in range(2)] == [isinstance(law, LossLaw)] * 2
